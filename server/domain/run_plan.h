// The plan of a batch run: what it would do for each customer, and the hash that names it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "domain/billing.h"
#include "domain/run_record.h"

namespace invoice::domain {

struct PlanRecord {
  std::string id;
  std::string hash;  // over its items: the same books give the same hash
  RunMode mode = RunMode::kScheduled;
  absl::CivilDay run_date;
  std::optional<bool> send_email;         // none: as each schedule says
  std::string vendor_id;                  // empty: of all
  std::vector<std::string> customer_ids;  // empty: all in scope
  std::vector<RunTotal> totals;
  int invoiced_count = 0;
  int skipped_count = 0;
  int held_count = 0;
  int failed_count = 0;
  int email_count = 0;
  absl::Time created_at;
  absl::Time expires_at;
};

struct PlanItem {
  std::string customer_id;
  std::string vendor_id;
  std::string customer_name;
  RunOutcome outcome = RunOutcome::kSkipped;
  std::string reason;
  std::string message;
  std::optional<Period> period;
  std::optional<Quantity> hours;
  std::string currency_code;  // empty where nothing would be billed
  std::optional<int64_t> total_minor;
  std::optional<int64_t> previous_total_minor;
  std::vector<std::string> differences;  // from the period before, one sentence each
  bool send_email = false;
  std::string digest;
};

// The issued invoice of the latest period before; not one that was cancelled or credited in full.
struct PreviousInvoice {
  std::string number;
  std::string currency_code;
  int64_t total_minor = 0;
  Period period;
  absl::CivilDay billed_through;  // the last day before the new period that an invoice or a draft bills
  std::optional<Quantity> hours;
  std::optional<UnitPrice> rate;
};

// An item of the plan whose plan item of the same customer is another one now, or is there no more.
struct PlanChange {
  std::string customer_id;
  std::string customer_name;
  std::string before;  // "INVOICED BILLED 2026-10-01 1130.00 CAD"; empty: was not there
  std::string after;
};

// What would be done for a customer, from what was decided.
PlanItem ItemOf(const BillingInput& input, const BillingDecision& decision, bool send_email);

// By what the email of a vendor would be made and sent.
struct MailSetup {
  int64_t template_version = 0;  // 0: the built-in one
  std::string smtp_id;           // empty: the environment's, or none
  int64_t smtp_version = 0;
};

// The text that a plan's hash is over, for one customer: versions of customer, contract, schedule and vendor, the
// timesheets, period, total, send or not, the rule that decided, and `mail`, by what the email is made and sent: empty
// where none is. Whoever approves a plan approves its contents, recipients and texts.
std::string PlanText(const BillingInput& input, const PlanItem& item, std::string_view mail);

// What differs from the period before; nothing billed now has no differences.
std::vector<std::string> DifferencesFrom(const std::optional<PreviousInvoice>& previous, const PlanItem& item,
                                         const BillingDecision& decision);

// Adds an amount to the total of its currency.
void AddTotal(std::vector<RunTotal>& totals, std::string_view currency_code, int64_t total_minor, int count = 1);

}  // namespace invoice::domain
