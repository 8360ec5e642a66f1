#include "store/json.h"

#include "base/json.h"
#include "store/row.h"

namespace invoice::store {
namespace {

using Json = nlohmann::json;

Json Of(const domain::Address& a) {
  return {{"line1", a.line1},
          {"line2", a.line2},
          {"city", a.city},
          {"region", a.region},
          {"postalCode", a.postal_code},
          {"countryCode", a.country_code}};
}

Json Of(const domain::BankDetails& b) {
  return {{"accountHolder", b.account_holder},
          {"bankName", b.bank_name},
          {"iban", b.iban},
          {"bic", b.bic},
          {"accountNumber", b.account_number},
          {"routingNumber", b.routing_number},
          {"instructions", b.instructions}};
}

Json Of(const domain::Tax& t) {
  return {{"name", t.name},
          {"rate", t.rate.ToString()},
          {"registrationNumber", t.registration_number},
          {"category", domain::Name(t.category)},
          {"exemptionReason", t.exemption_reason}};
}

Json Of(const std::vector<domain::Tax>& taxes) {
  Json list = Json::array();
  for (const domain::Tax& tax : taxes) list.push_back(Of(tax));
  return list;
}

Json Of(const std::vector<domain::Expense>& expenses) {
  Json list = Json::array();
  for (const domain::Expense& e : expenses) {
    list.push_back({{"description", e.description}, {"amountMinor", e.amount_minor}});
  }
  return list;
}

template <typename T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(ToText(*value)) : Json();
}

Json Of(const domain::Contract& c) {
  return {{"invoicePrefix", c.invoice_prefix},
          {"numberPattern", c.number_pattern},
          {"frequency", domain::Name(c.frequency)},
          {"defaultHours", OrNull(c.default_hours)},
          {"ratePerHour", OrNull(c.rate_per_hour)},
          {"currencyCode", c.currency_code},
          {"taxes", Of(c.taxes)},
          {"paymentTerms", {{"kind", domain::Name(c.payment_terms.kind)}, {"days", c.payment_terms.days}}},
          {"extraFeesMinor", c.extra_fees_minor},
          {"extraFeesLabel", c.extra_fees_label},
          {"startDate", OrNull(c.start_date)},
          {"endDate", OrNull(c.end_date)},
          {"purchaseOrder", c.purchase_order},
          {"buyerReference", c.buyer_reference},
          {"requireTimesheet", c.require_timesheet},
          {"notes", c.notes},
          {"version", c.version}};
}

Json Of(const domain::Schedule& s) {
  return {{"enabled", s.enabled},
          {"autoSendEmail", s.auto_send_email},
          {"autoIssue", s.auto_issue},
          {"timeZone", s.time_zone},
          {"billingWeekday", s.billing_weekday},
          {"anchorDate", ToText(s.anchor_date)},
          {"billingDay", s.billing_day},
          {"missedRunPolicy", domain::Name(s.missed_run_policy)},
          {"maxCatchUp", s.max_catch_up},
          {"lastRunDate", OrNull(s.last_run_date)},
          {"nextRunDate", OrNull(s.next_run_date)},
          {"version", s.version}};
}

domain::Address AddressOf(const Json& j) {
  return {.line1 = j.at("line1"),
          .line2 = j.at("line2"),
          .city = j.at("city"),
          .region = j.at("region"),
          .postal_code = j.at("postalCode"),
          .country_code = j.at("countryCode")};
}

domain::BankDetails BankOf(const Json& j) {
  return {.account_holder = j.at("accountHolder"),
          .bank_name = j.at("bankName"),
          .iban = j.at("iban"),
          .bic = j.at("bic"),
          .account_number = j.at("accountNumber"),
          .routing_number = j.at("routingNumber"),
          .instructions = j.at("instructions")};
}

domain::Tax TaxOf(const Json& j) {
  return {.name = j.at("name"),
          .rate = domain::Rate::Parse(j.at("rate").get<std::string>()).value(),
          .registration_number = j.at("registrationNumber"),
          .category = domain::Parse<domain::TaxCategory>(j.at("category").get<std::string>()).value(),
          .exemption_reason = j.at("exemptionReason")};
}

}  // namespace

std::string ToJson(const domain::Address& address) { return Of(address).dump(); }
std::string ToJson(const domain::BankDetails& bank) { return Of(bank).dump(); }
std::string ToJson(const std::vector<domain::Tax>& taxes) { return Of(taxes).dump(); }
std::string ToJson(const std::vector<std::string>& texts) { return Json(texts).dump(); }
std::string ToJson(const std::vector<domain::Expense>& expenses) { return Of(expenses).dump(); }
std::string ToJson(const domain::Contract& contract) { return Of(contract).dump(); }
std::string ToJson(const domain::Schedule& schedule) { return Of(schedule).dump(); }

std::string ToJson(const domain::VendorSnapshot& v) {
  return Json{{"name", v.name},
              {"email", v.email},
              {"phone", v.phone},
              {"address", Of(v.address)},
              {"taxNumber", v.tax_number},
              {"bank", Of(v.bank)},
              {"locale", v.locale},
              {"paperSize", domain::Name(v.paper_size)},
              {"accentColor", v.accent_color},
              {"logoSha256", v.logo_sha256}}
      .dump();
}

std::string ToJson(const domain::CustomerSnapshot& c) {
  return Json{{"name", c.name}, {"email", c.email}, {"address", Of(c.address)}, {"taxNumber", c.tax_number}}.dump();
}

std::string ToJson(const domain::Vendor& v) {
  return Json{{"name", v.name},
              {"email", v.email},
              {"phone", v.phone},
              {"taxNumber", v.tax_number},
              {"defaultContractor", v.default_contractor},
              {"currencyCode", v.currency_code},
              {"locale", v.locale},
              {"paperSize", domain::Name(v.paper_size)},
              {"accentColor", v.accent_color},
              {"logoSha256", v.logo_sha256},
              {"archiveEmail", v.archive_email},
              {"address", Of(v.address)},
              {"bank", Of(v.bank)},
              {"numberPattern", v.number_pattern},
              {"creditNotePattern", v.credit_note_pattern},
              {"booksClosedThrough", OrNull(v.books_closed_through)},
              {"active", v.active},
              {"version", v.version}}
      .dump();
}

std::string ToJson(const domain::Customer& c) {
  return Json{{"vendorId", c.vendor_id},
              {"name", c.name},
              {"email", c.email},
              {"ccEmails", c.cc_emails},
              {"bccEmails", c.bcc_emails},
              {"contractorName", c.contractor_name},
              {"serviceLocation", c.service_location},
              {"locale", c.locale},
              {"taxNumber", c.tax_number},
              {"address", Of(c.address)},
              {"active", c.active},
              {"version", c.version},
              {"contract", Of(c.contract)},
              {"schedule", Of(c.schedule)}}
      .dump();
}

std::string ToJson(const domain::Timesheet& t) {
  return Json{{"periodStart", ToText(t.period.first)},
              {"periodEnd", ToText(t.period.last)},
              {"hours", ToText(t.hours)},
              {"currencyCode", t.currency_code},
              {"expenses", Of(t.expenses)},
              {"notes", t.notes},
              {"version", t.version}}
      .dump();
}

domain::Address AddressFromJson(const std::string& text) { return AddressOf(Json::parse(text)); }
domain::BankDetails BankFromJson(const std::string& text) { return BankOf(Json::parse(text)); }

std::vector<domain::Tax> TaxesFromJson(const std::string& text) {
  std::vector<domain::Tax> taxes;
  for (const Json& item : Json::parse(text)) taxes.push_back(TaxOf(item));
  return taxes;
}

std::vector<std::string> TextsFromJson(const std::string& text) {
  return Json::parse(text).get<std::vector<std::string>>();
}

std::vector<domain::Expense> ExpensesFromJson(const std::string& text) {
  std::vector<domain::Expense> expenses;
  for (const Json& item : Json::parse(text)) {
    expenses.push_back({.description = item.at("description"), .amount_minor = item.at("amountMinor")});
  }
  return expenses;
}

domain::VendorSnapshot VendorSnapshotFromJson(const std::string& text) {
  const Json j = Json::parse(text);
  return {.name = j.at("name"),
          .email = j.at("email"),
          .phone = j.at("phone"),
          .address = AddressOf(j.at("address")),
          .tax_number = j.at("taxNumber"),
          .bank = BankOf(j.at("bank")),
          .locale = j.at("locale"),
          .paper_size = domain::Parse<domain::PaperSize>(j.at("paperSize").get<std::string>()).value(),
          .accent_color = j.at("accentColor"),
          .logo_sha256 = j.at("logoSha256")};
}

domain::CustomerSnapshot CustomerSnapshotFromJson(const std::string& text) {
  const Json j = Json::parse(text);
  return {.name = j.at("name"),
          .email = j.at("email"),
          .address = AddressOf(j.at("address")),
          .tax_number = j.at("taxNumber")};
}

}  // namespace invoice::store
