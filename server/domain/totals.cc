#include "domain/totals.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <numeric>
#include <set>

#include "base/limits.h"
#include "base/status.h"
#include "fmt/format.h"

namespace invoice::domain {
namespace {

using base::Int128;
using base::InvalidField;

// 10 % of something is its rate 0.1: the units of both differ by the two digits of "per cent".
Rate ToRate(Percent percent) { return Rate::FromUnits(percent.units()); }
static_assert(Rate::kFractionalDigits == Percent::kFractionalDigits + 2);

absl::StatusOr<int64_t> InLimits(std::optional<int64_t> amount_minor, std::string_view field) {
  if (!amount_minor || *amount_minor > base::kMaxAmount_minor) return base::AmountOverflow(field);
  return *amount_minor;
}

// What a discount takes from `gross_minor`, which is not negative.
absl::StatusOr<int64_t> ResolveDiscount(const Discount& discount, int64_t gross_minor, const std::string& path) {
  if (discount.percent && discount.amount_minor) return InvalidField(path, "either percent or amount");
  if (discount.percent) {
    if (*discount.percent < Percent() || *discount.percent > Percent::FromUnits(100 * base::PowerOfTen(4))) {
      return InvalidField(path + ".percent", "a decimal of 0 to 100");
    }
    return InLimits(ApplyRate(gross_minor, ToRate(*discount.percent)), path + ".percent");
  }
  const int64_t amount_minor = discount.amount_minor.value_or(0);
  if (amount_minor < 0 || amount_minor > gross_minor) {
    return InvalidField(path + ".amount", "an amount of 0 up to what is discounted");
  }
  return amount_minor;
}

absl::StatusOr<InvoiceLine> ComputeLine(const LineInput& input, Currency currency, const std::string& path) {
  if (input.quantity < Quantity()) return InvalidField(path + ".quantity", "a decimal that is not negative");
  if (input.unit_price < UnitPrice()) return InvalidField(path + ".unitPrice", "a decimal that is not negative");
  ASSIGN_OR_RETURN(const int64_t gross_minor,
                   InLimits(Extend(input.quantity, input.unit_price, currency), path + ".quantity"));
  ASSIGN_OR_RETURN(const int64_t discount_minor, ResolveDiscount(input.discount, gross_minor, path + ".discount"));
  return InvoiceLine{.description = input.description,
                     .quantity = input.quantity,
                     .unit = input.unit,
                     .unit_price = input.unit_price,
                     .discount_minor = discount_minor,
                     .amount_minor = gross_minor - discount_minor,
                     .tax_names = input.tax_names};
}

absl::StatusOr<std::vector<InvoiceLine>> ComputeLines(const TotalsInput& input) {
  if (input.lines.size() > base::kMaxLinesPerInvoice) {
    return InvalidField("lines", fmt::format("at most {} lines", base::kMaxLinesPerInvoice));
  }
  std::vector<InvoiceLine> lines;
  lines.reserve(input.lines.size());
  for (size_t i = 0; i < input.lines.size(); ++i) {
    ASSIGN_OR_RETURN(InvoiceLine line, ComputeLine(input.lines[i], input.currency, fmt::format("lines[{}]", i)));
    lines.push_back(std::move(line));
  }
  return lines;
}

// Indices of the taxes that a line is under, ascending.
absl::StatusOr<std::set<size_t>> TaxesOfLine(const InvoiceLine& line, const std::vector<Tax>& taxes,
                                             size_t line_index) {
  std::set<size_t> indices;
  for (size_t t = 0; line.tax_names.empty() && t < taxes.size(); ++t) indices.insert(t);
  for (size_t n = 0; n < line.tax_names.size(); ++n) {
    const auto tax =
        std::find_if(taxes.begin(), taxes.end(), [&](const Tax& t) { return t.name == line.tax_names[n]; });
    if (tax == taxes.end()) {
      return InvalidField(fmt::format("lines[{}].taxNames[{}]", line_index, n), "the name of one of the taxes");
    }
    indices.insert(static_cast<size_t>(tax - taxes.begin()));
  }
  return indices;
}

// Lines that are under the same taxes; a discount of the document is spread over these.
struct TaxGroup {
  std::set<size_t> taxes;
  int64_t amount_minor = 0;
};

absl::StatusOr<std::vector<TaxGroup>> GroupByTaxes(const std::vector<InvoiceLine>& lines,
                                                   const std::vector<Tax>& taxes) {
  std::vector<TaxGroup> groups;  // in the order of their first lines
  std::map<std::set<size_t>, size_t> positions;
  for (size_t i = 0; i < lines.size(); ++i) {
    ASSIGN_OR_RETURN(std::set<size_t> indices, TaxesOfLine(lines[i], taxes, i));
    const auto [position, is_new] = positions.emplace(indices, groups.size());
    if (is_new) groups.push_back({std::move(indices), 0});
    groups[position->second].amount_minor += lines[i].amount_minor;  // at most the subtotal, which was checked
  }
  return groups;
}

absl::StatusOr<std::vector<TaxAmount>> ComputeTaxes(const std::vector<Tax>& taxes,
                                                    const std::vector<TaxGroup>& groups) {
  std::vector<TaxAmount> amounts;
  for (size_t t = 0; t < taxes.size(); ++t) {
    TaxAmount amount{.tax = taxes[t]};
    bool used = false;  // a line that comes to zero uses it, too
    for (const TaxGroup& group : groups) {
      if (!group.taxes.contains(t)) continue;
      used = true;
      amount.base_minor += group.amount_minor;
    }
    if (!used) continue;
    ASSIGN_OR_RETURN(amount.amount_minor,
                     InLimits(ApplyRate(amount.base_minor, taxes[t].rate), fmt::format("taxes[{}].rate", t)));
    amounts.push_back(std::move(amount));
  }
  return amounts;
}

absl::StatusOr<int64_t> Sum(int64_t a_minor, int64_t b_minor, std::string_view field) {
  return InLimits(AddAmounts(a_minor, b_minor), field);
}

}  // namespace

absl::Status CheckTaxes(const std::vector<Tax>& taxes, std::string_view path) {
  if (taxes.size() > base::kMaxTaxesPerInvoice) {
    return InvalidField(path, fmt::format("at most {} taxes", base::kMaxTaxesPerInvoice));
  }
  std::set<std::string_view> names;
  for (size_t i = 0; i < taxes.size(); ++i) {
    const Tax& tax = taxes[i];
    const std::string field = fmt::format("{}[{}]", path, i);
    if (tax.name.empty()) return InvalidField(field + ".name", "a name");
    if (!names.insert(tax.name).second) return InvalidField(field + ".name", "a name no other tax has");
    if (tax.rate < Rate() || tax.rate > Rate::FromUnits(base::PowerOfTen(Rate::kFractionalDigits))) {
      return InvalidField(field + ".rate", "a decimal of 0 to 1");
    }
    if (tax.category != TaxCategory::kStandard && tax.rate != Rate()) {
      return InvalidField(field + ".rate", fmt::format("0 in category {}", Name(tax.category)));
    }
    if (tax.category == TaxCategory::kExempt && tax.exemption_reason.empty()) {
      return InvalidField(field + ".exemptionReason", "a reason in category EXEMPT");
    }
  }
  return absl::OkStatus();
}

std::vector<int64_t> SpreadByLargestRemainder(int64_t amount, const std::vector<int64_t>& weights) {
  const Int128 sum = std::accumulate(weights.begin(), weights.end(), Int128{0});
  assert(amount >= 0 && amount <= sum);
  std::vector<int64_t> shares(weights.size(), 0);
  if (amount == 0) return shares;
  std::vector<Int128> remainders(weights.size());
  int64_t left = amount;
  for (size_t i = 0; i < weights.size(); ++i) {
    const Int128 product = Int128{amount} * weights[i];
    shares[i] = static_cast<int64_t>(product / sum);
    remainders[i] = product % sum;
    left -= shares[i];
  }
  std::vector<size_t> order(weights.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return remainders[a] > remainders[b]; });
  for (int64_t i = 0; i < left; ++i) ++shares[order[static_cast<size_t>(i)]];
  return shares;
}

absl::StatusOr<TotalsResult> ComputeTotals(const TotalsInput& input) {
  RETURN_IF_ERROR(CheckTaxes(input.taxes, "taxes"));
  TotalsResult result;
  ASSIGN_OR_RETURN(result.lines, ComputeLines(input));
  Totals& totals = result.totals;
  for (size_t i = 0; i < result.lines.size(); ++i) {
    ASSIGN_OR_RETURN(totals.subtotal_minor,
                     Sum(totals.subtotal_minor, result.lines[i].amount_minor, fmt::format("lines[{}].quantity", i)));
  }
  ASSIGN_OR_RETURN(totals.discount_minor, ResolveDiscount(input.discount, totals.subtotal_minor, "discount"));
  totals.taxable_minor = totals.subtotal_minor - totals.discount_minor;

  ASSIGN_OR_RETURN(std::vector<TaxGroup> groups, GroupByTaxes(result.lines, input.taxes));
  std::vector<int64_t> weights;
  weights.reserve(groups.size());
  for (const TaxGroup& group : groups) weights.push_back(group.amount_minor);
  const std::vector<int64_t> shares = SpreadByLargestRemainder(totals.discount_minor, weights);
  for (size_t g = 0; g < groups.size(); ++g) groups[g].amount_minor -= shares[g];

  ASSIGN_OR_RETURN(result.taxes, ComputeTaxes(input.taxes, groups));
  for (const TaxAmount& tax : result.taxes) {
    ASSIGN_OR_RETURN(totals.tax_minor, Sum(totals.tax_minor, tax.amount_minor, "taxes"));
  }
  ASSIGN_OR_RETURN(totals.total_minor, Sum(totals.taxable_minor, totals.tax_minor, "taxes"));
  return result;
}

}  // namespace invoice::domain
