#include "store/smtp_configurations.h"

#include "base/encoding.h"
#include "base/json.h"
#include "base/status.h"
#include "store/copy_rows.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

using domain::SmtpConfiguration;

domain::SealedPassword ReadPassword(const Row& row) {
  return {.bytes = base::HexDecode(row.Text("password_sealed")).value_or(""), .key_id = row.Text("password_key_id")};
}

SmtpConfiguration ReadSmtpConfiguration(const Row& row) {
  SmtpConfiguration configuration;
  configuration.id = row.Text("id");
  configuration.vendor_id = row.OptionalText("vendor_id").value_or("");
  configuration.name = row.Text("name");
  configuration.host = row.Text("host");
  configuration.port = static_cast<int>(row.Int("port"));
  configuration.security = domain::Parse<domain::SmtpSecurity>(row.Text("security")).value();
  configuration.username = row.Text("username");
  if (!row.IsNull("password_sealed")) configuration.password = ReadPassword(row);
  configuration.from_address = row.Text("from_address");
  configuration.from_name = row.Text("from_name");
  configuration.verify_certificate = row.Bool("verify_certificate");
  configuration.unknown_policy = domain::Parse<domain::UnknownPolicy>(row.Text("unknown_policy")).value();
  configuration.max_emails_per_run = static_cast<int>(row.Int("max_emails_per_run"));
  configuration.max_emails_per_recipient_per_day = static_cast<int>(row.Int("max_emails_per_recipient_per_day"));
  configuration.max_connections = static_cast<int>(row.Int("max_connections"));
  configuration.max_emails_per_minute = static_cast<int>(row.Int("max_emails_per_minute"));
  configuration.active = row.Bool("active");
  configuration.paused_until = row.OptionalTime("paused_until");
  configuration.last_problem = row.OptionalText("last_fault").value_or("");
  configuration.version = row.Int("version");
  configuration.created_at = row.Time("created_at");
  configuration.updated_at = row.Time("updated_at");
  return configuration;
}

Params ColumnsOfConfiguration(const SmtpConfiguration& configuration, absl::Time now) {
  std::optional<std::string> sealed;
  std::optional<std::string> key_id;
  if (configuration.password) {
    sealed = base::HexEncode(configuration.password->bytes);
    key_id = configuration.password->key_id;
  }
  return {{"id", configuration.id},
          {"name", configuration.name},
          {"host", configuration.host},
          {"port", configuration.port},
          {"security", domain::Name(configuration.security)},
          {"verify_certificate", configuration.verify_certificate},
          {"username", configuration.username},
          {"password_sealed", sealed},
          {"password_key_id", key_id},
          {"from_address", configuration.from_address},
          {"from_name", configuration.from_name},
          {"unknown_policy", domain::Name(configuration.unknown_policy)},
          {"max_emails_per_run", configuration.max_emails_per_run},
          {"max_emails_per_recipient_per_day", configuration.max_emails_per_recipient_per_day},
          {"max_connections", configuration.max_connections},
          {"max_emails_per_minute", configuration.max_emails_per_minute},
          {"active", configuration.active},
          {"now", now}};
}

absl::StatusOr<SmtpConfiguration> OneSmtpConfiguration(absl::StatusOr<std::optional<Row>> row, const std::string& id) {
  if (!row.ok()) return row.status();
  if (!*row) return base::NotFound("SMTP configuration", id);
  return ReadSmtpConfiguration(**row);
}

}  // namespace

absl::Status SmtpConfigurations::Insert(const SmtpConfiguration& configuration, absl::Time now) {
  Params params = ColumnsOfConfiguration(configuration, now);
  params.emplace_back("vendor_id", NullIfEmpty(configuration.vendor_id));
  return transaction_.Execute(sql::kSmtpConfigurationInsert, params).status();
}

absl::Status SmtpConfigurations::Update(const SmtpConfiguration& configuration, absl::Time now) {
  return transaction_.Execute(sql::kSmtpConfigurationUpdate, ColumnsOfConfiguration(configuration, now)).status();
}

absl::StatusOr<SmtpConfiguration> SmtpConfigurations::Get(const std::string& id) {
  return OneSmtpConfiguration(transaction_.QueryRow(sql::kSmtpConfigurationGet, {{"id", id}}), id);
}

absl::StatusOr<SmtpConfiguration> SmtpConfigurations::Lock(const std::string& id) {
  RETURN_IF_ERROR(transaction_.EnterGate("SMTP configuration " + id));
  return OneSmtpConfiguration(transaction_.QueryRow(sql::kSmtpConfigurationLock, {{"id", id}}), id);
}

absl::StatusOr<Page<SmtpConfiguration>> SmtpConfigurations::List(const SmtpConfigurationFilter& filter,
                                                                 const PageRequest& page) {
  return ReadPage<SmtpConfiguration>(transaction_, sql::kSmtpConfigurationList, sql::kSmtpConfigurationCount,
                                     {{"active", filter.active}, {"vendor_id", NullIfEmpty(filter.vendor_id)}}, page,
                                     ReadSmtpConfiguration);
}

absl::StatusOr<std::vector<SmtpConfiguration>> SmtpConfigurations::OfVendors(
    const std::vector<std::string>& vendor_ids) {
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(sql::kSmtpConfigurationOfVendors, {{"vendor_ids", ArrayText(vendor_ids)}}));
  std::vector<SmtpConfiguration> configurations;
  for (const Row& row : rows) configurations.push_back(ReadSmtpConfiguration(row));
  return configurations;
}

absl::StatusOr<std::vector<OutdatedPassword>> SmtpConfigurations::LockOutdated(const std::string& key_id,
                                                                               const std::string& after, int limit) {
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(sql::kSmtpPasswordOutdated,
                                      {{"key_id", key_id}, {"after", NullIfEmpty(after)}, {"limit", limit}}));
  std::vector<OutdatedPassword> passwords;
  for (const Row& row : rows) passwords.push_back({.configuration_id = row.Text("id"), .password = ReadPassword(row)});
  return passwords;
}

absl::StatusOr<int64_t> SmtpConfigurations::CountOutdated(const std::string& key_id) {
  ASSIGN_OR_RETURN(const std::optional<Row> row,
                   transaction_.QueryRow(sql::kSmtpPasswordOutdatedCount, {{"key_id", key_id}}));
  return row->Int("count");
}

absl::Status SmtpConfigurations::Reseal(const std::string& id, const domain::SealedPassword& password) {
  return transaction_
      .Execute(sql::kSmtpPasswordReseal,
               {{"id", id}, {"password_sealed", base::HexEncode(password.bytes)}, {"key_id", password.key_id}})
      .status();
}

std::string ToJson(const SmtpConfiguration& c, const std::string& password) {
  return nlohmann::json{{"vendorId", c.vendor_id},
                        {"name", c.name},
                        {"host", c.host},
                        {"port", c.port},
                        {"security", domain::Name(c.security)},
                        {"username", c.username},
                        {"password", password},
                        {"fromEmail", c.from_address},
                        {"fromName", c.from_name},
                        {"verifyCertificate", c.verify_certificate},
                        {"unknownPolicy", domain::Name(c.unknown_policy)},
                        {"maxEmailsPerRun", c.max_emails_per_run},
                        {"maxEmailsPerRecipientPerDay", c.max_emails_per_recipient_per_day},
                        {"maxConnections", c.max_connections},
                        {"maxEmailsPerMinute", c.max_emails_per_minute},
                        {"active", c.active},
                        {"version", c.version}}
      .dump();
}

}  // namespace invoice::store
