// Writes down what delivery does with emails: before DATA that a message is handed over, after the server's reply that
// it was taken. One thread writes for all connections, in one transaction whatever has come together meanwhile, so that
// each message has its own two commits in time and yet many share them. Thread-safe.
#pragma once

#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "app/core.h"
#include "store/emails.h"

namespace invoice::app {

class DeliveryLedger {
 public:
  // `at_rest` is called now and then on the ledger's thread.
  DeliveryLedger(Core& core, std::function<void()> at_rest);
  // Writes what it was given before it ends.
  ~DeliveryLedger();

  // Committed when it returns, with the number of the attempt. ABORTED where the email is no longer queued or its job
  // is another worker's; any other status says nothing about the commit.
  absl::StatusOr<int> HandOver(const store::HandOver& email);
  // Written soon; while the database is away, for as long as kKeepTrying. `done` is called on the ledger's thread:
  // ABORTED where the job is another worker's.
  void Accept(store::Acceptance email, std::function<void(const absl::Status&)> done);

  // How long the result of a sending is worth waiting for the database to come back.
  static constexpr absl::Duration kKeepTrying = absl::Minutes(5);

 private:
  struct Entry;
  struct Page;  // entries that are written together

  void Add(std::unique_ptr<Entry> entry);
  void Work();
  void Write(Page page);
  void PutBack(Page page);
  absl::Status TryToWrite(Page& page);

  Core& core_;
  const std::function<void()> at_rest_;
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Entry>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace invoice::app
