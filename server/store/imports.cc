#include "store/imports.h"

#include "base/json.h"
#include "base/status.h"
#include "store/json.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

using Json = nlohmann::json;

std::string RowsJson(const std::vector<domain::ImportRow>& rows) {
  Json list = Json::array();
  for (const domain::ImportRow& row : rows) {
    Json warnings = Json::array();
    for (const domain::Warning& warning : row.warnings) {
      warnings.push_back({{"code", warning.code}, {"message", warning.message}});
    }
    list.push_back({{"line", row.line},
                    {"name", row.name},
                    {"customer", row.customer},
                    {"content", row.content.empty() ? Json::object() : Json::parse(row.content)},
                    {"faults", row.faults},
                    {"warnings", std::move(warnings)}});
  }
  return list.dump();
}

domain::ImportRow ReadRow(const Row& row) {
  domain::ImportRow read{.line = static_cast<int>(row.Int("line")),
                         .name = row.Text("name"),
                         .customer = row.Text("customer"),
                         .content = row.Text("content"),
                         .faults = TextsFromJson(row.Text("faults"))};
  for (const Json& warning : Json::parse(row.Text("warnings"))) {
    read.warnings.push_back({.code = warning.at("code"), .message = warning.at("message")});
  }
  return read;
}

}  // namespace

absl::Status Imports::Insert(const domain::ImportRecord& import) {
  RETURN_IF_ERROR(transaction_
                      .Execute(sql::kImportInsert, {{"id", import.id},
                                                    {"vendor_id", import.vendor_id},
                                                    {"kind", domain::Name(import.kind)},
                                                    {"row_count", static_cast<int64_t>(import.rows.size())},
                                                    {"faulty_count", import.faulty_count},
                                                    {"now", import.created_at},
                                                    {"expires_at", import.expires_at}})
                      .status());
  return transaction_
      .Execute(sql::kImportRowsInsert,
               {{"import_id", import.id}, {"vendor_id", import.vendor_id}, {"rows", RowsJson(import.rows)}})
      .status();
}

absl::StatusOr<domain::ImportRecord> Imports::Lock(const std::string& id) {
  ASSIGN_OR_RETURN(const std::optional<Row> row, transaction_.QueryRow(sql::kImportLock, {{"id", id}}));
  if (!row) return base::NotFound("import", id);
  return domain::ImportRecord{.id = row->Text("id"),
                              .vendor_id = row->Text("vendor_id"),
                              .kind = domain::Parse<domain::ImportKind>(row->Text("kind")).value(),
                              .faulty_count = static_cast<int>(row->Int("faulty_count")),
                              .created_at = row->Time("created_at"),
                              .expires_at = row->Time("expires_at"),
                              .executed_at = row->OptionalTime("executed_at")};
}

absl::StatusOr<std::vector<domain::ImportRow>> Imports::Rows(const std::string& id) {
  ASSIGN_OR_RETURN(const store::Rows rows, transaction_.Query(sql::kImportRowsList, {{"import_id", id}}));
  std::vector<domain::ImportRow> read;
  for (const Row& row : rows) read.push_back(ReadRow(row));
  return read;
}

absl::Status Imports::SetExecuted(const std::string& id, absl::Time now) {
  return transaction_.Execute(sql::kImportSetExecuted, {{"id", id}, {"now", now}}).status();
}

absl::Status Imports::Expire(absl::Time now, int64_t limit) {
  return transaction_.Execute(sql::kImportExpire, {{"now", now}, {"limit", limit}}).status();
}

}  // namespace invoice::store
