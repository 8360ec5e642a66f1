// Rows of invoices with lines and taxes, the days they claim, and their number series. Belongs to the transaction it
// was made with.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/billing.h"
#include "domain/invoice_record.h"
#include "domain/states.h"
#include "store/copy_rows.h"
#include "store/database.h"
#include "store/page.h"

namespace invoice::store {

struct InvoiceFilter {
  std::string customer_id;  // empty: of all
  std::string vendor_id;    // empty: of all
  std::optional<domain::InvoiceState> state;
  std::optional<domain::DocumentKind> kind;
  std::optional<bool> open;            // something is to be paid; drafts and credit notes are not open
  std::optional<absl::CivilDay> from;  // invoice date, included
  std::optional<absl::CivilDay> to;
  std::string q;  // part of the number or the customer's name; empty: all
  bool oldest_first = false;
};

// What an export shows of an invoice.
struct ExportedInvoice {
  std::string id;
  std::string number;  // empty: a draft
  std::string kind;    // "INVOICE"
  absl::CivilDay invoice_date;
  absl::CivilDay due_date;
  domain::Period period;
  std::string vendor_id;
  std::string customer_id;
  std::string customer_name;
  std::string purchase_order;
  std::string currency_code;
  int64_t subtotal_minor = 0;
  int64_t discount_minor = 0;
  int64_t tax_minor = 0;
  domain::InvoiceFacts facts;
  std::string delivery;
  std::string time_zone;  // the customer's
};

using domain::ClaimedDays;

// Days that an invoice claims.
struct Claim {
  std::string invoice_id;
  std::string vendor_id;
  std::string customer_id;
  domain::Period days;
};

// Numbers of one series.
struct SeriesDemand {
  std::string vendor_id;
  std::string series_key;
  int64_t count = 0;
  absl::CivilDay newest_on;       // of the documents that get the numbers: the date of the last of them
  int64_t first = 0;              // set by TakeNumbers
  bool others_are_newer = false;  // set by TakeNumbers: a document of the series is dated after `newest_on`
};

// The document of a series that has the latest invoice date.
struct NewestDocument {
  absl::CivilDay date;
  std::string number;
};

struct NumberSeries {
  std::string key;
  int64_t last_sequence = 0;
};

// Rows of invoices, all but their numbers. They are made before the numbers are taken: from then on others wait.
struct PreparedInvoices {
  PreparedInvoices(const std::vector<domain::InvoiceRecord*>& invoices, absl::Time now);

  std::vector<std::string> begun;  // the row of each invoice, without its last cells
  CopyRows lines;
  CopyRows taxes;
};

class Invoices {
 public:
  explicit Invoices(Transaction& transaction) : transaction_(transaction) {}

  // The last day up to `through` that the customer was billed for, by any way but the wizard.
  absl::StatusOr<std::optional<absl::CivilDay>> LastClaimedDay(const std::string& customer_id, absl::CivilDay through);
  // Claims days for invoices that are inserted later in this transaction; the answer counts the claims of each invoice
  // that were taken, a day that another one holds drops its claim. The customers must be locked by this transaction.
  absl::StatusOr<std::map<std::string, int>> Claim(const std::vector<store::Claim>& claims);
  // The invoices that claim days of the period, in order of the days.
  absl::StatusOr<std::vector<ClaimedDays>> FindClaims(const std::string& customer_id, const domain::Period& period);
  // Frees the days that an invoice claims. The customer must be locked by this transaction.
  absl::Status RemoveClaims(const std::string& invoice_id);
  // Takes the next numbers of each series, for all of them in one statement; the last lock of the transaction. A series
  // is opened by its first use, above the numbers of its form that were taken over from elsewhere. Documents get their
  // numbers in the order of their dates.
  absl::Status TakeNumbers(std::vector<SeriesDemand>& series);
  // One answer for each series, in their order; nothing where it has no document. No series is there twice. `lock`:
  // they are held until the end of the transaction, in the order of TakeNumbers().
  absl::StatusOr<std::vector<std::optional<NewestDocument>>> FindNewest(const std::vector<SeriesDemand>& series,
                                                                        bool lock);
  // Sets the numbers that TakeNumbers would give now, and takes none.
  absl::Status PeekNumbers(std::vector<SeriesDemand>& series);
  // With their lines and taxes. `prepared` was made of the same invoices, which have their numbers since then.
  absl::Status InsertAll(const std::vector<domain::InvoiceRecord*>& invoices, const PreparedInvoices& prepared);
  // Drafts become issued invoices: their numbers, parties and the time of issue.
  absl::Status IssueAll(const std::vector<domain::InvoiceRecord*>& drafts, absl::Time now);
  // Replaces the whole content of a draft, its lines and taxes too.
  absl::Status ReplaceDraft(const domain::InvoiceRecord& draft, absl::Time now);
  // The drafts of a run in the order of their making; one more than `limit` where there are more.
  absl::StatusOr<std::vector<std::string>> FindDrafts(const std::string& run_id, int limit);
  // The series that were used already.
  absl::StatusOr<std::vector<NumberSeries>> ListSeries(const std::string& vendor_id);
  // Those of the numbers that a document of the vendor has already.
  absl::StatusOr<std::vector<std::string>> FindNumbers(const std::string& vendor_id,
                                                       const std::vector<std::string>& numbers);
  // The next invoices of an export; `after` is moved behind them, empty after the last.
  absl::StatusOr<std::vector<ExportedInvoice>> ExportBatch(const InvoiceFilter& filter, PageRequest* page,
                                                           absl::Time now);

  // NOT_FOUND where there is none.
  absl::StatusOr<domain::InvoiceRecord> Get(const std::string& id);
  absl::StatusOr<domain::InvoiceRecord> Lock(const std::string& id);
  // In the order of the ids; those that are not there are left out.
  absl::StatusOr<std::vector<domain::InvoiceRecord>> GetAll(const std::vector<std::string>& ids);
  // The same without lines and taxes, in any order.
  absl::StatusOr<std::vector<domain::InvoiceRecord>> GetHeads(const std::vector<std::string>& ids);
  // By invoice date, newest first unless the filter says otherwise. `now` decides what is overdue.
  absl::StatusOr<Page<domain::InvoiceRecord>> List(const InvoiceFilter& filter, const PageRequest& page,
                                                   absl::Time now);

  // The first stored document wins; the answer is the one that is kept.
  absl::StatusOr<std::string> SetDocument(const std::string& id, const std::string& sha256, absl::Time now);
  absl::Status SetDocumentFault(const std::string& id, const std::string& fault, absl::Time now);
  // `sent_at` is kept from the first time it is given.
  absl::Status SetDelivery(const std::string& id, domain::Delivery delivery, std::optional<absl::Time> sent_at,
                           absl::Time now);
  // The same of invoices that the transaction wrote or locked; none of them was sent.
  absl::Status SetDeliveryOfAll(const std::vector<std::string>& ids, domain::Delivery delivery, absl::Time now);

  // Those that show HELD show QUEUED.
  absl::Status ReleaseDelivery(const std::vector<std::string>& ids, absl::Time now);

  // The later life of an invoice that is locked by this transaction. Cancel writes reason and delivery, MarkSent
  // delivery and note and keeps the first time of sending.
  absl::Status Cancel(const domain::InvoiceRecord& invoice, absl::Time now);
  absl::Status MarkSent(const domain::InvoiceRecord& invoice, absl::Time now);
  absl::Status AddCredited(const std::string& id, int64_t amount_minor, absl::Time now);
  // In the order of their making, at most base::kMaxCreditNotesPerInvoice.
  absl::StatusOr<std::vector<domain::InvoiceDocument>> CreditNotesOf(const domain::InvoiceRecord& invoice);

 private:
  absl::Status OpenSeries(const std::string& demands);
  absl::Status OpenOne(const std::string& vendor_id, const std::string& series_key);
  absl::StatusOr<int64_t> LastImported(const std::string& vendor_id, const std::string& series_key);

  Transaction& transaction_;
};

}  // namespace invoice::store
