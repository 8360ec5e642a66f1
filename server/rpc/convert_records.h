// Invoices, runs, emails and billing periods as messages of the API, and the inputs of generation from it. Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "app/emails.h"
#include "app/invoices.h"
#include "app/periods.h"
#include "domain/invoice_record.h"
#include "domain/run_record.h"
#include "invoice/v1/billing_periods.pb.h"
#include "invoice/v1/emails.pb.h"
#include "invoice/v1/invoices.pb.h"
#include "invoice/v1/runs.pb.h"

namespace invoice::rpc {

// `state` is what the invoice is today (app::Invoices::StateOf).
v1::Invoice InvoiceToProto(const domain::InvoiceRecord& invoice, domain::InvoiceState state);
v1::Email EmailToProto(const domain::EmailRecord& email, const std::vector<domain::EmailAttempt>& attempts = {});
v1::FileContent FileToProto(app::Document document);
v1::Run RunToProto(const domain::RunRecord& run);
// The sentence of a decision about a customer. Where the rule says it all, none is stored.
std::string SentenceOf(domain::RunOutcome outcome, const std::string& message);
v1::RunResult RunResultToProto(const domain::RunResult& result);
v1::BillingPeriod BillingPeriodToProto(const std::string& customer_id, const app::BillingPeriod& period);
void AddWarnings(const std::vector<domain::Warning>& warnings,
                 google::protobuf::RepeatedPtrField<v1::Warning>* messages);

// The answer of a generation of one invoice.
v1::GenerationResponse GenerationToProto(const app::Invoices& invoices, const app::SingleRun& single);
v1::Invoice IssuedToProto(const app::Invoices& invoices, const app::IssuedInvoice& issued);

// The input of RunWizard, PreviewInvoice and UpdateDraft. Its amounts are read when their currency is known, so the
// request must outlive it.
template <typename Request>
absl::StatusOr<app::WizardRun> WizardRunFromProto(const Request& request);

}  // namespace invoice::rpc
