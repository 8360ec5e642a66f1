// Turns the content of an invoice or credit note into the document a customer gets. Does not compute: every amount is
// printed as it is given. Knows no storage and no clock; the same document gives the same bytes.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "domain/invoice.h"

namespace invoice::pdf {

class InvoiceRenderer {
 public:
  virtual ~InvoiceRenderer() = default;

  // The bytes of the PDF. A document without a number is a draft and says so on every page. FAILED_PRECONDITION where
  // CheckText refuses the text (CHARACTER_NOT_IN_FONTS) or the document has more lines than base::kMaxLinesPerInvoice
  // (DOCUMENT_TOO_LONG).
  virtual absl::StatusOr<std::string> Render(const domain::InvoiceDocument& document) = 0;

  // OK where every character of every text can be printed, else FAILED_PRECONDITION, CHARACTER_NOT_IN_FONTS, with
  // metadata {field: "lines[3].description", character: "U+3042"} of the first that cannot. Cheap: asked before a
  // number is spent.
  virtual absl::Status CheckText(const domain::InvoiceDocument& document) = 0;
};

}  // namespace invoice::pdf
