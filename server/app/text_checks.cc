#include "app/text_checks.h"

#include <algorithm>
#include <string_view>

#include "base/secret.h"
#include "base/status.h"
#include "domain/calendar.h"

namespace invoice::app {
namespace {

constexpr char kPutOff[] = "layout";  // the metadata that marks a status of IsPutOff()

// All content of a document as one text, each part behind its length. A binding names every field of its struct: a new
// field does not compile until it is added here.
class Content {
 public:
  void Add(const domain::InvoiceDocument& document) {
    const auto& [kind, number, original_number, credit_reason, invoice_date, due_date, period, currency, vendor,
                 customer, contractor_name, service_location, purchase_order, buyer_reference, payment_terms, lines,
                 taxes, totals, notes, duplicate_reason] = document;
    All(kind, number, original_number, credit_reason, invoice_date, due_date, period, currency, vendor, customer,
        contractor_name, service_location, purchase_order, buyer_reference, payment_terms, lines, taxes, totals, notes,
        duplicate_reason);
  }
  const std::string& text() const { return text_; }

 private:
  template <typename... Parts>
  void All(const Parts&... parts) {
    (Add(parts), ...);
  }
  void Add(const std::string& text) {
    text_ += std::to_string(text.size());
    text_ += ':';
    text_ += text;
  }
  void Add(int64_t number) { Add(std::to_string(number)); }
  void Add(int number) { Add(static_cast<int64_t>(number)); }
  template <typename Kind>
  requires std::is_enum_v<Kind>
  void Add(Kind kind) { Add(static_cast<int64_t>(kind)); }
  template <typename Decimal>
  requires requires(const Decimal& decimal) { decimal.ToString(); }
  void Add(const Decimal& decimal) { Add(decimal.ToString()); }
  template <typename Item>
  void Add(const std::vector<Item>& items) {
    Add(static_cast<int64_t>(items.size()));
    for (const Item& item : items) Add(item);
  }
  void Add(absl::CivilDay day) { Add(domain::FormatDate(day)); }
  void Add(const domain::Currency& currency) { Add(std::string(currency.code())); }
  void Add(const domain::Period& period) { All(period.first, period.last); }
  void Add(const domain::Address& address) {
    const auto& [line1, line2, city, region, postal_code, country_code] = address;
    All(line1, line2, city, region, postal_code, country_code);
  }
  void Add(const domain::BankDetails& bank) {
    const auto& [account_holder, bank_name, iban, bic, account_number, routing_number, instructions] = bank;
    All(account_holder, bank_name, iban, bic, account_number, routing_number, instructions);
  }
  void Add(const domain::VendorSnapshot& vendor) {
    const auto& [name, email, phone, address, tax_number, bank, locale, paper_size, accent_color, logo_sha256] = vendor;
    All(name, email, phone, address, tax_number, bank, locale, paper_size, accent_color, logo_sha256);
  }
  void Add(const domain::CustomerSnapshot& customer) {
    const auto& [name, email, address, tax_number] = customer;
    All(name, email, address, tax_number);
  }
  void Add(const domain::PaymentTerms& terms) {
    const auto& [kind, days] = terms;
    All(kind, days);
  }
  void Add(const domain::InvoiceLine& line) {
    const auto& [description, quantity, unit, unit_price, discount_minor, amount_minor, tax_names, original_line] =
        line;
    All(description, quantity, unit, unit_price, discount_minor, amount_minor, tax_names, original_line);
  }
  void Add(const domain::Tax& tax) {
    const auto& [name, rate, registration_number, category, exemption_reason] = tax;
    All(name, rate, registration_number, category, exemption_reason);
  }
  void Add(const domain::TaxAmount& tax) {
    const auto& [what, base_minor, amount_minor] = tax;
    All(what, base_minor, amount_minor);
  }
  void Add(const domain::Totals& totals) {
    const auto& [subtotal_minor, discount_minor, taxable_minor, tax_minor, total_minor] = totals;
    All(subtotal_minor, discount_minor, taxable_minor, tax_minor, total_minor);
  }

  std::string text_;
};

std::string DigestOf(const domain::InvoiceDocument& document) {
  Content content;
  content.Add(document);
  return base::Sha256Hex(content.text());
}

// Lines that a text takes on paper, more rather than fewer.
size_t RowsOf(std::string_view text) {
  constexpr size_t kLeastCharacters = 12;
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) + text.size() / kLeastCharacters;
}

}  // namespace

bool IsLong(const domain::InvoiceDocument& document) {
  size_t rows = RowsOf(document.notes) + RowsOf(document.duplicate_reason) + RowsOf(document.credit_reason) +
                RowsOf(document.vendor.bank.instructions);
  for (const domain::TaxAmount& tax : document.taxes) rows += RowsOf(tax.tax.exemption_reason);
  for (const domain::InvoiceLine& line : document.lines) {
    rows += 1 + RowsOf(line.description);
    for (const std::string& name : line.tax_names) rows += RowsOf(name);
  }
  return rows > base::kMaxRowsCheckedAtOnce;
}

absl::Status TextChecks::Check(const domain::InvoiceDocument& document) {
  if (!IsLong(document)) return renderer_.CheckText(document);
  const bool full = kept_.size() >= most_kept_;
  std::string digest = full && verdicts_.empty() ? "" : DigestOf(document);
  const auto verdict = verdicts_.find(digest);
  if (verdict != verdicts_.end()) return verdict->second;
  if (!full) kept_.emplace(std::move(digest), document);
  return base::Failure(absl::StatusCode::kUnavailable, base::Reason::kOverloaded, "the document is not laid out yet",
                       {{kPutOff, "true"}});
}

bool TextChecks::IsPutOff(const absl::Status& status) {
  return absl::IsUnavailable(status) && base::DetailOf(status).metadata.contains(kPutOff);
}

void TextChecks::LayOut(absl::Time latest) {
  while (!kept_.empty()) {
    const auto first = kept_.begin();
    verdicts_[first->first] = renderer_.CheckText(first->second);
    kept_.erase(first);
    if (absl::Now() >= latest) return;
  }
}

}  // namespace invoice::app
