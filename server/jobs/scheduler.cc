#include "jobs/scheduler.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/status.h"
#include "store/records.h"
#include "store/statements.h"

namespace invoice::jobs {
namespace {

constexpr int64_t kLeaderLock = 0x696e766f69636531;  // any number that no other lock of this database has
constexpr int64_t kSweepBatch = 10'000;

}  // namespace

absl::StatusOr<bool> Scheduler::RunOnce() {
  ASSIGN_OR_RETURN(store::Transaction transaction, database_.Begin());
  ASSIGN_OR_RETURN(const std::optional<store::Row> row,
                   transaction.QueryRow(store::sql::kSchedulerLead, {{"key", kLeaderLock}}));
  if (!row->Bool("leading")) return false;
  store::IdempotencyKeys keys(transaction);
  ASSIGN_OR_RETURN(const int64_t swept, keys.Expire(clock_.Now() - base::kIdempotencyKeep, kSweepBatch));
  RETURN_IF_ERROR(transaction.Commit());
  if (swept > 0) base::Log(base::Level::kInfo, "idempotency_keys_swept", {{"count", swept}});
  return true;
}

void Scheduler::Run(const base::ShutdownSignal& shutdown) {
  do {
    if (const absl::StatusOr<bool> led = RunOnce(); !led.ok()) {
      base::Log(base::Level::kWarning, "scheduler_round_failed", {{"error", std::string(led.status().message())}});
    }
  } while (!shutdown.Wait(base::kSchedulerRetry));
}

}  // namespace invoice::jobs
