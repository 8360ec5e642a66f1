#include "app/sending.h"

#include <algorithm>
#include <map>
#include <set>

#include "app/mail_text.h"
#include "app/once.h"
#include "base/id.h"
#include "base/internet_names.h"
#include "base/status.h"
#include "domain/calendar.h"
#include "fmt/format.h"
#include "mail/address.h"
#include "store/email_guards.h"
#include "store/email_templates.h"
#include "store/emails.h"
#include "store/invoices.h"
#include "store/json.h"

namespace invoice::app {
namespace {

using domain::EmailRecord;
using domain::EmailState;
using domain::InvoiceRecord;
using Routes = std::map<std::string, MailRoute>;

// The emails of one sending, the To one first.
struct Batch {
  const Sending* sending = nullptr;
  std::vector<EmailRecord> emails;
};

absl::StatusOr<Batch> EmailBatchOf(const Core& core, const Sending& sending, const domain::EmailTemplate& own) {
  const InvoiceRecord& invoice = *sending.invoice;
  EmailRecord email;
  ASSIGN_OR_RETURN(email.subject, SubjectOf(invoice.document, own));
  email.template_version = own.version;
  email.vendor_id = invoice.vendor_id;
  email.invoice_id = invoice.id;
  email.invoice_number = invoice.document.number;
  email.run_id = invoice.run_id;
  email.header_to = sending.recipients.front().address;
  for (const domain::Recipient& recipient : sending.recipients) {
    if (recipient.role == "CC") email.header_cc.push_back(recipient.address);
  }
  email.resend_number = sending.resend_number;
  email.resend_of = sending.resend_of;
  email.created_at = core.clock.Now();
  email.updated_at = email.created_at;
  Batch batch{.sending = &sending};
  for (const domain::Recipient& recipient : sending.recipients) {
    email.id = base::NewId(core.clock);
    email.recipient = recipient.address;
    email.recipient_role = recipient.role;
    // Made when the email is, so that every sending of it is the same message.
    email.message_id = mail::MessageIdOf(email.id, invoice.document.vendor.email);
    batch.emails.push_back(email);
  }
  return batch;
}

void Hold(EmailRecord& email, std::string why) {
  email.state = EmailState::kHeld;
  email.state_reason = std::move(why);
}

// What a person asked for one by one is not guarded as a run is.
bool IsOfBatchRun(const Sending& sending) {
  const domain::RunMode mode = sending.invoice->mode;
  return !sending.invoice->run_id.empty() && sending.resend_number == 0 &&
         (mode == domain::RunMode::kScheduled || mode == domain::RunMode::kGenerateAll);
}

// Counts what is asked for; what comes after the limit is held, and all that follows it in the run.
absl::Status GuardRuns(store::Transaction& transaction, const Routes& routes, std::vector<Batch>& batches) {
  const auto key_of = [&](const Batch& batch) {
    const InvoiceRecord& invoice = *batch.sending->invoice;
    return std::pair(invoice.run_id, routes.at(invoice.vendor_id).smtp.id);
  };
  const auto guarded = [&](const Batch& batch) {
    return IsOfBatchRun(*batch.sending) && routes.contains(batch.sending->invoice->vendor_id);
  };
  store::EmailGuards::Counts more;
  for (const Batch& batch : batches) {
    if (guarded(batch)) more[key_of(batch)] += static_cast<int>(batch.emails.size());
  }
  if (more.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(store::EmailGuards::Counts counts, store::EmailGuards(transaction).CountOfRuns(more));
  for (const auto& [key, count] : more) counts[key] -= count;
  for (Batch& batch : batches) {
    if (!guarded(batch)) continue;
    const int limit = routes.at(batch.sending->invoice->vendor_id).max_emails_per_run;
    int& count = counts[key_of(batch)];
    count += static_cast<int>(batch.emails.size());
    if (count <= limit) continue;
    for (EmailRecord& email : batch.emails) {
      Hold(email, fmt::format("the run has more than {} emails, the limit maxEmailsPerRun of the SMTP configuration; "
                              "release the run's emails if they are wanted, or cancel them",
                              limit));
    }
  }
  return absl::OkStatus();
}

absl::Status GuardRecipients(const Core& core, store::Transaction& transaction, const Routes& routes,
                             std::vector<Batch>& batches) {
  const auto key_of = [](const EmailRecord& email) {
    return std::pair(email.vendor_id, base::AddressKey(email.recipient));
  };
  // The archive is the vendor's own, and gets a copy of everything.
  const auto guarded = [&](const EmailRecord& email) {
    return email.state == EmailState::kQueued && email.recipient_role != "ARCHIVE" && routes.contains(email.vendor_id);
  };
  store::EmailGuards::Counts more;
  for (const Batch& batch : batches) {
    for (const EmailRecord& email : batch.emails) {
      if (guarded(email)) ++more[key_of(email)];
    }
  }
  if (more.empty()) return absl::OkStatus();
  const absl::CivilDay today = domain::LocalDate(core.clock.Now(), absl::UTCTimeZone());
  ASSIGN_OR_RETURN(store::EmailGuards::Counts counts, store::EmailGuards(transaction).CountOfRecipients(more, today));
  for (const auto& [key, count] : more) counts[key] -= count;
  for (Batch& batch : batches) {
    for (EmailRecord& email : batch.emails) {
      if (!guarded(email)) continue;
      const int limit = routes.at(email.vendor_id).max_emails_per_recipient_per_day;
      if (++counts[key_of(email)] <= limit) continue;
      Hold(email, fmt::format("more than {} emails to this address on {} (UTC), the limit "
                              "maxEmailsPerRecipientPerDay of the SMTP configuration; release it if it is wanted, or "
                              "cancel it",
                              limit, domain::FormatDate(today)));
    }
  }
  return absl::OkStatus();
}

// The invoices show what their To email does; what was delivered stays so.
absl::Status ShowDelivery(const Core& core, store::Transaction& transaction, const std::vector<Batch>& batches) {
  std::map<domain::Delivery, std::vector<std::string>> changed;
  for (const Batch& batch : batches) {
    InvoiceRecord& invoice = *batch.sending->invoice;
    if (invoice.delivery == domain::Delivery::kSent || invoice.delivery == domain::Delivery::kMarked) continue;
    const bool held = batch.emails.front().state == EmailState::kHeld;
    const domain::Delivery delivery = held ? domain::Delivery::kHeld : domain::Delivery::kQueued;
    if (invoice.delivery == delivery) continue;
    invoice.delivery = delivery;
    ++invoice.version;
    changed[delivery].push_back(invoice.id);
  }
  for (const auto& [delivery, ids] : changed) {
    RETURN_IF_ERROR(store::Invoices(transaction).SetDeliveryOfAll(ids, delivery, core.clock.Now()));
  }
  return absl::OkStatus();
}

// What people read about: somebody has to look at these.
absl::Status NoteHeld(Core& core, store::Transaction& transaction, const std::vector<EmailRecord>& emails) {
  std::vector<Audited> changes;
  for (const EmailRecord& email : emails) {
    if (email.state != EmailState::kHeld) continue;
    changes.push_back({email.vendor_id, "held", "email", email.id, "",
                       store::ToJson(std::vector{email.recipient, email.state_reason})});
  }
  return changes.empty() ? absl::OkStatus() : AuditAll(core, transaction, CallOfSystem("guard"), changes);
}

std::vector<std::string> VendorIdsOf(const std::vector<Sending>& sendings) {
  std::set<std::string> vendors;
  for (const Sending& sending : sendings) vendors.insert(sending.invoice->vendor_id);
  return {vendors.begin(), vendors.end()};
}

}  // namespace

absl::StatusOr<std::vector<EmailRecord>> QueueEmails(Core& core, store::Transaction& transaction,
                                                     const std::vector<Sending>& sendings, store::Urgency urgency) {
  std::vector<EmailRecord> emails;
  if (sendings.empty()) return emails;
  const std::vector<std::string> vendors = VendorIdsOf(sendings);
  ASSIGN_OR_RETURN(const Routes routes, core.mail_routes.Of(transaction, vendors));
  ASSIGN_OR_RETURN(const auto templates, store::EmailTemplates(transaction).LatestOfAll(vendors));
  std::vector<Batch> batches;
  for (const Sending& sending : sendings) {
    const auto own = templates.find(sending.invoice->vendor_id);
    ASSIGN_OR_RETURN(Batch batch,
                     EmailBatchOf(core, sending, own == templates.end() ? domain::EmailTemplate() : own->second));
    batches.push_back(std::move(batch));
  }
  RETURN_IF_ERROR(GuardRuns(transaction, routes, batches));
  RETURN_IF_ERROR(GuardRecipients(core, transaction, routes, batches));
  RETURN_IF_ERROR(ShowDelivery(core, transaction, batches));
  std::vector<store::Jobs::NewJob> jobs;
  for (Batch& batch : batches) {
    for (EmailRecord& email : batch.emails) {
      if (email.state == EmailState::kQueued) jobs.push_back({"SEND_EMAIL", email.id, urgency});
      emails.push_back(std::move(email));
    }
  }
  RETURN_IF_ERROR(store::Emails(transaction).InsertAll(emails, core.clock.Now()));
  RETURN_IF_ERROR(NoteHeld(core, transaction, emails));
  if (!jobs.empty()) RETURN_IF_ERROR(store::Jobs(transaction).EnqueueAll(core.clock, jobs));
  return emails;
}

}  // namespace invoice::app
