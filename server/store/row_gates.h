// Bounds how many transactions of this process hold or wait for one row at a time. A transaction that waits for a row
// holds a session; without a bound the calls about one customer could take all of them. Who finds no place gives its
// session back and waits here. Thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace invoice::store {

class RowGates {
 public:
  // A place of one row, held until it is destroyed.
  class Place {
   public:
    Place(RowGates* gates, std::string row) : gates_(gates), row_(std::move(row)) {}
    Place(Place&& other) noexcept : gates_(other.gates_), row_(std::move(other.row_)) { other.gates_ = nullptr; }
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (gates_ != nullptr) gates_->Leave(row_);
    }
    const std::string& row() const { return row_; }

   private:
    RowGates* gates_;
    std::string row_;
  };

  // Takes a place at once; nothing if all of the row are taken.
  std::optional<Place> Enter(const std::string& row);
  // Waits for a place until `latest`; nothing if there was none.
  std::optional<Place> Await(const std::string& row, absl::Time latest);

 private:
  void Leave(const std::string& row);
  bool HasPlace(const std::string& row) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  std::map<std::string, int> taken_ ABSL_GUARDED_BY(mutex_);
};

// UNAVAILABLE, LOCK_TIMEOUT: all places of the row are taken.
absl::Status RowIsBusy(const std::string& row);
// The row of such a status.
std::optional<std::string> BusyRowOf(const absl::Status& status);

}  // namespace invoice::store
