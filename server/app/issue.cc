#include "app/issue.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "app/back_dating.h"
#include "app/once.h"
#include "app/sending.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/status.h"
#include "domain/billing.h"
#include "domain/calendar.h"
#include "domain/numbers.h"
#include "store/invoices.h"
#include "store/jobs.h"
#include "store/json.h"

namespace invoice::app {
namespace {

using domain::InvoiceRecord;
using NewJobs = std::vector<store::Jobs::NewJob>;

absl::Status AlreadyInvoiced(const std::vector<store::ClaimedDays>& claims) {
  const store::ClaimedDays& other = claims.front();
  const std::string which = other.number.empty() ? "draft " + other.invoice_id : "invoice " + other.number;
  return base::Failure(absl::StatusCode::kAlreadyExists, base::Reason::kPeriodAlreadyInvoiced,
                       "the days " + domain::FormatDate(other.days.first) + " to " +
                           domain::FormatDate(other.days.last) + " are already billed by " + which,
                       {{"invoiceId", other.invoice_id},
                        {"number", other.number},
                        {"periodStart", domain::FormatDate(other.days.first)},
                        {"periodEnd", domain::FormatDate(other.days.last)}});
}

absl::Status CheckParties(const IssueInput& input) {
  if (!input.customer->active) {
    return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kCustomerInactive,
                         "the customer is deactivated; undelete it first", {{"customerId", input.customer->id}});
  }
  if (!input.vendor->active) {
    return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kVendorInactive,
                         "the vendor is deactivated; undelete it first", {{"vendorId", input.vendor->id}});
  }
  if (input.send_email && input.customer->email.empty()) {
    return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kNoRecipient,
                         "the customer has no email address; add one, or generate without sending",
                         {{"missing", "email"}, {"customerId", input.customer->id}});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> SeriesKeyOf(const IssueInput& input, absl::CivilDay invoice_date) {
  ASSIGN_OR_RETURN(const domain::NumberPattern pattern, PatternOf(*input.vendor, *input.customer));
  return pattern.SeriesKey(input.customer->contract.invoice_prefix, invoice_date);
}

// Numbers of all invoices, series by series, each in the order of the dates and then of the batch.
absl::Status Number(store::Transaction& transaction, const std::vector<const IssueInput*>& inputs,
                    const std::vector<InvoiceRecord*>& invoices) {
  std::vector<domain::NumberPattern> patterns;
  std::map<std::pair<std::string, std::string>, size_t> places;  // of a series in `series`
  std::vector<store::SeriesDemand> series;
  std::vector<bool> refused;  // of a series: whether its vendor refuses what is dated before its newest document
  for (size_t i = 0; i < invoices.size(); ++i) {
    ASSIGN_OR_RETURN(domain::NumberPattern pattern, PatternOf(*inputs[i]->vendor, *inputs[i]->customer));
    InvoiceRecord& invoice = *invoices[i];
    invoice.series_key = pattern.SeriesKey(inputs[i]->customer->contract.invoice_prefix, invoice.document.invoice_date);
    const auto [place, added] = places.try_emplace({invoice.vendor_id, invoice.series_key}, series.size());
    if (added) {
      series.push_back({.vendor_id = invoice.vendor_id, .series_key = invoice.series_key});
      refused.push_back(inputs[i]->vendor->refuse_back_dating);
    }
    store::SeriesDemand& demand = series[place->second];
    demand.newest_on =
        demand.count == 0 ? invoice.document.invoice_date : std::max(demand.newest_on, invoice.document.invoice_date);
    ++demand.count;
    patterns.push_back(std::move(pattern));
  }
  RETURN_IF_ERROR(store::Invoices(transaction).TakeNumbers(series));
  // A series that nobody could lock, as it was not there yet, was opened by another one with a later date.
  for (size_t i = 0; i < series.size(); ++i) {
    if (!refused[i] || !series[i].others_are_newer) continue;
    return base::Conflict("the number series met another document", base::kRetryAfterOverload);
  }
  std::vector<size_t> order(invoices.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return invoices[a]->document.invoice_date < invoices[b]->document.invoice_date;
  });
  for (const size_t i : order) {
    InvoiceRecord& invoice = *invoices[i];
    invoice.sequence = series[places.at({invoice.vendor_id, invoice.series_key})].first++;
    invoice.document.number = patterns[i].Format(inputs[i]->customer->contract.invoice_prefix,
                                                 invoice.document.invoice_date, invoice.sequence);
  }
  return absl::OkStatus();
}

// Nobody looks at the screen for what a run of many makes.
bool IsAwaited(domain::RunMode mode) {
  return mode != domain::RunMode::kScheduled && mode != domain::RunMode::kGenerateAll;
}

std::string AuditTextOfInvoice(const InvoiceRecord& invoice) {
  const domain::InvoiceDocument& document = invoice.document;
  return store::ToJson(std::vector<std::string>{
      document.number, domain::FormatDate(document.period.first), domain::FormatDate(document.period.last),
      domain::FormatAmount(document.totals.total_minor, document.currency), std::string(document.currency.code())});
}

// What follows once invoices are written: their documents and emails as jobs, and the audit trail.
absl::Status FollowUp(Core& core, store::Transaction& transaction, const Call& call,
                      const std::vector<const IssueInput*>& inputs, const std::vector<InvoiceRecord*>& invoices) {
  NewJobs jobs;
  std::vector<Sending> sendings;
  std::vector<Audited> changes;
  bool awaited = true;
  for (size_t i = 0; i < invoices.size(); ++i) {
    InvoiceRecord& invoice = *invoices[i];
    const bool draft = !invoice.issued_at;
    changes.push_back({invoice.vendor_id, draft ? "create" : "issue", draft ? "draft" : "invoice", invoice.id, "",
                       AuditTextOfInvoice(invoice)});
    if (draft) continue;
    awaited = IsAwaited(invoice.mode);  // the same for all of a batch
    jobs.push_back({"RENDER_DOCUMENT", invoice.id, awaited ? store::Urgency::kAwaited : store::Urgency::kDocument});
    if (!inputs[i]->send_email) continue;
    sendings.push_back(
        {.invoice = &invoice, .recipients = domain::RecipientsOf(*inputs[i]->vendor, *inputs[i]->customer)});
  }
  if (!jobs.empty()) RETURN_IF_ERROR(store::Jobs(transaction).EnqueueAll(core.clock, jobs));
  RETURN_IF_ERROR(
      QueueEmails(core, transaction, sendings, awaited ? store::Urgency::kAwaited : store::Urgency::kFollowing)
          .status());
  return AuditAll(core, transaction, call, changes);
}

// What is dated before the newest document of its series: the documents that there are warnings about or refusals of.
// Series of vendors that refuse it are held, so that it stays as it is found. `warned` says that what a run of many
// makes was warned of when it was decided.
absl::StatusOr<std::vector<std::optional<store::NewestDocument>>> FindNewerOf(
    store::Transaction& transaction, const std::vector<const IssueInput*>& inputs,
    const std::vector<const InvoiceRecord*>& invoices, bool warned) {
  std::vector<std::optional<store::NewestDocument>> newer(inputs.size());
  std::vector<DatedDocument> documents;
  std::vector<size_t> places;
  bool lock = false;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const IssueInput& input = *inputs[i];
    const bool refuses = input.vendor->refuse_back_dating && !input.draft;
    if (!refuses && warned && !IsAwaited(invoices[i]->mode)) continue;
    const absl::CivilDay date = invoices[i]->document.invoice_date;
    ASSIGN_OR_RETURN(std::string key, SeriesKeyOf(input, date));
    documents.push_back({.vendor = input.vendor, .series_key = std::move(key), .date = date});
    places.push_back(i);
    lock = lock || refuses;
  }
  ASSIGN_OR_RETURN(const auto found, FindNewer(transaction, documents, lock));
  for (size_t i = 0; i < found.size(); ++i) newer[places[i]] = found[i];
  return newer;
}

InvoiceRecord IssuedRecordOf(const Core& core, const IssueInput& input, domain::InvoiceDocument document) {
  InvoiceRecord invoice{.document = std::move(document)};
  invoice.id = base::NewId(core.clock);
  invoice.vendor_id = input.vendor->id;
  invoice.customer_id = input.customer->id;
  invoice.run_id = input.run_id;
  invoice.mode = input.mode;
  invoice.time_zone = input.customer->schedule.time_zone;
  invoice.send_email = input.send_email;
  invoice.created_at = core.clock.Now();
  invoice.updated_at = invoice.created_at;
  if (input.draft) return invoice;
  invoice.issued_at = invoice.created_at;
  if (input.send_email) invoice.delivery = domain::Delivery::kQueued;
  return invoice;
}

// The days that an invoice claims: all of its period, or of one billed beside others those that nobody claims.
absl::StatusOr<std::vector<domain::Period>> DaysToClaim(store::Transaction& transaction, const InvoiceRecord& invoice,
                                                        bool beside_others) {
  const domain::Period& period = invoice.document.period;
  if (!beside_others) return std::vector{period};
  ASSIGN_OR_RETURN(const auto claims, store::Invoices(transaction).FindClaims(invoice.customer_id, period));
  return domain::Uncovered(period, claims);
}

// Claims the days of all; those whose days are taken get their refusal.
absl::Status ClaimAll(store::Transaction& transaction, const std::vector<IssueInput>& inputs,
                      std::vector<Issued>& issued) {
  store::Invoices invoices(transaction);
  std::vector<store::Claim> claims;
  std::map<std::string, int> wanted;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const InvoiceRecord& invoice = issued[i].invoice;
    ASSIGN_OR_RETURN(const auto spans, DaysToClaim(transaction, invoice, inputs[i].beside_others));
    for (const domain::Period& days : spans) {
      claims.push_back({invoice.id, invoice.vendor_id, invoice.customer_id, days});
    }
    wanted[invoice.id] = static_cast<int>(spans.size());
  }
  ASSIGN_OR_RETURN(const auto taken, invoices.Claim(claims));
  for (Issued& one : issued) {
    const InvoiceRecord& invoice = one.invoice;
    const auto found = taken.find(invoice.id);
    if ((found == taken.end() ? 0 : found->second) == wanted[invoice.id]) continue;
    ASSIGN_OR_RETURN(const auto others, invoices.FindClaims(invoice.customer_id, invoice.document.period));
    one.status =
        others.empty() ? absl::AbortedError("the days were taken and freed again; try again") : AlreadyInvoiced(others);
  }
  return absl::OkStatus();
}

// Refuses, or warns of, what is dated before the newest document of its series.
absl::Status JudgeDatesOfInputs(store::Transaction& transaction, const std::vector<IssueInput>& inputs,
                                std::vector<Issued>& issued) {
  std::vector<const IssueInput*> sources;
  std::vector<const InvoiceRecord*> invoices;
  std::vector<Issued*> judged;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (!issued[i].status.ok()) continue;
    sources.push_back(&inputs[i]);
    invoices.push_back(&issued[i].invoice);
    judged.push_back(&issued[i]);
  }
  ASSIGN_OR_RETURN(const auto newer, FindNewerOf(transaction, sources, invoices, /*warned=*/true));
  for (size_t i = 0; i < judged.size(); ++i) {
    if (!newer[i]) continue;
    if (sources[i]->vendor->refuse_back_dating && !sources[i]->draft) {
      judged[i]->status = BackDated(*newer[i]);
      RETURN_IF_ERROR(store::Invoices(transaction).RemoveClaims(invoices[i]->id));
    } else {
      judged[i]->warnings.push_back(BackDatedWarning(*newer[i]));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<domain::NumberPattern> PatternOf(const domain::Vendor& vendor, const domain::Customer& customer) {
  const std::string& own = customer.contract.number_pattern;
  return domain::NumberPattern::Parse(own.empty() ? vendor.number_pattern : own);
}

absl::Status CheckBooks(const domain::Vendor& vendor, absl::CivilDay invoice_date) {
  if (!vendor.books_closed_through || invoice_date > *vendor.books_closed_through) return absl::OkStatus();
  const std::string through = domain::FormatDate(*vendor.books_closed_through);
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kBooksClosed,
                       "the vendor's books are closed through " + through + "; date the invoice after that",
                       {{"booksClosedThrough", through}});
}

absl::Status CheckIssue(TextChecks& checks, const IssueInput& input) {
  RETURN_IF_ERROR(CheckParties(input));
  RETURN_IF_ERROR(CheckBooks(*input.vendor, input.document.invoice_date));
  ASSIGN_OR_RETURN(const domain::NumberPattern pattern, PatternOf(*input.vendor, *input.customer));
  // The characters of the number to come, before the document is looked at without it.
  domain::InvoiceDocument numbered;
  numbered.number = pattern.Format(input.customer->contract.invoice_prefix, input.document.invoice_date, 1);
  RETURN_IF_ERROR(checks.Check(numbered));
  return checks.Check(input.document);
}

absl::StatusOr<std::vector<Issued>> IssueAll(Core& core, store::Transaction& transaction, const Call& call,
                                             std::vector<IssueInput> inputs) {
  std::vector<Issued> issued;
  issued.reserve(inputs.size());
  for (IssueInput& input : inputs) {
    issued.push_back({.invoice = IssuedRecordOf(core, input, std::move(input.document))});
  }
  RETURN_IF_ERROR(ClaimAll(transaction, inputs, issued));
  RETURN_IF_ERROR(JudgeDatesOfInputs(transaction, inputs, issued));
  std::vector<const IssueInput*> sources;
  std::vector<InvoiceRecord*> written;
  std::vector<const IssueInput*> numbered_sources;
  std::vector<InvoiceRecord*> numbered;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (!issued[i].status.ok()) continue;
    sources.push_back(&inputs[i]);
    written.push_back(&issued[i].invoice);
    if (inputs[i].draft) continue;
    numbered_sources.push_back(&inputs[i]);
    numbered.push_back(&issued[i].invoice);
  }
  if (written.empty()) return issued;
  const store::PreparedInvoices prepared(written, core.clock.Now());
  // The numbers are the last lock: from here on nothing can fail but the database.
  if (!numbered.empty()) RETURN_IF_ERROR(Number(transaction, numbered_sources, numbered));
  RETURN_IF_ERROR(store::Invoices(transaction).InsertAll(written, prepared));
  RETURN_IF_ERROR(FollowUp(core, transaction, call, sources, written));
  return issued;
}

absl::StatusOr<std::vector<IssuedDraft>> IssueDrafts(Core& core, store::Transaction& transaction, const Call& call,
                                                     const std::vector<IssueInput>& inputs,
                                                     std::vector<InvoiceRecord>& drafts) {
  std::vector<IssuedDraft> answers(drafts.size());
  std::vector<const IssueInput*> all;
  std::vector<const InvoiceRecord*> records;
  for (size_t i = 0; i < drafts.size(); ++i) {
    all.push_back(&inputs[i]);
    records.push_back(&drafts[i]);
  }
  ASSIGN_OR_RETURN(const auto newer, FindNewerOf(transaction, all, records, /*warned=*/false));
  std::vector<const IssueInput*> sources;
  std::vector<InvoiceRecord*> written;
  for (size_t i = 0; i < drafts.size(); ++i) {
    if (newer[i] && inputs[i].vendor->refuse_back_dating) {
      answers[i].status = BackDated(*newer[i]);
      continue;
    }
    if (newer[i]) answers[i].warnings.push_back(BackDatedWarning(*newer[i]));
    drafts[i].issued_at = core.clock.Now();
    drafts[i].send_email = inputs[i].send_email;
    if (inputs[i].send_email) drafts[i].delivery = domain::Delivery::kQueued;
    sources.push_back(&inputs[i]);
    written.push_back(&drafts[i]);
  }
  if (written.empty()) return answers;
  RETURN_IF_ERROR(Number(transaction, sources, written));
  RETURN_IF_ERROR(store::Invoices(transaction).IssueAll(written, core.clock.Now()));
  RETURN_IF_ERROR(FollowUp(core, transaction, call, sources, written));
  return answers;
}

absl::Status ClaimDays(store::Transaction& transaction, const InvoiceRecord& invoice, bool beside_others) {
  store::Invoices invoices(transaction);
  ASSIGN_OR_RETURN(const auto spans, DaysToClaim(transaction, invoice, beside_others));
  std::vector<store::Claim> claims;
  for (const domain::Period& days : spans) {
    claims.push_back({invoice.id, invoice.vendor_id, invoice.customer_id, days});
  }
  ASSIGN_OR_RETURN(const auto taken, invoices.Claim(claims));
  const auto found = taken.find(invoice.id);
  if ((found == taken.end() ? 0 : found->second) == static_cast<int>(claims.size())) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto others, invoices.FindClaims(invoice.customer_id, invoice.document.period));
  return AlreadyInvoiced(others);
}

}  // namespace invoice::app
