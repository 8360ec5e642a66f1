#include "app/invoice_export.h"
#include "base/status.h"
#include "invoice/v1/common.pb.h"
#include "invoice/v1/invoices.pb.h"
#include "rpc/handlers.h"
#include "rpc/invoice_filter.h"

namespace invoice::rpc {
namespace {

char SeparatorOf(v1::CsvSeparator::Value separator) {
  switch (separator) {
    case v1::CsvSeparator::SEMICOLON:
      return ';';
    case v1::CsvSeparator::TAB:
      return '\t';
    case v1::CsvSeparator::CSV_SEPARATOR_UNSPECIFIED:
    case v1::CsvSeparator::COMMA:
    // The field rules let no other number through.
    case v1::CsvSeparator_Value_CsvSeparator_Value_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::CsvSeparator_Value_CsvSeparator_Value_INT_MAX_SENTINEL_DO_NOT_USE_:
      return ',';
  }
  return ',';
}

absl::Status Export(app::Core& core, const Context& context, const v1::ExportInvoicesRequest& request,
                    const Emit<v1::FileContent>& emit) {
  ASSIGN_OR_RETURN(store::InvoiceFilter filter, InvoiceFilterOf(request));
  app::InvoiceExport lines(
      core, std::move(filter),
      {.separator = SeparatorOf(request.separator()), .byte_order_mark = request.byte_order_mark()});
  for (bool first = true; !context.IsCancelled(); first = false) {
    v1::FileContent piece;
    ASSIGN_OR_RETURN(*piece.mutable_data(), lines.Next());
    if (piece.data().empty()) return absl::OkStatus();
    if (first) {
      piece.set_content_type("text/csv; charset=utf-8");
      piece.set_file_name("invoices.csv");
    }
    RETURN_IF_ERROR(emit(piece));
  }
  return absl::CancelledError("the client is gone");
}

}  // namespace

void ServeExport(Api& api, app::Core& core) {
  api.On("InvoiceService/ExportInvoices",
         [&](Context& context, const v1::ExportInvoicesRequest& request, const Emit<v1::FileContent>& emit) {
           return Export(core, context, request, emit);
         });
}

}  // namespace invoice::rpc
