// The check of a document's texts (pdf::InvoiceRenderer::CheckText) for use cases that decide inside a transaction. A
// long document may take a second to lay out, so it is put off: the transaction is rolled back, the document is laid
// out without locks and without a session, and the transaction runs again. Verdicts are kept by content, so what was
// changed meanwhile is checked anew. Not thread-safe; one object belongs to one call or one job.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "app/once.h"
#include "base/limits.h"
#include "domain/invoice.h"
#include "pdf/renderer.h"

namespace invoice::app {

// Whether the check of a document may take more than a few milliseconds.
bool IsLong(const domain::InvoiceDocument& document);

class TextChecks {
 public:
  // Keeps at most `most_kept` documents to lay out at a time; further ones are put off again.
  explicit TextChecks(pdf::InvoiceRenderer& renderer, size_t most_kept = base::kMaxPendingLayouts)
      : renderer_(renderer), most_kept_(most_kept) {}

  // The status of CheckText. For a long document without a verdict it returns a status of IsPutOff(). Safe inside a
  // transaction.
  absl::Status Check(const domain::InvoiceDocument& document);
  static bool IsPutOff(const absl::Status& status);

  // Lays out the kept documents until `latest`, at least one. Must be called without an open transaction.
  void LayOut(absl::Time latest = absl::InfiniteFuture());

 private:
  pdf::InvoiceRenderer& renderer_;
  const size_t most_kept_;
  std::map<std::string, absl::Status> verdicts_;         // by digest
  std::map<std::string, domain::InvoiceDocument> kept_;  // by digest
};

// Once() with a body that checks long documents: runs again after each layout, until the call's time is over;
// DEADLINE_EXCEEDED then.
template <typename Result>
absl::StatusOr<Outcome<Result>> OnceChecked(
    Core& core, const Call& call, const Encode<Result>& encode,
    const std::function<absl::StatusOr<Result>(store::Transaction&, TextChecks&)>& body) {
  TextChecks checks(core.renderer);
  const absl::Time latest = std::min(call.deadline, absl::Now() + base::kMaxDeadline);
  while (true) {
    absl::StatusOr<Outcome<Result>> outcome =
        Once<Result>(core, call, encode, [&](store::Transaction& transaction) { return body(transaction, checks); });
    if (outcome.ok() || !TextChecks::IsPutOff(outcome.status())) return outcome;
    if (absl::Now() >= latest) {
      return base::Failure(absl::StatusCode::kDeadlineExceeded, base::Reason::kDeadlineExceeded,
                           "laying out long documents took too long");
    }
    checks.LayOut(latest);
  }
}

}  // namespace invoice::app
