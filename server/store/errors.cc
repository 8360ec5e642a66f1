#include "store/errors.h"

#include <map>
#include <string>
#include <utility>

#include "absl/strings/cord.h"
#include "base/limits.h"
#include "base/status.h"
#include "fmt/format.h"

namespace invoice::store {
namespace {

using base::Reason;

constexpr size_t kMaxDetailBytes = 500;

struct ConstraintRule {
  std::string_view constraint;
  absl::StatusCode code;
  Reason reason;
  std::string_view message;
};

// The constraints that a client's input or a race can meet. Any other violation is a fault of ours.
constexpr ConstraintRule kRules[] = {
    {"customers_vendor_fkey", absl::StatusCode::kFailedPrecondition, Reason::kReferenced, "the vendor does not exist"},
    {"period_claims_no_overlap", absl::StatusCode::kAlreadyExists, Reason::kPeriodAlreadyInvoiced,
     "days of the period are already invoiced"},
    {"timesheets_no_overlap", absl::StatusCode::kAlreadyExists, Reason::kTimesheetOverlap,
     "another timesheet has one of the days"},
    {"payments_allocated_within_amount", absl::StatusCode::kFailedPrecondition, Reason::kAllocationRefused,
     "the payment cannot pay more than it comes to"},
    {"invoices_settled_within_total", absl::StatusCode::kFailedPrecondition, Reason::kAllocationRefused,
     "no more can be paid and credited than the invoice comes to"},
    {"smtp_configurations_one_active_key", absl::StatusCode::kAlreadyExists, Reason::kAlreadyExists,
     "there is an active SMTP configuration of this vendor, or a global one, already; deactivate it first"},
    {"emails_send_key", absl::StatusCode::kAlreadyExists, Reason::kAlreadyExists, "this email was asked for already"},
};

// Behind this stands the number that exists already, and then a closing bracket.
constexpr std::string_view kNumberColumns = "(vendor_id, number)=(";

absl::Status NumberTaken(std::string_view message) {
  std::map<std::string, std::string> metadata;
  const size_t columns = message.find(kNumberColumns);
  const size_t begin =
      columns == std::string_view::npos ? columns : message.find(", ", columns + kNumberColumns.size());
  const size_t end = begin == std::string_view::npos ? begin : message.find(") already exists", begin);
  if (end != std::string_view::npos) metadata["number"] = std::string(message.substr(begin + 2, end - begin - 2));
  return base::Failure(absl::StatusCode::kFailedPrecondition, Reason::kNumberTaken,
                       "the next number of the series is in use by another document of the vendor; change the prefix "
                       "or the pattern",
                       std::move(metadata));
}

// Payload of a status.
constexpr char kNotBegun[] = "invoice/not-begun";

absl::Status Lost(Reason reason, std::string_view message) {
  return base::Unavailable(reason, message, base::kRetryAfterOutage);
}

}  // namespace

absl::Status NotBegun(Reason reason, std::string_view message, absl::Duration retry_after) {
  absl::Status status = base::Unavailable(reason, message, retry_after);
  status.SetPayload(kNotBegun, absl::Cord("not begun"));
  return status;
}

bool IsNotBegun(const absl::Status& status) { return status.GetPayload(kNotBegun).has_value(); }

bool IsConnectionLoss(std::string_view state) {
  return state == "25P03" || state == "25P04" || state.starts_with("08") || state.starts_with("57P") ||
         state == "XX000" || state.find_first_not_of(' ') == std::string_view::npos;
}

absl::Status StatusOfPostgresError(std::string_view state, std::string_view message, std::string_view statement) {
  if (IsConnectionLoss(state)) {
    return Lost(Reason::kDatabaseUnavailable, "the database ended the session");
  }
  if (state == "55P03") {
    return base::Unavailable(Reason::kLockTimeout, "the record is busy with another change", base::kRetryAfterOverload);
  }
  if (state == "40P01" || state == "40001") {
    // The metadata tells app/ that the transaction may be run again.
    return base::Conflict("the change met another one", base::kRetryAfterOverload);
  }
  if (state.starts_with("53")) {
    return Lost(Reason::kOverloaded, "the database has no room for more work");
  }
  if (state == "57014") {
    return base::Failure(absl::StatusCode::kDeadlineExceeded, Reason::kDeadlineExceeded, "the database took too long");
  }
  if (state == "23001") {  // raised by our own triggers
    return base::Failure(absl::StatusCode::kFailedPrecondition, Reason::kInvalidState,
                         "what is issued or recorded cannot be changed");
  }
  if (message.find(kNumberKey) != std::string_view::npos) return NumberTaken(message);
  for (const ConstraintRule& rule : kRules) {
    if (message.find(fmt::format("\"{}\"", rule.constraint)) != std::string_view::npos) {
      return base::Failure(rule.code, rule.reason, rule.message);
    }
  }
  // SOCI adds the statement with all its values, which are nobody's business but the database's.
  message = message.substr(0, message.find(" while executing "));
  const std::string detail =
      fmt::format("statement {}: SQLSTATE {}: {}", statement, state, message.substr(0, kMaxDetailBytes));
  return absl::InternalError(detail);
}

}  // namespace invoice::store
