#include "domain/payments.h"

#include <algorithm>
#include <set>

#include "base/status.h"
#include "fmt/format.h"

namespace invoice::domain {
namespace {

absl::Status RefusedAllocation(const PayableInvoice& invoice, const std::string& field, std::string_view why,
                               std::map<std::string, std::string> metadata = {}) {
  metadata["field"] = field;
  metadata["invoiceId"] = invoice.id;
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kAllocationRefused,
                       fmt::format("{}: {}", field, why), std::move(metadata));
}

// The same refusal, naming the field that named the invoice.
absl::Status AtField(const absl::Status& status, const std::string& field) {
  if (status.ok()) return status;
  const base::ErrorDetail detail = base::DetailOf(status);
  std::map<std::string, std::string> metadata = detail.metadata;
  metadata["field"] = field;
  return base::Failure(status.code(), detail.reason, fmt::format("{}: {}", field, std::string(status.message())),
                       std::move(metadata));
}

absl::Status CheckOne(const PaymentRecord& payment, const PaymentAllocation& allocation, const PayableInvoice& invoice,
                      const std::string& path, absl::CivilDay today) {
  const std::string named = path + ".invoiceId";
  if (invoice.customer_id != payment.customer_id) {
    return RefusedAllocation(invoice, named, "the invoice is another customer's; record a payment of that customer");
  }
  RETURN_IF_ERROR(AtField(CheckPayable(invoice, today), named));
  if (invoice.currency != payment.currency) {
    return RefusedAllocation(
        invoice, named,
        fmt::format("the invoice is in {} and the payment in {}; record a payment in the invoice's currency",
                    invoice.currency.code(), payment.currency.code()));
  }
  const int64_t open_minor = OpenAmount(invoice.facts);
  if (allocation.amount_minor > open_minor) {
    const std::string open = FormatAmount(open_minor, invoice.currency);
    return RefusedAllocation(invoice, path + ".amount",
                             fmt::format("{} {} of invoice {} are open; allocate no more and leave the rest unapplied",
                                         open, invoice.currency.code(), invoice.number),
                             {{"open", open}, {"number", invoice.number}});
  }
  return absl::OkStatus();
}

}  // namespace

int64_t UnappliedAmount(const PaymentRecord& payment) {
  return payment.reversed_at ? 0 : payment.amount_minor - payment.allocated_minor;
}

absl::Status CheckPayable(const PayableInvoice& invoice, absl::CivilDay today) {
  const InvoiceState state = StateOf(invoice.facts, today);
  std::string_view why;
  if (state == InvoiceState::kDraft) why = "issue it before it is paid";
  if (state == InvoiceState::kCancelled) why = "pay the invoice that was issued in its place";
  const bool credit_note = invoice.kind == DocumentKind::kCreditNote;
  if (credit_note) why = "it cannot be paid; pay an invoice";
  if (why.empty()) return absl::OkStatus();
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kInvalidState,
                       fmt::format("the {} is {}: {}", credit_note ? "credit note" : "invoice", Name(state), why),
                       {{"state", std::string(Name(state))}, {"invoiceId", invoice.id}});
}

absl::Status CheckRequest(const std::vector<PaymentAllocation>& allocations, int64_t available_minor) {
  std::set<std::string> seen;
  int64_t left_minor = available_minor;
  for (size_t i = 0; i < allocations.size(); ++i) {
    if (!seen.insert(allocations[i].invoice_id).second) {
      return base::InvalidField(fmt::format("allocations[{}].invoiceId", i), "each invoice once");
    }
    if (allocations[i].amount_minor > left_minor) {
      return base::InvalidField(fmt::format("allocations[{}].amount", i),
                                "at most what is left of the payment after the allocations before it");
    }
    left_minor -= allocations[i].amount_minor;
  }
  return absl::OkStatus();
}

absl::Status CheckAllocations(const PaymentRecord& payment, const std::vector<PaymentAllocation>& allocations,
                              const std::vector<PayableInvoice>& invoices, absl::CivilDay today) {
  for (size_t i = 0; i < allocations.size(); ++i) {
    RETURN_IF_ERROR(CheckOne(payment, allocations[i], invoices[i], fmt::format("allocations[{}]", i), today));
  }
  return absl::OkStatus();
}

std::vector<PaidPart> FreeLastFirst(const std::vector<PaidPart>& parts, int64_t excess_minor) {
  std::vector<PaidPart> freed;
  for (auto part = parts.rbegin(); part != parts.rend() && excess_minor > 0; ++part) {
    freed.push_back({part->payment_id, std::min(part->amount_minor, excess_minor)});
    excess_minor -= freed.back().amount_minor;
  }
  return freed;
}

}  // namespace invoice::domain
