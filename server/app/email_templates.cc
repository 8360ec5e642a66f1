#include "app/email_templates.h"

#include "app/mail_text.h"
#include "app/once.h"
#include "base/status.h"
#include "domain/recipients.h"
#include "store/customers.h"
#include "store/email_templates.h"
#include "store/invoices.h"
#include "store/json.h"
#include "store/vendors.h"

namespace invoice::app {
namespace {

using domain::EmailTemplate;

absl::Status CheckTexts(const EmailTemplate& own) {
  return mail::CheckTemplate({.subject = own.subject, .text = own.text_body, .html = own.html_body});
}

std::string AuditTextOfTemplate(const EmailTemplate& own) {
  return store::ToJson(std::vector<std::string>{own.subject, own.text_body, own.html_body});
}

}  // namespace

absl::StatusOr<EmailTemplate> EmailTemplates::Get(const std::string& vendor_id) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  RETURN_IF_ERROR(store::Vendors(transaction).Get(vendor_id).status());
  return store::EmailTemplates(transaction).Latest(vendor_id);
}

absl::StatusOr<Outcome<EmailTemplate>> EmailTemplates::Update(const Call& call, const std::string& vendor_id,
                                                              const std::string& etag,
                                                              const Change<EmailTemplate>& change,
                                                              const Encode<EmailTemplate>& encode) {
  using Answer = absl::StatusOr<EmailTemplate>;
  return Once<EmailTemplate>(core_, call, encode, [&](store::Transaction& transaction) -> Answer {
    store::EmailTemplates templates(transaction);
    RETURN_IF_ERROR(store::Vendors(transaction).Lock(vendor_id).status());
    ASSIGN_OR_RETURN(const EmailTemplate before, templates.Latest(vendor_id));
    RETURN_IF_ERROR(CheckEtag(etag, before.version));
    EmailTemplate after = before;
    RETURN_IF_ERROR(change(after));
    RETURN_IF_ERROR(CheckTexts(after));
    after.version = before.version + 1;
    RETURN_IF_ERROR(templates.Insert(after, core_.clock.Now()));
    RETURN_IF_ERROR(Audit(
        core_, transaction, call,
        {vendor_id, "update", "email_template", vendor_id, AuditTextOfTemplate(before), AuditTextOfTemplate(after)}));
    return templates.Latest(vendor_id);
  });
}

absl::StatusOr<EmailPreview> EmailTemplates::Preview(const std::string& invoice_id, const EmailTemplate& tried) {
  RETURN_IF_ERROR(CheckTexts(tried));
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  ASSIGN_OR_RETURN(const domain::InvoiceRecord invoice, store::Invoices(transaction).Get(invoice_id));
  ASSIGN_OR_RETURN(const domain::Vendor vendor, store::Vendors(transaction).Get(invoice.vendor_id));
  ASSIGN_OR_RETURN(const domain::Customer customer, store::Customers(transaction).Get(invoice.customer_id));
  ASSIGN_OR_RETURN(EmailTemplate own, store::EmailTemplates(transaction).Latest(vendor.id));
  if (!tried.subject.empty()) own.subject = tried.subject;
  if (!tried.text_body.empty()) own.text_body = tried.text_body;
  if (!tried.html_body.empty()) own.html_body = tried.html_body;
  EmailPreview preview;
  ASSIGN_OR_RETURN(preview.mail, MailTextOf(invoice.document, own));
  for (const domain::Recipient& recipient : domain::RecipientsOf(vendor, customer)) {
    preview.recipients.push_back(recipient.address);
  }
  return preview;
}

}  // namespace invoice::app
