// Rows of emails, their attempts, and the pauses of SMTP configurations. Belongs to the transaction it was made with.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/email_record.h"
#include "store/database.h"
#include "store/jobs.h"
#include "store/page.h"

namespace invoice::store {

struct EmailFilter {
  std::string invoice_id;  // empty: of all
  std::string vendor_id;
  std::optional<domain::EmailState> state;
  std::string recipient;  // whole address, case ignored
};

// HELD emails; at least one field is given.
struct HeldFilter {
  std::string run_id;     // of the documents; empty: of all
  std::string recipient;  // whole address, case ignored; empty: to all
};

// An email that a worker is about to hand over, and the job that it does so by.
struct HandOver {
  Job job;  // its subject is the email
  absl::Time started_at;
};

// An email that a mail server took.
struct Acceptance {
  Job job;
  int attempt_no = 0;
  absl::Time ended_at;
  int reply_code = 0;
  std::string reply;
  std::string transcript;
};

struct SentEmail {
  std::string id;
  std::string vendor_id;
  std::string recipient;
};

class Emails {
 public:
  explicit Emails(Transaction& transaction) : transaction_(transaction) {}

  absl::Status InsertAll(const std::vector<domain::EmailRecord>& emails, absl::Time now);
  // Writes state, counts and times; the row must be locked by this transaction.
  absl::Status Update(const domain::EmailRecord& email, absl::Time now);
  // NOT_FOUND where there is none.
  absl::StatusOr<domain::EmailRecord> Get(const std::string& id);
  absl::StatusOr<domain::EmailRecord> Lock(const std::string& id);
  // In no order; those that are not there are left out.
  absl::StatusOr<std::vector<domain::EmailRecord>> GetAll(const std::vector<std::string>& ids);
  // Newest first.
  absl::StatusOr<Page<domain::EmailRecord>> List(const EmailFilter& filter, const PageRequest& page);
  // The To email of the invoice's first sending; nothing where it was never sent.
  absl::StatusOr<std::optional<domain::EmailRecord>> FirstOfInvoice(const std::string& invoice_id);
  // The highest resend number of the invoice's emails; -1 where there are none.
  absl::StatusOr<int> LastResendNumber(const std::string& invoice_id);
  // The emails about the invoice, the latest sending first and in it the To email first; at most base::kMaxPageSize.
  absl::StatusOr<std::vector<domain::EmailRecord>> OfInvoice(const std::string& invoice_id);

  // Deletes the jobs that would send emails about the invoice, and locks these emails. To be called before the invoice
  // is locked: workers take job, email and invoice in this order.
  absl::StatusOr<std::vector<domain::EmailRecord>> StopOfInvoice(const std::string& invoice_id);

  // Deletes the job that would send the email; called before it is locked, as StopOfInvoice() is.
  absl::Status StopOne(const std::string& id);

  // Ids, oldest first.
  absl::StatusOr<std::vector<std::string>> FindHeld(const HeldFilter& filter, int limit);
  absl::StatusOr<int64_t> CountHeld(const HeldFilter& filter);
  // Writes the state that releasing leads to, into those that are still HELD; they are the answer.
  absl::StatusOr<std::vector<domain::EmailRecord>> ReleaseAll(const std::vector<std::string>& ids,
                                                              domain::EmailState state, absl::Time now);

  absl::Status InsertAttempt(const domain::EmailRecord& email, const domain::EmailAttempt& attempt);
  absl::Status FinishAttempt(const std::string& email_id, const domain::EmailAttempt& attempt);
  // Writes that the emails are handed over; the answer is {email: number of the attempt} of those that were still
  // queued and whose job is still this worker's.
  absl::StatusOr<std::map<std::string, int>> HandOverAll(const std::vector<HandOver>& emails, absl::Time now);
  // Writes that they were taken, to the emails, their invoices and attempts, and finishes their jobs; those that were
  // written.
  absl::StatusOr<std::vector<SentEmail>> AcceptAll(const std::vector<Acceptance>& emails, absl::Time now);
  absl::StatusOr<std::vector<domain::EmailAttempt>> Attempts(const std::string& email_id);

  // The time until which the configuration is paused, where it is.
  absl::StatusOr<std::optional<absl::Time>> PausedUntil(const std::string& configuration);
  // {configuration: until} of those that are, or were, paused since their last success.
  absl::StatusOr<std::map<std::string, absl::Time>> Pauses(const std::vector<std::string>& configurations);
  // When the rate limit of the configuration lets the next message go; `now` at its first use. Locked until the end of
  // the transaction.
  absl::StatusOr<absl::Time> LockNextSend(const std::string& configuration, absl::Time now);
  absl::Status SetNextSend(const std::string& configuration, absl::Time next_send_at);
  // Counts one more fault of the configuration's sessions; the answer is how many in a row.
  absl::StatusOr<int> CountFault(const std::string& configuration, const std::string& fault, absl::Time now);
  absl::Status PauseUntil(const std::string& configuration, absl::Time until);
  absl::Status Unpause(const std::string& configuration);

 private:
  Transaction& transaction_;
};

}  // namespace invoice::store
