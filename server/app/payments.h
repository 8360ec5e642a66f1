// Use cases of payments. Thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/call.h"
#include "app/core.h"
#include "domain/parties.h"
#include "domain/payment_record.h"
#include "domain/payments.h"
#include "store/payments.h"

namespace invoice::app {

// A payment of one invoice; what is more than open stays unapplied.
struct InvoicePaymentInput {
  std::string invoice_id;
  absl::CivilDay date;
  std::optional<std::string> amount;  // in the invoice's currency; none: all that is open
  domain::PaymentMethod method = domain::PaymentMethod::kBankTransfer;
  std::string reference;
};

class Payments {
 public:
  explicit Payments(Core& core) : core_(core) {}

  // Records the payment that `read` makes with the customer as it is now, who does not change meanwhile; with the
  // allocations that are asked for, in its currency.
  absl::StatusOr<Outcome<domain::PaymentRecord>> Create(const Call& call, const std::string& customer_id,
                                                        const ReadWith<domain::PaymentRecord, domain::Customer>& read,
                                                        const Encode<domain::PaymentRecord>& encode);
  absl::StatusOr<Outcome<domain::PaymentRecord>> CreateForInvoice(const Call& call, const InvoicePaymentInput& input,
                                                                  const Encode<domain::PaymentRecord>& encode);
  absl::StatusOr<domain::PaymentRecord> Get(const std::string& id);
  absl::StatusOr<store::Page<domain::PaymentRecord>> List(const store::PaymentFilter& filter,
                                                          const store::PageRequest& page);
  // `change` may touch method, reference and notes.
  absl::StatusOr<Outcome<domain::PaymentRecord>> Update(
      const Call& call, const std::string& id, const std::string& etag,
      const std::function<absl::Status(domain::PaymentRecord&)>& change, const Encode<domain::PaymentRecord>& encode);
  absl::StatusOr<Outcome<domain::PaymentRecord>> Reverse(const Call& call, const std::string& id,
                                                         const std::string& etag, const std::string& reason,
                                                         const Encode<domain::PaymentRecord>& encode);
  // Adds the allocations that `read` makes with the payment: they are in its currency.
  using ReadAllocations = ReadWith<std::vector<domain::PaymentAllocation>, domain::PaymentRecord>;
  absl::StatusOr<Outcome<domain::PaymentRecord>> Allocate(const Call& call, const std::string& id,
                                                          const std::string& etag, const ReadAllocations& read,
                                                          const Encode<domain::PaymentRecord>& encode);

 private:
  Core& core_;
};

}  // namespace invoice::app
