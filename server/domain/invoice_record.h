// An invoice or credit note as it is kept: its content and the facts of its later life. States are computed from these
// facts (domain/states.h). Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "domain/email_record.h"
#include "domain/invoice.h"
#include "domain/kinds.h"
#include "domain/totals.h"

namespace invoice::domain {

struct InvoiceRecord {
  std::string id;
  std::string vendor_id;
  std::string customer_id;
  std::string run_id;               // empty: of a credit note, or taken over
  std::string original_invoice_id;  // of a credit note
  RunMode mode = RunMode::kQuick;
  int rounding_version = kRoundingVersion;
  InvoiceDocument document;
  std::string series_key;  // empty: a draft, or a number from elsewhere
  int64_t sequence = 0;
  std::string time_zone;    // the customer's: "today" of the state is there
  bool send_email = false;  // of a draft: to be emailed once it is issued

  absl::Time created_at;
  std::optional<absl::Time> issued_at;
  std::optional<absl::Time> cancelled_at;
  std::string cancel_reason;
  std::optional<absl::Time> sent_at;
  std::string sent_note;                 // how it was handed over by post or portal
  std::optional<absl::Time> overdue_at;  // when it was first noticed to be overdue
  int64_t paid_minor = 0;
  int64_t credited_minor = 0;
  Delivery delivery = Delivery::kNone;
  std::string document_sha256;  // empty: not rendered yet
  std::string document_fault;   // why it could not be rendered; empty: no fault
  int64_t version = 1;
  absl::Time updated_at;
  std::vector<EmailRecord> emails;  // latest sending first; where they were read too
};

}  // namespace invoice::domain
