// invoice-gateway against grpc-gateway: before recorded answers, so that the gateway is what is measured, and before
// the real server.
#pragma once

#include <string>

#include "tests/bench/support/report.h"
#include "tests/bench/support/system.h"

namespace invoice::bench {

// `system` has at least as many invoices as a page; `invoice_id` is one of them. Without a grpc-gateway the smoke run
// only checks that the answers before both servers are the same.
void MeasureGateways(const Options& options, const System& system, const std::string& invoice_id, Report* report);

inline constexpr int kListedInvoices = 50;

}  // namespace invoice::bench
