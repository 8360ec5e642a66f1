// The statuses of expected failures: one absl::Status with a reason from docs/errors.md and, where fields are at fault,
// their paths. rpc/ turns them into google.rpc.Status; no other floor knows how they travel. All functions are pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/reasons.h"

namespace invoice::base {

// One field at fault. `field` is its path in JSON spelling ("contract.taxes[1].rate"); `expected` says what was
// expected and never repeats the value.
struct FieldViolation {
  std::string field;
  std::string expected;
};

// What a status carries beside code and message.
struct ErrorDetail {
  Reason reason = Reason::kUnknown;
  std::map<std::string, std::string> metadata;  // shown to the client
  std::vector<FieldViolation> fields;
  std::optional<absl::Duration> retry_after;
};

// INVALID_ARGUMENT, reason INVALID_FIELD, with the fields at fault; the message names the first.
absl::Status InvalidField(std::string_view field, std::string_view expected);
absl::Status InvalidFields(std::vector<FieldViolation> fields);

// NOT_FOUND, reason NOT_FOUND, with metadata {resource, id}: "customer 0190... not found".
absl::Status NotFound(std::string_view resource, std::string_view id);

// INVALID_ARGUMENT, reason AMOUNT_OVERFLOW: an amount that comes of the field is above what the system accepts.
absl::Status AmountOverflow(std::string_view field);

// Any other expected failure.
absl::Status Failure(absl::StatusCode code, Reason reason, std::string_view message,
                     std::map<std::string, std::string> metadata = {});

// UNAVAILABLE with the wait after which a second try makes sense.
absl::Status Unavailable(Reason reason, std::string_view message, absl::Duration retry_after);

// UNAVAILABLE, LOCK_TIMEOUT: two transactions met and this one was undone; it may be run again as it is.
absl::Status Conflict(std::string_view message, absl::Duration retry_after);
// Whether a status is one of Conflict's.
bool IsConflict(const absl::Status& status);

// The detail of a status made by the functions above; an empty one with kUnknown for any other.
ErrorDetail DetailOf(const absl::Status& status);

}  // namespace invoice::base

// Returns the status of an expression from the enclosing function where it is not OK.
#define RETURN_IF_ERROR(expression)                                                              \
  do {                                                                                           \
    if (absl::Status invoice_status = (expression); !invoice_status.ok()) return invoice_status; \
  } while (false)

// ASSIGN_OR_RETURN(auto value, Function()): declares or assigns `value`, or returns the status.
#define ASSIGN_OR_RETURN(left, expression) \
  INVOICE_ASSIGN_OR_RETURN_(INVOICE_CONCAT_(statusor_, __LINE__), left, expression)
#define INVOICE_CONCAT_(a, b) INVOICE_CONCAT_INNER_(a, b)
#define INVOICE_CONCAT_INNER_(a, b) a##b
#define INVOICE_ASSIGN_OR_RETURN_(statusor, left, expression) \
  auto statusor = (expression);                               \
  if (!statusor.ok()) return statusor.status();               \
  left = std::move(statusor).value()
