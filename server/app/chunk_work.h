// The billing of one chunk of a batch run, in portions. A portion is one transaction: it is billed wholly or not at
// all, and its customers are held for a few seconds at most. What takes long, the layout of long documents, happens
// between transactions. Customers that others hold are left for later. If a transaction fails in a way that one
// customer could be the reason of, its halves are tried, down to the customer at fault, whose result names the reason.
// Not thread-safe; one object belongs to one attempt at a job.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "app/billing.h"
#include "app/call.h"
#include "app/core.h"
#include "app/text_checks.h"
#include "base/limits.h"
#include "domain/run_record.h"
#include "store/jobs.h"
#include "store/runs.h"

namespace invoice::app {

class ChunkWork {
 public:
  // What became of the chunk.
  enum class End {
    kDone,     // all its customers have results; the job is not finished
    kStopped,  // the run or the chunk was stopped; the job is finished
  };
  // `longest`: of one transaction.
  ChunkWork(Core& core, const store::Job& job, absl::Duration longest)
      : core_(core), job_(job), longest_(longest), checks_(core.renderer, base::kRunLayouts) {}

  // The job must be held. Any status but OK: what was billed stays, the rest waits for the next attempt at the job.
  absl::StatusOr<End> Run();
  const std::string& run_id() const { return run_id_; }

 private:
  struct Portion {
    std::vector<Candidate> candidates;
    int tries = 0;               // after failures that may pass
    int layouts = 0;             // without a customer billed between them
    bool may_be_done = false;    // an earlier transaction may have taken effect
    bool check_numbers = false;  // one was taken
  };
  // One attempt at a portion.
  struct Attempt {
    bool begun = false;              // the transaction
    bool stopped = false;            // the run or the chunk was, before
    bool done = false;               // the chunk is
    std::vector<Candidate> busy;     // held by others
    std::vector<Candidate> put_off;  // until their documents are laid out
  };

  absl::Status Open();
  void QueueInPortions(const std::vector<Candidate>& candidates, bool may_be_done);
  absl::Status Bill(const Portion& portion, Attempt& attempt);
  absl::Status BillIn(store::Transaction& transaction, const domain::RunRecord& run, domain::RunChunk& chunk,
                      const Portion& portion, Attempt& attempt);
  absl::StatusOr<std::vector<Candidate>> TakeFree(store::Transaction& transaction, const Portion& portion,
                                                  Attempt& attempt);
  absl::Status QueueRest(const Portion& portion, const Attempt& attempt);
  absl::Status QueueFailed(Portion portion, const absl::Status& status);
  absl::Status FailOne(const Candidate& candidate, const absl::Status& why);
  absl::Status QueueLast();
  absl::Status Pause(absl::Duration wait) const;

  Core& core_;
  const store::Job& job_;
  const absl::Duration longest_;
  TextChecks checks_;
  std::string run_id_;
  std::map<std::string, int64_t> weights_;  // bytes of the customers' long texts
  size_t most_ = 1;                         // customers in a portion
  std::vector<Portion> open_;               // the next one is the last
  std::vector<Candidate> busy_;             // held by others when their turn came
  absl::Duration waited_;                   // for them, since one was billed
  bool done_ = false;
};

BatchScope ScopeOf(const domain::RunRecord& run);
// The worker acts for whoever asked for the run.
Call CallOf(const domain::RunRecord& run, const store::Job& job);
bool GoesOn(domain::RunState state);

}  // namespace invoice::app
