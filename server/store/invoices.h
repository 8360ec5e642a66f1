// Rows of invoices with lines and taxes, the days they claim, and their number series. Belongs to the transaction it
// was made with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/invoice_record.h"
#include "store/database.h"
#include "store/page.h"

namespace invoice::store {

struct InvoiceFilter {
  std::string customer_id;  // empty: of all
  std::string vendor_id;    // empty: of all
  std::optional<domain::InvoiceState> state;
  std::optional<absl::CivilDay> from;  // invoice date, included
  std::optional<absl::CivilDay> to;
  std::string q;  // part of the number or the customer's name; empty: all
  bool oldest_first = false;
};

// An invoice that claims days of a period.
struct ClaimedDays {
  std::string invoice_id;
  std::string number;  // empty: a draft
  domain::Period days;
};

class Invoices {
 public:
  explicit Invoices(Transaction& transaction) : transaction_(transaction) {}

  // Claims the days for an invoice that is inserted later in this transaction; false where one of them is taken. The
  // customer must be locked by this transaction.
  absl::StatusOr<bool> Claim(const domain::InvoiceRecord& invoice);
  // The invoices that claim days of the period, in order of the days.
  absl::StatusOr<std::vector<ClaimedDays>> FindClaims(const std::string& customer_id, const domain::Period& period);
  // The next `count` numbers of the series; the answer is the first. Taken as the last lock of the transaction.
  absl::StatusOr<int64_t> TakeNumbers(const std::string& vendor_id, const std::string& series_key, int64_t count);
  absl::Status Insert(const domain::InvoiceRecord& invoice, absl::Time now);

  // NOT_FOUND where there is none.
  absl::StatusOr<domain::InvoiceRecord> Get(const std::string& id);
  absl::StatusOr<domain::InvoiceRecord> Lock(const std::string& id);
  // By invoice date, newest first unless the filter says otherwise. `now` decides what is overdue.
  absl::StatusOr<Page<domain::InvoiceRecord>> List(const InvoiceFilter& filter, const PageRequest& page,
                                                   absl::Time now);

  // The first stored document wins; the answer is the one that is kept.
  absl::StatusOr<std::string> SetDocument(const std::string& id, const std::string& sha256, absl::Time now);
  absl::Status SetDocumentFault(const std::string& id, const std::string& fault, absl::Time now);
  // `sent_at` is kept from the first time it is given.
  absl::Status SetDelivery(const std::string& id, domain::Delivery delivery, std::optional<absl::Time> sent_at,
                           absl::Time now);

 private:
  Transaction& transaction_;
};

}  // namespace invoice::store
