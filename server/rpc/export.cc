#include "app/invoice_export.h"
#include "base/status.h"
#include "invoice/v1/invoices.pb.h"
#include "rpc/handlers.h"
#include "rpc/invoice_filter.h"

namespace invoice::rpc {
namespace {

absl::Status Export(app::Core& core, const Context& context, const v1::ExportInvoicesRequest& request,
                    const Emit<v1::FileContent>& emit) {
  ASSIGN_OR_RETURN(store::InvoiceFilter filter, InvoiceFilterOf(request));
  app::InvoiceExport lines(core, std::move(filter));
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
