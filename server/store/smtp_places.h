// The places for connections to mail servers: so many for each configuration, of all workers together. A place is an
// advisory lock of a session of its own, so that the places of a worker that dies are free at once. While the database
// is away none is given. Thread-safe.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace invoice::store {

class SmtpPlaces {
 public:
  // `url` as in DatabaseOptions. Connects at the first use.
  explicit SmtpPlaces(std::string url);
  ~SmtpPlaces();

  // Takes the place with this number, from 0; false where somebody has it. Not to be asked for again before it is given
  // back.
  bool Take(const std::string& configuration, int place);
  void GiveBack(const std::string& configuration, int place);
  // Another one than when a place was taken: it was lost with the database.
  int64_t era() const { return era_; }

 private:
  struct Session;
  bool Ask(const char* statement, const std::string& configuration, int place) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string url_;
  std::atomic<int64_t> era_ = 0;
  absl::Mutex mutex_;
  std::unique_ptr<Session> session_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace invoice::store
