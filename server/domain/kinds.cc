#include "domain/kinds.h"

#include <array>
#include <cassert>

namespace invoice::domain {
namespace {

// The names of an enum in the order of its values.
template <typename Kind>
struct Names;

// One list a kind: the names, and from them both functions of the header.
#define INVOICE_KIND(Kind, ...)                                                         \
  template <>                                                                           \
  struct Names<Kind> {                                                                  \
    static constexpr std::array kList = std::to_array<std::string_view>({__VA_ARGS__}); \
  };

INVOICE_KIND(Frequency, "WEEKLY", "BIWEEKLY", "MONTHLY", "QUARTERLY", "YEARLY")
INVOICE_KIND(PaymentTermsKind, "DUE_ON_RECEIPT", "NET", "END_OF_MONTH", "END_OF_NEXT_MONTH")
INVOICE_KIND(TaxCategory, "STANDARD", "ZERO", "EXEMPT", "REVERSE_CHARGE", "OUTSIDE_SCOPE")
INVOICE_KIND(Unit, "HOUR", "DAY", "MONTH", "PIECE", "KILOMETRE")
INVOICE_KIND(PaperSize, "A4", "LETTER")
INVOICE_KIND(DocumentKind, "INVOICE", "CREDIT_NOTE")
INVOICE_KIND(MissedRunPolicy, "CATCH_UP", "SKIP", "HOLD")
INVOICE_KIND(PartialPeriods, "FULL", "PRORATE_DAYS", "PRORATE_WORKDAYS")
INVOICE_KIND(RunMode, "QUICK", "WIZARD", "MANUAL", "SCHEDULED", "GENERATE_ALL", "IMPORTED")
INVOICE_KIND(InvoiceState, "DRAFT", "ISSUED", "SENT", "PARTIALLY_PAID", "PAID", "OVERDUE", "CANCELLED", "CREDITED")
INVOICE_KIND(Delivery, "NONE", "QUEUED", "SENT", "FAILED", "HELD", "BOUNCED", "UNKNOWN", "MARKED")
INVOICE_KIND(ImportKind, "CUSTOMERS", "INVOICES", "TIMESHEETS")
INVOICE_KIND(EmailState, "QUEUED", "SENDING", "SENT", "FAILED", "HELD", "CANCELLED", "BOUNCED", "UNKNOWN")
INVOICE_KIND(PaymentMethod, "BANK_TRANSFER", "DIRECT_DEBIT", "CARD", "CHEQUE", "CASH", "OTHER")

#undef INVOICE_KIND

}  // namespace

template <typename Kind>
std::string_view Name(Kind kind) {
  const auto index = static_cast<size_t>(kind);
  assert(index < Names<Kind>::kList.size());
  return Names<Kind>::kList[index];
}

template <typename Kind>
std::optional<Kind> Parse(std::string_view name) {
  for (size_t i = 0; i < Names<Kind>::kList.size(); ++i) {
    if (Names<Kind>::kList[i] == name) return static_cast<Kind>(i);
  }
  return std::nullopt;
}

#define INVOICE_KIND(Kind)                    \
  template std::string_view Name<Kind>(Kind); \
  template std::optional<Kind> Parse<Kind>(std::string_view);

INVOICE_KIND(Frequency)
INVOICE_KIND(PaymentTermsKind)
INVOICE_KIND(TaxCategory)
INVOICE_KIND(Unit)
INVOICE_KIND(PaperSize)
INVOICE_KIND(DocumentKind)
INVOICE_KIND(MissedRunPolicy)
INVOICE_KIND(PartialPeriods)
INVOICE_KIND(RunMode)
INVOICE_KIND(InvoiceState)
INVOICE_KIND(Delivery)
INVOICE_KIND(ImportKind)
INVOICE_KIND(EmailState)
INVOICE_KIND(PaymentMethod)

#undef INVOICE_KIND

}  // namespace invoice::domain
