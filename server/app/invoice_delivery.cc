#include "app/invoice_delivery.h"

#include <algorithm>
#include <vector>

#include "base/status.h"
#include "domain/states.h"
#include "store/emails.h"
#include "store/invoices.h"

namespace invoice::app {
namespace {

using domain::Delivery;
using domain::EmailRecord;

// Only what was sent needs no look at the other emails: it is the best that can happen.
absl::StatusOr<Delivery> DeliveryAfter(store::Transaction& transaction, const EmailRecord& email, bool marked) {
  if (email.state == domain::EmailState::kSent) return Delivery::kSent;
  ASSIGN_OR_RETURN(std::vector<EmailRecord> emails, store::Emails(transaction).OfInvoice(email.invoice_id));
  std::reverse(emails.begin(), emails.end());
  std::vector<domain::EmailFact> facts;
  for (const EmailRecord& one : emails) facts.push_back({.state = one.state, .to = one.recipient_role == "TO"});
  return domain::DeliveryOf(facts, marked);
}

}  // namespace

absl::Status UpdateDelivery(const Core& core, store::Transaction& transaction, const EmailRecord& email) {
  if (email.recipient_role != "TO") return absl::OkStatus();
  store::Invoices invoices(transaction);
  ASSIGN_OR_RETURN(const domain::InvoiceRecord invoice, invoices.Lock(email.invoice_id));
  if (invoice.delivery == Delivery::kSent && email.state != domain::EmailState::kBounced) return absl::OkStatus();
  const bool marked = invoice.delivery == Delivery::kMarked;
  ASSIGN_OR_RETURN(const Delivery delivery, DeliveryAfter(transaction, email, marked));
  if (delivery == invoice.delivery) return absl::OkStatus();
  return invoices.SetDelivery(invoice.id, delivery, email.sent_at, core.clock.Now());
}

}  // namespace invoice::app
