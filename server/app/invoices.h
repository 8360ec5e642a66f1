// Use cases of invoices: generation, reading, the document, resending. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/call.h"
#include "app/core.h"
#include "domain/email_record.h"
#include "domain/generation.h"
#include "domain/invoice_record.h"
#include "domain/run_record.h"
#include "store/invoices.h"

namespace invoice::app {

struct QuickInput {
  std::string customer_id;
  absl::CivilDay run_date;  // also the invoice date; up to 366 days ahead
  domain::Quantity hours;
  std::optional<bool> send_email;  // none: as the schedule says
};

struct PreviewInput {
  std::string customer_id;
  absl::CivilDay invoice_date;
  domain::Period period;
  domain::WizardInput wizard;     // lines, discounts, taxes and terms as given
  bool include_document = false;  // the page too, as a draft
};

// The answer of a single generation.
struct SingleRun {
  domain::RunRecord run;
  domain::InvoiceRecord invoice;
  std::vector<domain::Warning> warnings;
};

struct Preview {
  domain::InvoiceRecord invoice;  // never stored: no id, no number
  std::vector<domain::Warning> warnings;
  std::string document;  // the PDF, where it was asked for
};

struct Document {
  std::string file_name;  // "INV-2026-0001.pdf"
  std::string content_type;
  std::string bytes;
};

class Invoices {
 public:
  explicit Invoices(Core& core) : core_(core) {}

  absl::StatusOr<Outcome<SingleRun>> RunQuick(const Call& call, const QuickInput& input,
                                              const Encode<SingleRun>& encode);
  absl::StatusOr<Preview> PreviewInvoice(const PreviewInput& input);
  absl::StatusOr<domain::InvoiceRecord> Get(const std::string& id);
  absl::StatusOr<store::Page<domain::InvoiceRecord>> List(const store::InvoiceFilter& filter,
                                                          const store::PageRequest& page);
  // Renders and stores the document then and there where the job has not yet run.
  absl::StatusOr<Document> Download(const std::string& id);
  // A new email about the issued invoice, to its customer or to `recipient` where that is not empty; linked to the last
  // one.
  absl::StatusOr<Outcome<domain::EmailRecord>> ResendEmail(const Call& call, const std::string& id,
                                                           const std::string& recipient,
                                                           const Encode<domain::EmailRecord>& encode);
  // Today in the invoice's time zone and its state there.
  domain::InvoiceState StateOf(const domain::InvoiceRecord& invoice) const;

 private:
  Core& core_;
};

}  // namespace invoice::app
