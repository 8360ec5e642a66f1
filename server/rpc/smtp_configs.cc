#include "app/once.h"
#include "invoice/v1/emails.pb.h"
#include "rpc/change.h"
#include "rpc/convert.h"
#include "rpc/handlers.h"
#include "rpc/list.h"
#include "rpc/update_mask.h"

namespace invoice::rpc {
namespace {

using domain::SmtpConfiguration;

v1::SmtpConfig SmtpConfigToProto(const SmtpConfiguration& configuration) {
  v1::SmtpConfig message;
  message.set_id(configuration.id);
  message.set_vendor_id(configuration.vendor_id);
  message.set_name(configuration.name);
  message.set_host(configuration.host);
  message.set_port(configuration.port);
  message.set_security(EnumOf<v1::SmtpConfig::Security>(domain::Name(configuration.security)));
  message.set_username(configuration.username);
  message.set_password_set(configuration.password.has_value());
  message.set_from_email(configuration.from_address);
  message.set_from_name(configuration.from_name);
  message.set_verify_certificate(configuration.verify_certificate);
  message.set_unknown_policy(EnumOf<v1::SmtpConfig::UnknownPolicy>(domain::Name(configuration.unknown_policy)));
  message.set_max_emails_per_run(configuration.max_emails_per_run);
  message.set_max_emails_per_recipient_per_day(configuration.max_emails_per_recipient_per_day);
  message.set_max_connections(configuration.max_connections);
  message.set_max_emails_per_minute(configuration.max_emails_per_minute);
  message.set_active(configuration.active);
  if (configuration.paused_until) *message.mutable_paused_until_time() = TimeOf(*configuration.paused_until);
  message.set_last_problem(configuration.last_problem);
  message.set_etag(app::Etag(configuration.version));
  *message.mutable_create_time() = TimeOf(configuration.created_at);
  *message.mutable_update_time() = TimeOf(configuration.updated_at);
  return message;
}

// What is not given has its default, as in a new record.
void Apply(const v1::SmtpConfig& message, app::SmtpConfigurationChange* change) {
  const SmtpConfiguration defaults;
  SmtpConfiguration& configuration = change->configuration;
  configuration.name = message.name();
  configuration.host = message.host();
  configuration.security = KindOf<domain::SmtpSecurity>(message.security()).value_or(defaults.security);
  configuration.port = message.has_port() ? message.port() : domain::DefaultSmtpPort(configuration.security);
  configuration.username = message.username();
  if (message.has_password()) change->password = base::Secret(message.password());
  configuration.from_address = message.from_email();
  configuration.from_name = message.from_name();
  configuration.verify_certificate =
      message.has_verify_certificate() ? message.verify_certificate() : defaults.verify_certificate;
  configuration.unknown_policy =
      KindOf<domain::UnknownPolicy>(message.unknown_policy()).value_or(defaults.unknown_policy);
  configuration.max_emails_per_run =
      message.has_max_emails_per_run() ? message.max_emails_per_run() : defaults.max_emails_per_run;
  configuration.max_emails_per_recipient_per_day = message.has_max_emails_per_recipient_per_day()
                                                       ? message.max_emails_per_recipient_per_day()
                                                       : defaults.max_emails_per_recipient_per_day;
  configuration.max_connections = message.has_max_connections() ? message.max_connections() : defaults.max_connections;
  configuration.max_emails_per_minute = message.max_emails_per_minute();
}

absl::StatusOr<v1::SmtpConfig> CreateSmtpConfig(app::SmtpConfigurations& configurations, Context& context,
                                                const v1::SmtpConfig& given) {
  app::SmtpConfigurationChange change;
  change.configuration.vendor_id = given.vendor_id();
  Apply(given, &change);
  return Answer<SmtpConfiguration>(context, SmtpConfigToProto, [&](const auto& encode) {
    return configurations.Create(context.call(), change, encode);
  });
}

absl::StatusOr<v1::ListSmtpConfigsResponse> ListSmtpConfigs(app::SmtpConfigurations& configurations,
                                                            const PageTokens& tokens,
                                                            const v1::ListSmtpConfigsRequest& request) {
  ASSIGN_OR_RETURN(const store::PageRequest page, PageOf(tokens, request));
  store::SmtpConfigurationFilter filter{.active = {}, .vendor_id = request.vendor_id()};
  if (request.has_active()) filter.active = request.active();
  ASSIGN_OR_RETURN(const auto found, configurations.List(filter, page));
  v1::ListSmtpConfigsResponse response;
  for (const SmtpConfiguration& configuration : found.records)
    *response.add_smtp_configs() = SmtpConfigToProto(configuration);
  SetPage(tokens, request, found, &response);
  return response;
}

absl::StatusOr<v1::SmtpConfig> UpdateSmtpConfig(app::SmtpConfigurations& configurations, Context& context,
                                                const v1::UpdateSmtpConfigRequest& request) {
  ASSIGN_OR_RETURN(const UpdateMask mask, UpdateMask::Read(request.update_mask(), request.smtp_config()));
  const auto change = [&](app::SmtpConfigurationChange& record) -> absl::Status {
    const SmtpConfiguration before = record.configuration;
    v1::SmtpConfig merged = SmtpConfigToProto(before);
    RETURN_IF_ERROR(mask.Merge(request.smtp_config(), &merged));
    // The port that goes with the protection, as long as nobody has named another.
    const bool default_port = before.port == domain::DefaultSmtpPort(before.security);
    if (default_port && merged.port() == before.port) merged.clear_port();
    Apply(merged, &record);
    return absl::OkStatus();
  };
  return Answer<SmtpConfiguration>(context, SmtpConfigToProto, [&](const auto& encode) {
    return configurations.Update(context.call(), request.smtp_config().id(), request.smtp_config().etag(), change,
                                 encode);
  });
}

absl::StatusOr<v1::SmtpConfig> SetSmtpConfigActive(app::SmtpConfigurations& configurations, Context& context,
                                                   const std::string& id, const std::string& etag, bool active) {
  return Answer<SmtpConfiguration>(context, SmtpConfigToProto, [&](const auto& encode) {
    return configurations.SetActive(context.call(), id, etag, active, encode);
  });
}

v1::TestSmtpConfigResponse ReportToProto(const mail::TestReport& report) {
  v1::TestSmtpConfigResponse response;
  response.set_success(report.success);
  for (const mail::StepReport& step : report.steps) {
    auto* added = response.add_steps();
    added->set_kind(EnumOf<v1::TestSmtpConfigResponse::Step::Kind>(mail::StepName(step.step)));
    added->set_success(step.ok);
    added->set_detail(step.detail);
    added->set_duration_ms(static_cast<int32_t>(absl::ToInt64Milliseconds(step.took)));
  }
  response.set_transcript(report.transcript);
  response.set_tls_version(report.tls_version);
  response.set_problem(report.problem);
  return response;
}

}  // namespace

void ServeSmtpConfigs(Api& api, app::SmtpConfigurations& configurations, app::SmtpTrials& trials,
                      const PageTokens& tokens) {
  api.On("EmailService/CreateSmtpConfig", [&](Context& context, const v1::CreateSmtpConfigRequest& request) {
    return CreateSmtpConfig(configurations, context, request.smtp_config());
  });
  api.On("EmailService/GetSmtpConfig",
         [&](Context&, const v1::GetSmtpConfigRequest& request) -> absl::StatusOr<v1::SmtpConfig> {
           ASSIGN_OR_RETURN(const SmtpConfiguration configuration, configurations.Get(request.id()));
           return SmtpConfigToProto(configuration);
         });
  api.On("EmailService/ListSmtpConfigs", [&](Context&, const v1::ListSmtpConfigsRequest& request) {
    return ListSmtpConfigs(configurations, tokens, request);
  });
  api.On("EmailService/UpdateSmtpConfig", [&](Context& context, const v1::UpdateSmtpConfigRequest& request) {
    return UpdateSmtpConfig(configurations, context, request);
  });
  api.On("EmailService/DeleteSmtpConfig", [&](Context& context, const v1::DeleteSmtpConfigRequest& request) {
    return SetSmtpConfigActive(configurations, context, request.id(), request.etag(), false);
  });
  api.On("EmailService/UndeleteSmtpConfig", [&](Context& context, const v1::UndeleteSmtpConfigRequest& request) {
    return SetSmtpConfigActive(configurations, context, request.id(), "", true);
  });
  api.On("EmailService/TestSmtpConfig", [&](Context& context, const v1::TestSmtpConfigRequest& request) {
    return Answer<mail::TestReport>(context, ReportToProto, [&](const auto& encode) {
      return trials.Test(context.call(), request.id(), request.recipient(), encode);
    });
  });
}

}  // namespace invoice::rpc
