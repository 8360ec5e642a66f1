#include "mail/message.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/encoding.h"
#include "fmt/format.h"
#include "gmock/gmock.h"

namespace invoice::mail {
namespace {

using testing::HasSubstr;
using testing::Not;

MailMessage PlainMessage() {
  MailMessage message;
  message.from = {"Northwind Consulting", "billing@northwind.example"};
  message.to = {"Contoso Ltd.", "ap@contoso.example"};
  message.subject = "Invoice NW-2026-0001 from Northwind Consulting";
  message.text_body = "Hello,\n\nplease find attached the invoice.\n.\nFrom here on nothing is hidden.\n";
  message.message_id = "<0190c0de-0000-7000-8000-000000000001@mail.northwind.example>";
  message.date = absl::FromUnixSeconds(1767225600);  // 2026-01-01 00:00 UTC
  return message;
}

MailMessage FullMessage() {
  MailMessage message = PlainMessage();
  message.from.name = "Société Générale d’Études «Été»";
  message.reply_to = MailAddress{"Buchhaltung, Müller & Söhne", "post@mueller.example"};
  message.to.name = "株式会社日本電気サービスセンター";
  message.cc = {{"", "archive@northwind.example"}, {"Zoë \"the boss\" O'Neil", "zoe@contoso.example"}};
  message.subject =
      "Facture NW-2026-0001 de la Société Générale d’Études pour la période du 1 décembre au 31 décembre 2025, "
      "à régler au plus tard le 31 janvier 2026 – merci";
  message.text_body =
      "Bonjour,\r\n\r\nci-joint la facture de 1 234,56 €.\rUne ligne sans fin: " + std::string(300, 'x') + "\n";
  message.html_body = "<p>Bonjour,</p>\n<p>ci-joint la facture de <b>1&#8239;234,56&nbsp;€</b>.</p>";
  message.attachments.push_back({"Facture n° 1 – Société Générale d’Études de l’Été.pdf", "application/pdf",
                                 std::string("%PDF-1.7\n\0\x01\xff binary\n", 20)});
  message.attachments.push_back({"invoice.xml", "application/xml", "<a/>"});
  return message;
}

std::string GoldenPath(const std::string& name) {
  return fmt::format("{}/tests/unit/mail/golden/{}", std::getenv("INVOICE_SOURCE_DIR"), name);
}

// INVOICE_UPDATE_GOLDEN=1 rewrites the files.
void ExpectGolden(const std::string& name, const std::string& text) {
  const std::string path = GoldenPath(name);
  if (std::getenv("INVOICE_UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << text;
  std::stringstream golden;
  golden << std::ifstream(path, std::ios::binary).rdbuf();
  EXPECT_EQ(text, golden.str()) << path;
}

// The subject as a reader would decode it, where it is in base64 words.
std::string SubjectOf(const std::string& mime) {
  const size_t begin = mime.find("\r\nSubject:") + 10;
  std::string decoded;
  size_t end = begin;
  do {
    const size_t word = mime.find("=?utf-8?B?", end) + 10;
    end = mime.find("?=", word);
    decoded += base::Base64Decode(mime.substr(word, end - word)).value_or("(broken)");
  } while (mime.compare(end, 5, "?=\r\n ") == 0);
  return decoded;
}

size_t LongestLine(const std::string& text) {
  size_t longest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) longest = std::max(longest, line.size());
  return longest;
}

TEST(BuildMime, WritesAPlainMessage) {
  const auto mime = BuildMime(PlainMessage());
  ASSERT_TRUE(mime.ok()) << mime.status();
  ExpectGolden("plain.eml", *mime);
}

TEST(BuildMime, WritesAlternativesAttachmentsAndForeignNames) {
  const auto mime = BuildMime(FullMessage());
  ASSERT_TRUE(mime.ok()) << mime.status();
  ExpectGolden("full.eml", *mime);
}

TEST(BuildMime, GivesTheSameBytesForTheSameMessage) {
  EXPECT_EQ(BuildMime(FullMessage()).value(), BuildMime(FullMessage()).value());
  MailMessage other = FullMessage();
  other.message_id = "<0190c0de-0000-7000-8000-000000000002@mail.northwind.example>";
  EXPECT_NE(BuildMime(other).value(), BuildMime(FullMessage()).value());
}

TEST(BuildMime, FoldsWhatIsTooLongForALine) {
  MailMessage message = PlainMessage();
  message.subject = std::string(998, 'x');
  message.to.name = std::string(512, 'y');
  message.attachments.push_back({std::string(250, 'z') + ".pdf", "application/pdf", "x"});
  message.text_body = std::string(5000, 'w');
  const auto mime = BuildMime(message);
  ASSERT_TRUE(mime.ok()) << mime.status();
  EXPECT_LE(LongestLine(*mime), 998u);
}

TEST(BuildMime, FillsManyCopiesAndAnEmptyBody) {
  MailMessage message = PlainMessage();
  message.cc.assign(kMaxCcAddresses, {"Ünïcödé Nåme", "someone.with.a.long.name@subsidiary.example"});
  message.text_body.clear();
  const auto mime = BuildMime(message);
  ASSERT_TRUE(mime.ok()) << mime.status();
  EXPECT_LE(LongestLine(*mime), 998u);
  message.cc.push_back(message.cc.front());
  EXPECT_FALSE(BuildMime(message).ok());
}

// One text at a time is made hostile; each has to be refused and named.
struct Injection {
  std::string field;
  std::function<void(MailMessage&, const std::string&)> put;
};

std::vector<Injection> Injections() {
  return {
      {"from.name", [](MailMessage& m, const std::string& t) { m.from.name = t; }},
      {"from.address", [](MailMessage& m, const std::string& t) { m.from.address = t; }},
      {"reply_to.name",
       [](MailMessage& m, const std::string& t) {
         m.reply_to = MailAddress{t, "a@b.ca"};
       }},
      {"reply_to.address",
       [](MailMessage& m, const std::string& t) {
         m.reply_to = MailAddress{"", t};
       }},
      {"to.name", [](MailMessage& m, const std::string& t) { m.to.name = t; }},
      {"to.address", [](MailMessage& m, const std::string& t) { m.to.address = t; }},
      {"cc[1].name",
       [](MailMessage& m, const std::string& t) {
         m.cc = {{"", "a@b.ca"}, {t, "a@b.ca"}};
       }},
      {"cc[1].address",
       [](MailMessage& m, const std::string& t) {
         m.cc = {{"", "a@b.ca"}, {"", t}};
       }},
      {"subject", [](MailMessage& m, const std::string& t) { m.subject = t; }},
      {"message_id", [](MailMessage& m, const std::string& t) { m.message_id = t; }},
      {"attachments[0].file_name",
       [](MailMessage& m, const std::string& t) {
         m.attachments = {{t, "application/pdf", "x"}};
       }},
      {"attachments[0].content_type",
       [](MailMessage& m, const std::string& t) {
         m.attachments = {{"a.pdf", t, "x"}};
       }},
  };
}

TEST(BuildMime, RefusesControlCharactersInEveryHeaderValue) {
  const std::string hostile[] = {"a@b.ca\r\nBcc: victim@example.com",
                                 "a\nb",
                                 "a\rb",
                                 std::string("a\0b", 3),
                                 "a\tb",
                                 "a\u007Fb",
                                 "a\u0085b",
                                 "a\u2028b",
                                 "broken \xc3\x28 UTF-8"};
  for (const Injection& injection : Injections()) {
    for (const std::string& text : hostile) {
      MailMessage message = FullMessage();
      injection.put(message, text);
      const auto mime = BuildMime(message);
      EXPECT_EQ(mime.status().code(), absl::StatusCode::kInvalidArgument) << injection.field;
      EXPECT_THAT(std::string(mime.status().message()), HasSubstr(injection.field));
    }
  }
}

TEST(BuildMime, DoesNotLetATextPassForAnEncodedWord) {
  MailMessage message = PlainMessage();
  message.subject = "=?utf-8?q?hidden=0D=0ABcc:_victim@example.com?= " + std::string(60, 'x') + "ééé";
  const auto mime = BuildMime(message);
  ASSERT_TRUE(mime.ok()) << mime.status();
  EXPECT_THAT(*mime, Not(HasSubstr("hidden=0D=0A")));
  // Decoded by the rules it is the text that was given, not what that text would decode to.
  EXPECT_EQ(SubjectOf(*mime), message.subject);
  message.subject = "fine";
  for (const std::string name : {"=?utf-8?b?aGlkZGVu?=", "a =?x?= b"}) {
    message.to.name = name;
    EXPECT_THAT(BuildMime(message).value(), HasSubstr("\r\nTo: " + message.to.address + "\r\n")) << "without its name";
  }
}

TEST(BuildMime, CarriesTheLongestNamesThatCanBeSaved) {
  std::string name;
  for (int i = 0; i < 200; ++i) name += "\xf0\xa0\xae\xb7";  // an ideograph of four bytes
  MailMessage message = PlainMessage();
  message.from.name = name;
  message.to.name = name;
  const auto mime = BuildMime(message);
  ASSERT_TRUE(mime.ok()) << mime.status();
}

TEST(BuildMime, SendsInternationalDomainsInALabels) {
  MailMessage message = PlainMessage();
  message.from.address = "rechnung@bücher.example";
  message.reply_to = MailAddress{"", "post@straße.example"};
  message.to.address = "ap@почта.рф";
  message.cc = {{"", "kopie@例え.テスト"}};
  const auto mime = BuildMime(message);
  ASSERT_TRUE(mime.ok()) << mime.status();
  EXPECT_THAT(*mime, HasSubstr("<rechnung@xn--bcher-kva.example>"));
  EXPECT_THAT(*mime, HasSubstr("Reply-To: post@xn--strae-oqa.example\r\n"));
  EXPECT_THAT(*mime, HasSubstr("<ap@xn--80a1acny.xn--p1ai>"));
  EXPECT_THAT(*mime, HasSubstr("Cc: kopie@xn--r8jz45g.xn--zckzah\r\n"));
}

// The longest of everything that can be saved fits the headers of one message.
TEST(BuildMime, CarriesTheLongestAddressesSubjectAndFileName) {
  const std::string label(63, 'b');
  const std::string longest = "a@" + label + "." + label + "." + label + "." + std::string(60, 'b');
  const std::string four_bytes = "\xf0\xa0\xae\xb7";
  MailMessage message = PlainMessage();
  message.from.address = message.to.address = longest;
  message.reply_to = MailAddress{"", longest};
  message.cc.assign(10, {"", longest});
  message.message_id = "<0190c0de-0000-7000-8000-000000000001@" + longest.substr(2) + ">";
  message.subject.clear();
  for (int i = 0; i < 200; ++i) message.subject += four_bytes;
  std::string number;
  for (int i = 0; i < 64; ++i) number += four_bytes;
  message.attachments.push_back({number + ".pdf", "application/pdf", "x"});
  const auto mime = BuildMime(message);
  ASSERT_TRUE(mime.ok()) << mime.status();
  EXPECT_LE(LongestLine(*mime), 998u);
  EXPECT_THAT(*mime, HasSubstr("0190c0de-0000-7000-8000-000000000001@" + longest.substr(2)));
}

TEST(BuildMime, RefusesWhatNoMessageNeeds) {
  MailMessage message = PlainMessage();
  message.attachments = {{"../../etc/passwd", "application/pdf", "x"}};
  EXPECT_FALSE(BuildMime(message).ok());
  message.attachments = {{"", "application/pdf", "x"}};
  EXPECT_FALSE(BuildMime(message).ok());
  message.attachments = {{"a.pdf", "application", "x"}};
  EXPECT_FALSE(BuildMime(message).ok());
  message.attachments = {{"a.pdf", "application/pdf", std::string(kMaxMessageBytes, 'x')}};
  EXPECT_FALSE(BuildMime(message).ok());
  message = PlainMessage();
  message.text_body = std::string("a\0b", 3);
  EXPECT_FALSE(BuildMime(message).ok());
  message = PlainMessage();
  message.message_id = "no-brackets@example.com";
  EXPECT_FALSE(BuildMime(message).ok());
}

TEST(BuildMime, MakesEveryLineEndCrLf) {
  for (const char* body : {"a\nb", "a\r\nb\r\n", "a\rb", "a\n\r\nb\n\n", "\r\r\n\n"}) {
    MailMessage message = PlainMessage();
    message.text_body = body;
    EXPECT_TRUE(BuildMime(message).ok()) << testing::PrintToString(body);
  }
}

}  // namespace
}  // namespace invoice::mail
