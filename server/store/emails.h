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
  std::string run_id;     // of the documents
};

// HELD emails; at least one field is given.
struct HeldFilter {
  std::string run_id;     // of the documents; empty: of all
  std::string recipient;  // whole address, case ignored; empty: to all
};

class Emails {
 public:
  explicit Emails(Transaction& transaction) : transaction_(transaction) {}

  absl::Status InsertAll(const std::vector<domain::EmailRecord>& emails, absl::Time now);
  // Writes state, counts and times; the row must be locked by this transaction.
  absl::Status Update(const domain::EmailRecord& email, absl::Time now);
  // Writes the reason to those that are QUEUED and say nothing, or one of `lesser`.
  absl::Status SayWhyQueued(const std::vector<std::string>& ids, const std::string& why,
                            const std::vector<std::string>& lesser, absl::Time now);
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
  absl::StatusOr<std::vector<domain::EmailAttempt>> Attempts(const std::string& email_id);
  // By email; one that was never tried is not there.
  absl::StatusOr<std::map<std::string, std::vector<domain::EmailAttempt>>> AttemptsOfAll(
      const std::vector<std::string>& email_ids);

  // {configuration: until} of those that are, or were, paused since their last success.
  absl::StatusOr<std::map<std::string, absl::Time>> Pauses(const std::vector<std::string>& configurations);
  // Counts one more fault of the configuration's sessions; the answer is how many in a row.
  absl::StatusOr<int> CountFault(const std::string& configuration, const std::string& fault, absl::Time now);
  absl::Status PauseUntil(const std::string& configuration, absl::Time until);
  absl::Status Unpause(const std::string& configuration);
  // Emails of the vendor, or of all where it is empty, that wait for their configuration are due at once.
  absl::Status WakeQueued(const std::string& vendor_id);

 private:
  Transaction& transaction_;
};

}  // namespace invoice::store
