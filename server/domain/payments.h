// What a payment may pay (domain rules: "Invoice states"). Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "domain/payment_record.h"
#include "domain/states.h"

namespace invoice::domain {

// An invoice as far as payments go.
struct PayableInvoice {
  std::string id;
  std::string customer_id;
  std::string number;
  Currency currency;
  DocumentKind kind = DocumentKind::kInvoice;
  InvoiceFacts facts;
};

// What is not allocated; of a reversed payment nothing.
int64_t UnappliedAmount(const PaymentRecord& payment);

// Whether an invoice can be paid at all: FAILED_PRECONDITION INVALID_STATE for a draft, a cancelled one, a credit note.
absl::Status CheckPayable(const PayableInvoice& invoice, absl::CivilDay today);

// INVALID_ARGUMENT on allocations[i].invoiceId where an invoice is named twice, on allocations[i].amount where the
// amounts come to more than `available_minor`.
absl::Status CheckRequest(const std::vector<PaymentAllocation>& allocations, int64_t available_minor);

// Allocations of a payment to invoices, which are in the same order. FAILED_PRECONDITION: INVALID_STATE as above,
// ALLOCATION_REFUSED for another customer's invoice, another currency, or more than is open. The message and the
// metadata name the field, allocations[i].invoiceId or .amount.
absl::Status CheckAllocations(const PaymentRecord& payment, const std::vector<PaymentAllocation>& allocations,
                              const std::vector<PayableInvoice>& invoices, absl::CivilDay today);

// A payment and what it pays of one invoice.
struct PaidPart {
  std::string payment_id;
  int64_t amount_minor = 0;
};
// What to free of each part so that `excess_minor` is free in all: the last ones first. As many entries as are touched.
std::vector<PaidPart> FreeLastFirst(const std::vector<PaidPart>& parts, int64_t excess_minor);

}  // namespace invoice::domain
