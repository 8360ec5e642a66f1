#include "rpc/convert_records.h"

#include <utility>

#include "app/once.h"
#include "domain/states.h"
#include "fmt/format.h"
#include "rpc/convert.h"
#include "rpc/convert_parties.h"

namespace invoice::rpc {
namespace {

void SetParties(const domain::InvoiceDocument& document, v1::Invoice* message) {
  v1::VendorSnapshot* vendor = message->mutable_vendor();
  vendor->set_name(document.vendor.name);
  vendor->set_email(document.vendor.email);
  vendor->set_phone(document.vendor.phone);
  *vendor->mutable_address() = AddressToProto(document.vendor.address);
  vendor->set_tax_number(document.vendor.tax_number);
  *vendor->mutable_bank() = BankToProto(document.vendor.bank);
  vendor->set_locale(document.vendor.locale);
  vendor->set_paper_size(EnumOf<v1::Vendor::PaperSize>(domain::Name(document.vendor.paper_size)));
  vendor->set_accent_color(document.vendor.accent_color);
  vendor->set_logo_sha256(document.vendor.logo_sha256);
  v1::CustomerSnapshot* customer = message->mutable_customer();
  customer->set_name(document.customer.name);
  customer->set_email(document.customer.email);
  *customer->mutable_address() = AddressToProto(document.customer.address);
  customer->set_tax_number(document.customer.tax_number);
}

void SetLines(const domain::InvoiceDocument& document, v1::Invoice* message) {
  const domain::Currency currency = document.currency;
  for (const domain::InvoiceLine& line : document.lines) {
    v1::InvoiceLine* added = message->add_lines();
    added->set_description(line.description);
    added->set_quantity(line.quantity.ToString());
    added->set_unit(EnumOf<v1::Unit::Value>(domain::Name(line.unit)));
    added->set_unit_price(PriceText(line.unit_price, currency));
    added->set_discount_total(domain::FormatAmount(line.discount_minor, currency));
    added->set_amount(domain::FormatAmount(line.amount_minor, currency));
    for (const std::string& name : line.tax_names) added->add_tax_names(name);
  }
  for (const domain::TaxAmount& tax : document.taxes) {
    v1::TaxAmount* added = message->add_taxes();
    added->set_name(tax.tax.name);
    added->set_rate(tax.tax.rate.ToString());
    added->set_registration_number(tax.tax.registration_number);
    added->set_category(EnumOf<v1::Tax::Category>(domain::Name(tax.tax.category)));
    added->set_exemption_reason(tax.tax.exemption_reason);
    added->set_base(domain::FormatAmount(tax.base_minor, currency));
    added->set_amount(domain::FormatAmount(tax.amount_minor, currency));
  }
}

void SetAmounts(const domain::InvoiceRecord& invoice, v1::Invoice* message) {
  const domain::Currency currency = invoice.document.currency;
  const domain::Totals& totals = invoice.document.totals;
  message->set_subtotal(domain::FormatAmount(totals.subtotal_minor, currency));
  message->set_discount_total(domain::FormatAmount(totals.discount_minor, currency));
  message->set_taxable_total(domain::FormatAmount(totals.taxable_minor, currency));
  message->set_tax_total(domain::FormatAmount(totals.tax_minor, currency));
  message->set_total(domain::FormatAmount(totals.total_minor, currency));
  message->set_amount_paid(domain::FormatAmount(invoice.paid_minor, currency));
  message->set_credited_total(domain::FormatAmount(invoice.credited_minor, currency));
  message->set_amount_due(domain::FormatAmount(domain::OpenAmount(domain::FactsOf(invoice)), currency));
}

void SetContent(const domain::InvoiceDocument& document, v1::Invoice* message) {
  message->set_number(document.number);
  message->set_kind(EnumOf<v1::Invoice::Kind>(domain::Name(document.kind)));
  message->set_invoice_date(DateText(document.invoice_date));
  message->set_period_start(DateText(document.period.first));
  message->set_period_end(DateText(document.period.last));
  message->set_currency_code(std::string(document.currency.code()));
  message->set_contractor_name(document.contractor_name);
  message->set_service_location(document.service_location);
  message->set_purchase_order(document.purchase_order);
  message->set_buyer_reference(document.buyer_reference);
  // Nobody pays a credit note, though one has both in the database.
  if (document.kind == domain::DocumentKind::kInvoice) {
    message->set_due_date(DateText(document.due_date));
    *message->mutable_payment_terms() = TermsToProto(document.payment_terms);
  }
  message->set_notes(document.notes);
  message->set_original_invoice_number(document.original_number);
  message->set_duplicate_reason(document.duplicate_reason);
  message->set_credit_reason(document.credit_reason);
}

// Whether the PDF is there; a draft has none.
v1::Invoice::DocumentState DocumentStateOf(const domain::InvoiceRecord& invoice) {
  if (!invoice.document_sha256.empty()) return v1::Invoice::STORED;
  if (!invoice.document_fault.empty()) return v1::Invoice::FAILED;
  return invoice.issued_at ? v1::Invoice::PENDING : v1::Invoice::DOCUMENT_STATE_UNSPECIFIED;
}

void SetLife(const domain::InvoiceRecord& invoice, v1::Invoice* message) {
  message->set_delivery(EnumOf<v1::Delivery::Value>(domain::Name(invoice.delivery)));
  for (const domain::EmailRecord& email : invoice.emails) *message->add_emails() = EmailToProto(email);
  message->set_document_state(DocumentStateOf(invoice));
  message->set_document_problem(invoice.document_fault);
  message->set_document_sha256(invoice.document_sha256);
  message->set_original_invoice_id(invoice.original_invoice_id);
  message->set_cancel_reason(invoice.cancel_reason);
  message->set_sent_note(invoice.sent_note);
  message->set_rounding_version(invoice.rounding_version);
  if (invoice.issued_at) *message->mutable_issue_time() = TimeOf(*invoice.issued_at);
  if (invoice.sent_at) *message->mutable_sent_time() = TimeOf(*invoice.sent_at);
  if (invoice.cancelled_at) *message->mutable_cancel_time() = TimeOf(*invoice.cancelled_at);
}

}  // namespace

v1::Invoice InvoiceToProto(const domain::InvoiceRecord& invoice, domain::InvoiceState state) {
  v1::Invoice message;
  message.set_id(invoice.id);
  message.set_state(EnumOf<v1::Invoice::State>(domain::Name(state)));
  message.set_mode(EnumOf<v1::Run::Mode>(domain::Name(invoice.mode)));
  message.set_run_id(invoice.run_id);
  message.set_vendor_id(invoice.vendor_id);
  message.set_customer_id(invoice.customer_id);
  SetContent(invoice.document, &message);
  SetParties(invoice.document, &message);
  SetLines(invoice.document, &message);
  SetAmounts(invoice, &message);
  SetLife(invoice, &message);
  if (invoice.id.empty()) return message;  // a preview has no life
  message.set_etag(app::Etag(invoice.version));
  *message.mutable_create_time() = TimeOf(invoice.created_at);
  *message.mutable_update_time() = TimeOf(invoice.updated_at);
  return message;
}

v1::Email EmailToProto(const domain::EmailRecord& email, const std::vector<domain::EmailAttempt>& attempts) {
  v1::Email message;
  message.set_id(email.id);
  message.set_vendor_id(email.vendor_id);
  message.set_invoice_id(email.invoice_id);
  message.set_recipient(email.recipient);
  message.set_role(EnumOf<v1::Email::Role>(email.recipient_role));
  message.set_subject(email.subject);
  message.set_message_id(email.message_id);
  message.set_invoice_number(email.invoice_number);
  message.set_state(EnumOf<v1::Email::State>(domain::Name(email.state)));
  message.set_attempt_count(email.attempt_count);
  message.set_resend_of(email.resend_of);
  message.set_resend_number(email.resend_number);
  message.set_problem(email.state_reason);
  if (email.next_attempt_at) *message.mutable_next_attempt_time() = TimeOf(*email.next_attempt_at);
  if (email.sent_at) *message.mutable_sent_time() = TimeOf(*email.sent_at);
  *message.mutable_create_time() = TimeOf(email.created_at);
  *message.mutable_update_time() = TimeOf(email.updated_at);
  for (const domain::EmailAttempt& attempt : attempts) {
    v1::EmailAttempt* added = message.add_attempts();
    added->set_number(attempt.attempt_no);
    *added->mutable_start_time() = TimeOf(attempt.started_at);
    if (attempt.ended_at) *added->mutable_end_time() = TimeOf(*attempt.ended_at);
    added->set_reply_code(attempt.reply_code.value_or(0));
    added->set_reply(attempt.reply);
    added->set_transcript(attempt.transcript);
    if (attempt.ended_at) added->set_outcome(attempt.outcome);
  }
  return message;
}

v1::FileContent FileToProto(app::Document document) {
  v1::FileContent message;
  message.set_content_type(document.content_type);
  message.set_file_name(document.file_name);
  message.set_data(std::move(document.bytes));
  return message;
}

v1::Run RunToProto(const domain::RunRecord& run) {
  v1::Run message;
  message.set_id(run.id);
  message.set_mode(EnumOf<v1::Run::Mode>(domain::Name(run.mode)));
  message.set_state(EnumOf<v1::Run::State>(domain::Name(run.state)));
  message.set_run_date(DateText(run.run_date));
  v1::Run::Progress* progress = message.mutable_progress();
  progress->set_total(run.total_count);
  progress->set_done(run.invoiced_count + run.skipped_count + run.held_count + run.failed_count);
  progress->set_invoiced(run.invoiced_count);
  progress->set_skipped(run.skipped_count);
  progress->set_held(run.held_count);
  progress->set_failed(run.failed_count);
  for (const domain::RunTotal& issued : run.totals) {
    v1::CurrencyTotal* total = message.add_totals();
    total->set_currency_code(issued.currency_code);
    total->set_count(issued.count);
    total->set_total(domain::FormatAmount(issued.total_minor,
                                          domain::Currency::Find(issued.currency_code).value_or(domain::Currency())));
  }
  message.set_send_email(run.send_email.value_or(false));
  message.set_vendor_id(run.vendor_id);
  message.set_plan_hash(run.plan_hash);
  message.set_problem(run.problem);
  message.set_actor(run.requested_by);
  *message.mutable_create_time() = TimeOf(run.created_at);
  if (run.finished_at) *message.mutable_end_time() = TimeOf(*run.finished_at);
  return message;
}

std::string SentenceOf(domain::RunOutcome outcome, const std::string& message) {
  if (!message.empty()) return message;
  switch (outcome) {
    case domain::RunOutcome::kInvoiced:
      return "the period is billed as the contract says: nothing stands against it";
    case domain::RunOutcome::kSkipped:
      return "the period is left out, as somebody or a policy decided";
    case domain::RunOutcome::kHeld:
      return "the period waits for a person to decide";
    case domain::RunOutcome::kFailed:
      return "the invoice could not be made";
  }
  return "";
}

v1::RunResult RunResultToProto(const domain::RunResult& result) {
  v1::RunResult message;
  message.set_run_id(result.run_id);
  message.set_customer_id(result.customer_id);
  message.set_customer_name(result.customer_name);
  message.set_outcome(EnumOf<v1::RunResult::Outcome>(domain::Name(result.outcome)));
  message.set_reason(result.reason);
  message.set_message(SentenceOf(result.outcome, result.message));
  for (const domain::Period& days : result.uncovered) {
    v1::DateRange* range = message.add_uncovered();
    range->set_first(DateText(days.first));
    range->set_last(DateText(days.last));
  }
  for (const auto& [name, value] : result.values) (*message.mutable_facts())[name] = value;
  if (result.period) {
    message.set_period_start(DateText(result.period->first));
    message.set_period_end(DateText(result.period->last));
  }
  message.set_invoice_id(result.invoice_id);
  message.set_invoice_number(result.invoice_number);
  message.set_currency_code(result.currency_code);
  const std::optional<domain::Currency> currency = domain::Currency::Find(result.currency_code);
  // An invoice that stands in the way is named, but its total is not this run's.
  if (result.outcome != domain::RunOutcome::kInvoiced) message.clear_currency_code();
  if (result.outcome == domain::RunOutcome::kInvoiced && result.total_minor && currency)
    message.set_total(domain::FormatAmount(*result.total_minor, *currency));
  *message.mutable_create_time() = TimeOf(result.created_at);
  return message;
}

v1::BillingPeriod BillingPeriodToProto(const std::string& customer_id, const app::BillingPeriod& period) {
  v1::BillingPeriod message;
  message.set_customer_id(customer_id);
  message.set_period_start(DateText(period.period.first));
  message.set_period_end(DateText(period.period.last));
  message.set_due_date(DateText(period.due_date));
  message.set_state(EnumOf<v1::BillingPeriod::State>(app::Name(period.state)));
  message.set_reason(period.reason);
  message.set_message(period.message);
  message.set_invoice_id(period.invoice_id);
  message.set_invoice_number(period.invoice_number);
  return message;
}

void AddWarnings(const std::vector<domain::Warning>& warnings,
                 google::protobuf::RepeatedPtrField<v1::Warning>* messages) {
  for (const domain::Warning& warning : warnings) {
    v1::Warning* added = messages->Add();
    added->set_code(warning.code);
    added->set_message(warning.message);
  }
}

}  // namespace invoice::rpc
