// What the worker sends email through. There are two implementations: SmtpMailer and the doubles of the tests.
#pragma once

#include <string>

#include "mail/smtp_outcome.h"
#include "mail/smtp_types.h"

namespace invoice::mail {

class Mailer {
 public:
  virtual ~Mailer() = default;

  // Sends one message to one recipient and says how that ended. Never throws; returns within the configured time-outs.
  // `mime` is what BuildMime makes.
  virtual SendResult Send(const SmtpSettings& settings, const Envelope& envelope, const std::string& mime,
                          const SendHooks& hooks) = 0;
};

}  // namespace invoice::mail
