// What the tests of the SMTP session share: settings for the scripted server, and one message sent through it.
#pragma once

#include <string>

#include "gmock/gmock.h"
#include "mail/smtp_session.h"
#include "scripted_server.h"

namespace invoice::mail {

inline constexpr char kMime[] = "Subject: x\r\n\r\nHello\r\n";
inline const Envelope kEnvelope = {"billing@northwind.example", "ap@contoso.example"};

inline SmtpSettings SettingsFor(const ScriptedServer& server) {
  SmtpSettings settings;
  settings.id = "primary";
  settings.host = "127.0.0.1";
  settings.port = server.port();
  settings.security = SmtpSecurity::kNone;
  settings.ehlo_name = "invoice.example";
  return settings;
}

// Long enough for a busy machine where an answer comes, short where none will.
inline SmtpTimeouts Patient() { return SmtpTimeouts(); }
inline SmtpTimeouts Impatient() {
  SmtpTimeouts timeouts;
  const absl::Duration wait = absl::Milliseconds(150);
  timeouts.connect = timeouts.tls = timeouts.greeting = timeouts.command = wait;
  timeouts.envelope = timeouts.block = timeouts.final_reply = timeouts.quit = wait;
  return timeouts;
}

struct Sent {
  SendResult result;
  int hand_overs = 0;
  bool open = false;  // whether the session could carry another message
};

// Connects, delivers one message, says goodbye.
inline Sent SendOne(ScriptedServer& server, const SmtpSettings& settings, const SmtpTimeouts& timeouts,
                    const std::string& mime = kMime) {
  Sent sent;
  SendHooks hooks;
  hooks.before_data = [&] {
    ++sent.hand_overs;
    // The commit comes after RCPT and before DATA.
    EXPECT_THAT(server.Lines().back(), testing::StartsWith("RCPT"));
    return absl::OkStatus();
  };
  SmtpSession session(settings, timeouts);
  if (auto fault = session.Connect(hooks)) {
    EXPECT_FALSE(session.open());
    sent.result = *fault;
    return sent;
  }
  sent.result = session.Deliver(kEnvelope, mime, hooks);
  sent.open = session.open();
  session.Quit();
  return sent;
}

inline Sent SendOne(ScriptedServer& server) { return SendOne(server, SettingsFor(server), Patient()); }

}  // namespace invoice::mail
