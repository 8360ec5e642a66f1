// The handlers of the API, put in by service. Each reads its request, calls one use case and converts the answer; rules
// live below. The use cases and tokens must outlive the Api.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/api_keys.h"
#include "app/core.h"
#include "app/credit_notes.h"
#include "app/customers.h"
#include "app/dashboard.h"
#include "app/drafts.h"
#include "app/email_templates.h"
#include "app/emails.h"
#include "app/imports.h"
#include "app/invoice_life.h"
#include "app/invoices.h"
#include "app/logos.h"
#include "app/payments.h"
#include "app/periods.h"
#include "app/plans.h"
#include "app/run_watches.h"
#include "app/runs.h"
#include "app/smtp_configurations.h"
#include "app/smtp_trials.h"
#include "app/statements.h"
#include "app/vendors.h"
#include "rpc/api.h"
#include "rpc/page_token.h"
#include "rpc/readiness.h"

namespace invoice::rpc {

void ServeHealth(Api& api, std::function<Readiness()> readiness);
void ServeApiKeys(Api& api, app::ApiKeys& keys, const PageTokens& tokens);
void ServeVendors(Api& api, app::Vendors& vendors, const PageTokens& tokens);
void ServeLogos(Api& api, app::Logos& logos);
void ServeCustomers(Api& api, app::Customers& customers, const PageTokens& tokens);
void ServeBillingPeriods(Api& api, app::Periods& periods, const PageTokens& tokens);
// A part of ServeBillingPeriods that needs nothing stored.
void ServeComputeSchedule(Api& api);
void ServeDashboard(Api& api, app::Dashboard& dashboard, const PageTokens& tokens);
void ServeExport(Api& api, app::Core& core);
void ServeInvoices(Api& api, app::Invoices& invoices, const PageTokens& tokens);
void ServeDrafts(Api& api, app::Drafts& drafts, app::Invoices& invoices);
// Imports of customers, invoices and timesheets.
void ServeImports(Api& api, app::Imports& imports);
void ServeRuns(Api& api, app::Runs& runs, app::RunWatches& watches, app::Plans& plans, const PageTokens& tokens);
void ServeInvoiceLife(Api& api, app::InvoiceLife& life, app::CreditNotes& credit_notes, app::Invoices& invoices);
void ServePayments(Api& api, app::Payments& payments, const PageTokens& tokens);
void ServeStatements(Api& api, app::Statements& statements);
void ServeEmails(Api& api, app::Emails& emails, const PageTokens& tokens);
void ServeSmtpConfigs(Api& api, app::SmtpConfigurations& configurations, app::SmtpTrials& trials,
                      const PageTokens& tokens);
void ServeEmailTemplates(Api& api, app::EmailTemplates& templates);

}  // namespace invoice::rpc
