// Rows of run plans. Belongs to the transaction it was made with.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/run_plan.h"
#include "store/billing_facts.h"
#include "store/database.h"
#include "store/page.h"

namespace invoice::store {

class Plans {
 public:
  explicit Plans(Transaction& transaction) : transaction_(transaction) {}

  // The items may come before their plan, in the same transaction.
  absl::Status InsertItems(const std::string& plan_id, const std::vector<domain::PlanItem>& items);
  absl::Status Insert(const domain::PlanRecord& plan);
  // The latest plan of that hash; NOT_FOUND where there is none or it is too old.
  absl::StatusOr<domain::PlanRecord> Find(const std::string& hash, absl::Time now);
  // By the customer's name.
  absl::StatusOr<Page<domain::PlanItem>> ListItems(const std::string& plan_id,
                                                   std::optional<domain::RunOutcome> outcome, const PageRequest& page);
  // The digests of the customers' items, by customer.
  absl::StatusOr<std::map<std::string, std::string>> Digests(const std::string& plan_id,
                                                             const std::vector<std::string>& customer_ids);
  // By what the email of the vendors would be made and sent, by vendor.
  absl::StatusOr<std::map<std::string, domain::MailSetup>> MailSetups(const std::vector<std::string>& vendor_ids);
  // What differs between two plans, the first `limit` by name.
  absl::StatusOr<std::vector<domain::PlanChange>> Changes(const std::string& old_id, const std::string& new_id,
                                                          int limit);
  // Deletes at most `limit` plans that are too old, with their items.
  absl::StatusOr<int64_t> Expire(absl::Time now, int limit);
  // What was billed to the customers for the period before, by customer; those never billed are not there.
  absl::StatusOr<std::map<std::string, domain::PreviousInvoice>> FindPrevious(
      const std::vector<PeriodQuestion>& questions);

 private:
  Transaction& transaction_;
};

}  // namespace invoice::store
