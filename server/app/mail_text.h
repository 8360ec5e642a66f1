// Subject and body of the email about a document, by the vendor's template or the built-in one, in the language of the
// document. Pure.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "domain/email_template.h"
#include "domain/invoice.h"
#include "mail/template.h"

namespace invoice::app {

// The texts before they are filled in: the vendor's, where it has them, beside the built-in ones.
mail::MailTemplate TextsOf(const domain::EmailTemplate& own, const domain::InvoiceDocument& document);

absl::StatusOr<std::string> SubjectOf(const domain::InvoiceDocument& document, const domain::EmailTemplate& own);
absl::StatusOr<mail::RenderedMail> MailTextOf(const domain::InvoiceDocument& document,
                                              const domain::EmailTemplate& own);

}  // namespace invoice::app
