#include "app/mail_routes.h"

#include "base/status.h"
#include "store/smtp_configurations.h"

namespace invoice::app {
namespace {

mail::SmtpSecurity SecurityOf(domain::SmtpSecurity security) {
  switch (security) {
    case domain::SmtpSecurity::kNone:
      return mail::SmtpSecurity::kNone;
    case domain::SmtpSecurity::kStartTls:
      return mail::SmtpSecurity::kStartTls;
    case domain::SmtpSecurity::kTls:
      return mail::SmtpSecurity::kTls;
  }
  return mail::SmtpSecurity::kStartTls;
}

}  // namespace

MailRoute MailRoutes::Through(const domain::SmtpConfiguration& configuration) const {
  MailRoute route;
  route.smtp = {.id = configuration.id,
                .host = configuration.host,
                .port = configuration.port,
                .security = SecurityOf(configuration.security),
                .username = configuration.username,
                .password = {},
                .verify_certificate = configuration.verify_certificate,
                .ca_file = house_.ca_file,
                .ehlo_name = house_.ehlo_name};
  route.from_address = configuration.from_address;
  route.from_name = configuration.from_name;
  route.unknown_policy = configuration.unknown_policy;
  route.max_emails_per_run = configuration.max_emails_per_run;
  route.max_emails_per_recipient_per_day = configuration.max_emails_per_recipient_per_day;
  route.max_connections = configuration.max_connections;
  route.max_emails_per_minute = configuration.max_emails_per_minute;
  if (configuration.password) {
    absl::StatusOr<base::Secret> password = passwords_.Open(configuration.id, *configuration.password);
    if (password.ok()) {
      route.smtp.password = *std::move(password);
    } else {
      route.fault = std::string(password.status().message());
    }
  }
  return route;
}

absl::StatusOr<std::map<std::string, MailRoute>> MailRoutes::Of(store::Transaction& transaction,
                                                                const std::vector<std::string>& vendor_ids) const {
  std::map<std::string, MailRoute> routes;
  if (vendor_ids.empty()) return routes;
  ASSIGN_OR_RETURN(const std::vector<domain::SmtpConfiguration> configurations,
                   store::SmtpConfigurations(transaction).OfVendors(vendor_ids));
  std::optional<MailRoute> others = environment_;
  for (const domain::SmtpConfiguration& configuration : configurations) {
    if (configuration.vendor_id.empty()) {
      others = Through(configuration);
    } else {
      routes.emplace(configuration.vendor_id, Through(configuration));
    }
  }
  if (!others) return routes;
  for (const std::string& vendor_id : vendor_ids) routes.emplace(vendor_id, *others);
  return routes;
}

}  // namespace invoice::app
