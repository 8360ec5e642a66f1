// The issuing step all ways of generation share: claims the days, takes the number, writes the invoice, its run, its
// emails and jobs, in the caller's transaction. The customer is locked by it. Not a use case: rpc/ and jobs/ do not
// call it.
#pragma once

#include <string>
#include <vector>

#include "app/call.h"
#include "app/core.h"
#include "domain/generation.h"
#include "domain/invoice_record.h"
#include "store/database.h"

namespace invoice::app {

struct IssueInput {
  const domain::Vendor& vendor;
  const domain::Customer& customer;
  std::string run_id;
  domain::RunMode mode = domain::RunMode::kQuick;
  bool send_email = false;
};

// Issues one draft. ALREADY_EXISTS, PERIOD_ALREADY_INVOICED, with the other invoice's id and number where a day is
// taken. Everything that could fail later is checked before the number is taken: the fonts, the recipients.
absl::StatusOr<domain::InvoiceRecord> Issue(Core& core, store::Transaction& transaction, const IssueInput& input,
                                            const domain::InvoiceDocument& document);

// Queues the emails of one sending: To the recipient, one more to each CC. The answer is the To one.
struct SendingInput {
  const domain::InvoiceRecord& invoice;
  std::string to;
  std::vector<std::string> cc;
  int resend_number = 0;
  std::string resend_of;
};
absl::StatusOr<std::vector<domain::EmailRecord>> QueueEmails(Core& core, store::Transaction& transaction,
                                                             const SendingInput& input);

}  // namespace invoice::app
