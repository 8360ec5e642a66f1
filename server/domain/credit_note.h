// Credit notes (domain rules: "Money"): what one takes back of an invoice, whole or by line. Pure.
//
// Every field follows the quantities that are taken back in all, so neither the order of the notes nor their number
// changes what is credited; the note that completes the invoice takes what remains in every field. Stored amounts and
// quantities are negative, unit prices positive.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "domain/invoice.h"

namespace invoice::domain {

// What is taken back of one line.
struct CreditLine {
  int line = 0;  // its place on the invoice, counted from 1
  Quantity quantity;
};

struct CreditInput {
  absl::CivilDay date;
  std::string reason;
  std::vector<CreditLine> lines;  // empty: all that remains
};

struct CreditDraft {
  InvoiceDocument document;  // without a number
  bool completes = false;    // nothing of the invoice remains after it
};

// What remains of an invoice after its credit notes, field by field; their lines name the invoice's by original_line.
InvoiceDocument RestOf(const InvoiceDocument& original, const std::vector<InvoiceDocument>& notes);

// The next credit note of an issued invoice whose total is above zero. INVALID_ARGUMENT on creditDate, lines[i].line or
// lines[i].quantity (no such line, a line twice, more than remains), on lines where they come to nothing. Where what
// would be left is worth nothing, the note takes that too.
absl::StatusOr<CreditDraft> MakeCreditNote(const InvoiceDocument& original, const std::vector<InvoiceDocument>& earlier,
                                           const CreditInput& input);

}  // namespace invoice::domain
