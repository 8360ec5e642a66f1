// Rows of payments and what they pay. The sums on payment and invoice follow by a trigger of the database. Belongs to
// the transaction it was made with. Locks are taken in this order: customer, payments, invoices, each by id.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "domain/payments.h"
#include "store/database.h"
#include "store/page.h"

namespace invoice::store {

struct PaymentFilter {
  std::string customer_id;  // empty: of all
  std::string vendor_id;    // empty: to all
  std::string invoice_id;   // paid it at some time; empty: whatever they pay
  std::optional<absl::CivilDay> from;
  std::optional<absl::CivilDay> to;
  bool oldest_first = false;
};

// A change of what a payment pays of one invoice: above zero more, below zero less.
struct AllocationChange {
  std::string payment_id;
  std::string vendor_id;
  std::string customer_id;
  std::string invoice_id;
  int64_t amount_minor = 0;
  const char* reason = "ALLOCATED";  // REVERSED and CREDITED below zero
};

class Payments {
 public:
  explicit Payments(Transaction& transaction) : transaction_(transaction) {}

  // Without its allocations, which are added one by one.
  absl::Status Insert(const domain::PaymentRecord& payment, absl::Time now);
  absl::Status Allocate(const base::Clock& clock, const AllocationChange& change);
  // Writes method, reference and notes; the row must be locked by this transaction.
  absl::Status Update(const domain::PaymentRecord& payment, absl::Time now);
  // After everything it paid was freed.
  absl::Status Reverse(const std::string& id, const std::string& reason, absl::Time now);

  // NOT_FOUND where there is none.
  absl::StatusOr<domain::PaymentRecord> Get(const std::string& id);
  absl::StatusOr<domain::PaymentRecord> Lock(const std::string& id);
  // By day of payment, newest first unless the filter says otherwise.
  absl::StatusOr<Page<domain::PaymentRecord>> List(const PaymentFilter& filter, const PageRequest& page);

  // What pays the invoice, oldest first; the payments are locked.
  absl::StatusOr<std::vector<domain::PaidPart>> LockPartsOf(const std::string& invoice_id);
  // The invoices, locked and in the order of `ids`; NOT_FOUND names the first that is not there.
  absl::StatusOr<std::vector<domain::PayableInvoice>> LockPayable(const std::vector<std::string>& ids);

 private:
  Transaction& transaction_;
};

}  // namespace invoice::store
