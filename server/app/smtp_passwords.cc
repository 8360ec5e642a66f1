#include "app/smtp_passwords.h"

#include "base/status.h"

namespace invoice::app {
namespace {

absl::Status NoKey() {
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kEncryptionKeyMissing,
                       "passwords of mail servers cannot be kept, because ENCRYPTION_KEY is not set");
}

absl::Status CannotOpen(const std::string& why) {
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kEncryptionKeyMissing, why);
}

std::string RowOf(const std::string& configuration_id) { return "smtp_configurations/" + configuration_id; }

}  // namespace

absl::StatusOr<domain::SealedPassword> SmtpPasswords::Seal(const std::string& configuration_id,
                                                           const base::Secret& password) const {
  if (!keys_) return NoKey();
  return domain::SealedPassword{.bytes = keys_->Seal(password.Reveal(), RowOf(configuration_id)),
                                .key_id = std::to_string(keys_->current_id())};
}

absl::StatusOr<base::Secret> SmtpPasswords::Open(const std::string& configuration_id,
                                                 const domain::SealedPassword& password) const {
  if (!keys_) return CannotOpen("the stored password cannot be opened, because ENCRYPTION_KEY is not set");
  if (std::optional<std::string> text = keys_->Open(password.bytes, RowOf(configuration_id))) {
    base::Secret secret(*text);
    // The copy in the clear goes at once.
    const base::Secret wiped(std::move(*text));
    return secret;
  }
  return CannotOpen("the stored password cannot be opened: key " + password.key_id +
                    ", which sealed it, is in neither ENCRYPTION_KEY nor ENCRYPTION_KEY_PREVIOUS, or the stored bytes "
                    "were changed; enter the password again, or start with that key");
}

absl::StatusOr<std::string> SmtpPasswords::CurrentKeyId() const {
  if (!keys_) return NoKey();
  return std::to_string(keys_->current_id());
}

}  // namespace invoice::app
