// Use cases of invoices: generation, reading, the document, resending. Thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/call.h"
#include "app/core.h"
#include "app/documents.h"
#include "domain/email_record.h"
#include "domain/generation.h"
#include "domain/invoice_record.h"
#include "domain/run_record.h"
#include "store/invoices.h"

namespace invoice::app {

struct QuickInput {
  std::string customer_id;
  absl::CivilDay run_date;                // also the invoice date; up to 366 days ahead
  std::optional<domain::Quantity> hours;  // none: the timesheets', else the contract's
  std::optional<bool> send_email;         // none: as the schedule says
};

struct ManualInput {
  std::string customer_id;
  absl::CivilDay invoice_date;
  domain::Period period;
  std::optional<domain::Quantity> hours;  // none: the timesheets', else the contract's
  std::optional<domain::UnitPrice> rate_per_hour;
  std::optional<bool> send_email;  // none: as the schedule says
};

// Everything given by hand: of RunWizard, a preview and a changed draft.
struct WizardRun {
  std::string customer_id;
  absl::CivilDay invoice_date;
  domain::Period period;
  domain::WizardInput wizard;  // lines, discounts, taxes and terms as given
  // Adds the amounts to `wizard`, in that currency where none was given: the contract's, of a draft its own. None: they
  // are there already. Called inside the transaction that reads the currency.
  std::function<absl::Status(const std::string& currency_code, domain::WizardInput& wizard)> add_amounts;
  std::optional<bool> send_email;  // none: as the schedule says, of a draft as it was asked for
  bool draft = false;
  bool allow_duplicate = false;  // bill although days of the period are billed; with wizard.duplicate_reason
};

// The answer of a single generation.
struct SingleRun {
  domain::RunRecord run;
  domain::InvoiceRecord invoice;
  std::vector<domain::Warning> warnings;
};

// An invoice or credit note that a change issued.
struct IssuedInvoice {
  domain::InvoiceRecord invoice;
  std::vector<domain::Warning> warnings;
};

struct Preview {
  domain::InvoiceRecord invoice;  // never stored: no id, no number
  std::vector<domain::Warning> warnings;
  std::string document;  // the PDF, where it was asked for
};

class Invoices {
 public:
  explicit Invoices(Core& core) : core_(core) {}

  absl::StatusOr<Outcome<SingleRun>> RunQuick(const Call& call, const QuickInput& input,
                                              const Encode<SingleRun>& encode);
  absl::StatusOr<Outcome<SingleRun>> RunManual(const Call& call, const ManualInput& input,
                                               const Encode<SingleRun>& encode);
  absl::StatusOr<Outcome<SingleRun>> RunWizard(const Call& call, const WizardRun& input,
                                               const Encode<SingleRun>& encode);
  // What RunWizard would make, with the page where `include_document`. Creates nothing.
  absl::StatusOr<Preview> PreviewInvoice(const WizardRun& input, bool include_document);
  absl::StatusOr<domain::InvoiceRecord> Get(const std::string& id);
  absl::StatusOr<store::Page<domain::InvoiceRecord>> List(const store::InvoiceFilter& filter,
                                                          const store::PageRequest& page);
  // Renders and stores the document then and there where the job has not yet run.
  absl::StatusOr<Document> Download(const std::string& id);
  // A new email about the issued invoice, to its customer or to `recipient` where that is not empty; linked to the
  // first one.
  absl::StatusOr<Outcome<domain::EmailRecord>> ResendEmail(const Call& call, const std::string& id,
                                                           const std::string& recipient,
                                                           const Encode<domain::EmailRecord>& encode);
  // Today in the invoice's time zone and its state there.
  domain::InvoiceState StateOf(const domain::InvoiceRecord& invoice) const;

 private:
  Core& core_;
};

}  // namespace invoice::app
