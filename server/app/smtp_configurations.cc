#include "app/smtp_configurations.h"

#include "app/once.h"
#include "base/id.h"
#include "fmt/format.h"
#include "mail/address.h"
#include "mail/message.h"
#include "store/emails.h"
#include "store/vendors.h"

namespace invoice::app {
namespace {

using domain::SmtpConfiguration;

constexpr char kSmtpConfigResource[] = "smtpConfig";

// What the field rules of the request cannot say, by the rules that sending has: what is stored can be sent with. A
// stored password is not opened for it; its place is taken by any text.
absl::Status CheckConfiguration(const SmtpConfigurationChange& change) {
  const SmtpConfiguration& configuration = change.configuration;
  const bool keeps = !change.password && configuration.password;
  const mail::SmtpSettings settings{
      .host = configuration.host,
      .port = configuration.port,
      .username = configuration.username,
      .password = keeps ? base::Secret("kept") : change.password.value_or(base::Secret())};
  RETURN_IF_ERROR(mail::CheckSettings(settings));
  if (configuration.from_name.size() > mail::kMaxNameBytes) {
    return base::InvalidField("fromName", fmt::format("at most {} bytes in UTF-8", mail::kMaxNameBytes));
  }
  return mail::CheckMailAddress("fromEmail", configuration.from_address);
}

std::string PasswordWord(const SmtpConfiguration& configuration) { return configuration.password ? "set" : "none"; }

std::string AuditTextOfConfiguration(const SmtpConfiguration& configuration) {
  return store::ToJson(configuration, PasswordWord(configuration));
}

// A pause that is over is no longer one; the fault that began it is still the last one.
SmtpConfiguration Shown(SmtpConfiguration configuration, absl::Time now) {
  if (configuration.paused_until && *configuration.paused_until <= now) configuration.paused_until.reset();
  return configuration;
}

// What was wrong, or missing, may be mended: the next email finds out, and now.
absl::Status EndWaiting(store::Transaction& transaction, const SmtpConfiguration& configuration) {
  store::Emails emails(transaction);
  RETURN_IF_ERROR(emails.Unpause(configuration.id));
  return emails.WakeQueued(configuration.vendor_id);
}

}  // namespace

absl::Status SmtpConfigurations::SealInto(const std::optional<base::Secret>& password, Record& configuration) const {
  if (!password) return absl::OkStatus();
  configuration.password.reset();
  if (password->empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(configuration.password, core_.mail_routes.passwords().Seal(configuration.id, *password));
  return absl::OkStatus();
}

absl::StatusOr<Outcome<SmtpConfiguration>> SmtpConfigurations::Create(const Call& call,
                                                                      const SmtpConfigurationChange& given,
                                                                      const Encode<Record>& encode) {
  RETURN_IF_ERROR(CheckConfiguration(given));
  return Once<Record>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<Record> {
    Record configuration = given.configuration;
    if (!configuration.vendor_id.empty()) {
      RETURN_IF_ERROR(store::Vendors(transaction).Share(configuration.vendor_id).status());
    }
    configuration.id = base::NewId(core_.clock);
    configuration.active = true;
    RETURN_IF_ERROR(SealInto(given.password, configuration));
    store::SmtpConfigurations configurations(transaction);
    RETURN_IF_ERROR(configurations.Insert(configuration, core_.clock.Now()));
    RETURN_IF_ERROR(EndWaiting(transaction, configuration));
    ASSIGN_OR_RETURN(const Record created, configurations.Get(configuration.id));
    RETURN_IF_ERROR(
        Audit(core_, transaction, call,
              {created.vendor_id, "create", kSmtpConfigResource, created.id, "", AuditTextOfConfiguration(created)}));
    return created;
  });
}

absl::StatusOr<SmtpConfiguration> SmtpConfigurations::Get(const std::string& id) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  ASSIGN_OR_RETURN(Record configuration, store::SmtpConfigurations(transaction).Get(id));
  return Shown(std::move(configuration), core_.clock.Now());
}

absl::StatusOr<store::Page<SmtpConfiguration>> SmtpConfigurations::List(const store::SmtpConfigurationFilter& filter,
                                                                        const store::PageRequest& page) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  ASSIGN_OR_RETURN(store::Page<Record> found, store::SmtpConfigurations(transaction).List(filter, page));
  const absl::Time now = core_.clock.Now();
  for (Record& configuration : found.records) configuration = Shown(std::move(configuration), now);
  return found;
}

absl::StatusOr<Outcome<SmtpConfiguration>> SmtpConfigurations::Update(
    const Call& call, const std::string& id, const std::string& etag,
    const std::function<absl::Status(SmtpConfigurationChange&)>& change, const Encode<Record>& encode) {
  return Once<Record>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<Record> {
    store::SmtpConfigurations configurations(transaction);
    ASSIGN_OR_RETURN(const Record before, configurations.Lock(id));
    RETURN_IF_ERROR(CheckEtag(etag, before.version));
    SmtpConfigurationChange after{.configuration = before, .password = {}};
    RETURN_IF_ERROR(change(after));
    RETURN_IF_ERROR(CheckConfiguration(after));
    RETURN_IF_ERROR(SealInto(after.password, after.configuration));
    RETURN_IF_ERROR(configurations.Update(after.configuration, core_.clock.Now()));
    RETURN_IF_ERROR(EndWaiting(transaction, before));
    ASSIGN_OR_RETURN(const Record updated, configurations.Get(id));
    const std::string password = after.password && updated.password ? "changed" : PasswordWord(updated);
    RETURN_IF_ERROR(Audit(core_, transaction, call,
                          {updated.vendor_id, "update", kSmtpConfigResource, id, AuditTextOfConfiguration(before),
                           store::ToJson(updated, password)}));
    return updated;
  });
}

absl::StatusOr<Outcome<SmtpConfiguration>> SmtpConfigurations::SetActive(const Call& call, const std::string& id,
                                                                         const std::string& etag, bool active,
                                                                         const Encode<Record>& encode) {
  return Once<Record>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<Record> {
    store::SmtpConfigurations configurations(transaction);
    ASSIGN_OR_RETURN(const Record before, configurations.Lock(id));
    RETURN_IF_ERROR(CheckEtag(etag, before.version));
    if (before.active == active) return Shown(before, core_.clock.Now());
    Record after = before;
    after.active = active;
    RETURN_IF_ERROR(configurations.Update(after, core_.clock.Now()));
    if (active) RETURN_IF_ERROR(EndWaiting(transaction, after));
    ASSIGN_OR_RETURN(Record updated, configurations.Get(id));
    RETURN_IF_ERROR(Audit(core_, transaction, call,
                          {updated.vendor_id, active ? "undelete" : "delete", kSmtpConfigResource, id,
                           AuditTextOfConfiguration(before), AuditTextOfConfiguration(updated)}));
    return Shown(std::move(updated), core_.clock.Now());
  });
}

}  // namespace invoice::app
