#include "mail/template.h"

#include "base/limits.h"
#include "base/status.h"
#include "base/text.h"
#include "fmt/format.h"
#include "mail/html_check.h"

namespace invoice::mail {
namespace {

struct Variable {
  std::string_view name;
  std::string TemplateContext::*value;
};

constexpr Variable kVariables[] = {
    {"number", &TemplateContext::number},
    {"documentName", &TemplateContext::document_name},
    {"invoiceDate", &TemplateContext::invoice_date},
    {"dueDate", &TemplateContext::due_date},
    {"periodStart", &TemplateContext::period_start},
    {"periodEnd", &TemplateContext::period_end},
    {"total", &TemplateContext::total},
    {"currencyCode", &TemplateContext::currency_code},
    {"customerName", &TemplateContext::customer_name},
    {"vendorName", &TemplateContext::vendor_name},
    {"purchaseOrder", &TemplateContext::purchase_order},
};

constexpr char kSubjectField[] = "subject";
constexpr char kTextField[] = "textBody";
constexpr char kHtmlField[] = "htmlBody";

enum class Form { kText, kHtml };

std::string EscapeHtml(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

const Variable* FindVariable(std::string_view name) {
  for (const Variable& variable : kVariables) {
    if (variable.name == name) return &variable;
  }
  return nullptr;
}

std::string KnownNames() {
  std::string names;
  for (const Variable& variable : kVariables) names += fmt::format("{}{}", names.empty() ? "" : ", ", variable.name);
  return names;
}

// One text of a template, filled in.
absl::StatusOr<std::string> FillField(std::string_view field, std::string_view text, const TemplateContext& context,
                                      Form form) {
  std::string result;
  result.reserve(text.size() + 256);
  while (true) {
    const size_t open = text.find("{{");
    result += text.substr(0, open);
    if (open == std::string_view::npos) return result;
    text.remove_prefix(open + 2);
    const size_t close = text.find("}}");
    if (close == std::string_view::npos) return base::InvalidField(field, "every {{ closed by }}");
    const Variable* variable = FindVariable(base::Trim(text.substr(0, close)));
    if (variable == nullptr) return base::InvalidField(field, "between {{ and }} one of " + KnownNames());
    const std::string& value = context.*(variable->value);
    result += form == Form::kHtml ? EscapeHtml(value) : value;
    text.remove_prefix(close + 2);
  }
}

absl::Status CheckText(std::string_view field, std::string_view text, size_t max_characters, bool lines) {
  if (!base::IsValidUtf8(text)) return base::InvalidField(field, "well-formed UTF-8");
  if (base::HasControlCharacters(text, lines)) return base::InvalidField(field, "a text without control characters");
  if (base::CountCodePoints(text) > max_characters) {
    return base::InvalidField(field, fmt::format("at most {} characters", max_characters));
  }
  return absl::OkStatus();
}

std::string FirstCharacters(std::string text, size_t count) {
  if (base::CountCodePoints(text) <= count) return text;
  while (base::CountCodePoints(text) >= count) {
    do text.pop_back();
    while (!text.empty() && !base::IsValidUtf8(text));
  }
  return text + "…";
}

}  // namespace

absl::Status CheckTemplate(const MailTemplate& mail_template) {
  RETURN_IF_ERROR(CheckText(kSubjectField, mail_template.subject, base::kMaxSubjectCharacters, /*lines=*/false));
  RETURN_IF_ERROR(CheckText(kTextField, mail_template.text, base::kMaxTemplateTextCharacters, /*lines=*/true));
  RETURN_IF_ERROR(CheckText(kHtmlField, mail_template.html, base::kMaxTemplateHtmlCharacters, /*lines=*/true));
  RETURN_IF_ERROR(RenderTemplate(mail_template, TemplateContext()).status());
  const std::string fault = FaultOfHtml(mail_template.html);
  return fault.empty() ? absl::OkStatus() : base::InvalidField(kHtmlField, fault);
}

absl::StatusOr<std::string> RenderSubject(const MailTemplate& mail_template, const TemplateContext& context) {
  ASSIGN_OR_RETURN(const std::string subject, FillField(kSubjectField, mail_template.subject, context, Form::kText));
  return FirstCharacters(base::WithoutControlCharacters(subject), base::kMaxSubjectCharacters);
}

absl::StatusOr<RenderedMail> RenderTemplate(const MailTemplate& mail_template, const TemplateContext& context) {
  RenderedMail mail;
  ASSIGN_OR_RETURN(mail.subject, RenderSubject(mail_template, context));
  ASSIGN_OR_RETURN(mail.text, FillField(kTextField, mail_template.text, context, Form::kText));
  ASSIGN_OR_RETURN(mail.html, FillField(kHtmlField, mail_template.html, context, Form::kHtml));
  return mail;
}

}  // namespace invoice::mail
