#include "mail/transcript.h"

#include "gmock/gmock.h"

namespace invoice::mail {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Transcript, KeepsTheDialogueInOrder) {
  Transcript transcript;
  transcript.Note("connected");
  transcript.Received("220 hello");
  transcript.Sent("EHLO x");
  EXPECT_EQ(transcript.Take(), "- connected\n< 220 hello\n> EHLO x\n");
  EXPECT_EQ(transcript.Take(), "");
}

TEST(Transcript, BlanksSecretsWhoeverRepeatsThem) {
  Transcript transcript;
  transcript.AddSecret("hunter2");
  transcript.AddSecret("hunter2hunter2");
  transcript.AddSecret("");
  transcript.Received("535 bad password hunter2, not hunter2hunter2");
  EXPECT_EQ(transcript.Take(), "< 535 bad password ****, not ****\n");
}

TEST(Transcript, ShowsNothingThatATerminalWouldObey) {
  Transcript transcript;
  transcript.Received(
      "250 \x1b[31mred\x07\t\xc2\x9b"
      "31m \xff end");
  const std::string text = transcript.Take();
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\x9b")));
  EXPECT_THAT(text, HasSubstr("?[31mred??"));
  transcript.Received("250 Grüße");
  EXPECT_EQ(transcript.Take(), "< 250 Grüße\n");
}

TEST(Transcript, IsBounded) {
  Transcript transcript;
  for (int i = 0; i < 10000; ++i) transcript.Received("250 " + std::string(100, 'x'));
  const std::string text = transcript.Take();
  EXPECT_LE(text.size(), kMaxTranscriptBytes);
  EXPECT_THAT(text, testing::EndsWith("left out)\n"));
}

}  // namespace
}  // namespace invoice::mail
