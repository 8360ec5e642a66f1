// Use cases of drafts: changed as often as one likes, then issued one by one or many at once. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/invoices.h"
#include "app/text_checks.h"

namespace invoice::app {

// What became of one draft that was to be issued.
struct DraftResult {
  std::string id;
  std::string number;   // empty: not issued
  absl::Status status;  // why not
  std::vector<domain::Warning> warnings;
};

struct IssuedDrafts {
  std::vector<DraftResult> results;
  bool more = false;  // the run has further drafts
};

// Which drafts: these, or those of a run.
struct DraftChoice {
  std::vector<std::string> ids;
  std::string run_id;
};

class Drafts {
 public:
  explicit Drafts(Core& core) : core_(core) {}

  // Replaces the whole content; `input.customer_id` and `input.draft` are not looked at.
  absl::StatusOr<Outcome<SingleRun>> Update(const Call& call, const std::string& id, const std::string& etag,
                                            const WizardRun& input, const Encode<SingleRun>& encode);
  // `send_email` none: as was asked for when it was made.
  absl::StatusOr<Outcome<IssuedInvoice>> Issue(const Call& call, const std::string& id, const std::string& etag,
                                               std::optional<bool> send_email, const Encode<IssuedInvoice>& encode);
  // Each for itself: one that cannot be issued does not stop the others.
  absl::StatusOr<Outcome<IssuedDrafts>> IssueMany(const Call& call, const DraftChoice& choice,
                                                  std::optional<bool> send_email, const Encode<IssuedDrafts>& encode);

 private:
  absl::StatusOr<IssuedDrafts> IssueIn(store::Transaction& transaction, const Call& call,
                                       const std::vector<std::string>& ids, std::optional<bool> send_email,
                                       TextChecks& checks);

  Core& core_;
};

}  // namespace invoice::app
