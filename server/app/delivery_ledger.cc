#include "app/delivery_ledger.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/synchronization/notification.h"
#include "app/once.h"
#include "base/status.h"
#include "domain/kinds.h"
#include "store/json.h"

namespace invoice::app {
namespace {

constexpr size_t kMaxPage = 128;
constexpr absl::Duration kRest = absl::Seconds(5);
constexpr absl::Duration kBetweenTries = absl::Milliseconds(500);

bool IsPassing(const absl::Status& status) { return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status); }

const absl::Status& NotOurs() {
  static const auto& status =
      *new absl::Status(absl::AbortedError("the email is another worker's, or no longer queued"));
  return status;
}

}  // namespace

struct DeliveryLedger::Entry {
  std::optional<store::HandOver> hand_over;  // one of the two
  std::optional<store::Acceptance> acceptance;
  std::function<void(absl::StatusOr<int>)> done;
  absl::Time given_at = absl::Now();
  absl::StatusOr<int> outcome = NotOurs();
};

struct DeliveryLedger::Page {
  std::vector<std::unique_ptr<Entry>> entries;
};

DeliveryLedger::DeliveryLedger(Core& core, std::function<void()> at_rest)
    : core_(core), at_rest_(std::move(at_rest)), thread_([this] { Work(); }) {}

DeliveryLedger::~DeliveryLedger() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  thread_.join();
}

absl::StatusOr<int> DeliveryLedger::HandOver(const store::HandOver& email) {
  absl::Notification written;
  absl::StatusOr<int> outcome = NotOurs();
  auto entry = std::make_unique<Entry>();
  entry->hand_over = email;
  entry->done = [&](absl::StatusOr<int> answer) {
    outcome = std::move(answer);
    written.Notify();
  };
  Add(std::move(entry));
  written.WaitForNotification();
  return outcome;
}

void DeliveryLedger::Accept(store::Acceptance email, std::function<void(const absl::Status&)> done) {
  auto entry = std::make_unique<Entry>();
  entry->acceptance = std::move(email);
  entry->done = [done = std::move(done)](const absl::StatusOr<int>& outcome) { done(outcome.status()); };
  Add(std::move(entry));
}

void DeliveryLedger::Add(std::unique_ptr<Entry> entry) {
  absl::MutexLock lock(&mutex_);
  waiting_.push_back(std::move(entry));
}

void DeliveryLedger::Work() {
  const auto wanted = [this] {
    mutex_.AssertReaderHeld();
    return ending_ || !waiting_.empty();
  };
  absl::Time rested_at = absl::Now();
  for (;;) {
    Page page;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&wanted), kRest);
      if (ending_ && waiting_.empty()) return;
      const size_t count = std::min(waiting_.size(), kMaxPage);
      page.entries.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(waiting_.begin() + count));
      waiting_.erase(waiting_.begin(), waiting_.begin() + count);
    }
    if (!page.entries.empty()) Write(std::move(page));
    if (absl::Now() - rested_at < kRest) continue;
    rested_at = absl::Now();
    at_rest_();
  }
}

void DeliveryLedger::Write(Page page) {
  absl::Status status = TryToWrite(page);
  for (int i = 1; base::IsConflict(status) && i < base::kMaxTransactionTries; ++i) status = TryToWrite(page);
  if (IsPassing(status)) {
    for (std::unique_ptr<Entry>& entry : page.entries) entry->outcome = status;
    return PutBack(std::move(page));
  }
  if (!status.ok() && page.entries.size() > 1) {
    // The fault of one must not be that of all.
    for (std::unique_ptr<Entry>& entry : page.entries) {
      Page alone;
      alone.entries.push_back(std::move(entry));
      Write(std::move(alone));
    }
    return;
  }
  for (std::unique_ptr<Entry>& entry : page.entries) {
    if (!status.ok())
      entry->outcome = base::IsConflict(status) ? absl::InternalError(std::string(status.message())) : status;
    entry->done(std::move(entry->outcome));
  }
}

// What a server took must be written; what is to be handed over can wait for another attempt.
void DeliveryLedger::PutBack(Page page) {
  bool waiting = false;
  for (std::unique_ptr<Entry>& entry : page.entries) {
    absl::MutexLock lock(&mutex_);
    if (entry->acceptance && !ending_ && absl::Now() - entry->given_at < kKeepTrying) {
      waiting_.push_back(std::move(entry));
      waiting = true;
    }
  }
  for (std::unique_ptr<Entry>& entry : page.entries) {
    if (entry) entry->done(std::move(entry->outcome));
  }
  if (waiting) core_.pause(kBetweenTries);
}

absl::Status DeliveryLedger::TryToWrite(Page& page) {
  std::vector<store::HandOver> hand_overs;
  std::vector<store::Acceptance> acceptances;
  for (const std::unique_ptr<Entry>& entry : page.entries) {
    if (entry->hand_over) hand_overs.push_back(*entry->hand_over);
    if (entry->acceptance) acceptances.push_back(*entry->acceptance);
  }
  const absl::Time now = core_.clock.Now();
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  store::Emails emails(transaction);
  std::map<std::string, int> attempts;
  if (!hand_overs.empty()) {
    ASSIGN_OR_RETURN(attempts, emails.HandOverAll(hand_overs, now));
  }
  std::set<std::string> sent_ids;
  if (!acceptances.empty()) {
    ASSIGN_OR_RETURN(const std::vector<store::SentEmail> sent, emails.AcceptAll(acceptances, now));
    std::vector<Audited> changes;
    for (const store::SentEmail& email : sent) {
      sent_ids.insert(email.id);
      changes.push_back({email.vendor_id, "sent", "email", email.id, "",
                         store::ToJson(std::vector<std::string>{email.recipient, ""})});
    }
    if (!changes.empty()) RETURN_IF_ERROR(AuditAll(core_, transaction, CallOfSystem("worker"), changes));
  }
  RETURN_IF_ERROR(transaction.Commit());
  for (const std::unique_ptr<Entry>& entry : page.entries) {
    const store::Job& job = entry->hand_over ? entry->hand_over->job : entry->acceptance->job;
    entry->outcome = NotOurs();
    if (const auto found = attempts.find(job.subject_id); entry->hand_over && found != attempts.end()) {
      entry->outcome = found->second;
    }
    if (entry->acceptance && sent_ids.contains(job.subject_id)) entry->outcome = entry->acceptance->attempt_no;
  }
  return absl::OkStatus();
}

}  // namespace invoice::app
