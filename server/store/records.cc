#include "store/records.h"

#include "base/encoding.h"
#include "base/secret.h"
#include "base/status.h"
#include "store/copy_rows.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

Params KeyParams(const IdempotencyKey& key) {
  return {{"actor_id", key.actor_id}, {"method", key.method}, {"key", key.key}};
}

Blob ReadBlob(const Row& row) { return {.content_type = row.Text("content_type"), .bytes = row.Text("bytes")}; }

std::string Bytes(const std::string& hex) { return base::HexDecode(hex).value_or(""); }

}  // namespace

absl::Status InsertAuditEvents(Transaction& transaction, const std::vector<AuditEvent>& events, absl::Time now) {
  CopyRows rows;
  for (const AuditEvent& event : events) {
    rows.Add({event.id, NullIfEmpty(event.vendor_id), now, event.actor_id, event.actor_name, event.action,
              event.resource, event.resource_id, event.request_id, event.remote, NullIfEmpty(event.before),
              NullIfEmpty(event.after)});
  }
  return transaction.Copy(sql::kAuditEventCopy, rows.text());
}

absl::StatusOr<bool> IdempotencyKeys::Take(const IdempotencyKey& key, const std::string& digest, absl::Time now) {
  Params params = KeyParams(key);
  params.emplace_back("digest", digest);
  params.emplace_back("now", now);
  ASSIGN_OR_RETURN(const int64_t taken, transaction_.Execute(sql::kIdempotencyKeyTake, params));
  return taken == 1;
}

absl::StatusOr<std::optional<KeptAnswer>> IdempotencyKeys::Get(const IdempotencyKey& key, absl::Time oldest) {
  Params params = KeyParams(key);
  params.emplace_back("oldest", oldest);
  ASSIGN_OR_RETURN(const std::optional<Row> row, transaction_.QueryRow(sql::kIdempotencyKeyGet, params));
  if (!row) return std::optional<KeptAnswer>();
  KeptAnswer kept{.digest = row->Text("digest"), .expired = row->Bool("expired")};
  if (!row->IsNull("answer")) kept.answer = Bytes(row->Text("answer"));
  return std::optional(kept);
}

absl::Status IdempotencyKeys::KeepAnswer(const IdempotencyKey& key, const std::string& digest,
                                         const std::string& answer, absl::Time now) {
  Params params = KeyParams(key);
  params.emplace_back("digest", digest);
  params.emplace_back("answer", base::HexEncode(answer));
  params.emplace_back("now", now);
  return transaction_.Execute(sql::kIdempotencyKeyAnswer, params).status();
}

absl::StatusOr<int64_t> IdempotencyKeys::Expire(absl::Time oldest, int64_t limit) {
  return transaction_.Execute(sql::kIdempotencyKeyExpire, {{"oldest", oldest}, {"limit", limit}});
}

absl::Status PutBlob(Transaction& transaction, const std::string& sha256, const Blob& blob, absl::Time now) {
  return transaction
      .Execute(sql::kBlobInsert, {{"sha256", sha256},
                                  {"content_type", blob.content_type},
                                  {"bytes", base::HexEncode(blob.bytes)},
                                  {"now", now}})
      .status();
}

absl::StatusOr<std::optional<Blob>> GetBlob(Transaction& transaction, const std::string& sha256) {
  ASSIGN_OR_RETURN(Rows rows, transaction.QueryBytes(sql::kBlobGet, sha256));
  if (rows.empty()) return std::optional<Blob>();
  Blob blob = ReadBlob(rows.front());
  if (base::Sha256Hex(blob.bytes) != sha256) return absl::DataLossError("a stored file does not have its SHA-256");
  return std::optional(std::move(blob));
}

absl::StatusOr<std::map<std::string, Blob>> GetSmallBlobs(Transaction& transaction,
                                                          const std::vector<std::string>& sha256s) {
  ASSIGN_OR_RETURN(const Rows rows, transaction.QueryBytes(sql::kBlobGetSmall, ArrayText(sha256s)));
  std::map<std::string, Blob> blobs;
  for (const Row& row : rows) {
    Blob blob = ReadBlob(row);
    if (base::Sha256Hex(blob.bytes) == row.Text("sha256")) blobs.emplace(row.Text("sha256"), std::move(blob));
  }
  return blobs;
}

absl::Status PutLogoForm(Transaction& transaction, const std::string& logo_sha256, const Blob& form, absl::Time now) {
  const std::string form_sha256 = base::Sha256Hex(form.bytes);
  RETURN_IF_ERROR(PutBlob(transaction, form_sha256, form, now));
  return transaction
      .Execute(sql::kLogoFormInsert, {{"logo_sha256", logo_sha256}, {"form_sha256", form_sha256}, {"now", now}})
      .status();
}

absl::StatusOr<std::optional<Blob>> GetLogoForm(Transaction& transaction, const std::string& logo_sha256) {
  ASSIGN_OR_RETURN(Rows rows, transaction.QueryBytes(sql::kLogoFormGet, logo_sha256));
  if (rows.empty()) return std::optional<Blob>();
  Blob form = ReadBlob(rows.front());
  if (base::Sha256Hex(form.bytes) != rows.front().Text("sha256")) {
    return absl::DataLossError("a stored file does not have its SHA-256");
  }
  return std::optional(std::move(form));
}

}  // namespace invoice::store
