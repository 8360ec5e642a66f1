#include "app/delivery_batch.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/status.h"
#include "store/email_templates.h"
#include "store/emails.h"
#include "store/invoices.h"

namespace invoice::app {
namespace {

using domain::EmailRecord;
using domain::EmailState;
using domain::InvoiceRecord;

constexpr absl::Duration kLookAgain = absl::Minutes(1);  // for a configuration where there is none
constexpr char kNoConfiguration[] = "there is no active SMTP configuration";
constexpr char kPaused[] = "the SMTP configuration rests after a fault of its server";
constexpr char kWaitsForTurn[] =
    "the SMTP configuration lets a limited number of emails go in a minute; this one waits for its turn";

// Until when emails wait, and why; without words where the email says so itself.
using Wait = std::pair<absl::Time, std::string>;

// What a server said itself stays.
absl::Status SayWhyQueued(store::Transaction& transaction, const std::vector<store::Job>& jobs, const std::string& why,
                          absl::Time now) {
  std::vector<std::string> ids;
  for (const store::Job& job : jobs) ids.push_back(job.subject_id);
  return store::Emails(transaction).SayWhyQueued(ids, why, {kNoConfiguration, kPaused, kWaitsForTurn}, now);
}

class BatchReader {
 public:
  BatchReader(store::Transaction& transaction, absl::Time now) : transaction_(transaction), now_(now) {}

  absl::Status Read(const Core& core, const std::vector<store::Job>& jobs);
  DeliveryBatch TakeBatch() { return std::move(batch_); }

 private:
  absl::Status ReadRoutes(const Core& core, const std::vector<EmailRecord>& emails);
  void Place(const store::Job& job, const EmailRecord& email);
  void PutOff(const store::Job& job, Wait wait) { put_off_[std::move(wait)].push_back(job); }
  absl::Status ReadContents();
  absl::StatusOr<std::map<std::string, InvoiceRecord>> ReadInvoices();
  absl::Status EndTheOthers();

  store::Transaction& transaction_;
  const absl::Time now_;
  DeliveryBatch batch_;
  std::vector<store::Job> over_;  // nothing is left to do
  std::map<Wait, std::vector<store::Job>> put_off_;
};

absl::Status BatchReader::Read(const Core& core, const std::vector<store::Job>& jobs) {
  std::map<std::string, store::Job> by_email;
  std::vector<std::string> ids;
  for (const store::Job& job : jobs) {
    by_email[job.subject_id] = job;
    ids.push_back(job.subject_id);
  }
  ASSIGN_OR_RETURN(const std::vector<EmailRecord> emails, store::Emails(transaction_).GetAll(ids));
  RETURN_IF_ERROR(ReadRoutes(core, emails));
  for (const EmailRecord& email : emails) {
    Place(by_email.at(email.id), email);
    by_email.erase(email.id);
  }
  for (const auto& [id, job] : by_email) batch_.unknown.push_back(job);
  if (!batch_.ready.empty()) RETURN_IF_ERROR(ReadContents());
  return EndTheOthers();
}

absl::Status BatchReader::ReadRoutes(const Core& core, const std::vector<EmailRecord>& emails) {
  std::set<std::string> vendors;
  for (const EmailRecord& email : emails) vendors.insert(email.vendor_id);
  ASSIGN_OR_RETURN(batch_.routes, core.mail_routes.Of(transaction_, {vendors.begin(), vendors.end()}));
  std::set<std::string> configurations;
  for (const auto& [vendor, route] : batch_.routes) configurations.insert(route.smtp.id);
  ASSIGN_OR_RETURN(batch_.pauses, store::Emails(transaction_).Pauses({configurations.begin(), configurations.end()}));
  return absl::OkStatus();
}

void BatchReader::Place(const store::Job& job, const EmailRecord& email) {
  if (email.state == EmailState::kSending) return batch_.lost.push_back(job);
  if (email.state != EmailState::kQueued) return over_.push_back(job);
  const auto route = batch_.routes.find(email.vendor_id);
  if (route == batch_.routes.end()) return PutOff(job, {now_ + kLookAgain, kNoConfiguration});
  const auto pause = batch_.pauses.find(route->second.smtp.id);
  if (pause != batch_.pauses.end() && pause->second > now_) return PutOff(job, {pause->second, kPaused});
  if (email.next_attempt_at.value_or(now_) > now_) return PutOff(job, {*email.next_attempt_at, ""});
  batch_.ready.push_back({.job = job, .email = email, .route = &route->second, .started_at = now_});
}

absl::Status BatchReader::ReadContents() {
  store::EmailTemplates::Versions versions;
  for (const EmailAttempt& attempt : batch_.ready) {
    versions.emplace(attempt.email.vendor_id, attempt.email.template_version);
  }
  ASSIGN_OR_RETURN(const auto templates, store::EmailTemplates(transaction_).GetAll(versions));
  ASSIGN_OR_RETURN(const auto invoices, ReadInvoices());
  std::vector<std::string> sha256s;
  for (const auto& [id, invoice] : invoices) {
    if (!invoice.document_sha256.empty()) sha256s.push_back(invoice.document_sha256);
  }
  ASSIGN_OR_RETURN(const auto blobs, store::GetSmallBlobs(transaction_, sha256s));
  for (EmailAttempt& attempt : batch_.ready) {
    attempt.invoice = invoices.at(attempt.email.invoice_id);
    attempt.own_template = templates.at({attempt.email.vendor_id, attempt.email.template_version});
    const auto blob = blobs.find(attempt.invoice.document_sha256);
    if (blob != blobs.end()) attempt.blob = blob->second;
  }
  return absl::OkStatus();
}

// Whole only those whose document is still to be rendered.
absl::StatusOr<std::map<std::string, InvoiceRecord>> BatchReader::ReadInvoices() {
  std::set<std::string> ids;
  for (const EmailAttempt& attempt : batch_.ready) ids.insert(attempt.email.invoice_id);
  store::Invoices stored(transaction_);
  ASSIGN_OR_RETURN(std::vector<InvoiceRecord> heads, stored.GetHeads({ids.begin(), ids.end()}));
  std::map<std::string, InvoiceRecord> invoices;
  std::vector<std::string> unrendered;
  for (InvoiceRecord& invoice : heads) {
    if (invoice.document_sha256.empty()) unrendered.push_back(invoice.id);
    const std::string id = invoice.id;
    invoices.emplace(id, std::move(invoice));
  }
  ASSIGN_OR_RETURN(const std::vector<InvoiceRecord> whole, stored.GetAll(unrendered));
  for (const InvoiceRecord& invoice : whole) invoices.insert_or_assign(invoice.id, invoice);
  return invoices;
}

absl::Status BatchReader::EndTheOthers() {
  store::Jobs jobs(transaction_);
  for (const auto& [wait, waiting] : put_off_) {
    const auto& [until, why] = wait;
    RETURN_IF_ERROR(jobs.PutOffAll(waiting, until - now_, why));
    batch_.ended.insert(batch_.ended.end(), waiting.begin(), waiting.end());
    if (why.empty()) continue;
    RETURN_IF_ERROR(SayWhyQueued(transaction_, waiting, why, now_));
  }
  for (const store::Job& job : over_) RETURN_IF_ERROR(jobs.Finish(job));
  batch_.ended.insert(batch_.ended.end(), over_.begin(), over_.end());
  return absl::OkStatus();
}

}  // namespace

absl::Status SayThatTurnsAreAwaited(store::Transaction& transaction, const std::vector<store::Job>& jobs,
                                    absl::Time now) {
  return SayWhyQueued(transaction, jobs, kWaitsForTurn, now);
}

absl::StatusOr<DeliveryBatch> ReadBatch(Core& core, const std::vector<store::Job>& jobs) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core.database.Begin());
  BatchReader reader(transaction, core.clock.Now());
  RETURN_IF_ERROR(reader.Read(core, jobs));
  RETURN_IF_ERROR(transaction.Commit());
  return reader.TakeBatch();
}

}  // namespace invoice::app
