#include "commands/demo_mail.h"

#include <memory>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "app/delivery.h"
#include "base/status.h"
#include "mail/mailer.h"
#include "store/jobs.h"
#include "store/smtp_places.h"

namespace invoice::commands {
namespace {

constexpr int kMostEmails = 32;
constexpr absl::Duration kEmailLease = absl::Minutes(1);

class RefusingMailer final : public mail::Mailer {
 public:
  mail::SendResult Send(const mail::SmtpSettings&, const mail::Envelope& envelope, const std::string&,
                        const mail::SendHooks&) override {
    const std::string reply = "5.1.1 <" + envelope.rcpt_to + ">: Recipient address rejected: no such mailbox";
    return {.outcome = mail::SendOutcome::kRecipientRefused,
            .step = mail::SmtpStep::kRcptTo,
            .permanent = true,
            .code = 550,
            .text = reply,
            .transcript = "- demo data: a refusal as mail servers give it\n> MAIL FROM:<" + envelope.mail_from +
                          ">\n< 250 2.1.0 Ok\n> RCPT TO:<" + envelope.rcpt_to + ">\n< 550 " + reply + "\n"};
  }
};

}  // namespace

absl::Status RefuseQueuedEmails(app::Core& core, const std::string& database_url) {
  std::vector<store::Job> jobs;
  {
    ASSIGN_OR_RETURN(store::Transaction transaction, core.database.Begin());
    ASSIGN_OR_RETURN(jobs, store::Jobs(transaction).FetchKind("seed", "SEND_EMAIL", kMostEmails, kEmailLease));
    RETURN_IF_ERROR(transaction.Commit());
  }
  if (jobs.empty()) return absl::OkStatus();
  store::SmtpPlaces places(database_url);
  app::Delivery delivery(core, places, [] { return std::make_unique<RefusingMailer>(); });
  absl::BlockingCounter left(static_cast<int>(jobs.size()));
  absl::Mutex mutex;
  absl::Status outcome;
  std::vector<store::Job> rest;
  delivery.RunAll(jobs, {.ended =
                             [&](const store::Job&, const absl::Status& status) {
                               {
                                 const absl::MutexLock lock(&mutex);
                                 outcome.Update(status);
                               }
                               left.DecrementCount();
                             },
                         .hand_back =
                             [&](const std::vector<store::Job>& handed) {
                               {
                                 const absl::MutexLock lock(&mutex);
                                 rest.insert(rest.end(), handed.begin(), handed.end());
                               }
                               for (size_t i = 0; i < handed.size(); ++i) left.DecrementCount();
                             }});
  left.Wait();
  RETURN_IF_ERROR(outcome);
  ASSIGN_OR_RETURN(store::Transaction transaction, core.database.Begin());
  RETURN_IF_ERROR(store::Jobs(transaction).GiveBackAll(rest));
  return transaction.Commit();
}

}  // namespace invoice::commands
