// One flight for each key: of several calls with the same idempotency key in this process one runs, the others wait for
// it here and not in the database. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace invoice::app {

class Flights {
 public:
  // Holds the key until it is destroyed.
  class Seat {
   public:
    Seat(Flights* flights, std::string key) : flights_(flights), key_(std::move(key)) {}
    Seat(Seat&& other) noexcept : flights_(other.flights_), key_(std::move(other.key_)) { other.flights_ = nullptr; }
    Seat& operator=(Seat&&) = delete;
    ~Seat() {
      if (flights_ != nullptr) flights_->Leave(key_);
    }

   private:
    Flights* flights_;
    std::string key_;
  };

  // Waits for the key until the deadline; nothing where it is still held then.
  std::optional<Seat> Board(const std::string& key, absl::Time deadline);

 private:
  void Leave(const std::string& key);

  absl::Mutex mutex_;
  std::map<std::string, bool> boarded_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace invoice::app
