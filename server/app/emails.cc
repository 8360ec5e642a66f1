#include "app/emails.h"

#include "base/status.h"

namespace invoice::app {

absl::StatusOr<EmailWithAttempts> Emails::Get(const std::string& id) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  store::Emails emails(transaction);
  ASSIGN_OR_RETURN(domain::EmailRecord email, emails.Get(id));
  ASSIGN_OR_RETURN(std::vector<domain::EmailAttempt> attempts, emails.Attempts(id));
  return EmailWithAttempts{std::move(email), std::move(attempts)};
}

absl::StatusOr<store::Page<EmailWithAttempts>> Emails::List(const store::EmailFilter& filter,
                                                            const store::PageRequest& page) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  store::Emails emails(transaction);
  ASSIGN_OR_RETURN(store::Page<domain::EmailRecord> found, emails.List(filter, page));
  store::Page<EmailWithAttempts> answer;
  answer.next = std::move(found.next);
  answer.total_size = found.total_size;
  answer.total_capped = found.total_capped;
  for (domain::EmailRecord& email : found.records) {
    ASSIGN_OR_RETURN(std::vector<domain::EmailAttempt> attempts, emails.Attempts(email.id));
    answer.records.push_back({std::move(email), std::move(attempts)});
  }
  return answer;
}

}  // namespace invoice::app
