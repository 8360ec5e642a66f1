// The use case of credit notes. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/call.h"
#include "app/core.h"
#include "app/invoices.h"
#include "domain/credit_note.h"
#include "domain/invoice_record.h"

namespace invoice::app {

struct CreditNoteInput {
  std::string invoice_id;
  std::string reason;
  std::vector<domain::CreditLine> lines;  // empty: all that remains
  std::optional<absl::CivilDay> date;     // none: today, but not before the invoice's
  bool send_email = false;
};

class CreditNotes {
 public:
  explicit CreditNotes(Core& core) : core_(core) {}

  // Issues a credit note. What payments paid beyond what is then left to pay is free again; where nothing of the
  // invoice remains, so are its days.
  absl::StatusOr<Outcome<IssuedInvoice>> Create(const Call& call, const CreditNoteInput& input,
                                                const Encode<IssuedInvoice>& encode);

 private:
  Core& core_;
};

}  // namespace invoice::app
