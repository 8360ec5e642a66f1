#include "store/email_guards.h"

#include "base/json.h"
#include "base/status.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

using Json = nlohmann::json;

std::string DemandsOf(const EmailGuards::Counts& counts, const char* first, const char* second) {
  Json demands = Json::array();
  for (const auto& [key, count] : counts) {
    demands.push_back({{first, key.first}, {second, key.second}, {"email_count", count}});
  }
  return demands.dump();
}

EmailGuards::Counts ReadCounts(const Rows& rows, const char* first, const char* second) {
  EmailGuards::Counts counts;
  for (const Row& row : rows) {
    counts[{row.Text(first), row.Text(second)}] = static_cast<int>(row.Int("email_count"));
  }
  return counts;
}

}  // namespace

absl::StatusOr<EmailGuards::Counts> EmailGuards::CountOfRuns(const Counts& more) {
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kEmailRunCountAll,
                                                       {{"demands", DemandsOf(more, "run_id", "configuration")}}));
  return ReadCounts(rows, "run_id", "configuration");
}

absl::StatusOr<EmailGuards::Counts> EmailGuards::CountOfRecipients(const Counts& more, absl::CivilDay today) {
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(sql::kEmailRecipientCountAll,
                                      {{"demands", DemandsOf(more, "vendor_id", "recipient")}, {"today", today}}));
  return ReadCounts(rows, "vendor_id", "recipient");
}

}  // namespace invoice::store
