// The filters that lists and exports of invoices have in common.
#pragma once

#include "absl/status/statusor.h"
#include "base/status.h"
#include "rpc/convert.h"
#include "store/invoices.h"

namespace invoice::rpc {

// INVALID_ARGUMENT where the last day is before the first.
template <typename Request>
absl::StatusOr<store::InvoiceFilter> InvoiceFilterOf(const Request& request) {
  store::InvoiceFilter filter;
  filter.customer_id = request.customer_id();
  filter.vendor_id = request.vendor_id();
  filter.state = KindOf<domain::InvoiceState>(request.state());
  filter.kind = KindOf<domain::DocumentKind>(request.kind());
  if (request.has_open()) filter.open = request.open();
  filter.from = DateIn(request.from());
  filter.to = DateIn(request.to());
  if (filter.from && filter.to && *filter.to < *filter.from) {
    return base::InvalidField("to", "a date that is not before `from`");
  }
  return filter;
}

}  // namespace invoice::rpc
