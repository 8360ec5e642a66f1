// All invoices of a filter as CSV, batch after batch, so that neither memory nor a transaction grows with their number
// or with a slow reader. Filter and states are of the instant at which the export began; an invoice that changes
// meanwhile is shown as it is when its batch is read. Belongs to one call.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "app/core.h"
#include "app/csv.h"
#include "store/invoices.h"

namespace invoice::app {

class InvoiceExport {
 public:
  InvoiceExport(Core& core, store::InvoiceFilter filter, const CsvFormat& format = {});

  // The next lines; the first time with the header line before them. Empty: there are no more.
  absl::StatusOr<std::string> Next();

 private:
  std::string LineOf(const store::ExportedInvoice& invoice) const;

  Core& core_;
  const store::InvoiceFilter filter_;
  const CsvFormat format_;
  const absl::Time now_;
  store::PageRequest page_{.size = base::kExportBatch};
  bool begun_ = false;
};

}  // namespace invoice::app
