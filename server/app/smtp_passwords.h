// Passwords of SMTP configurations between the clear and the sealed form. A sealed password is bound to its
// configuration, so that the bytes of one row are worth nothing in another. Without a key, which ENCRYPTION_KEY gives,
// nothing can be sealed or opened, and everything without a password works. Immutable; safe to share between threads.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "base/secret.h"
#include "domain/smtp_configuration.h"

namespace invoice::app {

class SmtpPasswords {
 public:
  // Without a key.
  SmtpPasswords() = default;
  explicit SmtpPasswords(base::KeyRing keys) : keys_(std::move(keys)) {}

  // FAILED_PRECONDITION naming ENCRYPTION_KEY where there is no key.
  absl::StatusOr<domain::SealedPassword> Seal(const std::string& configuration_id, const base::Secret& password) const;
  // FAILED_PRECONDITION saying why where it cannot be opened: no such key here, or other bytes than were sealed for
  // this configuration.
  absl::StatusOr<base::Secret> Open(const std::string& configuration_id, const domain::SealedPassword& password) const;
  // The id of the key that seals; FAILED_PRECONDITION where there is none.
  absl::StatusOr<std::string> CurrentKeyId() const;

 private:
  std::optional<base::KeyRing> keys_;
};

}  // namespace invoice::app
