// Which invoices are on a page of a list: ids in order, found by the one statement that fits the filter, so that every
// page of every filter comes in order from an index and is counted in one. Reads no content.
#pragma once

#include <string>
#include <vector>

#include "store/invoices.h"

namespace invoice::store {

struct InvoicePage {
  std::vector<std::string> ids;
  std::vector<std::string> next;  // cursor of the next page; empty: this is the last
  int64_t total_size = 0;         // counted up to base::kMaxExactTotal
  bool total_capped = false;
};

enum class Counting { kYes, kNo };

// Without a text the cost is bounded by the page and by base::kMaxExactTotal, whatever the filter matches. With one it
// grows with the number of invoices that have the text, up to some 100 ms per million of them.
absl::StatusOr<InvoicePage> FindInvoicePage(Transaction& transaction, const InvoiceFilter& filter,
                                            const PageRequest& page, absl::Time now, Counting counting);

}  // namespace invoice::store
