#include "base/reasons.h"

#include <utility>

namespace invoice::base {
namespace {

constexpr std::pair<Reason, std::string_view> kNames[] = {
    {Reason::kUnknown, "UNKNOWN"},
    {Reason::kInvalidField, "INVALID_FIELD"},
    {Reason::kInvalidPageToken, "INVALID_PAGE_TOKEN"},
    {Reason::kUnauthenticated, "UNAUTHENTICATED"},
    {Reason::kPermissionDenied, "PERMISSION_DENIED"},
    {Reason::kNotFound, "NOT_FOUND"},
    {Reason::kAlreadyExists, "ALREADY_EXISTS"},
    {Reason::kPeriodAlreadyInvoiced, "PERIOD_ALREADY_INVOICED"},
    {Reason::kStaleEtag, "STALE_ETAG"},
    {Reason::kPlanChanged, "PLAN_CHANGED"},
    {Reason::kReferenced, "REFERENCED"},
    {Reason::kNotImplemented, "NOT_IMPLEMENTED"},
    {Reason::kContractIncomplete, "CONTRACT_INCOMPLETE"},
    {Reason::kVendorInactive, "VENDOR_INACTIVE"},
    {Reason::kCustomerInactive, "CUSTOMER_INACTIVE"},
    {Reason::kPeriodOutsideContract, "PERIOD_OUTSIDE_CONTRACT"},
    {Reason::kTimesheetRequired, "TIMESHEET_REQUIRED"},
    {Reason::kTimesheetMismatch, "TIMESHEET_MISMATCH"},
    {Reason::kTimesheetOverlap, "TIMESHEET_OVERLAP"},
    {Reason::kBooksClosed, "BOOKS_CLOSED"},
    {Reason::kBackDated, "BACK_DATED"},
    {Reason::kPartyIncomplete, "PARTY_INCOMPLETE"},
    {Reason::kCharacterNotInFonts, "CHARACTER_NOT_IN_FONTS"},
    {Reason::kDocumentTooLong, "DOCUMENT_TOO_LONG"},
    {Reason::kInvalidState, "INVALID_STATE"},
    {Reason::kNoRecipient, "NO_RECIPIENT"},
    {Reason::kAmountOverflow, "AMOUNT_OVERFLOW"},
    {Reason::kImportFaulty, "IMPORT_FAULTY"},
    {Reason::kImportExecuted, "IMPORT_EXECUTED"},
    {Reason::kAllocationRefused, "ALLOCATION_REFUSED"},
    {Reason::kNumberTaken, "NUMBER_TAKEN"},
    {Reason::kEncryptionKeyMissing, "ENCRYPTION_KEY_MISSING"},
    {Reason::kIdempotencyKeyReused, "IDEMPOTENCY_KEY_REUSED"},
    {Reason::kDatabaseUnavailable, "DATABASE_UNAVAILABLE"},
    {Reason::kOverloaded, "OVERLOADED"},
    {Reason::kLockTimeout, "LOCK_TIMEOUT"},
    {Reason::kDeadlineExceeded, "DEADLINE_EXCEEDED"},
    {Reason::kCancelled, "CANCELLED"},
    {Reason::kInternal, "INTERNAL"},
};

}  // namespace

std::string_view ReasonName(Reason reason) {
  for (const auto& [value, name] : kNames) {
    if (value == reason) return name;
  }
  return "UNKNOWN";
}

std::optional<Reason> ParseReason(std::string_view name) {
  for (const auto& [reason, text] : kNames) {
    if (text == name) return reason;
  }
  return std::nullopt;
}

}  // namespace invoice::base
