// A batch of email jobs, read in one transaction and sorted by what is to be done with each.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "app/core.h"
#include "domain/email_record.h"
#include "domain/email_template.h"
#include "domain/invoice_record.h"
#include "store/jobs.h"
#include "store/records.h"

namespace invoice::app {

// One try: the email as it was read, its message, and the number the attempt was written down with.
struct EmailAttempt {
  store::Job job;
  domain::EmailRecord email;
  const MailRoute* route = nullptr;    // of the batch
  domain::InvoiceRecord invoice;       // without lines and taxes where its document is stored
  domain::EmailTemplate own_template;  // the version that the email was queued with
  std::optional<store::Blob> blob;     // none: large, not rendered yet, or not what it should be
  absl::Time started_at;
  std::string mime;
  int attempt_no = 0;
  bool written = false;  // the hand-over is committed
};

struct DeliveryBatch {
  std::map<std::string, MailRoute> routes;   // by vendor
  std::map<std::string, absl::Time> pauses;  // by configuration
  std::vector<EmailAttempt> ready;
  std::vector<store::Job> lost;     // handed over by a worker that died
  std::vector<store::Job> ended;    // put off, or nothing was left to do: written already
  std::vector<store::Job> unknown;  // without an email
};

// Writes to the emails of the jobs that they wait for the rate of their configuration.
absl::Status SayThatTurnsAreAwaited(store::Transaction& transaction, const std::vector<store::Job>& jobs,
                                    absl::Time now);

// Ends what is not to be sent now; an email that has to wait says why.
absl::StatusOr<DeliveryBatch> ReadBatch(Core& core, const std::vector<store::Job>& jobs);

}  // namespace invoice::app
