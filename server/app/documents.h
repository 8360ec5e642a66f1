// The document of an issued invoice: rendered once, stored with its SHA-256, the same bytes for ever after.
// Thread-safe.
#pragma once

#include <string>

#include "app/core.h"
#include "domain/invoice_record.h"
#include "store/jobs.h"
#include "store/records.h"

namespace invoice::app {

class Documents {
 public:
  explicit Documents(Core& core) : core_(core) {}

  // The stored document; rendered and stored now where that has not happened yet. A draft is rendered and not stored.
  absl::StatusOr<store::Blob> Get(const domain::InvoiceRecord& invoice);
  // The job RENDER_DOCUMENT: the subject is the invoice. Finishes the job with its effect.
  absl::Status Run(const store::Job& job);

 private:
  absl::StatusOr<store::Blob> Store(const std::string& invoice_id, store::Blob blob, const store::Job* job);

  Core& core_;
};

// A file on its way to a client.
struct Document {
  std::string file_name;  // "INV-2026-0001.pdf"
  std::string content_type;
  std::string bytes;
};

// The PDF, with the logo that the document names. Must not be called within a transaction.
absl::StatusOr<std::string> RenderDocument(Core& core, const domain::InvoiceDocument& document);

// "INV-2026-0001.pdf"; characters that file systems refuse become dashes.
std::string DocumentFileName(const domain::InvoiceDocument& document);

}  // namespace invoice::app
