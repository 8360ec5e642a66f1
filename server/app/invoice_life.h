// Use cases of an invoice that is there: cancelling it, recording that it was handed over. Thread-safe.
#pragma once

#include <string>

#include "app/call.h"
#include "app/core.h"
#include "domain/invoice_record.h"

namespace invoice::app {

// One invoice, by its id and the version the caller saw (empty: any), with what is written down about the step.
struct InvoiceStep {
  std::string id;
  std::string etag;
  std::string text;  // the reason or the note
};

class InvoiceLife {
 public:
  explicit InvoiceLife(Core& core) : core_(core) {}

  // Emails that are not sent yet are cancelled with it, and its days are free again.
  absl::StatusOr<Outcome<domain::InvoiceRecord>> Cancel(const Call& call, const InvoiceStep& step,
                                                        const Encode<domain::InvoiceRecord>& encode);
  // Marking again replaces the note.
  absl::StatusOr<Outcome<domain::InvoiceRecord>> MarkSent(const Call& call, const InvoiceStep& step,
                                                          const Encode<domain::InvoiceRecord>& encode);

 private:
  Core& core_;
};

}  // namespace invoice::app
