// A payment of a customer and what it pays, as they are kept. Plain data; the rules are in domain/payments.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "domain/kinds.h"
#include "domain/money.h"

namespace invoice::domain {

// What a payment pays of one invoice.
struct PaymentAllocation {
  std::string invoice_id;
  std::string invoice_number;  // of what is stored
  int64_t amount_minor = 0;
};

struct PaymentRecord {
  std::string id;
  std::string vendor_id;
  std::string customer_id;
  absl::CivilDay date;
  int64_t amount_minor = 0;
  Currency currency;
  PaymentMethod method = PaymentMethod::kBankTransfer;
  std::string reference;
  std::string notes;
  std::vector<PaymentAllocation> allocations;  // what stands, one for each invoice, oldest first
  int64_t allocated_minor = 0;                 // their sum
  std::optional<absl::Time> reversed_at;
  std::string reverse_reason;
  absl::Time created_at;
  absl::Time updated_at;
  int64_t version = 1;
};

}  // namespace invoice::domain
