#include "rpc/change.h"
#include "rpc/convert.h"
#include "rpc/convert_records.h"
#include "rpc/handlers.h"

namespace invoice::rpc {
namespace {

absl::StatusOr<v1::GenerationResponse> UpdateDraft(app::Drafts& drafts, app::Invoices& invoices, Context& context,
                                                   const v1::UpdateDraftRequest& request) {
  ASSIGN_OR_RETURN(const app::WizardRun input, WizardRunFromProto(request));
  const auto convert = [&](const app::SingleRun& single) { return GenerationToProto(invoices, single); };
  return Answer<app::SingleRun>(context, convert, [&](const auto& encode) {
    return drafts.Update(context.call(), request.id(), request.etag(), input, encode);
  });
}

absl::StatusOr<v1::Invoice> Issue(app::Drafts& drafts, app::Invoices& invoices, Context& context,
                                  const v1::IssueDraftRequest& request) {
  const auto send_email = request.has_send_email() ? std::optional(request.send_email()) : std::nullopt;
  const auto convert = [&](const app::IssuedInvoice& issued) { return IssuedToProto(invoices, issued); };
  return Answer<app::IssuedInvoice>(context, convert, [&](const auto& encode) {
    return drafts.Issue(context.call(), request.id(), request.etag(), send_email, encode);
  });
}

v1::IssueDraftsResponse IssuedDraftsToProto(const app::IssuedDrafts& issued) {
  v1::IssueDraftsResponse response;
  for (const app::DraftResult& result : issued.results) {
    v1::IssueDraftsResponse::Result* added = response.add_results();
    added->set_id(result.id);
    added->set_number(result.number);
    if (result.status.ok()) {
      response.set_issued_count(response.issued_count() + 1);
      AddWarnings(result.warnings, added->mutable_warnings());
      continue;
    }
    response.set_failed_count(response.failed_count() + 1);
    added->set_reason(std::string(base::ReasonName(base::DetailOf(result.status).reason)));
    added->set_message(std::string(result.status.message()));
  }
  response.set_more(issued.more);
  return response;
}

absl::StatusOr<v1::IssueDraftsResponse> IssueMany(app::Drafts& drafts, Context& context,
                                                  const v1::IssueDraftsRequest& request) {
  const app::DraftChoice choice{.ids = {request.ids().begin(), request.ids().end()}, .run_id = request.run_id()};
  const auto send_email = request.has_send_email() ? std::optional(request.send_email()) : std::nullopt;
  return Answer<app::IssuedDrafts>(context, IssuedDraftsToProto, [&](const auto& encode) {
    return drafts.IssueMany(context.call(), choice, send_email, encode);
  });
}

}  // namespace

void ServeDrafts(Api& api, app::Drafts& drafts, app::Invoices& invoices) {
  api.On("InvoiceService/UpdateDraft", [&](Context& context, const v1::UpdateDraftRequest& request) {
    return UpdateDraft(drafts, invoices, context, request);
  });
  api.On("InvoiceService/IssueDraft", [&](Context& context, const v1::IssueDraftRequest& request) {
    return Issue(drafts, invoices, context, request);
  });
  api.On("InvoiceService/IssueDrafts",
         [&](Context& context, const v1::IssueDraftsRequest& request) { return IssueMany(drafts, context, request); });
}

}  // namespace invoice::rpc
