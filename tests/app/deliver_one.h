// One email job by itself, as tests like it.
#pragma once

#include <gtest/gtest.h>

#include "absl/synchronization/notification.h"
#include "app/delivery.h"

namespace invoice::app {

// How it ended; a job that is handed back is free again, and OK.
inline absl::Status DeliverOne(store::Database& database, Delivery& delivery, const store::Job& job) {
  absl::Notification over;
  absl::Status outcome;
  const auto end = [&](const store::Job&, const absl::Status& status) {
    outcome = status;
    over.Notify();
  };
  const auto hand_back = [&](const std::vector<store::Job>& rest) {
    absl::StatusOr<store::Transaction> transaction = database.Begin();
    EXPECT_TRUE(store::Jobs(*transaction).GiveBackAll(rest).ok() && transaction->Commit().ok());
    over.Notify();
  };
  delivery.RunAll({job}, {.ended = end, .hand_back = hand_back});
  over.WaitForNotification();
  return outcome;
}

}  // namespace invoice::app
