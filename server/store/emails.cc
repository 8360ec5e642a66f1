#include "store/emails.h"

#include "base/json.h"
#include "base/status.h"
#include "store/copy_rows.h"
#include "store/json.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

domain::EmailRecord ReadEmail(const Row& row) {
  domain::EmailRecord email;
  email.id = row.Text("id");
  email.vendor_id = row.Text("vendor_id");
  email.invoice_id = row.Text("invoice_id");
  email.invoice_number = row.OptionalText("invoice_number").value_or("");
  email.recipient = row.Text("recipient");
  email.recipient_role = row.Text("recipient_role");
  email.header_to = row.Text("header_to");
  email.header_cc = TextsFromJson(row.Text("header_cc"));
  email.template_name = row.Text("template");
  email.template_version = row.Int("template_version");
  email.resend_number = static_cast<int>(row.Int("resend_number"));
  email.resend_of = row.OptionalText("resend_of").value_or("");
  email.subject = row.Text("subject");
  email.message_id = row.Text("message_id");
  email.state = domain::Parse<domain::EmailState>(row.Text("state")).value();
  email.state_reason = row.Text("state_reason");
  email.attempt_count = static_cast<int>(row.Int("attempt_count"));
  email.repeat_count = static_cast<int>(row.Int("repeat_count"));
  email.first_attempt_at = row.OptionalTime("first_attempt_at");
  email.next_attempt_at = row.OptionalTime("next_attempt_at");
  email.sent_at = row.OptionalTime("sent_at");
  email.created_at = row.Time("created_at");
  email.updated_at = row.Time("updated_at");
  email.version = row.Int("version");
  return email;
}

domain::EmailAttempt ReadAttempt(const Row& row) {
  domain::EmailAttempt attempt;
  attempt.attempt_no = static_cast<int>(row.Int("attempt_no"));
  attempt.started_at = row.Time("started_at");
  attempt.ended_at = row.OptionalTime("ended_at");
  attempt.outcome = row.Text("outcome");
  if (!row.IsNull("reply_code")) attempt.reply_code = static_cast<int>(row.Int("reply_code"));
  attempt.reply = row.Text("reply");
  attempt.transcript = row.Text("transcript");
  return attempt;
}

absl::StatusOr<domain::EmailRecord> OneEmail(absl::StatusOr<std::optional<Row>> row, const std::string& id) {
  if (!row.ok()) return row.status();
  if (!*row) return base::NotFound("email", id);
  return ReadEmail(**row);
}

Params ColumnsOfFilter(const HeldFilter& filter) {
  return {{"run_id", NullIfEmpty(filter.run_id)}, {"recipient", NullIfEmpty(filter.recipient)}};
}

}  // namespace

absl::Status Emails::InsertAll(const std::vector<domain::EmailRecord>& emails, absl::Time now) {
  CopyRows rows;
  for (const domain::EmailRecord& email : emails) {
    rows.Add({email.id,
              email.vendor_id,
              email.invoice_id,
              NullIfEmpty(email.run_id),
              email.recipient,
              email.recipient_role,
              email.header_to,
              ToJson(email.header_cc),
              email.template_name,
              email.template_version,
              email.resend_number,
              NullIfEmpty(email.resend_of),
              email.subject,
              email.message_id,
              domain::Name(email.state),
              email.state_reason,
              email.attempt_count,
              email.repeat_count,
              now,
              now,
              email.version});
  }
  return transaction_.Copy(sql::kEmailCopy, rows.text());
}

absl::Status Emails::Update(const domain::EmailRecord& email, absl::Time now) {
  return transaction_
      .Execute(sql::kEmailUpdate, {{"id", email.id},
                                   {"state", domain::Name(email.state)},
                                   {"state_reason", email.state_reason},
                                   {"attempt_count", email.attempt_count},
                                   {"repeat_count", email.repeat_count},
                                   {"first_attempt_at", email.first_attempt_at},
                                   {"next_attempt_at", email.next_attempt_at},
                                   {"sent_at", email.sent_at},
                                   {"now", now}})
      .status();
}

absl::Status Emails::SayWhyQueued(const std::vector<std::string>& ids, const std::string& why,
                                  const std::vector<std::string>& lesser, absl::Time now) {
  return transaction_
      .Execute(sql::kEmailSayWhyQueued,
               {{"ids", ArrayText(ids)}, {"why", why}, {"lesser", ToJson(lesser)}, {"now", now}})
      .status();
}

absl::StatusOr<domain::EmailRecord> Emails::Get(const std::string& id) {
  return OneEmail(transaction_.QueryRow(sql::kEmailGet, {{"id", id}}), id);
}

absl::StatusOr<domain::EmailRecord> Emails::Lock(const std::string& id) {
  RETURN_IF_ERROR(transaction_.EnterGate("email " + id));
  return OneEmail(transaction_.QueryRow(sql::kEmailLock, {{"id", id}}), id);
}

absl::StatusOr<std::vector<domain::EmailRecord>> Emails::GetAll(const std::vector<std::string>& ids) {
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kEmailGetAll, {{"ids", ArrayText(ids)}}));
  std::vector<domain::EmailRecord> emails;
  for (const Row& row : rows) emails.push_back(ReadEmail(row));
  return emails;
}

absl::StatusOr<Page<domain::EmailRecord>> Emails::List(const EmailFilter& filter, const PageRequest& page) {
  Params params = {{"invoice_id", NullIfEmpty(filter.invoice_id)},
                   {"vendor_id", NullIfEmpty(filter.vendor_id)},
                   {"state", filter.state ? std::optional(std::string(domain::Name(*filter.state))) : std::nullopt},
                   {"recipient", NullIfEmpty(filter.recipient)}};
  if (filter.run_id.empty()) {
    return ReadPage<domain::EmailRecord>(transaction_, sql::kEmailList, sql::kEmailCount, params, page, ReadEmail);
  }
  params.emplace_back("run_id", filter.run_id);
  return ReadPage<domain::EmailRecord>(transaction_, sql::kEmailListOfRun, sql::kEmailCountOfRun, params, page,
                                       ReadEmail);
}

absl::StatusOr<std::optional<domain::EmailRecord>> Emails::FirstOfInvoice(const std::string& invoice_id) {
  ASSIGN_OR_RETURN(const std::optional<Row> row,
                   transaction_.QueryRow(sql::kEmailFirstOfInvoice, {{"invoice_id", invoice_id}}));
  return row ? std::optional(ReadEmail(*row)) : std::nullopt;
}

absl::StatusOr<int> Emails::LastResendNumber(const std::string& invoice_id) {
  ASSIGN_OR_RETURN(const std::optional<Row> row,
                   transaction_.QueryRow(sql::kEmailLastResendNumber, {{"invoice_id", invoice_id}}));
  return static_cast<int>(row->Int("last"));
}

absl::StatusOr<std::vector<domain::EmailRecord>> Emails::OfInvoice(const std::string& invoice_id) {
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kEmailListOfInvoice,
                                                       {{"invoice_id", invoice_id}, {"limit", base::kMaxPageSize}}));
  std::vector<domain::EmailRecord> emails;
  for (const Row& row : rows) emails.push_back(ReadEmail(row));
  return emails;
}

absl::StatusOr<std::vector<domain::EmailRecord>> Emails::StopOfInvoice(const std::string& invoice_id) {
  RETURN_IF_ERROR(transaction_.Execute(sql::kJobDeleteOfEmails, {{"invoice_id", invoice_id}}).status());
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kEmailLockOfInvoice, {{"invoice_id", invoice_id}}));
  std::vector<domain::EmailRecord> emails;
  for (const Row& row : rows) emails.push_back(ReadEmail(row));
  return emails;
}

absl::Status Emails::StopOne(const std::string& id) {
  return transaction_.Execute(sql::kJobDeleteOfEmail, {{"email_id", id}}).status();
}

absl::StatusOr<std::vector<std::string>> Emails::FindHeld(const HeldFilter& filter, int limit) {
  Params params = ColumnsOfFilter(filter);
  params.emplace_back("limit", limit);
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kEmailHeldFind, params));
  std::vector<std::string> ids;
  for (const Row& row : rows) ids.push_back(row.Text("id"));
  return ids;
}

absl::StatusOr<int64_t> Emails::CountHeld(const HeldFilter& filter) {
  ASSIGN_OR_RETURN(const std::optional<Row> row, transaction_.QueryRow(sql::kEmailHeldCount, ColumnsOfFilter(filter)));
  return row->Int("count");
}

absl::StatusOr<std::vector<domain::EmailRecord>> Emails::ReleaseAll(const std::vector<std::string>& ids,
                                                                    domain::EmailState state, absl::Time now) {
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(sql::kEmailReleaseAll,
                                      {{"ids", ArrayText(ids)}, {"state", domain::Name(state)}, {"now", now}}));
  std::vector<domain::EmailRecord> emails;
  for (const Row& row : rows) emails.push_back(ReadEmail(row));
  return emails;
}

absl::Status Emails::InsertAttempt(const domain::EmailRecord& email, const domain::EmailAttempt& attempt) {
  return transaction_
      .Execute(sql::kEmailAttemptInsert, {{"email_id", email.id},
                                          {"vendor_id", email.vendor_id},
                                          {"attempt_no", attempt.attempt_no},
                                          {"started_at", attempt.started_at},
                                          {"outcome", attempt.outcome},
                                          {"transcript", attempt.transcript}})
      .status();
}

absl::Status Emails::FinishAttempt(const std::string& email_id, const domain::EmailAttempt& attempt) {
  return transaction_
      .Execute(sql::kEmailAttemptFinish, {{"email_id", email_id},
                                          {"attempt_no", attempt.attempt_no},
                                          {"ended_at", attempt.ended_at},
                                          {"outcome", attempt.outcome},
                                          {"reply_code", attempt.reply_code},
                                          {"reply", attempt.reply},
                                          {"transcript", attempt.transcript}})
      .status();
}

absl::StatusOr<std::vector<domain::EmailAttempt>> Emails::Attempts(const std::string& email_id) {
  ASSIGN_OR_RETURN(auto attempts, AttemptsOfAll({email_id}));
  return std::move(attempts[email_id]);
}

absl::StatusOr<std::map<std::string, std::vector<domain::EmailAttempt>>> Emails::AttemptsOfAll(
    const std::vector<std::string>& email_ids) {
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kEmailAttemptList, {{"email_ids", ArrayText(email_ids)}}));
  std::map<std::string, std::vector<domain::EmailAttempt>> attempts;
  for (const Row& row : rows) attempts[row.Text("email_id")].push_back(ReadAttempt(row));
  return attempts;
}

absl::StatusOr<std::map<std::string, absl::Time>> Emails::Pauses(const std::vector<std::string>& configurations) {
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(sql::kSmtpPauseGetAll, {{"configurations", ArrayText(configurations)}}));
  std::map<std::string, absl::Time> pauses;
  for (const Row& row : rows) pauses[row.Text("configuration")] = row.Time("paused_until");
  return pauses;
}

absl::StatusOr<int> Emails::CountFault(const std::string& configuration, const std::string& fault, absl::Time now) {
  ASSIGN_OR_RETURN(
      const std::optional<Row> row,
      transaction_.QueryRow(sql::kSmtpPauseCount, {{"configuration", configuration}, {"fault", fault}, {"now", now}}));
  return static_cast<int>(row->Int("fault_count"));
}

absl::Status Emails::PauseUntil(const std::string& configuration, absl::Time until) {
  return transaction_.Execute(sql::kSmtpPauseUntil, {{"configuration", configuration}, {"paused_until", until}})
      .status();
}

absl::Status Emails::Unpause(const std::string& configuration) {
  return transaction_.Execute(sql::kSmtpPauseClear, {{"configuration", configuration}}).status();
}

absl::Status Emails::WakeQueued(const std::string& vendor_id) {
  RETURN_IF_ERROR(transaction_.Execute(sql::kJobWakeQueued, {{"vendor_id", NullIfEmpty(vendor_id)}}).status());
  return transaction_.Query(sql::kJobAnnounce, {}).status();
}

}  // namespace invoice::store
