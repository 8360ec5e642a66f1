#include "app/mail_text.h"

#include "base/status.h"
#include "base/text.h"
#include "locale/locale.h"

namespace invoice::app {
namespace {

bool IsCreditNote(const domain::InvoiceDocument& document) {
  return document.kind == domain::DocumentKind::kCreditNote;
}

mail::TemplateContext ContextOf(const domain::InvoiceDocument& document) {
  const locale::Locale& locale = locale::Locale::Of(document.vendor.locale);
  // The books hold credit notes with a minus, what people read says "credit note" instead.
  const int64_t total_minor = IsCreditNote(document) ? -document.totals.total_minor : document.totals.total_minor;
  const std::string_view name = IsCreditNote(document) ? locale.words().credit_note : locale.words().invoice;
  return {.number = document.number,
          .document_name = std::string(name),
          .invoice_date = locale.DateText(document.invoice_date),
          .due_date = IsCreditNote(document) ? std::string() : locale.DateText(document.due_date),
          .period_start = locale.DateText(document.period.first),
          .period_end = locale.DateText(document.period.last),
          .total = locale.AmountText(total_minor, document.currency),
          .currency_code = std::string(document.currency.code()),
          .customer_name = document.customer.name,
          .vendor_name = document.vendor.name,
          .purchase_order = document.purchase_order};
}

}  // namespace

mail::MailTemplate TextsOf(const domain::EmailTemplate& own, const domain::InvoiceDocument& document) {
  const std::string& tag = locale::Locale::Of(document.vendor.locale).words_tag();
  mail::MailTemplate texts = mail::DefaultTemplate(tag.substr(0, tag.find('-')), IsCreditNote(document));
  if (!own.subject.empty()) texts.subject = own.subject;
  if (!own.text_body.empty()) texts.text = own.text_body;
  if (!own.html_body.empty() || !own.text_body.empty()) texts.html = own.html_body;
  return texts;
}

absl::StatusOr<std::string> SubjectOf(const domain::InvoiceDocument& document, const domain::EmailTemplate& own) {
  ASSIGN_OR_RETURN(std::string subject, mail::RenderSubject(TextsOf(own, document), ContextOf(document)));
  if (base::HasVisibleCharacter(subject)) return subject;
  // Nothing but variables that are empty for this document.
  return mail::RenderSubject(TextsOf({}, document), ContextOf(document));
}

absl::StatusOr<mail::RenderedMail> MailTextOf(const domain::InvoiceDocument& document,
                                              const domain::EmailTemplate& own) {
  const mail::TemplateContext context = ContextOf(document);
  ASSIGN_OR_RETURN(mail::RenderedMail rendered, mail::RenderTemplate(TextsOf(own, document), context));
  if (base::HasVisibleCharacter(rendered.subject) && base::HasVisibleCharacter(rendered.text)) return rendered;
  ASSIGN_OR_RETURN(mail::RenderedMail built_in, mail::RenderTemplate(TextsOf({}, document), context));
  if (!base::HasVisibleCharacter(rendered.subject)) rendered.subject = std::move(built_in.subject);
  if (!base::HasVisibleCharacter(rendered.text)) rendered.text = std::move(built_in.text);
  return rendered;
}

}  // namespace invoice::app
