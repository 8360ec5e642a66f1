#include "rpc/activity.h"

#include "absl/strings/str_replace.h"
#include "absl/strings/substitute.h"
#include "fmt/format.h"
#include "rpc/convert.h"

namespace invoice::rpc {
namespace {

// The parts of a sentence: $0 the document, $1 its customer, $2 the recipient of an email, $3 why it is in its state,
// $4 the date of a run, $5 what it did.
struct Telling {
  std::string_view resource;
  std::string_view action;
  std::string_view event;
  std::string_view sentence;
};

constexpr Telling kTellings[] = {
    {"invoice", "issue", "invoice.issued", "$0 was issued to $1."},
    {"draft", "create", "draft.created", "A draft was made for $1."},
    {"draft", "update", "draft.changed", "The draft for $1 was changed."},
    {"draft", "cancel", "draft.cancelled", "The draft for $1 was cancelled."},
    {"invoice", "overdue", "invoice.overdue", "$0 of $1 is overdue."},
    {"invoice", "cancel", "invoice.cancelled", "$0 of $1 was cancelled."},
    {"invoice", "mark_sent", "invoice.sent", "$0 was handed over to $1."},
    {"invoice", "credit", "invoice.credited", "$0 of $1 was credited."},
    {"invoice", "resend", "invoice.resent", "$0 is emailed to $1 again."},
    {"invoice", "import", "invoice.imported", "$0 of $1 was taken over."},
    {"payment", "create", "payment.recorded", "A payment of $1 was recorded."},
    {"payment", "allocate", "payment.allocated", "A payment of $1 was allocated."},
    {"payment", "free", "payment.freed", "Money of $1 became free again."},
    {"payment", "reverse", "payment.reversed", "A payment of $1 was reversed."},
    {"run", "create", "run.started", "The run of $4 was started."},
    {"run", "finish", "run.finished", "The run of $4 has ended: $5."},
    {"run", "cancel", "run.cancelled", "The run of $4 was cancelled."},
    {"run", "resume", "run.resumed", "The run of $4 was resumed."},
    {"email", "sent", "email.sent", "The email with $0 was sent to $2."},
    {"email", "failed", "email.failed", "The email with $0 to $2 failed: $3."},
    {"email", "bounced", "email.bounced", "The email with $0 to $2 came back: $3."},
    {"email", "held", "email.held", "The email with $0 to $2 waits for a person: $3."},
    {"email", "unknown", "email.unknown", "Nobody knows whether the email with $0 reached $2."},
    {"email", "retried", "email.retried", "The email with $0 to $2 is sent again."},
    {"email", "released", "email.released", "The email with $0 to $2 was released."},
    {"email", "cancelled", "email.cancelled", "The email with $0 to $2 was cancelled."},
};

// A sentence inside of a sentence has no full stop and no line breaks.
std::string Clause(std::string text) {
  text = absl::StrReplaceAll(text, {{"\r", ""}, {"\n", " "}});
  while (!text.empty() && (text.back() == '.' || text.back() == ' ')) text.pop_back();
  return text.empty() ? "no reason is known" : text;
}

std::string DocumentOf(const store::ActivityRecord& record) {
  const std::string_view kind = record.of_credit_note ? "credit note" : "invoice";
  if (record.invoice_number.empty()) return record.invoice_id.empty() ? "a document" : "a draft";
  return fmt::format("{} {}", kind, record.invoice_number);
}

std::string Capitalised(std::string sentence) {
  if (!sentence.empty() && sentence[0] >= 'a' && sentence[0] <= 'z') sentence[0] = static_cast<char>(sentence[0] - 32);
  return sentence;
}

std::string Sentence(std::string_view pattern, const store::ActivityRecord& record) {
  const std::string customer = record.customer_name.empty() ? "a customer" : record.customer_name;
  const std::string did = fmt::format("{} invoiced, {} skipped, {} held, {} failed", record.invoiced_count,
                                      record.skipped_count, record.held_count, record.failed_count);
  std::string sentence =
      absl::Substitute(absl::string_view(pattern.data(), pattern.size()), DocumentOf(record), customer,
                       record.recipient, Clause(record.reason), DateText(record.run_date), did);
  if (sentence.ends_with("..")) sentence.pop_back();  // of "Ltd."
  return Capitalised(std::move(sentence));
}

}  // namespace

v1::ListActivityResponse::Activity ActivityToProto(const store::ActivityRecord& record) {
  v1::ListActivityResponse::Activity activity;
  *activity.mutable_time() = TimeOf(record.at);
  // An action that has no sentence of its own yet is still told.
  activity.set_event(fmt::format("{}.{}", record.resource, record.action));
  activity.set_message(fmt::format("{}: {} {}.", record.resource, record.action, DocumentOf(record)));
  for (const Telling& telling : kTellings) {
    if (telling.resource != record.resource || telling.action != record.action) continue;
    const bool note = record.of_credit_note && telling.action == "issue";
    activity.set_event(note ? "credit_note.issued" : std::string(telling.event));
    activity.set_message(Sentence(telling.sentence, record));
  }
  activity.set_invoice_id(record.invoice_id);
  activity.set_invoice_number(record.invoice_number);
  activity.set_customer_id(record.customer_id);
  activity.set_customer_name(record.customer_name);
  activity.set_actor(record.actor);
  return activity;
}

}  // namespace invoice::rpc
