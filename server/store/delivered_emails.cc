#include "store/delivered_emails.h"

#include "base/json.h"
#include "base/status.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

nlohmann::json KeysOf(const Job& job) {
  return {{"job_id", job.id}, {"fence", job.attempt}, {"email_id", job.subject_id}};
}

std::string EmailsToJson(const std::vector<HandOver>& emails) {
  nlohmann::json rows = nlohmann::json::array();
  for (const HandOver& email : emails) {
    rows.push_back(KeysOf(email.job));
    rows.back()["started_at"] = ToText(email.started_at);
  }
  return rows.dump();
}

// A reply that is no UTF-8 would be no JSON: what cannot be read is replaced.
std::string EmailsToJson(const std::vector<Acceptance>& emails) {
  nlohmann::json rows = nlohmann::json::array();
  for (const Acceptance& email : emails) {
    rows.push_back(KeysOf(email.job));
    rows.back().update({{"attempt_no", email.attempt_no},
                        {"ended_at", ToText(email.ended_at)},
                        {"code", email.reply_code},
                        {"reply", email.reply},
                        {"transcript", email.transcript},
                        {"event_id", email.event_id}});
  }
  return rows.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

absl::StatusOr<AttemptNumbers> Numbers(const absl::StatusOr<Rows>& rows) {
  RETURN_IF_ERROR(rows.status());
  AttemptNumbers numbers;
  for (const Row& row : *rows) numbers[row.Text("email_id")] = static_cast<int>(row.Int("attempt_no"));
  return numbers;
}

}  // namespace

absl::StatusOr<AttemptNumbers> HandOverAll(Database& database, const std::vector<HandOver>& emails, absl::Time now) {
  return Numbers(database.QueryAlone(sql::kEmailHandOverAll, {{"rows", EmailsToJson(emails)}, {"now", now}}));
}

absl::StatusOr<AttemptNumbers> AcceptAll(Database& database, const std::vector<Acceptance>& emails,
                                         const std::string& actor_id, const std::string& actor_name, absl::Time now) {
  return Numbers(database.QueryAlone(
      sql::kEmailAcceptAll,
      {{"rows", EmailsToJson(emails)}, {"now", now}, {"actor_id", actor_id}, {"actor_name", actor_name}}));
}

}  // namespace invoice::store
