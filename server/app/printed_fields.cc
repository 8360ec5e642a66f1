#include "app/printed_fields.h"

#include <string_view>

#include "base/status.h"
#include "fmt/format.h"
#include "locale/locale.h"

namespace invoice::app {
namespace {

// Asks field by field and keeps the first fault.
class Checker {
 public:
  explicit Checker(const Core& core, std::string path = "") : core_(core), path_(std::move(path)) {}

  void Line(std::string_view field, const std::string& text) { Check(field, text, /*several_lines=*/false); }
  void Paragraphs(std::string_view field, const std::string& text) { Check(field, text, /*several_lines=*/true); }
  const absl::Status& status() const { return status_; }

 private:
  void Check(std::string_view field, const std::string& text, bool several_lines) {
    if (status_.ok() && !text.empty())
      status_ = core_.renderer.CheckField(fmt::format("{}{}", path_, field), text, several_lines);
  }

  const Core& core_;
  const std::string path_;
  absl::Status status_;
};

void CheckAddress(const domain::Address& address, Checker& checker) {
  checker.Line("address.line1", address.line1);
  checker.Line("address.line2", address.line2);
  checker.Line("address.city", address.city);
  checker.Line("address.region", address.region);
  checker.Line("address.postalCode", address.postal_code);
}

void CheckBank(const domain::BankDetails& bank, Checker& checker) {
  checker.Line("bank.accountHolder", bank.account_holder);
  checker.Line("bank.bankName", bank.bank_name);
  checker.Line("bank.iban", bank.iban);
  checker.Line("bank.bic", bank.bic);
  checker.Line("bank.accountNumber", bank.account_number);
  checker.Line("bank.routingNumber", bank.routing_number);
  checker.Paragraphs("bank.instructions", bank.instructions);
}

}  // namespace

absl::Status CheckPrintedFields(const Core& core, const domain::Vendor& vendor) {
  Checker checker(core);
  checker.Line("name", vendor.name);
  checker.Line("email", vendor.email);
  checker.Line("phone", vendor.phone);
  CheckAddress(vendor.address, checker);
  checker.Line("taxNumber", vendor.tax_number);
  checker.Line("defaultContractor", vendor.default_contractor);
  CheckBank(vendor.bank, checker);
  checker.Line("numberPattern", vendor.number_pattern);
  checker.Line("creditNotePattern", vendor.credit_note_pattern);
  return checker.status();
}

absl::Status CheckPrintedFields(const Core& core, const domain::Customer& customer) {
  Checker checker(core);
  checker.Line("name", customer.name);
  checker.Line("email", customer.email);
  CheckAddress(customer.address, checker);
  checker.Line("contractorName", customer.contractor_name);
  checker.Line("serviceLocation", customer.service_location);
  checker.Line("taxNumber", customer.tax_number);
  return checker.status();
}

absl::Status CheckPrintedFields(const Core& core, const domain::Contract& contract, const std::string& path) {
  Checker checker(core, path);
  checker.Line("invoicePrefix", contract.invoice_prefix);
  checker.Line("numberPattern", contract.number_pattern);
  checker.Line("extraFeesLabel", contract.extra_fees_label);
  checker.Line("purchaseOrder", contract.purchase_order);
  checker.Line("buyerReference", contract.buyer_reference);
  checker.Paragraphs("notes", contract.notes);
  for (size_t i = 0; i < contract.taxes.size(); ++i) {
    const domain::Tax& tax = contract.taxes[i];
    checker.Line(fmt::format("taxes[{}].name", i), tax.name);
    checker.Line(fmt::format("taxes[{}].registrationNumber", i), tax.registration_number);
    checker.Line(fmt::format("taxes[{}].exemptionReason", i), tax.exemption_reason);
  }
  return checker.status();
}

absl::Status CheckPrintedFields(const Core& core, const domain::Timesheet& timesheet) {
  Checker checker(core);
  for (size_t i = 0; i < timesheet.expenses.size(); ++i) {
    checker.Line(fmt::format("expenses[{}].description", i), timesheet.expenses[i].description);
  }
  checker.Paragraphs("notes", timesheet.notes);
  return checker.status();
}

std::vector<domain::Warning> WarningsOfLocale(const std::string& locale) {
  if (locale.empty() || locale::Locale::HasWords(locale)) return {};
  return {
      {"LOCALE_WITHOUT_WORDS",
       "documents and emails are in English, with amounts and dates as the locale writes them: their words exist in "
       "English, French, German and Spanish"}};
}

}  // namespace invoice::app
