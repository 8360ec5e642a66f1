// The closed lists of the domain with their names, which are the same in protos, SQL and REST ("MONTHLY"). Pure.
#pragma once

#include <optional>
#include <string_view>

namespace invoice::domain {

enum class Frequency { kWeekly, kBiweekly, kMonthly, kQuarterly, kYearly };
enum class PaymentTermsKind { kDueOnReceipt, kNet, kEndOfMonth, kEndOfNextMonth };
enum class TaxCategory { kStandard, kZero, kExempt, kReverseCharge, kOutsideScope };
enum class Unit { kHour, kDay, kMonth, kPiece, kKilometre };
enum class PaperSize { kA4, kLetter };
enum class DocumentKind { kInvoice, kCreditNote };
enum class MissedRunPolicy { kCatchUp, kSkip, kHold };
enum class PartialPeriods { kFull, kProrateDays, kProrateWorkdays };
enum class RunMode { kQuick, kWizard, kManual, kScheduled, kGenerateAll, kImported };
enum class InvoiceState { kDraft, kIssued, kSent, kPartiallyPaid, kPaid, kOverdue, kCancelled, kCredited };
enum class Delivery { kNone, kQueued, kSent, kFailed, kHeld, kBounced, kUnknown, kMarked };
enum class ImportKind { kCustomers, kInvoices, kTimesheets };
enum class EmailState { kQueued, kSending, kSent, kFailed, kHeld, kCancelled, kBounced, kUnknown };
enum class PaymentMethod { kBankTransfer, kDirectDebit, kCard, kCheque, kCash, kOther };

// Name("MONTHLY") and Parse<Frequency>("MONTHLY"); nothing for any other text. Defined for each enum above.
template <typename Kind>
std::string_view Name(Kind kind);
template <typename Kind>
std::optional<Kind> Parse(std::string_view name);

}  // namespace invoice::domain
