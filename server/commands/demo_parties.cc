#include "commands/demo_parties.h"

#include "base/json.h"

namespace invoice::commands {
namespace {

using Json = nlohmann::json;

domain::Address AddressOf(const Json& json) {
  return {.line1 = json.value("line1", ""),
          .line2 = json.value("line2", ""),
          .city = json.value("city", ""),
          .region = json.value("region", ""),
          .postal_code = json.value("postalCode", ""),
          .country_code = json.value("countryCode", "")};
}

domain::Tax TaxOf(const Json& json) {
  return {.name = json.at("name"),
          .rate = domain::Rate::Parse(json.at("rate").get<std::string>()).value(),
          .registration_number = json.value("registrationNumber", ""),
          .category = domain::Parse<domain::TaxCategory>(json.value("category", "STANDARD")).value(),
          .exemption_reason = json.value("exemptionReason", "")};
}

void FillContract(const Json& json, domain::Contract& contract) {
  contract.invoice_prefix = json.at("invoicePrefix");
  contract.frequency = domain::Parse<domain::Frequency>(json.at("frequency").get<std::string>()).value();
  contract.default_hours = DemoQuantity(json.at("defaultHours"));
  contract.rate_per_hour = domain::UnitPrice::Parse(json.at("ratePerHour").get<std::string>()).value();
  contract.purchase_order = json.value("purchaseOrder", "");
  contract.buyer_reference = json.value("buyerReference", "");
  contract.require_timesheet = json.value("requireTimesheet", false);
  contract.extra_fees_minor = json.value("extraFeesMinor", int64_t{0});
  contract.extra_fees_label = json.value("extraFeesLabel", "");
  contract.notes = json.value("notes", "");
  contract.payment_terms = {.kind = domain::Parse<domain::PaymentTermsKind>(json.value("termsKind", "NET")).value(),
                            .days = json.value("termsDays", 0)};
  for (const Json& tax : json.at("taxes")) contract.taxes.push_back(TaxOf(tax));
}

}  // namespace

domain::Vendor DemoVendor(const Json& json) {
  domain::Vendor vendor;
  vendor.name = json.at("name");
  vendor.email = json.at("email");
  vendor.phone = json.value("phone", "");
  vendor.tax_number = json.value("taxNumber", "");
  vendor.default_contractor = json.value("defaultContractor", "");
  vendor.currency_code = json.at("currencyCode");
  vendor.locale = json.at("locale");
  vendor.paper_size = domain::Parse<domain::PaperSize>(json.at("paperSize").get<std::string>()).value();
  vendor.accent_color = json.at("accentColor");
  vendor.address = AddressOf(json.at("address"));
  const Json& bank = json.at("bank");
  vendor.bank = {.account_holder = bank.value("accountHolder", ""),
                 .bank_name = bank.value("bankName", ""),
                 .iban = bank.value("iban", ""),
                 .bic = bank.value("bic", ""),
                 .account_number = bank.value("accountNumber", ""),
                 .routing_number = bank.value("routingNumber", "")};
  return vendor;
}

void FillDemoCustomer(const Json& json, absl::CivilDay today, domain::Customer& customer) {
  customer.name = json.at("name");
  customer.email = json.at("email");
  customer.locale = json.value("locale", "");
  customer.tax_number = json.value("taxNumber", "");
  customer.contractor_name = json.value("contractorName", "");
  customer.service_location = json.value("serviceLocation", "");
  customer.address = AddressOf(json.at("address"));
  FillContract(json.at("contract"), customer.contract);
  customer.schedule.enabled = true;
  customer.schedule.auto_issue = json.value("autoIssue", true);
  customer.schedule.time_zone = json.at("timeZone");
  // Weekly and biweekly customers are due soon after today, so that the scheduler has work.
  customer.schedule.anchor_date = today + json.value("dueInDays", 0);
  customer.schedule.billing_weekday = static_cast<int>(absl::GetWeekday(customer.schedule.anchor_date));
}

domain::Quantity DemoQuantity(const std::string& text) { return domain::Quantity::Parse(text).value(); }

}  // namespace invoice::commands
