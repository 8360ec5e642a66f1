#include "rpc/change.h"
#include "rpc/convert.h"
#include "rpc/convert_records.h"
#include "rpc/handlers.h"
#include "rpc/list.h"

namespace invoice::rpc {
namespace {

absl::StatusOr<v1::ListEmailsResponse> ListEmails(app::Emails& emails, const PageTokens& tokens,
                                                  const v1::ListEmailsRequest& request) {
  ASSIGN_OR_RETURN(const store::PageRequest page, PageOf(tokens, request));
  store::EmailFilter filter;
  filter.invoice_id = request.invoice_id();
  filter.vendor_id = request.vendor_id();
  filter.state = KindOf<domain::EmailState>(request.state());
  filter.recipient = request.recipient();
  filter.run_id = request.run_id();
  ASSIGN_OR_RETURN(const auto found, emails.List(filter, page));
  v1::ListEmailsResponse response;
  for (const app::EmailWithAttempts& record : found.records)
    *response.add_emails() = EmailToProto(record.email, record.attempts);
  SetPage(tokens, request, found, &response);
  return response;
}

absl::StatusOr<v1::Email> Act(app::Emails& emails, Context& context, const std::string& id, domain::EmailAction action,
                              const std::string& reason = "") {
  const auto convert = [](const app::EmailWithAttempts& record) { return EmailToProto(record.email, record.attempts); };
  return Answer<app::EmailWithAttempts>(
      context, convert, [&](const auto& encode) { return emails.Act(context.call(), id, action, reason, encode); });
}

absl::StatusOr<v1::ReleaseEmailsResponse> ReleaseAll(app::Emails& emails, Context& context,
                                                     const v1::ReleaseEmailsRequest& request) {
  const auto convert = [](const app::Released& released) {
    v1::ReleaseEmailsResponse response;
    response.set_released_count(released.released_count);
    response.set_remaining_count(static_cast<int32_t>(released.remaining_count));
    return response;
  };
  return Answer<app::Released>(context, convert, [&](const auto& encode) {
    return emails.ReleaseAll(context.call(), {.run_id = request.run_id(), .recipient = request.recipient()}, encode);
  });
}

void ServeActions(Api& api, app::Emails& emails) {
  api.On("EmailService/RetryEmail", [&](Context& context, const v1::RetryEmailRequest& request) {
    return Act(emails, context, request.id(), domain::EmailAction::kRetry);
  });
  api.On("EmailService/ReleaseEmail", [&](Context& context, const v1::ReleaseEmailRequest& request) {
    return Act(emails, context, request.id(), domain::EmailAction::kRelease);
  });
  api.On("EmailService/ReleaseEmails", [&](Context& context, const v1::ReleaseEmailsRequest& request) {
    return ReleaseAll(emails, context, request);
  });
  api.On("EmailService/CancelEmail", [&](Context& context, const v1::CancelEmailRequest& request) {
    return Act(emails, context, request.id(), domain::EmailAction::kCancel);
  });
  api.On("EmailService/RecordBounce", [&](Context& context, const v1::RecordBounceRequest& request) {
    return Act(emails, context, request.id(), domain::EmailAction::kBounce, request.reason());
  });
}

}  // namespace

void ServeEmails(Api& api, app::Emails& emails, const PageTokens& tokens) {
  api.On("EmailService/GetEmail", [&](Context&, const v1::GetEmailRequest& request) -> absl::StatusOr<v1::Email> {
    ASSIGN_OR_RETURN(const app::EmailWithAttempts record, emails.Get(request.id()));
    return EmailToProto(record.email, record.attempts);
  });
  api.On("EmailService/ListEmails",
         [&](Context&, const v1::ListEmailsRequest& request) { return ListEmails(emails, tokens, request); });
  ServeActions(api, emails);
}

}  // namespace invoice::rpc
