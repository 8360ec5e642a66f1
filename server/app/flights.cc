#include "app/flights.h"

namespace invoice::app {

std::optional<Flights::Seat> Flights::Board(const std::string& key, absl::Time deadline) {
  absl::MutexLock lock(&mutex_);
  const auto free = [this, &key] {
    mutex_.AssertReaderHeld();
    return !boarded_.contains(key);
  };
  if (!mutex_.AwaitWithDeadline(absl::Condition(&free), deadline)) return std::nullopt;
  boarded_[key] = true;
  return std::optional<Seat>(std::in_place, this, key);
}

void Flights::Leave(const std::string& key) {
  absl::MutexLock lock(&mutex_);
  boarded_.erase(key);
}

}  // namespace invoice::app
