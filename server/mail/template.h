// Subject and body of the email about a document, from templates with {{variables}} of a closed list. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace invoice::mail {

inline constexpr size_t kMaxSubjectTemplateBytes = 500;
inline constexpr size_t kMaxBodyTemplateBytes = 64 * 1024;

struct MailTemplate {
  std::string subject;
  std::string text;
  std::string html;  // empty: no HTML part
};

// What the variables stand for, already formatted for the reader.
struct TemplateContext {
  std::string number;         // {{number}}
  std::string vendor_name;    // {{vendorName}}
  std::string customer_name;  // {{customerName}}
  std::string invoice_date;   // {{invoiceDate}}
  std::string due_date;       // {{dueDate}}
  std::string period;         // {{period}}
  std::string total;          // {{total}}, with its currency
  std::string document;       // {{document}}: "Invoice" or "Credit note"
};

struct RenderedMail {
  std::string subject;
  std::string text;
  std::string html;
};

// The names that may stand between {{ and }}.
std::vector<std::string_view> TemplateVariables();

// INVALID_ARGUMENT naming the field ("subject", "text", "html") with an unknown variable, a tag that is not closed, a
// control character, or too much text. An empty subject or text is refused too.
absl::Status CheckTemplate(const MailTemplate& mail_template);

// The same faults as CheckTemplate; otherwise the texts, with values escaped in the HTML.
absl::StatusOr<RenderedMail> RenderTemplate(const MailTemplate& mail_template, const TemplateContext& context);

// What is used where the vendor has none.
const MailTemplate& DefaultTemplate();

}  // namespace invoice::mail
