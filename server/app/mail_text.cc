#include "app/mail_text.h"

#include "domain/calendar.h"

namespace invoice::app {

absl::StatusOr<mail::RenderedMail> MailTextOf(const domain::InvoiceDocument& document) {
  const bool credit_note = document.kind == domain::DocumentKind::kCreditNote;
  // The books hold credit notes with a minus, what people read says "credit note" instead.
  const int64_t total_minor = credit_note ? -document.totals.total_minor : document.totals.total_minor;
  const std::string total =
      domain::FormatAmount(total_minor, document.currency) + " " + std::string(document.currency.code());
  return mail::RenderTemplate(mail::DefaultTemplate(), {.number = document.number,
                                                        .vendor_name = document.vendor.name,
                                                        .customer_name = document.customer.name,
                                                        .invoice_date = domain::FormatDate(document.invoice_date),
                                                        .due_date = domain::FormatDate(document.due_date),
                                                        .period = domain::FormatDate(document.period.first) + " to " +
                                                                  domain::FormatDate(document.period.last),
                                                        .total = total,
                                                        .document = credit_note ? "Credit note" : "Invoice"});
}

}  // namespace invoice::app
