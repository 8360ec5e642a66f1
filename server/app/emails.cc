#include "app/emails.h"

#include <algorithm>
#include <set>

#include "app/invoice_delivery.h"
#include "app/once.h"
#include "base/limits.h"
#include "base/status.h"
#include "base/text.h"
#include "store/invoices.h"
#include "store/jobs.h"
#include "store/json.h"

namespace invoice::app {
namespace {

using domain::EmailAction;
using domain::EmailRecord;
using domain::EmailState;

constexpr char kSendEmail[] = "SEND_EMAIL";

const char* NameOf(EmailAction action) {
  switch (action) {
    case EmailAction::kRetry:
      return "retried";
    case EmailAction::kRelease:
      return "released";
    case EmailAction::kCancel:
      return "cancelled";
    case EmailAction::kBounce:
      return "bounced";
  }
  return "";
}

bool Queues(EmailAction action) { return action == EmailAction::kRetry || action == EmailAction::kRelease; }

// The job comes first: workers lock job, email and invoice in this order.
absl::Status PrepareJob(Core& core, store::Transaction& transaction, const std::string& id, EmailAction action) {
  if (Queues(action)) return store::Jobs(transaction).Enqueue(core.clock, {kSendEmail, id, store::Urgency::kAwaited});
  if (action == EmailAction::kCancel) return store::Emails(transaction).StopOne(id);
  return absl::OkStatus();
}

absl::Status CheckInvoice(store::Transaction& transaction, const EmailRecord& email, EmailAction action) {
  if (!Queues(action)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const domain::InvoiceRecord invoice, store::Invoices(transaction).Lock(email.invoice_id));
  if (!invoice.cancelled_at) return absl::OkStatus();
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kInvalidState,
                       "the invoice is cancelled; bill the period again and send the new invoice",
                       {{"state", std::string(domain::Name(email.state))}});
}

void TakeStep(EmailAction action, EmailState next, const std::string& reason, EmailRecord& email) {
  // The server may have the message: it is not repeated by itself a second time, and its invoice cannot be cancelled.
  if (email.state == EmailState::kUnknown) email.repeat_count = std::max(email.repeat_count, 1);
  email.state = next;
  email.next_attempt_at.reset();
  email.state_reason.clear();
  if (action == EmailAction::kRetry) email.first_attempt_at.reset();
  if (action == EmailAction::kBounce) email.state_reason = base::WithoutControlCharacters(reason);
}

std::string AuditTextOfEmail(const EmailRecord& email) {
  return store::ToJson(std::vector<std::string>{email.recipient, email.state_reason});
}

}  // namespace

absl::StatusOr<EmailWithAttempts> Emails::Get(const std::string& id) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  store::Emails emails(transaction);
  ASSIGN_OR_RETURN(EmailRecord email, emails.Get(id));
  ASSIGN_OR_RETURN(std::vector<domain::EmailAttempt> attempts, emails.Attempts(id));
  return EmailWithAttempts{std::move(email), std::move(attempts)};
}

absl::StatusOr<store::Page<EmailWithAttempts>> Emails::List(const store::EmailFilter& filter,
                                                            const store::PageRequest& page) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  store::Emails emails(transaction);
  ASSIGN_OR_RETURN(store::Page<EmailRecord> found, emails.List(filter, page));
  store::Page<EmailWithAttempts> answer;
  answer.next = std::move(found.next);
  answer.total_size = found.total_size;
  answer.total_capped = found.total_capped;
  std::vector<std::string> ids;
  for (const EmailRecord& email : found.records) ids.push_back(email.id);
  ASSIGN_OR_RETURN(auto attempts, emails.AttemptsOfAll(ids));
  for (EmailRecord& email : found.records) {
    std::vector<domain::EmailAttempt>& of_email = attempts[email.id];
    answer.records.push_back({std::move(email), std::move(of_email)});
  }
  return answer;
}

absl::StatusOr<Outcome<EmailWithAttempts>> Emails::Act(const Call& call, const std::string& id, EmailAction action,
                                                       const std::string& reason,
                                                       const Encode<EmailWithAttempts>& encode) {
  using Answer = absl::StatusOr<EmailWithAttempts>;
  return Once<EmailWithAttempts>(core_, call, encode, [&](store::Transaction& transaction) -> Answer {
    store::Emails emails(transaction);
    RETURN_IF_ERROR(PrepareJob(core_, transaction, id, action));
    ASSIGN_OR_RETURN(EmailRecord email, emails.Lock(id));
    ASSIGN_OR_RETURN(const EmailState next, domain::ApplyAction(email.state, action));
    RETURN_IF_ERROR(CheckInvoice(transaction, email, action));
    const std::string before = AuditTextOfEmail(email);
    TakeStep(action, next, reason, email);
    RETURN_IF_ERROR(emails.Update(email, core_.clock.Now()));
    RETURN_IF_ERROR(UpdateDelivery(core_, transaction, email));
    RETURN_IF_ERROR(Audit(core_, transaction, call,
                          {email.vendor_id, NameOf(action), "email", email.id, before, AuditTextOfEmail(email)}));
    EmailWithAttempts answer;
    ASSIGN_OR_RETURN(answer.email, emails.Get(id));
    ASSIGN_OR_RETURN(answer.attempts, emails.Attempts(id));
    return answer;
  });
}

absl::StatusOr<Outcome<Released>> Emails::ReleaseAll(const Call& call, const store::HeldFilter& filter,
                                                     const Encode<Released>& encode) {
  if (filter.run_id.empty() && filter.recipient.empty()) {
    return base::InvalidFields({{"runId", "a run, or a recipient"}, {"recipient", "a recipient, or a run"}});
  }
  return Once<Released>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<Released> {
    const absl::Time now = core_.clock.Now();
    store::Emails emails(transaction);
    ASSIGN_OR_RETURN(const std::vector<std::string> ids, emails.FindHeld(filter, base::kMaxEmailsReleased));
    std::vector<store::Jobs::NewJob> jobs;
    for (const std::string& id : ids) jobs.push_back({kSendEmail, id, store::Urgency::kFollowing});
    RETURN_IF_ERROR(store::Jobs(transaction).EnqueueAgain(core_.clock, jobs));
    ASSIGN_OR_RETURN(const EmailState next, domain::ApplyAction(EmailState::kHeld, EmailAction::kRelease));
    ASSIGN_OR_RETURN(const std::vector<EmailRecord> released, emails.ReleaseAll(ids, next, now));
    std::set<std::string> invoices;
    std::vector<Audited> changes;
    for (const EmailRecord& email : released) {
      if (email.recipient_role == "TO") invoices.insert(email.invoice_id);
      changes.push_back(
          {email.vendor_id, NameOf(EmailAction::kRelease), "email", email.id, "", AuditTextOfEmail(email)});
    }
    RETURN_IF_ERROR(store::Invoices(transaction).ReleaseDelivery({invoices.begin(), invoices.end()}, now));
    RETURN_IF_ERROR(AuditAll(core_, transaction, call, changes));
    ASSIGN_OR_RETURN(const int64_t remaining, emails.CountHeld(filter));
    return Released{static_cast<int>(released.size()), remaining};
  });
}

}  // namespace invoice::app
