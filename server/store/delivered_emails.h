// What delivery writes of many emails at once: each call is one statement and a transaction by itself (see
// Database::QueryAlone).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "store/database.h"
#include "store/jobs.h"

namespace invoice::store {

// An email that a worker is about to hand over, and the job that it does so by.
struct HandOver {
  Job job;  // its subject is the email
  absl::Time started_at;
};

// An email that a mail server took.
struct Acceptance {
  Job job;
  int attempt_no = 0;
  absl::Time ended_at;
  int reply_code = 0;
  std::string reply;
  std::string transcript;
  std::string event_id;  // of the audit trail
};

// The numbers of attempts by email.
using AttemptNumbers = std::map<std::string, int>;

// Writes that the emails are handed over; those that were still queued and whose job is still this worker's.
absl::StatusOr<AttemptNumbers> HandOverAll(Database& database, const std::vector<HandOver>& emails, absl::Time now);

// Writes that they were taken, to the emails, their invoices and attempts and, as the actor's doing, to the audit
// trail, and finishes their jobs; those that were written.
absl::StatusOr<AttemptNumbers> AcceptAll(Database& database, const std::vector<Acceptance>& emails,
                                         const std::string& actor_id, const std::string& actor_name, absl::Time now);

}  // namespace invoice::store
