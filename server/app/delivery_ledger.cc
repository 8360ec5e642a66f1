#include "app/delivery_ledger.h"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "app/once.h"
#include "base/status.h"

namespace invoice::app {
namespace {

constexpr size_t kMaxPage = 128;
constexpr absl::Duration kBetweenLedgerTries = absl::Milliseconds(500);

using store::AttemptNumbers;

bool IsLockWait(const absl::Status& status) { return base::DetailOf(status).reason == base::Reason::kLockTimeout; }
bool IsDatabaseAway(const absl::Status& status) { return absl::IsUnavailable(status) && !IsLockWait(status); }
bool IsPassing(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) || base::IsConflict(status);
}

absl::StatusOr<AttemptNumbers> WriteHandOvers(Core& core, const std::vector<store::HandOver>& records) {
  return store::HandOverAll(core.database, records, core.clock.Now());
}

absl::StatusOr<AttemptNumbers> WriteAcceptances(Core& core, const std::vector<store::Acceptance>& records) {
  const Actor worker = CallOfSystem("worker").actor;
  return store::AcceptAll(core.database, records, worker.id, worker.name, core.clock.Now());
}

}  // namespace

template <typename Record>
class DeliveryLedger::Column {
 public:
  using Writing = absl::StatusOr<AttemptNumbers> (*)(Core&, const std::vector<Record>&);
  struct Entry {
    Record record;
    std::function<void(const absl::StatusOr<int>&)> done;
    absl::Time given_at = absl::Now();
  };
  // `keep`: for how long a record is worth waiting while it cannot be written.
  Column(Core& core, Writing writing, absl::Duration keep)
      : core_(core), writing_(writing), keep_(keep), thread_([this] { Work(); }) {}
  ~Column();

  void Add(Entry entry);

 private:
  using Page = std::vector<Entry>;  // entries that are written together

  void Work();
  void Write(Page page);
  void EndAll(const Page& page, const AttemptNumbers& attempts);
  void KeepOrEnd(Page page, const absl::Status& status);
  absl::StatusOr<AttemptNumbers> TryToWrite(const Page& page);

  Core& core_;
  const Writing writing_;
  const absl::Duration keep_;
  absl::Mutex mutex_;
  Page waiting_ ABSL_GUARDED_BY(mutex_);
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

template <typename Record>
DeliveryLedger::Column<Record>::~Column() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  thread_.join();
}

template <typename Record>
void DeliveryLedger::Column<Record>::Add(Entry entry) {
  absl::MutexLock lock(&mutex_);
  waiting_.push_back(std::move(entry));
}

template <typename Record>
void DeliveryLedger::Column<Record>::Work() {
  const auto wanted = [this] {
    mutex_.AssertReaderHeld();
    return ending_ || !waiting_.empty();
  };
  for (;;) {
    Page page;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&wanted));
      if (waiting_.empty()) return;
      const auto end = waiting_.begin() + static_cast<int64_t>(std::min(waiting_.size(), kMaxPage));
      page.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
      waiting_.erase(waiting_.begin(), end);
    }
    Write(std::move(page));
  }
}

template <typename Record>
void DeliveryLedger::Column<Record>::Write(Page page) {
  const absl::StatusOr<AttemptNumbers> attempts = TryToWrite(page);
  if (attempts.ok()) return EndAll(page, *attempts);
  if (page.size() == 1 || IsDatabaseAway(attempts.status())) return KeepOrEnd(std::move(page), attempts.status());
  for (Entry& entry : page) {
    // The fault of one must not be that of all.
    Page alone;
    alone.push_back(std::move(entry));
    Write(std::move(alone));
  }
}

template <typename Record>
absl::StatusOr<AttemptNumbers> DeliveryLedger::Column<Record>::TryToWrite(const Page& page) {
  std::vector<Record> records;
  for (const Entry& entry : page) records.push_back(entry.record);
  absl::StatusOr<AttemptNumbers> attempts = writing_(core_, records);
  for (int i = 1; base::IsConflict(attempts.status()) && i < base::kMaxTransactionTries; ++i) {
    attempts = writing_(core_, records);
  }
  return attempts;
}

template <typename Record>
void DeliveryLedger::Column<Record>::EndAll(const Page& page, const AttemptNumbers& attempts) {
  for (const Entry& entry : page) {
    const auto found = attempts.find(entry.record.job.subject_id);
    if (found != attempts.end()) {
      entry.done(found->second);
    } else {
      entry.done(absl::AbortedError("the email is another worker's, or no longer queued"));
    }
  }
}

template <typename Record>
void DeliveryLedger::Column<Record>::KeepOrEnd(Page page, const absl::Status& status) {
  bool waiting = false;
  for (Entry& entry : page) {
    {
      absl::MutexLock lock(&mutex_);
      if (IsPassing(status) && !ending_ && absl::Now() - entry.given_at < keep_) {
        waiting_.push_back(std::move(entry));
        waiting = true;
        continue;
      }
    }
    // ABORTED would say that the email is another worker's.
    entry.done(base::IsConflict(status) ? absl::InternalError(std::string(status.message())) : status);
  }
  if (waiting) core_.pause(kBetweenLedgerTries);
}

// What a server took must be written; what is to be handed over can wait for another attempt.
DeliveryLedger::DeliveryLedger(Core& core)
    : hand_overs_(std::make_unique<Column<store::HandOver>>(core, WriteHandOvers, absl::ZeroDuration())),
      acceptances_(std::make_unique<Column<store::Acceptance>>(core, WriteAcceptances, kKeepTrying)) {}

DeliveryLedger::~DeliveryLedger() = default;

absl::StatusOr<int> DeliveryLedger::HandOver(const store::HandOver& email) {
  absl::Notification written;
  absl::StatusOr<int> outcome = absl::InternalError("not written");
  const auto done = [&](const absl::StatusOr<int>& answer) {
    outcome = answer;
    written.Notify();
  };
  hand_overs_->Add({.record = email, .done = done});
  written.WaitForNotification();
  return outcome;
}

void DeliveryLedger::Accept(store::Acceptance email, std::function<void(const absl::Status&)> done) {
  auto wrapped = [done = std::move(done)](const absl::StatusOr<int>& outcome) { done(outcome.status()); };
  acceptances_->Add({.record = std::move(email), .done = std::move(wrapped)});
}

}  // namespace invoice::app
