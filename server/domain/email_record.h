// An email and its attempts as they are kept. Plain data; the transitions are in domain/email_state.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "domain/kinds.h"

namespace invoice::domain {

// One message to one envelope recipient about one document.
struct EmailRecord {
  std::string id;
  std::string vendor_id;
  std::string invoice_id;
  std::string invoice_number;
  std::string run_id;                 // of the document; written once, and not read back
  std::string recipient;              // envelope
  std::string recipient_role = "TO";  // TO, CC, BCC or ARCHIVE
  std::string header_to;              // the same in all emails of one sending
  std::vector<std::string> header_cc;
  std::string template_name = "INVOICE";
  int64_t template_version = 0;  // of the vendor's template; 0: the built-in one
  int resend_number = 0;         // 0: the first sending
  std::string resend_of;         // the email this one repeats; empty: none
  std::string subject;
  std::string message_id;  // "<id@domain of the vendor>": the same however often the message is sent
  EmailState state = EmailState::kQueued;
  std::string state_reason;  // why it is in this state, for people
  int attempt_count = 0;     // times the message or its envelope was tried
  int repeat_count = 0;      // repeats after an unknown outcome
  std::optional<absl::Time> first_attempt_at;
  std::optional<absl::Time> next_attempt_at;
  std::optional<absl::Time> sent_at;
  absl::Time created_at;
  absl::Time updated_at;
  int64_t version = 1;
};

struct EmailAttempt {
  int attempt_no = 0;
  absl::Time started_at;
  std::optional<absl::Time> ended_at;  // none: in flight, or lost with its worker
  std::string outcome;
  std::optional<int> reply_code;
  std::string reply;
  std::string transcript;
};

}  // namespace invoice::domain
