// A mailer whose server says what the test wants, and which can die as kill -9 would.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "mail/mailer.h"

namespace invoice::app {

// Plays the server: answers as told, keeps what it accepted.
struct Script {
  mail::SendResult result{
      .outcome = mail::SendOutcome::kAccepted, .code = 250, .text = "2.0.0 queued", .transcript = "> DATA"};
  bool reach_data = true;
  std::function<void()> during_content = [] {};
  bool slow = false;            // the caller is asked whether to go on
  bool die_after_data = false;  // as kill -9 between the reply and its recording
  std::vector<std::string> accepted;
};

struct Died {};

class ScriptedMailer : public mail::Mailer {
 public:
  explicit ScriptedMailer(Script& script) : script_(script) {}
  mail::SendResult Send(const mail::SmtpSettings&, const mail::Envelope&, const std::string& mime,
                        const mail::SendHooks& hooks) override {
    if (script_.reach_data) {
      if (absl::Status status = hooks.before_data(); !status.ok()) {
        return {.outcome = mail::SendOutcome::kNotHandedOver, .hook_status = status};
      }
    }
    script_.during_content();
    if (script_.slow) hooks.keep_going();
    if (script_.result.outcome == mail::SendOutcome::kAccepted) script_.accepted.push_back(mime);
    if (script_.die_after_data) throw Died();
    return script_.result;
  }

 private:
  Script& script_;
};

}  // namespace invoice::app
