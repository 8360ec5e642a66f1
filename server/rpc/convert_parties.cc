#include "rpc/convert_parties.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "app/once.h"
#include "domain/calendar.h"
#include "domain/schedule.h"
#include "fmt/format.h"
#include "rpc/convert.h"

namespace invoice::rpc {
namespace {

// An empty text means the default.
std::string Or(const std::string& text, const char* fallback) { return text.empty() ? fallback : text; }

// The last day of the period that starts on `first`: the day before the next period of a schedule that bills on first
// days.
absl::CivilDay EndOfPeriod(domain::Frequency frequency, absl::CivilDay first) {
  if (frequency == domain::Frequency::kWeekly) return first + 6;
  if (frequency == domain::Frequency::kBiweekly) return first + 13;
  const domain::ScheduleRule rule{.frequency = frequency, .billing_weekday = 0, .anchor = first, .billing_day = 1};
  return domain::NextDue(rule, first) - 1;
}

}  // namespace

v1::Address AddressToProto(const domain::Address& address) {
  v1::Address message;
  message.set_line1(address.line1);
  message.set_line2(address.line2);
  message.set_city(address.city);
  message.set_region(address.region);
  message.set_postal_code(address.postal_code);
  message.set_country_code(address.country_code);
  return message;
}

domain::Address AddressFromProto(const v1::Address& address) {
  return {.line1 = address.line1(),
          .line2 = address.line2(),
          .city = address.city(),
          .region = address.region(),
          .postal_code = address.postal_code(),
          .country_code = address.country_code()};
}

v1::BankDetails BankToProto(const domain::BankDetails& bank) {
  v1::BankDetails message;
  message.set_account_holder(bank.account_holder);
  message.set_bank_name(bank.bank_name);
  message.set_iban(bank.iban);
  message.set_bic(bank.bic);
  message.set_account_number(bank.account_number);
  message.set_routing_number(bank.routing_number);
  message.set_instructions(bank.instructions);
  return message;
}

domain::BankDetails BankFromProto(const v1::BankDetails& bank) {
  return {.account_holder = bank.account_holder(),
          .bank_name = bank.bank_name(),
          .iban = bank.iban(),
          .bic = bank.bic(),
          .account_number = bank.account_number(),
          .routing_number = bank.routing_number(),
          .instructions = bank.instructions()};
}

v1::Tax TaxToProto(const domain::Tax& tax) {
  v1::Tax message;
  message.set_name(tax.name);
  message.set_rate(tax.rate.ToString());
  message.set_registration_number(tax.registration_number);
  message.set_category(EnumOf<v1::Tax::Category>(domain::Name(tax.category)));
  message.set_exemption_reason(tax.exemption_reason);
  return message;
}

v1::PaymentTerms TermsToProto(const domain::PaymentTerms& terms) {
  v1::PaymentTerms message;
  message.set_kind(EnumOf<v1::PaymentTerms::Kind>(domain::Name(terms.kind)));
  message.set_days(terms.kind == domain::PaymentTermsKind::kNet ? terms.days : 0);
  return message;
}

absl::StatusOr<std::vector<domain::Tax>> TaxesFromProto(const google::protobuf::RepeatedPtrField<v1::Tax>& taxes,
                                                        std::string_view path) {
  std::vector<domain::Tax> result;
  for (const v1::Tax& message : taxes) {
    const std::string rate_path = fmt::format("{}[{}].rate", path, result.size());
    domain::Tax tax;
    tax.name = message.name();
    tax.registration_number = message.registration_number();
    tax.category = KindOf<domain::TaxCategory>(message.category()).value_or(domain::TaxCategory::kStandard);
    tax.exemption_reason = message.exemption_reason();
    if (!message.rate().empty()) {
      ASSIGN_OR_RETURN(tax.rate, DecimalIn<domain::Rate>(message.rate(), rate_path));
    } else if (tax.category == domain::TaxCategory::kStandard) {
      return base::InvalidField(rate_path, "a rate, as the tax is STANDARD");
    }
    result.push_back(std::move(tax));
  }
  return result;
}

absl::StatusOr<domain::PaymentTerms> TermsFromProto(const v1::PaymentTerms& terms, std::string_view path) {
  domain::PaymentTerms result;
  result.kind = KindOf<domain::PaymentTermsKind>(terms.kind()).value_or(domain::PaymentTermsKind::kNet);
  const bool counts = result.kind == domain::PaymentTermsKind::kNet;
  result.days = terms.has_days() ? terms.days() : counts ? result.days : 0;
  if (result.kind != domain::PaymentTermsKind::kNet && result.days != 0) {
    return base::InvalidField(fmt::format("{}.days", path), "0 or nothing, as only NET counts days");
  }
  return result;
}

v1::Vendor VendorToProto(const domain::Vendor& vendor) {
  v1::Vendor message;
  message.set_id(vendor.id);
  message.set_name(vendor.name);
  message.set_email(vendor.email);
  message.set_phone(vendor.phone);
  *message.mutable_address() = AddressToProto(vendor.address);
  message.set_tax_number(vendor.tax_number);
  message.set_default_contractor(vendor.default_contractor);
  message.set_currency_code(vendor.currency_code);
  message.set_locale(vendor.locale);
  message.set_paper_size(EnumOf<v1::Vendor::PaperSize>(domain::Name(vendor.paper_size)));
  *message.mutable_bank() = BankToProto(vendor.bank);
  message.set_number_pattern(vendor.number_pattern);
  message.set_credit_note_pattern(vendor.credit_note_pattern);
  message.set_accent_color(vendor.accent_color);
  message.set_logo_sha256(vendor.logo_sha256);
  message.set_archive_email(vendor.archive_email);
  message.set_books_closed_through(DateText(vendor.books_closed_through));
  message.set_refuse_back_dating(vendor.refuse_back_dating);
  message.set_active(vendor.active);
  message.set_etag(app::Etag(vendor.version));
  *message.mutable_create_time() = TimeOf(vendor.created_at);
  *message.mutable_update_time() = TimeOf(vendor.updated_at);
  return message;
}

void ApplyVendor(const v1::Vendor& message, domain::Vendor* vendor) {
  const domain::Vendor defaults;
  vendor->name = message.name();
  vendor->email = message.email();
  vendor->phone = message.phone();
  vendor->address = AddressFromProto(message.address());
  vendor->tax_number = message.tax_number();
  vendor->default_contractor = message.default_contractor();
  vendor->currency_code = Or(message.currency_code(), defaults.currency_code.c_str());
  vendor->locale = Or(message.locale(), defaults.locale.c_str());
  vendor->paper_size = KindOf<domain::PaperSize>(message.paper_size()).value_or(defaults.paper_size);
  vendor->bank = BankFromProto(message.bank());
  vendor->number_pattern = Or(message.number_pattern(), defaults.number_pattern.c_str());
  vendor->credit_note_pattern = Or(message.credit_note_pattern(), defaults.credit_note_pattern.c_str());
  vendor->accent_color = Or(message.accent_color(), defaults.accent_color.c_str());
  vendor->archive_email = message.archive_email();
  vendor->books_closed_through = DateIn(message.books_closed_through());
  vendor->refuse_back_dating = message.refuse_back_dating();
}

v1::Customer CustomerToProto(const domain::Customer& customer) {
  v1::Customer message;
  message.set_id(customer.id);
  message.set_vendor_id(customer.vendor_id);
  message.set_name(customer.name);
  message.set_email(customer.email);
  for (const std::string& address : customer.cc_emails) message.add_cc_emails(address);
  for (const std::string& address : customer.bcc_emails) message.add_bcc_emails(address);
  *message.mutable_address() = AddressToProto(customer.address);
  message.set_contractor_name(customer.contractor_name);
  message.set_service_location(customer.service_location);
  message.set_locale(customer.locale);
  message.set_tax_number(customer.tax_number);
  message.set_active(customer.active);
  *message.mutable_contract() = ContractToProto(customer.contract);
  *message.mutable_schedule() = ScheduleToProto(customer.schedule);
  message.set_etag(app::Etag(customer.version));
  *message.mutable_create_time() = TimeOf(customer.created_at);
  *message.mutable_update_time() = TimeOf(customer.updated_at);
  return message;
}

void ApplyCustomer(const v1::Customer& message, domain::Customer* customer) {
  customer->name = message.name();
  customer->email = message.email();
  customer->cc_emails = {message.cc_emails().begin(), message.cc_emails().end()};
  customer->bcc_emails = {message.bcc_emails().begin(), message.bcc_emails().end()};
  customer->address = AddressFromProto(message.address());
  customer->contractor_name = message.contractor_name();
  customer->service_location = message.service_location();
  customer->locale = message.locale();
  customer->tax_number = message.tax_number();
}

v1::Contract ContractToProto(const domain::Contract& contract) {
  v1::Contract message;
  const std::optional<domain::Currency> currency = domain::Currency::Find(contract.currency_code);
  message.set_customer_id(contract.customer_id);
  message.set_invoice_prefix(contract.invoice_prefix);
  message.set_number_pattern(contract.number_pattern);
  message.set_frequency(EnumOf<v1::Frequency::Value>(domain::Name(contract.frequency)));
  if (contract.default_hours) message.set_default_hours(contract.default_hours->ToString());
  if (contract.rate_per_hour && currency) message.set_rate_per_hour(PriceText(*contract.rate_per_hour, *currency));
  message.set_currency_code(contract.currency_code);
  for (const domain::Tax& tax : contract.taxes) *message.add_taxes() = TaxToProto(tax);
  *message.mutable_payment_terms() = TermsToProto(contract.payment_terms);
  if (contract.extra_fees_minor != 0 && currency) {
    message.set_extra_fees(domain::FormatAmount(contract.extra_fees_minor, *currency));
  }
  message.set_extra_fees_label(contract.extra_fees_label);
  message.set_start_date(DateText(contract.start_date));
  message.set_end_date(DateText(contract.end_date));
  message.set_purchase_order(contract.purchase_order);
  message.set_buyer_reference(contract.buyer_reference);
  message.set_require_timesheet(contract.require_timesheet);
  message.set_partial_periods(EnumOf<v1::PartialPeriods::Value>(domain::Name(contract.partial_periods)));
  message.set_notes(contract.notes);
  message.set_etag(app::Etag(contract.version));
  *message.mutable_update_time() = TimeOf(contract.updated_at);
  return message;
}

absl::Status ApplyContract(const v1::Contract& message, const std::string& path, domain::Contract* contract) {
  contract->invoice_prefix = Or(message.invoice_prefix(), domain::Contract().invoice_prefix.c_str());
  contract->number_pattern = message.number_pattern();
  contract->frequency = KindOf<domain::Frequency>(message.frequency()).value_or(domain::Frequency::kMonthly);
  contract->default_hours.reset();
  if (!message.default_hours().empty()) {
    ASSIGN_OR_RETURN(contract->default_hours,
                     DecimalIn<domain::Quantity>(message.default_hours(), path + "defaultHours"));
  }
  contract->rate_per_hour.reset();
  if (!message.rate_per_hour().empty()) {
    ASSIGN_OR_RETURN(contract->rate_per_hour,
                     DecimalIn<domain::UnitPrice>(message.rate_per_hour(), path + "ratePerHour"));
  }
  if (!message.currency_code().empty()) contract->currency_code = message.currency_code();
  ASSIGN_OR_RETURN(contract->taxes, TaxesFromProto(message.taxes(), path + "taxes"));
  contract->payment_terms = {};
  if (message.has_payment_terms()) {
    ASSIGN_OR_RETURN(contract->payment_terms, TermsFromProto(message.payment_terms(), path + "paymentTerms"));
  }
  contract->extra_fees_minor = 0;
  if (!message.extra_fees().empty()) {
    ASSIGN_OR_RETURN(const domain::Currency currency, CurrencyIn(contract->currency_code, path + "currencyCode"));
    ASSIGN_OR_RETURN(contract->extra_fees_minor, AmountIn(message.extra_fees(), currency, path + "extraFees"));
  }
  contract->extra_fees_label = message.extra_fees_label();
  contract->start_date = DateIn(message.start_date());
  contract->end_date = DateIn(message.end_date());
  contract->purchase_order = message.purchase_order();
  contract->buyer_reference = message.buyer_reference();
  contract->require_timesheet = message.require_timesheet();
  contract->partial_periods =
      KindOf<domain::PartialPeriods>(message.partial_periods()).value_or(domain::Contract().partial_periods);
  contract->notes = message.notes();
  return absl::OkStatus();
}

v1::Schedule ScheduleToProto(const domain::Schedule& schedule) {
  v1::Schedule message;
  message.set_customer_id(schedule.customer_id);
  message.set_enabled(schedule.enabled);
  message.set_auto_send_email(schedule.auto_send_email);
  message.set_auto_issue(schedule.auto_issue);
  message.set_time_zone(schedule.time_zone);
  message.set_billing_weekday(schedule.billing_weekday);
  message.set_anchor_date(DateText(schedule.anchor_date));
  message.set_billing_day(schedule.billing_day);
  message.set_missed_run_policy(EnumOf<v1::Schedule::MissedRunPolicy>(domain::Name(schedule.missed_run_policy)));
  message.set_max_catch_up(schedule.max_catch_up);
  message.set_last_run_date(DateText(schedule.last_run_date));
  message.set_next_run_date(DateText(schedule.next_run_date));
  message.set_etag(app::Etag(schedule.version));
  *message.mutable_update_time() = TimeOf(schedule.updated_at);
  return message;
}

void ApplySchedule(const v1::Schedule& message, domain::Schedule* schedule) {
  const domain::Schedule defaults;
  schedule->enabled = message.enabled();
  schedule->auto_send_email = message.auto_send_email();
  schedule->auto_issue = message.has_auto_issue() ? message.auto_issue() : defaults.auto_issue;
  schedule->time_zone = Or(message.time_zone(), defaults.time_zone.c_str());
  schedule->billing_weekday = message.billing_weekday();
  if (const auto anchor = DateIn(message.anchor_date())) schedule->anchor_date = *anchor;
  schedule->billing_day = message.has_billing_day() ? message.billing_day() : defaults.billing_day;
  schedule->missed_run_policy =
      KindOf<domain::MissedRunPolicy>(message.missed_run_policy()).value_or(defaults.missed_run_policy);
  schedule->max_catch_up = message.has_max_catch_up() ? message.max_catch_up() : defaults.max_catch_up;
}

void DropOldDays(const v1::Contract& given, v1::Contract* merged) {
  const bool counts = merged->payment_terms().kind() == v1::PaymentTerms::NET;
  if (merged->has_payment_terms() && !counts && given.payment_terms().days() == 0)
    merged->mutable_payment_terms()->set_days(0);
}

void KeepExtraFees(const domain::Contract& before, v1::Contract* merged) {
  const std::optional<domain::Currency> own = domain::Currency::Find(before.currency_code);
  const std::optional<domain::Currency> next = domain::Currency::Find(merged->currency_code());
  if (!own || !next || *own == *next || merged->extra_fees() != ContractToProto(before).extra_fees()) return;
  std::string& text = *merged->mutable_extra_fees();
  const size_t point = text.find('.');
  if (point == std::string::npos) return;
  const size_t last_digit = text.find_last_not_of('0');
  const size_t needed = last_digit == point ? point : last_digit + 1;
  const size_t digits = static_cast<size_t>(next->digits());
  const size_t allowed = digits == 0 ? point : point + 1 + digits;
  text.resize(std::min(text.size(), std::max(needed, allowed)));
}

absl::StatusOr<domain::Customer> NewCustomerFromProto(const v1::Customer& given, domain::Customer customer) {
  v1::Customer merged = CustomerToProto(customer);
  merged.MergeFrom(given);
  DropOldDays(given.contract(), merged.mutable_contract());
  ApplyCustomer(merged, &customer);
  RETURN_IF_ERROR(ApplyContract(merged.contract(), "contract.", &customer.contract));
  ApplySchedule(merged.schedule(), &customer.schedule);
  return customer;
}

v1::Timesheet TimesheetToProto(const domain::Timesheet& timesheet) {
  v1::Timesheet message;
  const std::optional<domain::Currency> currency = domain::Currency::Find(timesheet.currency_code);
  message.set_customer_id(timesheet.customer_id);
  message.set_period_start(DateText(timesheet.period.first));
  message.set_period_end(DateText(timesheet.period.last));
  message.set_hours(timesheet.hours.ToString());
  for (const domain::Expense& expense : timesheet.expenses) {
    auto* added = message.add_expenses();
    added->set_description(expense.description);
    if (currency) added->set_amount(domain::FormatAmount(expense.amount_minor, *currency));
  }
  message.set_notes(timesheet.notes);
  message.set_currency_code(timesheet.currency_code);
  message.set_etag(app::Etag(timesheet.version));
  *message.mutable_update_time() = TimeOf(timesheet.updated_at);
  return message;
}

absl::StatusOr<domain::Timesheet> TimesheetFromProto(const v1::Timesheet& message, const domain::Contract& contract) {
  ASSIGN_OR_RETURN(const domain::Currency currency, CurrencyIn(contract.currency_code, "currencyCode"));
  domain::Timesheet timesheet;
  timesheet.currency_code = contract.currency_code;
  timesheet.customer_id = message.customer_id();
  timesheet.period.first = DateIn(message.period_start()).value_or(absl::CivilDay());
  // The period's end, or the contract's if that comes before it.
  absl::CivilDay last = EndOfPeriod(contract.frequency, timesheet.period.first);
  if (contract.end_date && *contract.end_date >= timesheet.period.first) last = std::min(last, *contract.end_date);
  timesheet.period.last = DateIn(message.period_end()).value_or(last);
  ASSIGN_OR_RETURN(timesheet.hours, DecimalIn<domain::Quantity>(message.hours(), "hours"));
  for (const v1::Timesheet::Expense& expense : message.expenses()) {
    const std::string path = fmt::format("expenses[{}].amount", timesheet.expenses.size());
    ASSIGN_OR_RETURN(const int64_t amount, AmountIn(expense.amount(), currency, path));
    timesheet.expenses.push_back({.description = expense.description(), .amount_minor = amount});
  }
  timesheet.notes = message.notes();
  return timesheet;
}

}  // namespace invoice::rpc
