// Finds, before anything is issued, the numbers that the next invoices would get and that other documents of their
// vendors have. Takes no number. Not a use case: only app/ calls it. Not thread-safe.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/billing.h"
#include "store/invoices.h"

namespace invoice::app {

// FAILED_PRECONDITION, NUMBER_TAKEN, with the number.
absl::Status NumberTaken(const std::string& number);

// One object walks over all batches of a plan, in the order in which a run would issue them.
class NumberChecks {
 public:
  // Refuses the cases whose number is taken: NUMBER_TAKEN with the number. A series stands still there, so all its
  // further cases are refused with the same number.
  absl::Status Refuse(store::Transaction& transaction, BillingBatch& batch);

 private:
  using SeriesId = std::pair<std::string, std::string>;  // vendor, key
  struct Series {
    int64_t counter = 1;  // the next number as it was read
    int64_t next = 1;     // that of the next case
    std::string taken;    // the number at which it stands still; empty: it does not
  };
  struct Numbered {
    BillingCase* billing_case = nullptr;
    SeriesId series;
    domain::NumberPattern pattern;
  };
  absl::StatusOr<std::vector<Numbered>> FindNumbered(BillingBatch& batch) const;
  absl::Status ReadSeries(store::Transaction& transaction, const std::vector<Numbered>& numbered);
  // Those of the numbers to come that documents have already.
  absl::StatusOr<std::set<std::pair<std::string, std::string>>> FindTaken(store::Transaction& transaction,
                                                                          const std::vector<Numbered>& numbered);
  // Reads the series again; whether one has given numbers meanwhile.
  absl::StatusOr<bool> HaveMoved(store::Transaction& transaction, const std::vector<Numbered>& numbered);

  std::map<SeriesId, Series> series_;
  std::set<std::pair<std::string, std::string>> given_;  // vendor, number: by earlier cases
};

}  // namespace invoice::app
