// Subject and body of the email about an invoice. Pure.
#pragma once

#include "absl/status/statusor.h"
#include "domain/invoice.h"
#include "mail/template.h"

namespace invoice::app {

absl::StatusOr<mail::RenderedMail> MailTextOf(const domain::InvoiceDocument& document);

}  // namespace invoice::app
