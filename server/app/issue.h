// The issuing step that all ways of generation share, always for a whole batch: claims the days, takes the numbers of
// each series at once, writes invoices, jobs, emails and audit events, in the caller's transaction. The customers must
// be locked by it. Not a use case: rpc/ and jobs/ do not call it.
#pragma once

#include <string>
#include <vector>

#include "app/call.h"
#include "app/core.h"
#include "app/text_checks.h"
#include "domain/generation.h"
#include "domain/invoice_record.h"
#include "domain/numbers.h"
#include "store/database.h"

namespace invoice::app {

// One invoice or draft. Vendor and customer outlive the call.
struct IssueInput {
  const domain::Vendor* vendor = nullptr;
  const domain::Customer* customer = nullptr;
  std::string run_id;  // empty: of no run
  domain::RunMode mode = domain::RunMode::kQuick;
  bool send_email = false;
  bool draft = false;          // claims its days and takes no number
  bool beside_others = false;  // billed although others claim its days: claims those that nobody does
  domain::InvoiceDocument document;
};

struct Issued {
  absl::Status status;  // ALREADY_EXISTS, PERIOD_ALREADY_INVOICED, with the other invoice's id and number; BACK_DATED
  domain::InvoiceRecord invoice;  // as written, where `status` is OK
  std::vector<domain::Warning>
      warnings;  // BACK_DATED; not of what a run of many makes, which is warned when it decides
};

struct IssuedDraft {
  absl::Status status;                    // BACK_DATED where the vendor refuses it: the draft stays one
  std::vector<domain::Warning> warnings;  // BACK_DATED where the vendor allows it
};

// The pattern that the customer's invoices are numbered by.
absl::StatusOr<domain::NumberPattern> PatternOf(const domain::Vendor& vendor, const domain::Customer& customer);
// FAILED_PRECONDITION, BOOKS_CLOSED, where the date lies in closed books.
absl::Status CheckBooks(const domain::Vendor& vendor, absl::CivilDay invoice_date);

// Everything that could fail later, checked before a number is spent: parties, books, pattern, fonts, recipients.
// Long documents are put off (app/text_checks.h).
absl::Status CheckIssue(TextChecks& checks, const IssueInput& input);

// One answer for each input, in their order. All were checked by CheckIssue(); no customer is there twice.
absl::StatusOr<std::vector<Issued>> IssueAll(Core& core, store::Transaction& transaction, const Call& call,
                                             std::vector<IssueInput> inputs);

// Numbers drafts that are in the database already; otherwise as IssueAll(), their claims are there. The records are as
// they are to be written. One answer for each.
absl::StatusOr<std::vector<IssuedDraft>> IssueDrafts(Core& core, store::Transaction& transaction, const Call& call,
                                                     const std::vector<IssueInput>& inputs,
                                                     std::vector<domain::InvoiceRecord>& drafts);

// Claims the days of an invoice as IssueInput::beside_others says; PERIOD_ALREADY_INVOICED where one is taken.
absl::Status ClaimDays(store::Transaction& transaction, const domain::InvoiceRecord& invoice, bool beside_others);

}  // namespace invoice::app
