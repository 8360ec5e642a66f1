#include "store/email_templates.h"

#include "base/status.h"
#include "store/copy_rows.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

using domain::EmailTemplate;

EmailTemplate ReadEmailTemplate(const Row& row) {
  return {.vendor_id = row.Text("vendor_id"),
          .version = row.Int("version"),
          .subject = row.Text("subject"),
          .text_body = row.Text("text_body"),
          .html_body = row.Text("html_body"),
          .created_at = row.Time("created_at")};
}

}  // namespace

absl::StatusOr<EmailTemplate> EmailTemplates::Latest(const std::string& vendor_id) {
  ASSIGN_OR_RETURN(const std::optional<Row> row,
                   transaction_.QueryRow(sql::kEmailTemplateGet, {{"vendor_id", vendor_id}}));
  return row ? ReadEmailTemplate(*row) : EmailTemplate{.vendor_id = vendor_id};
}

absl::StatusOr<std::map<std::string, EmailTemplate>> EmailTemplates::LatestOfAll(
    const std::vector<std::string>& vendor_ids) {
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(sql::kEmailTemplateGetAll, {{"vendor_ids", ArrayText(vendor_ids)}}));
  std::map<std::string, EmailTemplate> found;
  for (const Row& row : rows) found.emplace(row.Text("vendor_id"), ReadEmailTemplate(row));
  return found;
}

absl::StatusOr<std::map<std::pair<std::string, int64_t>, EmailTemplate>> EmailTemplates::GetAll(
    const Versions& versions) {
  std::map<std::pair<std::string, int64_t>, EmailTemplate> found;
  std::vector<std::string> vendors;
  std::vector<int64_t> numbers;
  for (const auto& [vendor_id, version] : versions) {
    found[{vendor_id, version}] = {.vendor_id = vendor_id, .version = version};
    if (version == 0) continue;
    vendors.push_back(vendor_id);
    numbers.push_back(version);
  }
  if (vendors.empty()) return found;
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(sql::kEmailTemplateGetVersions,
                                      {{"vendor_ids", ArrayText(vendors)}, {"versions", ArrayText(numbers)}}));
  for (const Row& row : rows) found[{row.Text("vendor_id"), row.Int("version")}] = ReadEmailTemplate(row);
  return found;
}

absl::Status EmailTemplates::Insert(const EmailTemplate& email_template, absl::Time now) {
  return transaction_
      .Execute(sql::kEmailTemplateInsert, {{"vendor_id", email_template.vendor_id},
                                           {"version", email_template.version},
                                           {"subject", email_template.subject},
                                           {"text_body", email_template.text_body},
                                           {"html_body", email_template.html_body},
                                           {"now", now}})
      .status();
}

}  // namespace invoice::store
