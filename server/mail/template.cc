#include "mail/template.h"

#include "base/status.h"
#include "base/text.h"
#include "fmt/format.h"

namespace invoice::mail {
namespace {

struct Variable {
  std::string_view name;
  std::string TemplateContext::*value;
};

constexpr Variable kVariables[] = {
    {"number", &TemplateContext::number},
    {"vendorName", &TemplateContext::vendor_name},
    {"customerName", &TemplateContext::customer_name},
    {"invoiceDate", &TemplateContext::invoice_date},
    {"dueDate", &TemplateContext::due_date},
    {"period", &TemplateContext::period},
    {"total", &TemplateContext::total},
    {"document", &TemplateContext::document},
};

constexpr char kDefaultSubject[] = "{{document}} {{number}} from {{vendorName}}";

constexpr char kDefaultText[] = R"(Hello {{customerName}},

please find {{document}} {{number}} from {{vendorName}} attached.

  Number:    {{number}}
  Date:      {{invoiceDate}}
  Period:    {{period}}
  Total:     {{total}}
  Due date:  {{dueDate}}

The PDF is attached. If anything about it is unclear, just reply to this email.

Kind regards
{{vendorName}}
)";

// Tables and inline styles: the only layout that mail readers agree on.
constexpr char kDefaultHtml[] = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{document}} {{number}}</title>
</head>
<body style="margin:0;padding:0;background:#f3f4f6;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f6;">
<tr><td align="center" style="padding:32px 16px;">
<table role="presentation" width="560" cellpadding="0" cellspacing="0" style="width:100%;max-width:560px;background:#ffffff;border-radius:8px;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;color:#1f2937;">
<tr><td style="padding:32px 32px 0 32px;">
<p style="margin:0;font-size:14px;line-height:20px;color:#6b7280;">{{vendorName}}</p>
<h1 style="margin:4px 0 24px 0;font-size:22px;line-height:28px;font-weight:600;">{{document}} {{number}}</h1>
<p style="margin:0 0 24px 0;font-size:15px;line-height:24px;">Hello {{customerName}},<br>please find {{document}} {{number}} from {{vendorName}} attached.</p>
</td></tr>
<tr><td style="padding:0 32px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="font-size:15px;line-height:24px;">
<tr><td style="padding:8px 0;border-top:1px solid #e5e7eb;color:#6b7280;">Date</td><td align="right" style="padding:8px 0;border-top:1px solid #e5e7eb;">{{invoiceDate}}</td></tr>
<tr><td style="padding:8px 0;border-top:1px solid #e5e7eb;color:#6b7280;">Period</td><td align="right" style="padding:8px 0;border-top:1px solid #e5e7eb;">{{period}}</td></tr>
<tr><td style="padding:8px 0;border-top:1px solid #e5e7eb;color:#6b7280;">Due date</td><td align="right" style="padding:8px 0;border-top:1px solid #e5e7eb;">{{dueDate}}</td></tr>
<tr><td style="padding:12px 0;border-top:2px solid #1f2937;font-weight:600;">Total</td><td align="right" style="padding:12px 0;border-top:2px solid #1f2937;font-size:18px;font-weight:600;">{{total}}</td></tr>
</table>
</td></tr>
<tr><td style="padding:24px 32px 32px 32px;">
<p style="margin:0;font-size:14px;line-height:22px;color:#6b7280;">The PDF is attached. If anything about it is unclear, just reply to this email.</p>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
)";

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
absl::StatusOr<std::string> Fill(std::string_view field, std::string_view text, const TemplateContext& context,
                                 bool html) {
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
    if (variable == nullptr) return base::InvalidField(field, "only these variables: " + KnownNames());
    const std::string& value = context.*(variable->value);
    result += html ? EscapeHtml(value) : value;
    text.remove_prefix(close + 2);
  }
}

absl::Status CheckText(std::string_view field, std::string_view text, size_t max_bytes, bool lines) {
  if (!base::IsValidUtf8(text)) return base::InvalidField(field, "well-formed UTF-8");
  if (base::HasControlCharacters(text, lines)) return base::InvalidField(field, "a text without control characters");
  if (text.size() > max_bytes) return base::InvalidField(field, fmt::format("at most {} bytes", max_bytes));
  return absl::OkStatus();
}

absl::Status CheckSizes(const MailTemplate& mail_template) {
  if (base::Trim(mail_template.subject).empty()) return base::InvalidField("subject", "a text");
  if (base::Trim(mail_template.text).empty()) return base::InvalidField("text", "a text");
  RETURN_IF_ERROR(CheckText("subject", mail_template.subject, kMaxSubjectTemplateBytes, /*lines=*/false));
  RETURN_IF_ERROR(CheckText("text", mail_template.text, kMaxBodyTemplateBytes, /*lines=*/true));
  return CheckText("html", mail_template.html, kMaxBodyTemplateBytes, /*lines=*/true);
}

}  // namespace

std::vector<std::string_view> TemplateVariables() {
  std::vector<std::string_view> names;
  for (const Variable& variable : kVariables) names.push_back(variable.name);
  return names;
}

absl::Status CheckTemplate(const MailTemplate& mail_template) {
  return RenderTemplate(mail_template, TemplateContext()).status();
}

absl::StatusOr<RenderedMail> RenderTemplate(const MailTemplate& mail_template, const TemplateContext& context) {
  RETURN_IF_ERROR(CheckSizes(mail_template));
  RenderedMail mail;
  ASSIGN_OR_RETURN(mail.subject, Fill("subject", mail_template.subject, context, /*html=*/false));
  ASSIGN_OR_RETURN(mail.text, Fill("text", mail_template.text, context, /*html=*/false));
  ASSIGN_OR_RETURN(mail.html, Fill("html", mail_template.html, context, /*html=*/true));
  return mail;
}

const MailTemplate& DefaultTemplate() {
  static const MailTemplate* const kDefault = new MailTemplate{kDefaultSubject, kDefaultText, kDefaultHtml};
  return *kDefault;
}

}  // namespace invoice::mail
