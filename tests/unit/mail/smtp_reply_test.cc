#include "mail/smtp_reply.h"

#include <random>

#include "gmock/gmock.h"

namespace invoice::mail {
namespace {

TEST(SmtpReply, ReadsOneLineAndMany) {
  SmtpReplyParser parser;
  ASSERT_TRUE(parser.AddLine("250-first").ok());
  EXPECT_FALSE(parser.complete());
  ASSERT_TRUE(parser.AddLine("250-").ok());
  ASSERT_TRUE(parser.AddLine("250 last").ok());
  ASSERT_TRUE(parser.complete());
  const SmtpReply reply = parser.Take();
  EXPECT_EQ(reply.code, 250);
  EXPECT_THAT(reply.lines, testing::ElementsAre("first", "", "last"));
  ASSERT_TRUE(parser.AddLine("354").ok());
  EXPECT_TRUE(parser.complete());
  EXPECT_EQ(parser.Take().code, 354);
}

TEST(SmtpReply, RefusesWhatIsNone) {
  for (const char* line :
       {"", "25", "hello", "250_ok", "150 early", "650 late", "2x0 no", "-250", " 250 ok", "HTTP/1.1 400 Bad"}) {
    SmtpReplyParser parser;
    EXPECT_FALSE(parser.AddLine(line).ok()) << line;
  }
  SmtpReplyParser parser;
  ASSERT_TRUE(parser.AddLine("250-a").ok());
  EXPECT_FALSE(parser.AddLine("550 b").ok());
}

TEST(SmtpReply, IsBounded) {
  SmtpReplyParser parser;
  EXPECT_FALSE(parser.AddLine("250 " + std::string(kMaxReplyLineBytes, 'x')).ok());
  SmtpReplyParser endless;
  absl::Status status;
  for (size_t i = 0; i <= kMaxReplyLines && status.ok(); ++i) status = endless.AddLine("250-more");
  EXPECT_FALSE(status.ok());
}

TEST(SmtpReply, ReadsWhatAServerOffers) {
  SmtpReply reply;
  reply.code = 250;
  reply.lines = {"STARTTLS is my name", "size 10240000", "Auth=LOGIN", "AUTH CRAM-MD5 plain", "starttls", "",
                 "PIPELINING"};
  const SmtpCapabilities capabilities = ReadCapabilities(reply);
  EXPECT_TRUE(capabilities.starttls);
  EXPECT_TRUE(capabilities.auth_plain);
  EXPECT_TRUE(capabilities.auth_login);
  EXPECT_EQ(capabilities.max_size, 10240000u);
  reply.lines = {"STARTTLS is my name", "SIZE", "SIZE -1", "AUTH XOAUTH2"};
  EXPECT_FALSE(ReadCapabilities(reply).starttls);
  EXPECT_FALSE(ReadCapabilities(reply).auth_plain);
  EXPECT_EQ(ReadCapabilities(reply).max_size, 0u);
}

// The parser meets anything at all and stays within its bounds.
TEST(SmtpReply, SurvivesRandomLines) {
  std::mt19937 random(20260101);
  const std::string alphabet =
      "0123456789 -\xff\x01"
      "ab";
  for (int round = 0; round < 20000; ++round) {
    SmtpReplyParser parser;
    for (int i = 0; i < 5 && !parser.complete(); ++i) {
      std::string line;
      for (size_t n = random() % 8; n > 0; --n) line += alphabet[random() % alphabet.size()];
      if (!parser.AddLine(line).ok()) break;
    }
    if (parser.complete()) {
      const SmtpReply reply = parser.Take();
      EXPECT_GE(reply.code, 200);
      EXPECT_LE(reply.code, 599);
    }
  }
}

}  // namespace
}  // namespace invoice::mail
