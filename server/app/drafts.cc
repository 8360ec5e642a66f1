#include "app/drafts.h"

#include <algorithm>
#include <map>

#include "app/back_dating.h"
#include "app/issue.h"
#include "app/once.h"
#include "app/single_run.h"
#include "app/text_checks.h"
#include "app/today.h"
#include "base/limits.h"
#include "base/status.h"
#include "domain/generation.h"
#include "domain/states.h"
#include "store/customers.h"
#include "store/emails.h"
#include "store/invoices.h"
#include "store/runs.h"
#include "store/vendors.h"

namespace invoice::app {
namespace {

using domain::InvoiceRecord;

absl::Status CheckDraft(const Core& core, const InvoiceRecord& invoice) {
  if (!invoice.issued_at && !invoice.cancelled_at) return absl::OkStatus();
  ASSIGN_OR_RETURN(const absl::CivilDay today, LocalToday(core, invoice.time_zone));
  const std::string state(domain::Name(domain::StateOf(domain::FactsOf(invoice), today)));
  return base::Failure(
      absl::StatusCode::kFailedPrecondition, base::Reason::kInvalidState,
      "only a draft can be changed or issued, and this is " + state + "; correct an issued invoice by a credit note",
      {{"state", state}});
}

// The customer is locked before its invoice, as everywhere.
absl::StatusOr<InvoiceRecord> LockDraft(const Core& core, store::Transaction& transaction, const std::string& id,
                                        const std::string& etag) {
  store::Invoices invoices(transaction);
  ASSIGN_OR_RETURN(const InvoiceRecord found, invoices.Get(id));
  RETURN_IF_ERROR(store::Customers(transaction).Lock(found.customer_id).status());
  ASSIGN_OR_RETURN(InvoiceRecord draft, invoices.Lock(id));
  RETURN_IF_ERROR(CheckEtag(etag, draft.version));
  RETURN_IF_ERROR(CheckDraft(core, draft));
  return draft;
}

absl::StatusOr<InvoiceRecord> Reread(store::Transaction& transaction, const std::string& id) {
  ASSIGN_OR_RETURN(InvoiceRecord invoice, store::Invoices(transaction).Get(id));
  ASSIGN_OR_RETURN(invoice.emails, store::Emails(transaction).OfInvoice(id));
  return invoice;
}

absl::Status NamedTwice(const std::vector<std::string>& ids, const std::string& id) {
  const auto place = std::find(ids.begin(), ids.end(), id) - ids.begin();
  return base::InvalidField("ids[" + std::to_string(place) + "]", "no id twice");
}

}  // namespace

absl::StatusOr<Outcome<SingleRun>> Drafts::Update(const Call& call, const std::string& id, const std::string& etag,
                                                  const WizardRun& input, const Encode<SingleRun>& encode) {
  RETURN_IF_ERROR(CheckDuplicate(input));
  const auto body = [&](store::Transaction& transaction, TextChecks& checks) -> absl::StatusOr<SingleRun> {
    ASSIGN_OR_RETURN(InvoiceRecord draft, LockDraft(core_, transaction, id, etag));
    ASSIGN_OR_RETURN(const domain::Customer customer, store::Customers(transaction).Get(draft.customer_id));
    ASSIGN_OR_RETURN(const domain::Vendor vendor, store::Vendors(transaction).Share(customer.vendor_id));
    RETURN_IF_ERROR(CheckHandMade(core_, customer, input.invoice_date, input.period));
    ASSIGN_OR_RETURN(const domain::WizardInput wizard, WizardOf(input, std::string(draft.document.currency.code())));
    ASSIGN_OR_RETURN(domain::InvoiceDraft content, domain::GenerateInvoice({.mode = domain::RunMode::kWizard,
                                                                            .vendor = vendor,
                                                                            .customer = customer,
                                                                            .invoice_date = input.invoice_date,
                                                                            .period = input.period,
                                                                            .wizard = wizard}));
    IssueInput issue{.vendor = &vendor,
                     .customer = &customer,
                     .send_email = input.send_email.value_or(draft.send_email),
                     .document = content.document};
    RETURN_IF_ERROR(CheckIssue(checks, issue));
    store::Invoices invoices(transaction);
    draft.document = std::move(content.document);
    draft.send_email = issue.send_email;
    draft.rounding_version = domain::kRoundingVersion;
    RETURN_IF_ERROR(invoices.RemoveClaims(draft.id));
    RETURN_IF_ERROR(ClaimDays(transaction, draft, input.allow_duplicate));
    RETURN_IF_ERROR(invoices.ReplaceDraft(draft, core_.clock.Now()));
    RETURN_IF_ERROR(SettleDecisions(transaction, customer, draft.document.period));
    RETURN_IF_ERROR(Audit(core_, transaction, call, {draft.vendor_id, "update", "draft", draft.id, "", ""}));
    SingleRun result{.warnings = std::move(content.warnings)};
    ASSIGN_OR_RETURN(const std::vector<domain::Warning> dated,
                     BackDatedWarnings(transaction, vendor, customer, draft.document.invoice_date));
    result.warnings.insert(result.warnings.end(), dated.begin(), dated.end());
    ASSIGN_OR_RETURN(result.invoice, Reread(transaction, id));
    if (!draft.run_id.empty()) {
      ASSIGN_OR_RETURN(result.run, store::Runs(transaction).Get(draft.run_id));
    }
    return result;
  };
  return OnceChecked<SingleRun>(core_, call, encode, body);
}

absl::StatusOr<Outcome<IssuedInvoice>> Drafts::Issue(const Call& call, const std::string& id, const std::string& etag,
                                                     std::optional<bool> send_email,
                                                     const Encode<IssuedInvoice>& encode) {
  const auto body = [&](store::Transaction& transaction, TextChecks& checks) -> absl::StatusOr<IssuedInvoice> {
    RETURN_IF_ERROR(LockDraft(core_, transaction, id, etag).status());
    ASSIGN_OR_RETURN(IssuedDrafts issued, IssueIn(transaction, call, {id}, send_email, checks));
    DraftResult& result = issued.results.front();
    RETURN_IF_ERROR(result.status);
    IssuedInvoice answer{.warnings = std::move(result.warnings)};
    ASSIGN_OR_RETURN(answer.invoice, Reread(transaction, id));
    return answer;
  };
  return OnceChecked<IssuedInvoice>(core_, call, encode, body);
}

absl::StatusOr<Outcome<IssuedDrafts>> Drafts::IssueMany(const Call& call, const DraftChoice& choice,
                                                        std::optional<bool> send_email,
                                                        const Encode<IssuedDrafts>& encode) {
  if (choice.ids.empty() == choice.run_id.empty()) {
    return base::InvalidField(choice.ids.empty() ? "ids" : "runId", "either ids or runId");
  }
  const auto body = [&](store::Transaction& transaction, TextChecks& checks) -> absl::StatusOr<IssuedDrafts> {
    std::vector<std::string> ids = choice.ids;
    bool more = false;
    if (!choice.run_id.empty()) {
      RETURN_IF_ERROR(store::Runs(transaction).Get(choice.run_id).status());
      ASSIGN_OR_RETURN(ids, store::Invoices(transaction).FindDrafts(choice.run_id, base::kMaxDraftsIssued));
      more = ids.size() > static_cast<size_t>(base::kMaxDraftsIssued);
      if (more) ids.resize(base::kMaxDraftsIssued);
    }
    ASSIGN_OR_RETURN(IssuedDrafts issued, IssueIn(transaction, call, ids, send_email, checks));
    issued.more = more;
    return issued;
  };
  return OnceChecked<IssuedDrafts>(core_, call, encode, body);
}

// Everybody's rows are locked in the order of their ids; the drafts that pass the checks are numbered together.
absl::StatusOr<IssuedDrafts> Drafts::IssueIn(store::Transaction& transaction, const Call& call,
                                             const std::vector<std::string>& ids, std::optional<bool> send_email,
                                             TextChecks& checks) {
  store::Invoices invoices(transaction);
  store::Customers customers(transaction);
  IssuedDrafts issued;
  std::map<std::string, size_t> places;
  std::vector<std::string> customer_ids;
  for (const std::string& id : ids) {
    if (!places.try_emplace(id, issued.results.size()).second) return NamedTwice(ids, id);
    issued.results.push_back({.id = id});
    const absl::StatusOr<InvoiceRecord> found = invoices.Get(id);
    if (!found.ok() && !absl::IsNotFound(found.status())) return found.status();
    issued.results.back().status = found.status();
    if (found.ok()) customer_ids.push_back(found->customer_id);
  }
  RETURN_IF_ERROR(customers.EnterGates(customer_ids));
  RETURN_IF_ERROR(customers.LockAll(customer_ids));
  ASSIGN_OR_RETURN(const std::vector<domain::Customer> parties, customers.GetAll(customer_ids));
  std::map<std::string, const domain::Customer*> by_id;
  std::vector<std::string> vendor_ids;
  for (const domain::Customer& customer : parties) {
    by_id[customer.id] = &customer;
    vendor_ids.push_back(customer.vendor_id);
  }
  ASSIGN_OR_RETURN(const std::vector<domain::Vendor> vendors,
                   store::Vendors(transaction).GetAll(vendor_ids, /*share=*/true));
  std::map<std::string, const domain::Vendor*> vendor_by_id;
  for (const domain::Vendor& vendor : vendors) vendor_by_id[vendor.id] = &vendor;

  std::vector<IssueInput> inputs;
  std::vector<InvoiceRecord> drafts;
  absl::Status put_off;  // of a document that is to be laid out first: then nothing is issued yet
  for (const auto& [id, place] : places) {
    DraftResult& result = issued.results[place];
    if (!result.status.ok()) continue;
    ASSIGN_OR_RETURN(InvoiceRecord draft, invoices.Lock(id));
    IssueInput input{.vendor = vendor_by_id.at(draft.vendor_id),
                     .customer = by_id.at(draft.customer_id),
                     .send_email = send_email.value_or(draft.send_email)};
    domain::RefreshParties(*input.vendor, *input.customer, draft.document);
    input.document = draft.document;
    result.status = CheckDraft(core_, draft);
    if (result.status.ok()) result.status = CheckIssue(checks, input);
    if (TextChecks::IsPutOff(result.status)) put_off = result.status;
    if (!result.status.ok()) continue;
    inputs.push_back(std::move(input));
    drafts.push_back(std::move(draft));
  }
  RETURN_IF_ERROR(put_off);
  ASSIGN_OR_RETURN(std::vector<IssuedDraft> answers, IssueDrafts(core_, transaction, call, inputs, drafts));
  for (size_t i = 0; i < drafts.size(); ++i) {
    DraftResult& result = issued.results[places.at(drafts[i].id)];
    result.status = answers[i].status;
    result.warnings = std::move(answers[i].warnings);
    result.number = drafts[i].document.number;
  }
  return issued;
}

}  // namespace invoice::app
