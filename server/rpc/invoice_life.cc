#include "rpc/change.h"
#include "rpc/convert.h"
#include "rpc/convert_records.h"
#include "rpc/handlers.h"

namespace invoice::rpc {
namespace {

using domain::InvoiceRecord;

absl::StatusOr<app::CreditNoteInput> CreditNoteInputFromProto(const v1::CreateCreditNoteRequest& request) {
  app::CreditNoteInput input;
  input.invoice_id = request.invoice_id();
  input.reason = request.reason();
  input.date = DateIn(request.credit_date());
  input.send_email = request.send_email();
  for (const v1::CreateCreditNoteRequest::Line& line : request.lines()) {
    const std::string path = "lines[" + std::to_string(input.lines.size()) + "].quantity";
    ASSIGN_OR_RETURN(const domain::Quantity quantity, DecimalIn<domain::Quantity>(line.quantity(), path));
    input.lines.push_back({line.line(), quantity});
  }
  return input;
}

}  // namespace

void ServeInvoiceLife(Api& api, app::InvoiceLife& life, app::CreditNotes& credit_notes, app::Invoices& invoices) {
  const auto convert = [&invoices](const InvoiceRecord& invoice) {
    return InvoiceToProto(invoice, invoices.StateOf(invoice));
  };
  api.On("InvoiceService/CancelInvoice", [&, convert](Context& context, const v1::CancelInvoiceRequest& request) {
    return Answer<InvoiceRecord>(context, convert, [&](const auto& encode) {
      return life.Cancel(context.call(), {request.id(), request.etag(), request.reason()}, encode);
    });
  });
  api.On("InvoiceService/MarkInvoiceSent", [&, convert](Context& context, const v1::MarkInvoiceSentRequest& request) {
    return Answer<InvoiceRecord>(context, convert, [&](const auto& encode) {
      return life.MarkSent(context.call(), {request.id(), request.etag(), request.note()}, encode);
    });
  });
  api.On("InvoiceService/CreateCreditNote",
         [&](Context& context, const v1::CreateCreditNoteRequest& request) -> absl::StatusOr<v1::Invoice> {
           ASSIGN_OR_RETURN(const app::CreditNoteInput input, CreditNoteInputFromProto(request));
           const auto convert = [&](const app::IssuedInvoice& issued) { return IssuedToProto(invoices, issued); };
           return Answer<app::IssuedInvoice>(context, convert, [&](const auto& encode) {
             return credit_notes.Create(context.call(), input, encode);
           });
         });
}

}  // namespace invoice::rpc
