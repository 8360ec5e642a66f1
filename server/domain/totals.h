// The one calculation of lines, discounts, taxes and totals (domain rules: "Money"). What is shown, printed, mailed and
// stored is its result. Pure; exact decimals only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "domain/invoice.h"
#include "domain/money.h"

namespace invoice::domain {

// Stored on every invoice: the rules by which its amounts were rounded. Raise it with any change of this file's
// results.
inline constexpr int kRoundingVersion = 1;

// "10" is 10 %: up to 4 decimals, 0 to 100.
using Percent = base::Fixed<4>;

// A discount as it was asked for: a part, an amount, or none of both.
struct Discount {
  std::optional<Percent> percent;
  std::optional<int64_t> amount_minor;
};

struct LineInput {
  std::string description;
  Quantity quantity;
  Unit unit = Unit::kHour;
  UnitPrice unit_price;
  Discount discount;
  std::vector<std::string> tax_names;  // empty: all taxes of the document
};

struct TotalsInput {
  Currency currency;
  std::vector<LineInput> lines;
  Discount discount;  // of the document
  std::vector<Tax> taxes;
};

struct TotalsResult {
  std::vector<InvoiceLine> lines;  // as in the input
  std::vector<TaxAmount> taxes;    // one for each tax of the input that a line is under, in its order
  Totals totals;
};

// INVALID_ARGUMENT names the field ("lines[2].discount.amount", "discount.percent", "taxes[0].rate"); its reason is
// INVALID_FIELD, or AMOUNT_OVERFLOW where an amount is above what the system accepts.
absl::StatusOr<TotalsResult> ComputeTotals(const TotalsInput& input);

// Rules of a list of taxes: names there and different, rates 0 to 1 and 0 in every category but STANDARD, a reason for
// EXEMPT. `path` names the list ("taxes", "contract.taxes").
absl::Status CheckTaxes(const std::vector<Tax>& taxes, std::string_view path);

// Parts of `amount` in proportion to `weights`, which sum to it exactly: each gets its share rounded down, and what is
// left goes by one unit to the largest remainders, earlier ones first. Weights are not negative; 0 <= amount <= sum of
// weights.
std::vector<int64_t> SpreadByLargestRemainder(int64_t amount, const std::vector<int64_t>& weights);

}  // namespace invoice::domain
