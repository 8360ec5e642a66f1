#include "app/smtp_rotation.h"

#include "app/once.h"
#include "base/status.h"
#include "store/json.h"
#include "store/smtp_configurations.h"

namespace invoice::app {

absl::StatusOr<RotationReport> SmtpRotation::Run(int batch) {
  ASSIGN_OR_RETURN(const std::string key_id, core_.mail_routes.passwords().CurrentKeyId());
  RotationReport report;
  std::string after;
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(more, RunBatch(batch, &after, &report));
  }
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  ASSIGN_OR_RETURN(report.remaining, store::SmtpConfigurations(transaction).CountOutdated(key_id));
  return report;
}

absl::StatusOr<bool> SmtpRotation::RunBatch(int batch, std::string* after, RotationReport* report) {
  const SmtpPasswords& passwords = core_.mail_routes.passwords();
  ASSIGN_OR_RETURN(const std::string key_id, passwords.CurrentKeyId());
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  store::SmtpConfigurations configurations(transaction);
  ASSIGN_OR_RETURN(const auto outdated, configurations.LockOutdated(key_id, *after, batch));
  if (outdated.empty()) return false;
  std::vector<std::string> not_openable;
  std::vector<Audited> sealed;
  for (const store::OutdatedPassword& row : outdated) {
    const absl::StatusOr<base::Secret> password = passwords.Open(row.configuration_id, row.password);
    if (!password.ok()) {
      not_openable.push_back(row.configuration_id);
      continue;
    }
    ASSIGN_OR_RETURN(const domain::SealedPassword resealed, passwords.Seal(row.configuration_id, *password));
    RETURN_IF_ERROR(configurations.Reseal(row.configuration_id, resealed));
    sealed.push_back({"", "reseal", "smtpConfig", row.configuration_id,
                      store::ToJson(std::vector<std::string>{row.password.key_id}),
                      store::ToJson(std::vector<std::string>{resealed.key_id})});
  }
  RETURN_IF_ERROR(AuditAll(core_, transaction, CallOfSystem("rotate-keys"), sealed));
  RETURN_IF_ERROR(transaction.Commit());
  // Counted only now: what is told has happened.
  report->sealed += static_cast<int64_t>(sealed.size());
  report->not_openable.insert(report->not_openable.end(), not_openable.begin(), not_openable.end());
  *after = outdated.back().configuration_id;
  return true;
}

}  // namespace invoice::app
