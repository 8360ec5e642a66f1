#include "app/documents.h"

#include "base/log.h"
#include "base/secret.h"
#include "base/status.h"
#include "store/invoices.h"

namespace invoice::app {
namespace {

constexpr char kPdf[] = "application/pdf";

}  // namespace

std::string DocumentFileName(const domain::InvoiceDocument& document) {
  std::string name = document.number.empty() ? "draft" : document.number;
  for (char& c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos)
      c = '-';
  }
  return name + ".pdf";
}

// Rendering takes milliseconds and no lock; only the storing is a transaction. Where two render at once, the first
// stored wins.
absl::StatusOr<store::Blob> Documents::Get(const domain::InvoiceRecord& invoice) {
  if (!invoice.document_sha256.empty()) {
    ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
    ASSIGN_OR_RETURN(std::optional<store::Blob> blob, store::GetBlob(transaction, invoice.document_sha256));
    if (!blob) return absl::DataLossError("the stored document of an invoice is missing");
    return *std::move(blob);
  }
  ASSIGN_OR_RETURN(std::string bytes, core_.renderer.Render(invoice.document, /*logo=*/""));
  store::Blob blob{.content_type = kPdf, .bytes = std::move(bytes)};
  if (!invoice.issued_at) return blob;
  return Store(invoice.id, std::move(blob), nullptr);
}

absl::StatusOr<store::Blob> Documents::Store(const std::string& invoice_id, store::Blob blob, const store::Job* job) {
  const std::string sha256 = base::Sha256Hex(blob.bytes);
  const absl::Time now = core_.clock.Now();
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  if (job != nullptr) RETURN_IF_ERROR(store::Jobs(transaction).HoldFence(*job));
  RETURN_IF_ERROR(store::PutBlob(transaction, sha256, blob, now));
  ASSIGN_OR_RETURN(const std::string kept, store::Invoices(transaction).SetDocument(invoice_id, sha256, now));
  if (kept != sha256) {
    base::Log(base::Level::kWarning, "document_rendered_differently", {{"invoice", invoice_id}});
    ASSIGN_OR_RETURN(std::optional<store::Blob> first, store::GetBlob(transaction, kept));
    if (!first) return absl::DataLossError("the stored document of an invoice is missing");
    blob = *std::move(first);
  }
  if (job != nullptr) RETURN_IF_ERROR(store::Jobs(transaction).Finish(*job));
  RETURN_IF_ERROR(transaction.Commit());
  return blob;
}

absl::Status Documents::Run(const store::Job& job) {
  absl::StatusOr<domain::InvoiceRecord> invoice = [&]() -> absl::StatusOr<domain::InvoiceRecord> {
    ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
    return store::Invoices(transaction).Get(job.subject_id);
  }();
  if (!invoice.ok()) return invoice.status();
  if (!invoice->document_sha256.empty()) {
    ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
    RETURN_IF_ERROR(store::Jobs(transaction).Finish(job));
    return transaction.Commit();
  }
  absl::StatusOr<std::string> bytes = core_.renderer.Render(invoice->document, /*logo=*/"");
  if (bytes.ok()) return Store(invoice->id, {.content_type = kPdf, .bytes = *std::move(bytes)}, &job).status();
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  RETURN_IF_ERROR(store::Invoices(transaction)
                      .SetDocumentFault(invoice->id, std::string(bytes.status().message()), core_.clock.Now()));
  RETURN_IF_ERROR(transaction.Commit());
  return bytes.status();
}

}  // namespace invoice::app
