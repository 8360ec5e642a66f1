// Subject and body of the email about a document, from templates with {{variables}} of a closed list. Pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace invoice::mail {

struct MailTemplate {
  std::string subject;
  std::string text;
  std::string html;  // empty: no HTML part
};

// What the variables stand for, already formatted for the reader.
struct TemplateContext {
  std::string number;          // {{number}}
  std::string document_name;   // {{documentName}}: "Invoice" or "Credit note"
  std::string invoice_date;    // {{invoiceDate}}
  std::string due_date;        // {{dueDate}}
  std::string period_start;    // {{periodStart}}
  std::string period_end;      // {{periodEnd}}
  std::string total;           // {{total}}, without its currency
  std::string currency_code;   // {{currencyCode}}
  std::string customer_name;   // {{customerName}}
  std::string vendor_name;     // {{vendorName}}
  std::string purchase_order;  // {{purchaseOrder}}; empty where there is none
};

struct RenderedMail {
  std::string subject;
  std::string text;
  std::string html;
};

// INVALID_ARGUMENT naming the field ("subject", "textBody", "htmlBody") with an unknown variable, a {{ that is not
// closed, a control character, too much text, or a tag of the HTML that is not closed or not in order. Empty texts are
// good.
absl::Status CheckTemplate(const MailTemplate& mail_template);

// The subject, one line of at most base::kMaxSubjectCharacters whatever the values are. Faults as RenderTemplate().
absl::StatusOr<std::string> RenderSubject(const MailTemplate& mail_template, const TemplateContext& context);

// The texts, with values escaped in the HTML. INVALID_ARGUMENT where the variables are not those of the list.
absl::StatusOr<RenderedMail> RenderTemplate(const MailTemplate& mail_template, const TemplateContext& context);

// What is used where the vendor has none: "en", "fr", "de" or "es", English for any other language. Of an invoice it
// says when it is due, of a credit note that nothing is to be paid.
const MailTemplate& DefaultTemplate(std::string_view language, bool credit_note);

}  // namespace invoice::mail
