#include "store/jobs.h"

#include <algorithm>

#include "base/id.h"
#include "base/status.h"
#include "base/text.h"
#include "store/copy_rows.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

constexpr size_t kMaxErrorBytes = 1000;

// What fits, cut between characters; a text that is no UTF-8 is not for the database.
std::string Shorten(std::string_view text) {
  size_t size = std::min(text.size(), kMaxErrorBytes);
  while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  const std::string_view cut = text.substr(0, size);
  return base::IsValidUtf8(cut) ? std::string(cut) : "the error's text is not UTF-8";
}

std::vector<Job> ReadJobs(const Rows& rows) {
  std::vector<Job> jobs;
  for (const Row& row : rows) {
    jobs.push_back({.id = row.Text("id"),
                    .kind = row.Text("kind"),
                    .subject_id = row.Text("subject_id"),
                    .attempt = static_cast<int>(row.Int("attempt")),
                    .failure_count = static_cast<int>(row.Int("failure_count"))});
  }
  return jobs;
}

Params Fences(const std::vector<Job>& jobs) {
  std::vector<std::string> ids;
  std::vector<int> attempts;
  for (const Job& job : jobs) {
    ids.push_back(job.id);
    attempts.push_back(job.attempt);
  }
  return {{"ids", ArrayText(ids)}, {"attempts", ArrayText(attempts)}};
}

Params Fence(const Job& job) { return {{"id", job.id}, {"attempt", job.attempt}}; }

}  // namespace

absl::Status Jobs::Enqueue(const base::Clock& clock, const NewJob& job) {
  return transaction_
      .Execute(sql::kJobInsert, {{"id", base::NewId(clock)},
                                 {"kind", job.kind},
                                 {"subject_id", job.subject_id},
                                 {"urgency", static_cast<int>(job.urgency)}})
      .status();
}

absl::Status Jobs::EnqueueAll(const base::Clock& clock, const std::vector<NewJob>& jobs) {
  return EnqueueBy(sql::kJobInsertAll, clock, jobs);
}

absl::Status Jobs::EnqueueAgain(const base::Clock& clock, const std::vector<NewJob>& jobs) {
  return EnqueueBy(sql::kJobInsertAgainAll, clock, jobs);
}

absl::Status Jobs::EnqueueBy(const Sql& sql, const base::Clock& clock, const std::vector<NewJob>& jobs) {
  if (jobs.empty()) return absl::OkStatus();
  std::vector<std::string> ids;
  std::vector<std::string> kinds;
  std::vector<std::string> subjects;
  std::vector<int> urgencies;
  for (const NewJob& job : jobs) {
    ids.push_back(base::NewId(clock));
    kinds.push_back(job.kind);
    subjects.push_back(job.subject_id);
    urgencies.push_back(static_cast<int>(job.urgency));
  }
  return transaction_
      .Execute(sql, {{"ids", ArrayText(ids)},
                     {"kinds", ArrayText(kinds)},
                     {"subject_ids", ArrayText(subjects)},
                     {"urgencies", ArrayText(urgencies)}})
      .status();
}

absl::StatusOr<std::vector<Job>> Jobs::Fetch(const std::string& worker, int limit, absl::Duration lease,
                                             const std::vector<std::string>& held,
                                             const std::vector<std::string>& full) {
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(sql::kJobFetch, {{"worker", worker},
                                                       {"limit", limit},
                                                       {"held", ArrayText(held)},
                                                       {"full", ArrayText(full)},
                                                       {"lease_ms", absl::ToInt64Milliseconds(lease)}}));
  return ReadJobs(rows);
}

absl::StatusOr<std::vector<Job>> Jobs::FetchKind(const std::string& worker, const std::string& kind, int limit,
                                                 absl::Duration lease) {
  constexpr int kWindow = 8;  // looked at for each job that is asked for
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(sql::kJobFetchKind, {{"worker", worker},
                                                           {"kind", kind},
                                                           {"limit", limit},
                                                           {"window", limit * kWindow},
                                                           {"lease_ms", absl::ToInt64Milliseconds(lease)}}));
  return ReadJobs(rows);
}

absl::StatusOr<int64_t> Jobs::RenewAll(const std::vector<Job>& jobs, absl::Duration lease) {
  Params params = Fences(jobs);
  params.emplace_back("lease_ms", absl::ToInt64Milliseconds(lease));
  return transaction_.Execute(sql::kJobRenewAll, params);
}

absl::Status Jobs::HoldFence(const Job& job) {
  ASSIGN_OR_RETURN(const std::optional<Row> row, transaction_.QueryRow(sql::kJobHoldFence, Fence(job)));
  return row ? absl::OkStatus() : absl::AbortedError("the job's lease ran out and another worker has it");
}

absl::Status Jobs::Finish(const Job& job) { return transaction_.Execute(sql::kJobFinish, Fence(job)).status(); }

absl::Status Jobs::PutOff(const Job& job, absl::Duration delay, const std::string& why) {
  return RunLater(job, delay, why, /*failures=*/0);
}

absl::Status Jobs::Retry(const Job& job, absl::Duration delay, const std::string& error) {
  return RunLater(job, delay, error, /*failures=*/1);
}

absl::Status Jobs::RunLater(const Job& job, absl::Duration delay, const std::string& error, int failures) {
  Params params = Fence(job);
  params.emplace_back("delay_ms", absl::ToInt64Milliseconds(delay));
  params.emplace_back("error", Shorten(error));
  params.emplace_back("failures", failures);
  RETURN_IF_ERROR(transaction_.Execute(sql::kJobRetry, params).status());
  return delay > absl::ZeroDuration() ? absl::OkStatus() : Announce();
}

absl::Status Jobs::GiveBack(const Job& job) { return GiveBackAll({job}); }

absl::Status Jobs::Fail(const Job& job, const std::string& error) {
  Params params = Fence(job);
  params.emplace_back("error", Shorten(error));
  return transaction_.Execute(sql::kJobFail, params).status();
}

absl::Status Jobs::GiveBackAll(const std::vector<Job>& jobs) {
  if (jobs.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(transaction_.Execute(sql::kJobGiveBackAll, Fences(jobs)).status());
  return Announce();
}

// What is due again is told to the workers, as what is new is.
absl::Status Jobs::Announce() { return transaction_.Query(sql::kJobAnnounce, {}).status(); }

absl::Status Jobs::PutOffAll(const std::vector<Job>& jobs, absl::Duration delay, const std::string& why) {
  if (jobs.empty()) return absl::OkStatus();
  Params params = Fences(jobs);
  params.emplace_back("delay_ms", absl::ToInt64Milliseconds(delay));
  params.emplace_back("error", Shorten(why));
  return transaction_.Execute(sql::kJobPutOffAll, params).status();
}

absl::StatusOr<std::optional<absl::Duration>> Jobs::NextDelay(const std::vector<std::string>& full) {
  ASSIGN_OR_RETURN(const std::optional<Row> row,
                   transaction_.QueryRow(sql::kJobNextDelay, {{"full", ArrayText(full)}}));
  if (!row || row->IsNull("delay_ms")) return std::optional<absl::Duration>();
  return std::optional(absl::Milliseconds(row->Int("delay_ms")));
}

}  // namespace invoice::store
