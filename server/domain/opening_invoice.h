// An invoice that was issued elsewhere, under the number it has there, taken over into these books. Its amounts are as
// they were written then; they must add up, but need not follow our rounding. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "domain/generation.h"

namespace invoice::domain {

// The version of the rounding rules of an invoice whose amounts are as given.
inline constexpr int kForeignRoundingVersion = 0;

struct OpeningInvoice {
  std::string number;
  absl::CivilDay invoice_date;
  std::optional<absl::CivilDay> due_date;  // none: by the contract's terms
  Period period;
  Currency currency;
  std::string description;
  int64_t subtotal_minor = 0;
  std::vector<Tax> taxes;
  std::vector<int64_t> tax_amounts_minor;  // one for each tax; empty: as our rules compute them
  int64_t total_minor = 0;
  std::string purchase_order;
  std::string notes;
};

// The document as it enters the books: one line, vendor and customer as they are now. Failures are those of
// GenerateInvoice, and INVALID_ARGUMENT on number, dueDate, subtotal, taxes, taxAmounts or total.
absl::StatusOr<InvoiceDraft> OpeningDocument(const Vendor& vendor, const Customer& customer,
                                             const OpeningInvoice& opening);

}  // namespace invoice::domain
