#include "app/smtp_trials.h"

#include <algorithm>
#include <optional>

#include "app/once.h"
#include "base/id.h"
#include "base/log.h"
#include "mail/address.h"
#include "mail/message.h"
#include "store/json.h"
#include "store/records.h"
#include "store/smtp_configurations.h"
#include "store/vendors.h"

namespace invoice::app {
namespace {

using mail::TestReport;

// Of the call's time, kept for what comes after the dialogue.
constexpr absl::Duration kAfterDialogue = absl::Milliseconds(500);

// One of the few places.
class Place {
 public:
  explicit Place(std::atomic<int>& running) : running_(running), number_(++running) {}
  ~Place() { --running_; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  bool free() const { return number_ <= base::kMaxSmtpTests; }

 private:
  std::atomic<int>& running_;
  const int number_;
};

// What is kept with an idempotency key until the test has ended.
TestReport Begun() {
  return {.problem =
              "A test with this Idempotency-Key was begun and its result is not known: look whether its message "
              "has arrived, and test again with another key."};
}

// What a test needs of the database.
struct TrialSubject {
  MailRoute route;
  std::string vendor_id;  // empty: of no vendor
  std::string name;
  std::string sender_name;
};

absl::StatusOr<TrialSubject> Find(const Core& core, store::Transaction& transaction, const std::string& id) {
  ASSIGN_OR_RETURN(const domain::SmtpConfiguration configuration, store::SmtpConfigurations(transaction).Get(id));
  TrialSubject subject{.route = core.mail_routes.Through(configuration),
                       .vendor_id = configuration.vendor_id,
                       .name = configuration.name,
                       .sender_name = configuration.from_name};
  if (subject.sender_name.empty() && !configuration.vendor_id.empty()) {
    ASSIGN_OR_RETURN(const domain::Vendor vendor, store::Vendors(transaction).Get(configuration.vendor_id));
    subject.sender_name = vendor.name;
  }
  return subject;
}

absl::StatusOr<mail::TestMessage> MessageTo(const Core& core, const TrialSubject& subject,
                                            const std::string& recipient) {
  const std::string& sender = subject.route.from_address;
  mail::MailMessage message;
  message.from = {.name = subject.sender_name, .address = sender};
  message.to = {.name = "", .address = recipient};
  message.subject = "Test of " + subject.name;
  message.text_body = "This message tests how email is sent. It arrived, so it works: there is nothing to do.\n";
  message.message_id = mail::MessageIdOf(base::NewId(core.clock), sender);
  message.date = core.clock.Now();
  ASSIGN_OR_RETURN(std::string mime, mail::BuildMime(message));
  return mail::TestMessage{.envelope = {.mail_from = sender, .rcpt_to = recipient}, .mime = std::move(mime)};
}

absl::StatusOr<TestReport> Talk(const Core& core, const Call& call, const TrialSubject& subject,
                                const std::string& recipient) {
  if (!subject.route.fault.empty()) return TestReport{.problem = subject.route.fault};
  std::optional<mail::TestMessage> message;
  if (!recipient.empty()) {
    ASSIGN_OR_RETURN(message, MessageTo(core, subject, recipient));
  }
  const absl::Duration left = std::max(absl::ZeroDuration(), call.deadline - absl::Now() - kAfterDialogue);
  return mail::ReportOf(subject.route.smtp, mail::SendTest(subject.route.smtp, message, left));
}

absl::Status Keep(const Core& core, const Call& call, const std::string& answer) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core.database.Begin());
  const store::IdempotencyKey key{call.actor.id, call.method, call.idempotency_key};
  RETURN_IF_ERROR(
      store::IdempotencyKeys(transaction).KeepAnswer(key, call.idempotency_digest, answer, core.clock.Now()));
  return transaction.Commit();
}

}  // namespace

absl::StatusOr<Outcome<TestReport>> SmtpTrials::Test(const Call& call, const std::string& id,
                                                     const std::string& recipient, const Encode<TestReport>& encode) {
  std::optional<Place> place;
  TrialSubject subject;
  ASSIGN_OR_RETURN(
      Outcome<TestReport> outcome,
      Once<TestReport>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<TestReport> {
        place.emplace(running_);
        if (!place->free()) {
          return base::Unavailable(base::Reason::kOverloaded, "too many SMTP configurations are being tested",
                                   base::kRetryAfterOverload);
        }
        ASSIGN_OR_RETURN(subject, Find(core_, transaction, id));
        RETURN_IF_ERROR(Audit(
            core_, transaction, call,
            {subject.vendor_id, "test", "smtpConfig", id, "", store::ToJson(std::vector<std::string>{recipient})}));
        return Begun();
      }));
  if (outcome.replayed) return outcome;
  ASSIGN_OR_RETURN(outcome.result, Talk(core_, call, subject, recipient));
  base::Log(base::Level::kInfo, "smtp_config_tested",
            {{"configuration", id}, {"success", outcome.result.success}, {"problem", outcome.result.problem}});
  if (call.idempotency_key.empty()) return outcome;
  if (const absl::Status kept = Keep(core_, call, encode(outcome.result)); !kept.ok()) {
    // The answer goes out all the same; a replay says that the result is not known.
    base::Log(base::Level::kWarning, "answer_not_kept", {{"error", std::string(kept.message())}});
  }
  return outcome;
}

}  // namespace invoice::app
