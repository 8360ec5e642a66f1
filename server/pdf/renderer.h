// Turns the content of an invoice, credit note or statement into the document a customer gets. Does not compute: every
// amount is printed as it is given. Knows no storage and no clock; the same document with the same logo gives the same
// bytes. Implementations are thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "domain/invoice.h"
#include "domain/statement.h"

namespace invoice::pdf {

class InvoiceRenderer {
 public:
  virtual ~InvoiceRenderer() = default;

  // The bytes of the PDF, in the language of document.vendor.locale. `logo` is the form of a logo (pdf/logo_form.h),
  // empty for none. A document without a number is a draft and says so on every page. FAILED_PRECONDITION where
  // CheckText refuses it.
  virtual absl::StatusOr<std::string> Render(const domain::InvoiceDocument& document, std::string_view logo) = 0;

  // The same for a statement: its open items by currency, how late they are, and what is not applied.
  virtual absl::StatusOr<std::string> RenderStatement(const domain::StatementDocument& document,
                                                      std::string_view logo) = 0;

  // OK where the document can be printed, asked before a number is spent: what it lets through Render() makes a page
  // of. FAILED_PRECONDITION, CHARACTER_NOT_IN_FONTS, with metadata {field: "lines[3].description", character: "U+3042"}
  // of the first character that no font has; DOCUMENT_TOO_LONG above base::kMaxLinesPerInvoice, base::kMaxTextWork or
  // base::kMaxPdfPages.
  // Cheap but where the texts come near the limit of pages.
  virtual absl::Status CheckText(const domain::InvoiceDocument& document) = 0;

  // The same for one text when it is saved: INVALID_ARGUMENT, INVALID_FIELD, where the violation names the field and
  // the character. Line breaks and tabs are allowed where `several_lines`. Costs microseconds.
  virtual absl::Status CheckField(std::string_view field, std::string_view text, bool several_lines) = 0;
};

}  // namespace invoice::pdf
