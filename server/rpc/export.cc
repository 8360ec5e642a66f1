#include <memory>
#include <utility>

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

// An export between two pieces holds neither a transaction nor a session.
class Export {
 public:
  Export(app::Core& core, store::InvoiceFilter filter, const app::CsvFormat& format)
      : lines_(core, std::move(filter), format) {}

  absl::StatusOr<Turn> Next(v1::FileContent* piece) {
    ASSIGN_OR_RETURN(*piece->mutable_data(), lines_.Next());
    if (piece->data().empty()) return Turn::kEnd;
    if (std::exchange(first_, false)) {
      piece->set_content_type("text/csv; charset=utf-8");
      piece->set_file_name("invoices.csv");
    }
    return Turn::kMessage;
  }

 private:
  app::InvoiceExport lines_;
  bool first_ = true;
};

absl::StatusOr<Next<v1::FileContent>> BeginExport(app::Core& core, const v1::ExportInvoicesRequest& request) {
  ASSIGN_OR_RETURN(store::InvoiceFilter filter, InvoiceFilterOf(request));
  const app::CsvFormat format{.separator = SeparatorOf(request.separator()),
                              .byte_order_mark = request.byte_order_mark()};
  const auto lines = std::make_shared<Export>(core, std::move(filter), format);
  return Next<v1::FileContent>([lines](v1::FileContent* piece) { return lines->Next(piece); });
}

}  // namespace

void ServeExport(Api& api, app::Core& core) {
  api.On("InvoiceService/ExportInvoices",
         [&](Context&, const v1::ExportInvoicesRequest& request, const Wake&) { return BeginExport(core, request); });
}

}  // namespace invoice::rpc
