// The reasons of errors, as clients see them in google.rpc.ErrorInfo. docs/errors.md explains each; `./dev check` keeps
// the two equal.
#pragma once

#include <optional>
#include <string_view>

namespace invoice::base {

enum class Reason {
  kUnknown,
  // Input.
  kInvalidField,
  kInvalidPageToken,
  // Who.
  kUnauthenticated,
  kPermissionDenied,
  // What is there.
  kNotFound,
  kAlreadyExists,
  kPeriodAlreadyInvoiced,
  kStaleEtag,
  kPlanChanged,
  kReferenced,
  kNotImplemented,
  // Preconditions.
  kContractIncomplete,
  kVendorInactive,
  kCustomerInactive,
  kPeriodOutsideContract,
  kTimesheetRequired,
  kTimesheetMismatch,
  kTimesheetOverlap,
  kBooksClosed,
  kBackDated,
  kPartyIncomplete,
  kCharacterNotInFonts,
  kDocumentTooLong,
  kInvalidState,
  kNoRecipient,
  kAmountOverflow,
  kImportFaulty,
  kImportExecuted,
  kAllocationRefused,
  kNumberTaken,
  kEncryptionKeyMissing,
  // Idempotency.
  kIdempotencyKeyReused,
  // Load and faults.
  kDatabaseUnavailable,
  kOverloaded,
  kLockTimeout,
  kDeadlineExceeded,
  kCancelled,
  kInternal,
};

// "PERIOD_ALREADY_INVOICED" for kPeriodAlreadyInvoiced.
std::string_view ReasonName(Reason reason);
// The other way; nothing for a text that names none.
std::optional<Reason> ParseReason(std::string_view name);

}  // namespace invoice::base
