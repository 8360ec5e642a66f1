// Use cases of emails that are read. Sending is background work (app/delivery.h). Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "app/core.h"
#include "domain/email_record.h"
#include "store/emails.h"

namespace invoice::app {

struct EmailWithAttempts {
  domain::EmailRecord email;
  std::vector<domain::EmailAttempt> attempts;
};

class Emails {
 public:
  explicit Emails(Core& core) : core_(core) {}

  absl::StatusOr<EmailWithAttempts> Get(const std::string& id);
  // Newest first.
  absl::StatusOr<store::Page<EmailWithAttempts>> List(const store::EmailFilter& filter, const store::PageRequest& page);

 private:
  Core& core_;
};

}  // namespace invoice::app
