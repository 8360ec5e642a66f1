// The decision for many customers at once, shared by plans, runs and explanations: who is looked at, what exists for
// them, what the rules say (domain/billing.h), and whether what they say could be issued. Not a use case: only app/
// calls it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/core.h"
#include "app/issue.h"
#include "app/text_checks.h"
#include "domain/billing.h"
#include "store/database.h"
#include "store/due_schedules.h"

namespace invoice::app {

// What a batch run was asked for.
struct BatchScope {
  domain::RunMode mode = domain::RunMode::kScheduled;  // SCHEDULED or GENERATE_ALL
  absl::CivilDay run_date;
  std::optional<bool> send_email;  // none: as each schedule says
  store::CustomerScope customers;
};

// A customer that a batch looks at.
struct Candidate {
  std::string customer_id;
  std::optional<domain::Period> handed;  // the whole period that its schedule handed over
};

struct BillingCase {
  domain::BillingInput input;
  domain::BillingDecision decision;
  bool send_email = false;
  absl::Status
      put_off;  // not OK: its document is to be laid out first (app/text_checks.h); the decision does not count
};

// Cases in the order of their customers' ids, with the records they point to.
struct BillingBatch {
  std::vector<domain::Vendor> vendors;
  std::vector<domain::Customer> customers;
  std::vector<BillingCase> cases;
};

// `lock`: the transaction holds the customers; their vendors are held too until its end.
absl::StatusOr<BillingBatch> DecideBatch(Core& core, store::Transaction& transaction, const BatchScope& scope,
                                         const std::vector<Candidate>& candidates, bool lock, TextChecks& checks);

// The status that put a case off, if there is one.
absl::Status PutOff(const BillingBatch& batch);

// What issues a case whose decision has a draft; takes the document out of it.
IssueInput IssueInputOf(BillingCase& billing_case, const std::string& run_id);

// The next customers of a scope after that id: for SCHEDULED those whose rule has the run date as a due date, for
// GENERATE_ALL all active ones, and all that were chosen by id. `next` is where to go on; empty: this was the end.
struct CandidatePage {
  std::vector<store::RuledCustomer> customers;
  std::string next;
};
absl::StatusOr<CandidatePage> FindCandidates(store::Transaction& transaction, const BatchScope& scope,
                                             const std::string& after, int limit);

// Whether the schedule of a customer is enabled and has that due date.
bool IsDueOn(const store::RuledCustomer& customer, absl::CivilDay date);

// SCHEDULED or GENERATE_ALL, a run date at most base::kMaxRunDateAhead_days ahead, chosen customers there and none
// twice.
absl::Status CheckScope(Core& core, store::Transaction& transaction, const BatchScope& scope);

}  // namespace invoice::app
