// Use cases of emails: reading them, and what a person does with those that are held or whose way ended. Sending is
// background work (app/delivery.h). Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "app/call.h"
#include "app/core.h"
#include "domain/email_record.h"
#include "domain/email_state.h"
#include "store/emails.h"

namespace invoice::app {

struct EmailWithAttempts {
  domain::EmailRecord email;
  std::vector<domain::EmailAttempt> attempts;
};

struct Released {
  int released_count = 0;
  int64_t remaining_count = 0;  // still HELD
};

class Emails {
 public:
  explicit Emails(Core& core) : core_(core) {}

  absl::StatusOr<EmailWithAttempts> Get(const std::string& id);
  // Newest first.
  absl::StatusOr<store::Page<EmailWithAttempts>> List(const store::EmailFilter& filter, const store::PageRequest& page);

  // Takes the step that domain::ApplyAction allows. A retry is the same message again, with 24 hours before it;
  // `reason` is what a returned message says.
  absl::StatusOr<Outcome<EmailWithAttempts>> Act(const Call& call, const std::string& id, domain::EmailAction action,
                                                 const std::string& reason, const Encode<EmailWithAttempts>& encode);
  // Queues the oldest base::kMaxEmailsReleased of the HELD emails that match; INVALID_ARGUMENT without a filter.
  absl::StatusOr<Outcome<Released>> ReleaseAll(const Call& call, const store::HeldFilter& filter,
                                               const Encode<Released>& encode);

 private:
  Core& core_;
};

}  // namespace invoice::app
