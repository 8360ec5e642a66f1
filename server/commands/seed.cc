#include "app/customers.h"
#include "app/vendors.h"
#include "base/json.h"
#include "base/log.h"
#include "base/status.h"
#include "commands/commands.h"
#include "commands/house.h"
#include "commands/seed_data.h"
#include "commands/settings.h"

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

domain::Vendor VendorOf(const Json& json) {
  domain::Vendor vendor;
  vendor.name = json.at("name");
  vendor.email = json.value("email", "");
  vendor.phone = json.value("phone", "");
  vendor.tax_number = json.value("taxNumber", "");
  vendor.default_contractor = json.value("defaultContractor", "");
  vendor.currency_code = json.at("currencyCode");
  vendor.locale = json.value("locale", "en-CA");
  vendor.paper_size = domain::Parse<domain::PaperSize>(json.value("paperSize", "LETTER")).value();
  vendor.accent_color = json.value("accentColor", vendor.accent_color);
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

void FillContract(const Json& json, domain::Contract& contract) {
  contract.invoice_prefix = json.value("invoicePrefix", contract.invoice_prefix);
  contract.frequency = domain::Parse<domain::Frequency>(json.value("frequency", "MONTHLY")).value();
  contract.default_hours = domain::Quantity::Parse(json.value("defaultHours", "0"));
  contract.rate_per_hour = domain::UnitPrice::Parse(json.at("ratePerHour").get<std::string>());
  contract.purchase_order = json.value("purchaseOrder", "");
  for (const Json& tax : json.at("taxes")) {
    contract.taxes.push_back({.name = tax.at("name"),
                              .rate = domain::Rate::Parse(tax.at("rate").get<std::string>()).value(),
                              .registration_number = tax.value("registrationNumber", "")});
  }
}

absl::Status SeedCustomer(app::Customers& customers, const app::Call& call, const std::string& vendor_id,
                          const Json& json) {
  const auto read = [&](domain::Customer customer) -> absl::StatusOr<domain::Customer> {
    customer.name = json.at("name");
    customer.email = json.at("email");
    customer.service_location = json.value("serviceLocation", "");
    customer.address = AddressOf(json.at("address"));
    FillContract(json.at("contract"), customer.contract);
    customer.schedule.time_zone = json.value("timeZone", "UTC");
    return customer;
  };
  return customers.Create(call, vendor_id, read, {}).status();
}

absl::Status SeedAll(app::Core& core) {
  app::Vendors vendors(core);
  app::Customers customers(core);
  ASSIGN_OR_RETURN(const store::Page<domain::Vendor> there, vendors.List({}, {.size = 1}));
  if (!there.records.empty()) {
    base::Log(base::Level::kInfo, "seed_not_needed");
    return absl::OkStatus();
  }
  const app::Call call{.actor = {.id = "system", .name = "seed", .role = app::Role::kAdmin}, .method = "seed"};
  const Json data = Json::parse(kSeedData);
  for (const Json& json : data.at("vendors")) {
    ASSIGN_OR_RETURN(const app::Outcome<domain::Vendor> vendor, vendors.Create(call, VendorOf(json), {}));
    for (const Json& customer : json.at("customers")) {
      RETURN_IF_ERROR(SeedCustomer(customers, call, vendor.result.id, customer));
    }
  }
  base::Log(base::Level::kInfo, "seeded");
  return absl::OkStatus();
}

}  // namespace

// Demo data for an empty database; never in production. A second run finds it there and changes nothing.
int Seed(const Arguments&) {
  const absl::StatusOr<CommonSettings> settings = ReadCommonSettings();
  if (!settings.ok()) return Fatal(settings.status());
  if (settings->environment == "production") {
    return Fatal(absl::FailedPreconditionError("demo data is not for production (ENVIRONMENT=production)"));
  }
  const absl::StatusOr<std::unique_ptr<House>> house = House::Build(*settings);
  if (!house.ok()) return Fatal(house.status());
  const absl::Status status = SeedAll((*house)->core());
  return status.ok() ? 0 : Fatal(status);
}

}  // namespace invoice::commands
