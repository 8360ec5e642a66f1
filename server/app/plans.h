// Use cases of plans: what a batch run would do, before anybody asks for it. Thread-safe.
#pragma once

#include <string>

#include "app/billing.h"
#include "app/call.h"
#include "app/core.h"
#include "domain/run_plan.h"
#include "store/plans.h"

namespace invoice::app {

class Plans {
 public:
  explicit Plans(Core& core) : core_(core) {}

  // Computes and keeps a plan; issues nothing.
  absl::StatusOr<Outcome<domain::PlanRecord>> Plan(const Call& call, const BatchScope& scope,
                                                   const Encode<domain::PlanRecord>& encode);
  // By the customer's name. NOT_FOUND where the plan is unknown or too old.
  absl::StatusOr<store::Page<domain::PlanItem>> ListItems(const std::string& hash,
                                                          std::optional<domain::RunOutcome> outcome,
                                                          const store::PageRequest& page);

 private:
  Core& core_;
};

// Computes and writes a plan in the caller's transaction, which is to run again if long documents are put off
// (app/text_checks.h).
absl::StatusOr<domain::PlanRecord> MakePlan(Core& core, store::Transaction& transaction, const BatchScope& scope,
                                            TextChecks& checks);

// Plans again what `hash` named. ABORTED, PLAN_CHANGED, naming what changed where the books are others now; NOT_FOUND
// where the plan is unknown or too old; INVALID_ARGUMENT where it was made for another scope.
absl::StatusOr<domain::PlanRecord> RenewPlan(Core& core, store::Transaction& transaction, const BatchScope& scope,
                                             const std::string& hash, TextChecks& checks);

// The cases as items of a plan, each with its digest: what a plan was accepted for, compared before it is executed.
absl::StatusOr<std::vector<domain::PlanItem>> PlanItemsOf(const Core& core, store::Transaction& transaction,
                                                          const BillingBatch& batch);

}  // namespace invoice::app
