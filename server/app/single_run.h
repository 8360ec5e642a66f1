// What the generations of one invoice share (quick, manual, wizard): the checks of their input, the transaction over
// the one engine, and what is known of a period. Not a use case: only app/ calls it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/invoices.h"
#include "app/text_checks.h"
#include "store/database.h"

namespace invoice::app {

struct SingleRequest {
  std::string customer_id;
  domain::RunMode mode = domain::RunMode::kQuick;
  absl::CivilDay run_date;         // of the run's record
  std::optional<bool> send_email;  // none: as the schedule says
  bool draft = false;
  bool beside_others = false;
  // Completes the inputs of generation; vendor, customer and mode are there.
  std::function<absl::Status(store::Transaction&, domain::GenerationInput&)> complete;
};

absl::StatusOr<SingleRun> RunSingle(Core& core, store::Transaction& transaction, const Call& call,
                                    const SingleRequest& request, TextChecks& checks);

// The dates of a hand-made invoice: at most base::kMaxRunDateAhead_days ahead of today, its period
// base::kMaxPeriodAhead_days, and not turned round.
absl::Status CheckHandMade(const Core& core, const domain::Customer& customer, absl::CivilDay invoice_date,
                           const domain::Period& period);
// `duplicateReason` with `allowDuplicate`, and only with it.
absl::Status CheckDuplicate(const WizardRun& input);

// What was given by hand, with its amounts in that currency where the input names none.
absl::StatusOr<domain::WizardInput> WizardOf(const WizardRun& input, const std::string& currency_code);

// Periods that waited for a person and of which every day is billed now wait no more.
absl::Status SettleDecisions(store::Transaction& transaction, const domain::Customer& customer,
                             const domain::Period& billed);

}  // namespace invoice::app
