// A run and what it decided for each customer. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "domain/invoice.h"
#include "domain/kinds.h"

namespace invoice::domain {

enum class RunState { kPending, kRunning, kSucceeded, kFailed, kCancelled, kStopped };
enum class RunOutcome { kInvoiced, kSkipped, kHeld, kFailed };

// "SUCCEEDED", "INVOICED": the same in SQL, protos and REST.
std::string_view Name(RunState state);
std::string_view Name(RunOutcome outcome);
std::optional<RunState> ParseRunState(std::string_view name);
std::optional<RunOutcome> ParseRunOutcome(std::string_view name);

// What a run issued in one currency.
struct RunTotal {
  std::string currency_code;
  int count = 0;
  int64_t total_minor = 0;
};

struct RunRecord {
  std::string id;
  std::string vendor_id;  // empty: a batch over several vendors
  RunMode mode = RunMode::kQuick;
  RunState state = RunState::kSucceeded;
  absl::CivilDay run_date;
  bool send_email = false;
  std::string requested_by;  // name of the actor
  int total_count = 0;
  int invoiced_count = 0;
  int skipped_count = 0;
  int held_count = 0;
  int failed_count = 0;
  std::vector<RunTotal> totals;  // by currency; from the invoices of the run
  absl::Time created_at;
  std::optional<absl::Time> finished_at;
  int64_t version = 1;
};

struct RunResult {
  std::string run_id;
  std::string customer_id;
  std::string customer_name;
  RunOutcome outcome = RunOutcome::kInvoiced;
  std::string reason;                                       // the rule that decided: "BILLED", "ALREADY_INVOICED"
  std::vector<std::pair<std::string, std::string>> values;  // what it saw: {"totalHours", "7.5"}
  std::string invoice_id;                                   // empty: none
  std::string invoice_number;                               // empty: none, or a draft
  std::optional<int64_t> total_minor;
  std::string currency_code;
  std::optional<Period> period;
  absl::Time created_at;
};

}  // namespace invoice::domain
