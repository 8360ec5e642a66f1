#include "rpc/change.h"
#include "rpc/convert.h"
#include "rpc/convert_records.h"
#include "rpc/handlers.h"
#include "rpc/invoice_filter.h"
#include "rpc/list.h"

namespace invoice::rpc {

v1::GenerationResponse GenerationToProto(const app::Invoices& invoices, const app::SingleRun& single) {
  v1::GenerationResponse response;
  *response.mutable_run() = RunToProto(single.run);
  *response.mutable_invoice() = InvoiceToProto(single.invoice, invoices.StateOf(single.invoice));
  AddWarnings(single.warnings, response.mutable_warnings());
  return response;
}

v1::Invoice IssuedToProto(const app::Invoices& invoices, const app::IssuedInvoice& issued) {
  v1::Invoice message = InvoiceToProto(issued.invoice, invoices.StateOf(issued.invoice));
  AddWarnings(issued.warnings, message.mutable_warnings());
  return message;
}

namespace {

v1::Invoice ShownInvoiceToProto(const app::Invoices& invoices, const domain::InvoiceRecord& invoice) {
  return InvoiceToProto(invoice, invoices.StateOf(invoice));
}

absl::StatusOr<v1::GenerationResponse> RunQuick(app::Invoices& invoices, Context& context,
                                                const v1::RunQuickRequest& request) {
  app::QuickInput input;
  input.customer_id = request.customer_id();
  input.run_date = DateIn(request.run_date()).value_or(absl::CivilDay());
  if (!request.total_hours().empty()) {
    ASSIGN_OR_RETURN(input.hours, DecimalIn<domain::Quantity>(request.total_hours(), "totalHours"));
  }
  if (request.has_send_email()) input.send_email = request.send_email();
  const auto convert = [&](const app::SingleRun& single) { return GenerationToProto(invoices, single); };
  return Answer<app::SingleRun>(context, convert,
                                [&](const auto& encode) { return invoices.RunQuick(context.call(), input, encode); });
}

absl::StatusOr<v1::GenerationResponse> RunManual(app::Invoices& invoices, Context& context,
                                                 const v1::RunManualRequest& request) {
  app::ManualInput input;
  input.customer_id = request.customer_id();
  input.invoice_date = DateIn(request.invoice_date()).value_or(absl::CivilDay());
  input.period = {DateIn(request.period_start()).value_or(absl::CivilDay()),
                  DateIn(request.period_end()).value_or(absl::CivilDay())};
  if (!request.total_hours().empty()) {
    ASSIGN_OR_RETURN(input.hours, DecimalIn<domain::Quantity>(request.total_hours(), "totalHours"));
  }
  if (!request.rate_per_hour().empty()) {
    ASSIGN_OR_RETURN(input.rate_per_hour, DecimalIn<domain::UnitPrice>(request.rate_per_hour(), "ratePerHour"));
  }
  if (request.has_send_email()) input.send_email = request.send_email();
  const auto convert = [&](const app::SingleRun& single) { return GenerationToProto(invoices, single); };
  return Answer<app::SingleRun>(context, convert,
                                [&](const auto& encode) { return invoices.RunManual(context.call(), input, encode); });
}

absl::StatusOr<v1::GenerationResponse> RunWizard(app::Invoices& invoices, Context& context,
                                                 const v1::RunWizardRequest& request) {
  ASSIGN_OR_RETURN(const app::WizardRun input, WizardRunFromProto(request));
  const auto convert = [&](const app::SingleRun& single) { return GenerationToProto(invoices, single); };
  return Answer<app::SingleRun>(context, convert,
                                [&](const auto& encode) { return invoices.RunWizard(context.call(), input, encode); });
}

absl::StatusOr<v1::PreviewInvoiceResponse> PreviewInvoice(app::Invoices& invoices,
                                                          const v1::PreviewInvoiceRequest& request) {
  ASSIGN_OR_RETURN(const app::WizardRun input, WizardRunFromProto(request));
  ASSIGN_OR_RETURN(const app::Preview preview, invoices.PreviewInvoice(input, request.include_document()));
  v1::PreviewInvoiceResponse response;
  *response.mutable_invoice() = InvoiceToProto(preview.invoice, domain::InvoiceState::kDraft);
  AddWarnings(preview.warnings, response.mutable_warnings());
  response.set_document(preview.document);
  return response;
}

absl::StatusOr<v1::ListInvoicesResponse> ListInvoices(app::Invoices& invoices, const PageTokens& tokens,
                                                      const v1::ListInvoicesRequest& request) {
  ASSIGN_OR_RETURN(const store::PageRequest page, PageOf(tokens, request));
  ASSIGN_OR_RETURN(store::InvoiceFilter filter, InvoiceFilterOf(request));
  filter.q = request.q();
  filter.oldest_first = request.order_by() == "invoiceDate";
  ASSIGN_OR_RETURN(const auto found, invoices.List(filter, page));
  v1::ListInvoicesResponse response;
  for (const domain::InvoiceRecord& invoice : found.records)
    *response.add_invoices() = ShownInvoiceToProto(invoices, invoice);
  SetPage(tokens, request, found, &response);
  return response;
}

absl::StatusOr<v1::FileContent> Download(app::Invoices& invoices, const std::string& id) {
  ASSIGN_OR_RETURN(app::Document document, invoices.Download(id));
  return FileToProto(std::move(document));
}

absl::StatusOr<v1::Email> Resend(app::Invoices& invoices, Context& context, const v1::ResendEmailRequest& request) {
  const auto convert = [](const domain::EmailRecord& email) { return EmailToProto(email); };
  return Answer<domain::EmailRecord>(context, convert, [&](const auto& encode) {
    return invoices.ResendEmail(context.call(), request.id(), request.recipient(), encode);
  });
}

}  // namespace

void ServeInvoices(Api& api, app::Invoices& invoices, const PageTokens& tokens) {
  api.On("InvoiceService/RunQuick",
         [&](Context& context, const v1::RunQuickRequest& request) { return RunQuick(invoices, context, request); });
  api.On("InvoiceService/RunManual",
         [&](Context& context, const v1::RunManualRequest& request) { return RunManual(invoices, context, request); });
  api.On("InvoiceService/RunWizard",
         [&](Context& context, const v1::RunWizardRequest& request) { return RunWizard(invoices, context, request); });
  api.On("InvoiceService/PreviewInvoice",
         [&](Context&, const v1::PreviewInvoiceRequest& request) { return PreviewInvoice(invoices, request); });
  api.On("InvoiceService/GetInvoice",
         [&](Context&, const v1::GetInvoiceRequest& request) -> absl::StatusOr<v1::Invoice> {
           ASSIGN_OR_RETURN(const domain::InvoiceRecord invoice, invoices.Get(request.id()));
           return ShownInvoiceToProto(invoices, invoice);
         });
  api.On("InvoiceService/ListInvoices",
         [&](Context&, const v1::ListInvoicesRequest& request) { return ListInvoices(invoices, tokens, request); });
  api.On("InvoiceService/DownloadInvoice",
         [&](Context&, const v1::DownloadInvoiceRequest& request) { return Download(invoices, request.id()); });
  api.On("InvoiceService/ResendEmail",
         [&](Context& context, const v1::ResendEmailRequest& request) { return Resend(invoices, context, request); });
}

}  // namespace invoice::rpc
