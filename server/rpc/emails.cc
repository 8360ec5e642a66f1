#include "rpc/convert.h"
#include "rpc/convert_records.h"
#include "rpc/handlers.h"
#include "rpc/list.h"

namespace invoice::rpc {
namespace {

absl::StatusOr<v1::ListEmailsResponse> List(app::Emails& emails, const PageTokens& tokens,
                                            const v1::ListEmailsRequest& request) {
  ASSIGN_OR_RETURN(const store::PageRequest page, PageOf(tokens, request));
  store::EmailFilter filter;
  filter.invoice_id = request.invoice_id();
  filter.vendor_id = request.vendor_id();
  filter.state = KindOf<domain::EmailState>(request.state());
  filter.recipient = request.recipient();
  ASSIGN_OR_RETURN(const auto found, emails.List(filter, page));
  v1::ListEmailsResponse response;
  for (const app::EmailWithAttempts& record : found.records)
    *response.add_emails() = EmailToProto(record.email, record.attempts);
  SetPage(tokens, request, found, &response);
  return response;
}

}  // namespace

void ServeEmails(Api& api, app::Emails& emails, const PageTokens& tokens) {
  api.On("EmailService/GetEmail", [&](Context&, const v1::GetEmailRequest& request) -> absl::StatusOr<v1::Email> {
    ASSIGN_OR_RETURN(const app::EmailWithAttempts record, emails.Get(request.id()));
    return EmailToProto(record.email, record.attempts);
  });
  api.On("EmailService/ListEmails",
         [&](Context&, const v1::ListEmailsRequest& request) { return List(emails, tokens, request); });
}

}  // namespace invoice::rpc
