#include "store/row_gates.h"

#include "absl/strings/cord.h"
#include "base/limits.h"
#include "base/status.h"

namespace invoice::store {
namespace {

constexpr char kBusyRow[] = "invoice/busy-row";  // payload of a status

}  // namespace

bool RowGates::HasPlace(const std::string& row) const {
  const auto found = taken_.find(row);
  return found == taken_.end() || found->second < base::kMaxSessionsOfRow;
}

std::optional<RowGates::Place> RowGates::Enter(const std::string& row) { return Await(row, absl::InfinitePast()); }

std::optional<RowGates::Place> RowGates::Await(const std::string& row, absl::Time latest) {
  absl::MutexLock lock(&mutex_);
  const auto place = [this, &row] {
    mutex_.AssertHeld();
    return HasPlace(row);
  };
  if (!place() && !mutex_.AwaitWithDeadline(absl::Condition(&place), latest)) return std::nullopt;
  ++taken_[row];
  return std::optional<Place>(std::in_place, this, row);
}

void RowGates::Leave(const std::string& row) {
  absl::MutexLock lock(&mutex_);
  const auto found = taken_.find(row);
  if (--found->second == 0) taken_.erase(found);
}

absl::Status RowIsBusy(const std::string& row) {
  absl::Status status =
      base::Unavailable(base::Reason::kLockTimeout, "the record is busy with other changes", base::kRetryAfterOverload);
  status.SetPayload(kBusyRow, absl::Cord(row));
  return status;
}

std::optional<std::string> BusyRowOf(const absl::Status& status) {
  const auto row = status.GetPayload(kBusyRow);
  return row ? std::optional(std::string(*row)) : std::nullopt;
}

}  // namespace invoice::store
