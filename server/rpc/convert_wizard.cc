// What is given by hand to generation, from the messages of the API.
#include "domain/totals.h"
#include "fmt/format.h"
#include "rpc/convert.h"
#include "rpc/convert_parties.h"
#include "rpc/convert_records.h"

namespace invoice::rpc {
namespace {

absl::StatusOr<domain::Discount> DiscountFromProto(const v1::Discount& discount, domain::Currency currency,
                                                   const std::string& path) {
  domain::Discount result;
  if (!discount.percent().empty()) {
    ASSIGN_OR_RETURN(result.percent, DecimalIn<domain::Percent>(discount.percent(), path + ".percent"));
  }
  if (!discount.amount().empty()) {
    ASSIGN_OR_RETURN(result.amount_minor, AmountIn(discount.amount(), currency, path + ".amount"));
  }
  return result;
}

absl::StatusOr<domain::LineInput> LineFromProto(const v1::LineInput& line, domain::Currency currency,
                                                const std::string& path) {
  domain::LineInput result;
  result.description = line.description();
  ASSIGN_OR_RETURN(result.quantity, DecimalIn<domain::Quantity>(line.quantity(), path + ".quantity"));
  result.unit = KindOf<domain::Unit>(line.unit()).value_or(domain::Unit::kHour);
  ASSIGN_OR_RETURN(result.unit_price, DecimalIn<domain::UnitPrice>(line.unit_price(), path + ".unitPrice"));
  ASSIGN_OR_RETURN(result.discount, DiscountFromProto(line.discount(), currency, path + ".discount"));
  result.tax_names = {line.tax_names().begin(), line.tax_names().end()};
  return result;
}

// What a preview does not have is what only an invoice that is made has.
void SetMaking(const v1::RunWizardRequest& request, app::WizardRun& run) { run.draft = request.draft(); }
void SetMaking(const v1::PreviewInvoiceRequest&, app::WizardRun&) {}
void SetMaking(const v1::UpdateDraftRequest&, app::WizardRun& run) { run.draft = true; }
std::string CustomerOf(const v1::RunWizardRequest& request) { return request.customer_id(); }
std::string CustomerOf(const v1::PreviewInvoiceRequest& request) { return request.customer_id(); }
std::string CustomerOf(const v1::UpdateDraftRequest&) { return ""; }

template <typename Request>
absl::Status AddAmounts(const Request& request, const std::string& currency_code, domain::WizardInput& wizard) {
  const std::string& code = request.currency_code().empty() ? currency_code : request.currency_code();
  ASSIGN_OR_RETURN(const domain::Currency currency, CurrencyIn(code, "currencyCode"));
  wizard.currency = currency;
  for (const v1::LineInput& line : request.lines()) {
    const std::string path = fmt::format("lines[{}]", wizard.lines.size());
    ASSIGN_OR_RETURN(domain::LineInput converted, LineFromProto(line, currency, path));
    wizard.lines.push_back(std::move(converted));
  }
  ASSIGN_OR_RETURN(wizard.discount, DiscountFromProto(request.discount(), currency, "discount"));
  return absl::OkStatus();
}

}  // namespace

template <typename Request>
absl::StatusOr<app::WizardRun> WizardRunFromProto(const Request& request) {
  app::WizardRun input;
  input.customer_id = CustomerOf(request);
  SetMaking(request, input);
  if (request.has_send_email()) input.send_email = request.send_email();
  input.allow_duplicate = request.allow_duplicate();
  input.invoice_date = DateIn(request.invoice_date()).value_or(absl::CivilDay());
  input.period = {DateIn(request.period_start()).value_or(absl::CivilDay()),
                  DateIn(request.period_end()).value_or(absl::CivilDay())};
  input.add_amounts = [&request](const std::string& currency_code, domain::WizardInput& wizard) {
    return AddAmounts(request, currency_code, wizard);
  };
  ASSIGN_OR_RETURN(input.wizard.taxes, TaxesFromProto(request.taxes(), "taxes"));
  if (request.has_payment_terms()) {
    ASSIGN_OR_RETURN(input.wizard.payment_terms, TermsFromProto(request.payment_terms(), "paymentTerms"));
  }
  if (request.has_notes()) input.wizard.notes = request.notes();
  if (request.has_purchase_order()) input.wizard.purchase_order = request.purchase_order();
  if (request.has_buyer_reference()) input.wizard.buyer_reference = request.buyer_reference();
  input.wizard.duplicate_reason = request.duplicate_reason();
  return input;
}

template absl::StatusOr<app::WizardRun> WizardRunFromProto(const v1::RunWizardRequest&);
template absl::StatusOr<app::WizardRun> WizardRunFromProto(const v1::PreviewInvoiceRequest&);
template absl::StatusOr<app::WizardRun> WizardRunFromProto(const v1::UpdateDraftRequest&);

}  // namespace invoice::rpc
