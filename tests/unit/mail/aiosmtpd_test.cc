// The session against a server of somebody else's making (aiosmtpd), so that not both ends share one misunderstanding.
#include <Poco/PipeStream.h>
#include <Poco/Process.h>
#include <Poco/TemporaryFile.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "certificate.h"
#include "fmt/format.h"
#include "gmock/gmock.h"
#include "mail/message.h"
#include "mail/smtp_mailer.h"
#include "mail/smtp_trial.h"

namespace invoice::mail {
namespace {

// The server runs as long as the object lives: it ends when its standard input does.
class Aiosmtpd {
 public:
  Aiosmtpd() : certificate_("DNS:localhost,IP:127.0.0.1") {
    folder_.createDirectories();
    const Poco::Process::Args arguments = {
        fmt::format("{}/tests/unit/mail/aiosmtpd_server.py", std::getenv("INVOICE_SOURCE_DIR")),
        certificate_.certificate_file(),
        certificate_.key_file(),
        folder_.path(),
        "robot",
        "correct horse"};
    // Debian's Python: it has the package, another one on the PATH may not.
    handle_ = std::make_unique<Poco::ProcessHandle>(
        Poco::Process::launch("/usr/bin/python3", arguments, &in_, &out_, nullptr));
    Poco::PipeInputStream output(out_);
    output >> port_;
  }
  ~Aiosmtpd() {
    in_.close();
    handle_->wait();
  }

  SmtpSettings Settings() const {
    SmtpSettings settings;
    settings.id = "aiosmtpd";
    settings.host = "127.0.0.1";
    settings.port = port_;
    settings.security = SmtpSecurity::kStartTls;
    settings.username = "robot";
    settings.password = base::Secret("correct horse");
    settings.ca_file = certificate_.certificate_file();
    return settings;
  }

  // What arrived as the n-th message, with the envelope before it.
  std::string Message(int number) const {
    std::stringstream text;
    text << std::ifstream(fmt::format("{}/{}.eml", folder_.path(), number), std::ios::binary).rdbuf();
    return text.str();
  }

 private:
  Certificate certificate_;
  Poco::TemporaryFile folder_;
  Poco::Pipe in_;
  Poco::Pipe out_;
  std::unique_ptr<Poco::ProcessHandle> handle_;
  int port_ = 0;
};

std::string SampleMime() {
  MailMessage message;
  message.from = {"Vendor", "billing@vendor.example"};
  message.to = {"Zoë", "zoe@customer.example"};
  message.subject = "Facture d’été";
  message.text_body = ".\n..\n.hidden\nHello\n";
  message.attachments.push_back({"a.pdf", "application/pdf", std::string(200000, 'p')});
  message.message_id = "<1@vendor.example>";
  return BuildMime(message).value();
}

TEST(RealServer, TakesWhatWeSendByteForByte) {
  Aiosmtpd server;
  SmtpMailer mailer;
  const std::string mime = SampleMime();
  for (int i = 1; i <= 2; ++i) {
    const SendResult result =
        mailer.Send(server.Settings(), {"billing@vendor.example", "zoe@customer.example"}, mime, {});
    ASSERT_EQ(OutcomeName(result.outcome), "ACCEPTED") << result.transcript;
    EXPECT_EQ(result.text, "2.0.0 kept");
    EXPECT_EQ(server.Message(i), "billing@vendor.example\nzoe@customer.example\n" + mime);
  }
}

TEST(RealServer, RefusesAWrongPassword) {
  Aiosmtpd server;
  SmtpSettings settings = server.Settings();
  settings.password = base::Secret("wrong battery");
  const SendResult result =
      SendTest(settings, TestMessage{{"billing@vendor.example", "zoe@customer.example"}, SampleMime()});
  EXPECT_EQ(OutcomeName(result.outcome), "SESSION_FAULT");
  EXPECT_EQ(StepName(result.step), "AUTH");
  EXPECT_EQ(result.code, 535);
  EXPECT_THAT(result.transcript, testing::Not(testing::HasSubstr("battery")));
}

}  // namespace
}  // namespace invoice::mail
