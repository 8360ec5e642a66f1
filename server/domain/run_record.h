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
enum class RunChunkState { kPending, kDone, kCancelled, kFailed };
enum class RunOutcome { kInvoiced, kSkipped, kHeld, kFailed };

// "SUCCEEDED", "INVOICED": the same in SQL, protos and REST.
std::string_view Name(RunState state);
std::string_view Name(RunOutcome outcome);
std::string_view Name(RunChunkState state);
std::optional<RunChunkState> ParseRunChunkState(std::string_view name);
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
  std::optional<bool> send_email;         // none: as each schedule says
  std::string requested_by;               // name of the actor
  std::vector<std::string> customer_ids;  // the chosen ones of a batch; empty: all in scope
  std::string plan_id;                    // empty: without a plan
  std::string plan_hash;
  std::string problem;    // why it stopped or failed, for people; empty: it did not
  bool complete = false;  // all its customers are in chunks
  int total_count = 0;
  int invoiced_count = 0;
  int skipped_count = 0;
  int held_count = 0;
  int failed_count = 0;
  std::vector<RunTotal> totals;  // by currency
  absl::Time created_at;
  std::optional<absl::Time> finished_at;
  int64_t version = 1;
};

// The customers of a batch run that one transaction bills.
struct RunChunk {
  std::string id;
  std::string run_id;
  int number = 0;
  std::vector<std::string> customer_ids;
  std::vector<std::optional<Period>>
      periods;  // handed over whole by the schedules; as long as customer_ids, or empty: none
  RunChunkState state = RunChunkState::kPending;
  int invoiced_count = 0;
  int skipped_count = 0;
  int held_count = 0;
  int failed_count = 0;
  std::vector<RunTotal> totals;
  std::string problem;
};

struct RunResult {
  std::string run_id;
  std::string customer_id;
  std::string vendor_id;
  std::string customer_name;
  RunOutcome outcome = RunOutcome::kInvoiced;
  std::string reason;                                       // the rule that decided: "BILLED", "ALREADY_INVOICED"
  std::vector<std::pair<std::string, std::string>> values;  // what it saw: {"totalHours", "7.5"}
  std::string message;                                      // one sentence for people; may be empty
  std::vector<Period> uncovered;                            // days of a partly billed period that nobody bills
  std::string invoice_id;                                   // that was made or stands in the way; empty: none
  std::string invoice_number;                               // empty: none, or a draft
  std::optional<int64_t> total_minor;
  std::string currency_code;
  std::optional<Period> period;
  absl::Time created_at;
};

// Counts and totals over runs.
struct RunStats {
  std::vector<std::pair<RunState, int>> states;  // those that there are
  std::vector<RunTotal> totals;                  // by currency
  int invoiced_count = 0;
  int skipped_count = 0;
  int held_count = 0;
  int failed_count = 0;
};

}  // namespace invoice::domain
