// Writes down what delivery does with emails: before DATA that a message is handed over, after the server's reply that
// it was taken. Each has a thread of its own that writes for all connections, in one transaction whatever has come
// together meanwhile: each message has its own two commits in time and yet many share them. Thread-safe.
#pragma once

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "app/core.h"
#include "store/delivered_emails.h"

namespace invoice::app {

class DeliveryLedger {
 public:
  explicit DeliveryLedger(Core& core);
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
  template <typename Record>
  class Column;  // of the ledger: records of one kind

  std::unique_ptr<Column<store::HandOver>> hand_overs_;
  std::unique_ptr<Column<store::Acceptance>> acceptances_;
};

}  // namespace invoice::app
