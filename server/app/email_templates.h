// Use cases of vendors' email templates: a change is a further version, so that an email keeps the one it was queued
// with. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "app/call.h"
#include "app/core.h"
#include "app/vendors.h"
#include "domain/email_template.h"
#include "mail/template.h"

namespace invoice::app {

struct EmailPreview {
  mail::RenderedMail mail;
  std::vector<std::string> recipients;  // the addressee first; none where the customer has no address
};

class EmailTemplates {
 public:
  explicit EmailTemplates(Core& core) : core_(core) {}

  // The vendor's latest version, else the built-in one. NOT_FOUND where there is no such vendor.
  absl::StatusOr<domain::EmailTemplate> Get(const std::string& vendor_id);
  // INVALID_ARGUMENT naming the text at fault (mail::CheckTemplate).
  absl::StatusOr<Outcome<domain::EmailTemplate>> Update(const Call& call, const std::string& vendor_id,
                                                        const std::string& etag,
                                                        const Change<domain::EmailTemplate>& change,
                                                        const Encode<domain::EmailTemplate>& encode);
  // What an email about the document would be by the vendor's template with the texts of `tried` that are not empty.
  absl::StatusOr<EmailPreview> Preview(const std::string& invoice_id, const domain::EmailTemplate& tried);

 private:
  Core& core_;
};

}  // namespace invoice::app
