#include "domain/credit_note.h"

#include <algorithm>
#include <bitset>
#include <optional>
#include <set>
#include <utility>

#include "base/limits.h"
#include "base/status.h"
#include "domain/totals.h"
#include "fmt/format.h"

namespace invoice::domain {
namespace {

using base::InvalidField;
using Quantities = std::vector<Quantity>;  // one for each line of the invoice

// Above zero only: a share of an amount by the part that is taken of a whole.
int64_t ShareOfAmount(int64_t amount, int64_t part, int64_t whole) {
  if (whole == 0) return 0;
  return static_cast<int64_t>(base::DivideRounded(base::Int128{amount} * part, whole));
}

// Lines that are under the same taxes share one part of the document's discount, as in ComputeTotals().
struct Group {
  std::bitset<base::kMaxTaxesPerInvoice> taxes;
  std::vector<size_t> lines;
  int64_t amount_minor = 0;  // of its lines
  int64_t net_minor = 0;     // less its part of the document's discount
};

std::vector<Group> GroupsOf(const InvoiceDocument& document) {
  std::vector<Group> groups;
  for (size_t i = 0; i < document.lines.size(); ++i) {
    const InvoiceLine& line = document.lines[i];
    Group group;
    for (size_t t = 0; t < std::min(document.taxes.size(), group.taxes.size()); ++t) {
      const auto& names = line.tax_names;
      if (names.empty() || std::find(names.begin(), names.end(), document.taxes[t].tax.name) != names.end()) {
        group.taxes.set(t);
      }
    }
    auto found = std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return g.taxes == group.taxes; });
    if (found == groups.end()) found = groups.insert(groups.end(), group);
    found->lines.push_back(i);
    found->amount_minor += line.amount_minor;
  }
  std::vector<int64_t> weights;
  int64_t sum = 0;
  for (const Group& group : groups) {
    weights.push_back(group.amount_minor);
    sum += group.amount_minor;
  }
  const auto shares = SpreadByLargestRemainder(std::min(document.totals.discount_minor, sum), weights);
  for (size_t g = 0; g < groups.size(); ++g) groups[g].net_minor = groups[g].amount_minor - shares[g];
  return groups;
}

// What `quantity` of a line comes to; all of it comes to the line's amount.
int64_t AmountOf(const InvoiceLine& line, Quantity quantity, Currency currency) {
  const bool plain = line.discount_minor == 0 && Extend(line.quantity, line.unit_price, currency) == line.amount_minor;
  if (plain) return Extend(quantity, line.unit_price, currency).value_or(0);
  return ShareOfAmount(line.amount_minor, quantity.units(), line.quantity.units());
}

int64_t TaxOn(const TaxAmount& tax, int64_t base_minor) {
  if (ApplyRate(tax.base_minor, tax.tax.rate) == tax.amount_minor)
    return ApplyRate(base_minor, tax.tax.rate).value_or(0);
  return ShareOfAmount(tax.amount_minor, base_minor, tax.base_minor);
}

// Amounts of the part of the invoice that these quantities are. Each grows with the quantities and reaches the
// invoice's own with all of them. Discounts of lines are left as they are.
InvoiceDocument CreditedPartOf(const InvoiceDocument& original, const Quantities& quantities) {
  InvoiceDocument part = original;
  for (size_t i = 0; i < part.lines.size(); ++i) {
    part.lines[i].quantity = quantities[i];
    part.lines[i].amount_minor = AmountOf(original.lines[i], quantities[i], original.currency);
  }
  std::vector<int64_t> taxed(original.taxes.size(), 0);  // of all that each tax is on
  for (TaxAmount& tax : part.taxes) tax.base_minor = 0;
  part.totals = {};
  for (const Group& group : GroupsOf(original)) {
    int64_t amount_minor = 0;
    for (const size_t i : group.lines) amount_minor += part.lines[i].amount_minor;
    const int64_t net_minor = ShareOfAmount(group.net_minor, amount_minor, group.amount_minor);
    part.totals.subtotal_minor += amount_minor;
    part.totals.taxable_minor += net_minor;
    for (size_t t = 0; t < std::min(part.taxes.size(), group.taxes.size()); ++t) {
      if (!group.taxes[t]) continue;
      part.taxes[t].base_minor += net_minor;
      taxed[t] += group.net_minor;
    }
  }
  for (size_t t = 0; t < part.taxes.size(); ++t) {
    const TaxAmount& whole = original.taxes[t];
    if (taxed[t] != whole.base_minor)
      part.taxes[t].base_minor = ShareOfAmount(whole.base_minor, part.taxes[t].base_minor, taxed[t]);
    part.taxes[t].amount_minor = TaxOn(whole, part.taxes[t].base_minor);
    part.totals.tax_minor += part.taxes[t].amount_minor;
  }
  part.totals.discount_minor = part.totals.subtotal_minor - part.totals.taxable_minor;
  part.totals.total_minor = part.totals.taxable_minor + part.totals.tax_minor;
  return part;
}

enum class Sign { kPlus = 1, kMinus = -1 };

void AddSigned(Totals& totals, const Totals& other, Sign sign) {
  const int64_t factor = static_cast<int64_t>(sign);
  totals.subtotal_minor += factor * other.subtotal_minor;
  totals.discount_minor += factor * other.discount_minor;
  totals.taxable_minor += factor * other.taxable_minor;
  totals.tax_minor += factor * other.tax_minor;
  totals.total_minor += factor * other.total_minor;
}

void AddSigned(InvoiceLine& line, const InvoiceLine& other, Sign sign) {
  const int64_t factor = static_cast<int64_t>(sign);
  line.quantity = Quantity::FromUnits(line.quantity.units() + factor * other.quantity.units());
  line.discount_minor += factor * other.discount_minor;
  line.amount_minor += factor * other.amount_minor;
}

void AddSigned(TaxAmount& tax, const TaxAmount& other, Sign sign) {
  tax.base_minor += static_cast<int64_t>(sign) * other.base_minor;
  tax.amount_minor += static_cast<int64_t>(sign) * other.amount_minor;
}

// `whole` less `part`, two states of one invoice with the same lines and taxes.
InvoiceDocument Less(InvoiceDocument whole, const InvoiceDocument& part) {
  for (size_t i = 0; i < whole.lines.size(); ++i) AddSigned(whole.lines[i], part.lines[i], Sign::kMinus);
  for (size_t t = 0; t < whole.taxes.size(); ++t) AddSigned(whole.taxes[t], part.taxes[t], Sign::kMinus);
  AddSigned(whole.totals, part.totals, Sign::kMinus);
  return whole;
}

bool HasNegative(const InvoiceDocument& document) {
  const Totals& totals = document.totals;
  const auto negative_line = [](const InvoiceLine& line) { return line.amount_minor < 0 || line.discount_minor < 0; };
  const auto negative_tax = [](const TaxAmount& tax) { return tax.base_minor < 0 || tax.amount_minor < 0; };
  return std::min({totals.subtotal_minor, totals.discount_minor, totals.taxable_minor, totals.tax_minor,
                   totals.total_minor}) < 0 ||
         std::any_of(document.lines.begin(), document.lines.end(), negative_line) ||
         std::any_of(document.taxes.begin(), document.taxes.end(), negative_tax);
}

// The quantity asked for of each line; all that remains where nothing is asked for.
absl::StatusOr<Quantities> Asked(const InvoiceDocument& rest, const std::vector<CreditLine>& lines) {
  Quantities asked(rest.lines.size());
  std::set<int> seen;
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string path = fmt::format("lines[{}]", i);
    if (lines[i].line < 1 || static_cast<size_t>(lines[i].line) > rest.lines.size()) {
      return InvalidField(path + ".line", fmt::format("a line of the invoice, 1 to {}", rest.lines.size()));
    }
    if (!seen.insert(lines[i].line).second) return InvalidField(path + ".line", "each line once");
    const size_t index = static_cast<size_t>(lines[i].line) - 1;
    const Quantity remains = rest.lines[index].quantity;
    if (lines[i].quantity <= Quantity() || lines[i].quantity > remains) {
      return InvalidField(path + ".quantity", fmt::format("a quantity above zero, at most {}, which is what remains of "
                                                          "the line",
                                                          remains.ToString()));
    }
    asked[index] = lines[i].quantity;
  }
  for (size_t i = 0; lines.empty() && i < asked.size(); ++i) asked[i] = rest.lines[i].quantity;
  return asked;
}

bool TakesAllThatCounts(const InvoiceDocument& rest, const Quantities& asked) {
  for (size_t i = 0; i < asked.size(); ++i) {
    const bool counts = rest.lines[i].amount_minor != 0;
    if (counts && (asked[i] < rest.lines[i].quantity || asked[i] == Quantity())) return false;
  }
  return true;
}

// What is taken back, with positive amounts.
absl::StatusOr<InvoiceDocument> TakenBy(const InvoiceDocument& original, const InvoiceDocument& rest,
                                        const Quantities& asked) {
  const InvoiceDocument before = Less(original, rest);
  Quantities in_all;
  for (size_t i = 0; i < asked.size(); ++i) {
    in_all.push_back(Quantity::FromUnits(before.lines[i].quantity.units() + asked[i].units()));
  }
  const InvoiceDocument after = CreditedPartOf(original, in_all);
  if (after.totals.total_minor == original.totals.total_minor) return rest;  // what is left is worth nothing
  InvoiceDocument taken = Less(after, before);
  for (size_t i = 0; i < asked.size(); ++i) {
    InvoiceLine& line = taken.lines[i];
    const InvoiceLine& left = rest.lines[i];
    const int64_t gross_minor = Extend(line.quantity, line.unit_price, original.currency).value_or(line.amount_minor);
    const int64_t most_minor = std::max<int64_t>(0, left.discount_minor);
    line.discount_minor = asked[i] == left.quantity
                              ? left.discount_minor
                              : std::clamp<int64_t>(gross_minor - line.amount_minor, 0, most_minor);
  }
  if (HasNegative(taken) || HasNegative(Less(rest, taken))) {
    return InvalidField("lines", "none, for all that remains: the invoice's amounts do not follow from its lines");
  }
  if (taken.totals.total_minor == 0) return InvalidField("lines", "quantities that come to more than nothing");
  return taken;
}

// The page of a credit note shows the parties of its invoice, the lines and taxes it takes back, and nothing to pay.
InvoiceDocument CreditDocumentOf(const InvoiceDocument& original, const InvoiceDocument& taken,
                                 const CreditInput& input) {
  InvoiceDocument note = original;
  note.kind = DocumentKind::kCreditNote;
  note.number.clear();
  note.original_number = original.number;
  note.credit_reason = input.reason;
  note.invoice_date = input.date;
  note.due_date = input.date;
  note.payment_terms = {.kind = PaymentTermsKind::kDueOnReceipt, .days = 0};
  note.notes.clear();
  note.duplicate_reason.clear();
  note.lines.clear();
  note.taxes.clear();
  for (size_t i = 0; i < taken.lines.size(); ++i) {
    const InvoiceLine& line = taken.lines[i];
    if (line.quantity == Quantity() && line.amount_minor == 0 && line.discount_minor == 0) continue;
    InvoiceLine negative = line;
    negative.original_line = static_cast<int>(i) + 1;
    negative.quantity = Quantity::FromUnits(-line.quantity.units());
    negative.discount_minor = -line.discount_minor;
    negative.amount_minor = -line.amount_minor;
    note.lines.push_back(std::move(negative));
  }
  for (const TaxAmount& tax : taken.taxes) {
    if (tax.base_minor == 0 && tax.amount_minor == 0) continue;
    note.taxes.push_back({.tax = tax.tax, .base_minor = -tax.base_minor, .amount_minor = -tax.amount_minor});
  }
  note.totals = {};
  AddSigned(note.totals, taken.totals, Sign::kMinus);
  return note;
}

}  // namespace

InvoiceDocument RestOf(const InvoiceDocument& original, const std::vector<InvoiceDocument>& notes) {
  InvoiceDocument rest = original;
  for (const InvoiceDocument& note : notes) {
    for (const InvoiceLine& line : note.lines) {
      const size_t index = static_cast<size_t>(line.original_line) - 1;
      if (index < rest.lines.size()) AddSigned(rest.lines[index], line, Sign::kPlus);
    }
    for (const TaxAmount& tax : note.taxes) {
      const auto same = std::find_if(rest.taxes.begin(), rest.taxes.end(),
                                     [&](const TaxAmount& of_rest) { return of_rest.tax.name == tax.tax.name; });
      if (same != rest.taxes.end()) AddSigned(*same, tax, Sign::kPlus);
    }
    AddSigned(rest.totals, note.totals, Sign::kPlus);
  }
  return rest;
}

absl::StatusOr<CreditDraft> MakeCreditNote(const InvoiceDocument& original, const std::vector<InvoiceDocument>& earlier,
                                           const CreditInput& input) {
  if (input.date < original.invoice_date) return InvalidField("creditDate", "a date on or after the invoice's");
  const InvoiceDocument rest = RestOf(original, earlier);
  ASSIGN_OR_RETURN(const Quantities asked, Asked(rest, input.lines));
  InvoiceDocument taken = rest;
  if (!input.lines.empty() && !TakesAllThatCounts(rest, asked)) {
    ASSIGN_OR_RETURN(taken, TakenBy(original, rest, asked));
  }
  CreditDraft draft{.document = CreditDocumentOf(original, taken, input)};
  draft.completes = taken.totals.total_minor == rest.totals.total_minor;
  if (!draft.completes && earlier.size() + 1 >= base::kMaxCreditNotesPerInvoice) {
    return InvalidField(
        "lines", fmt::format("none, for all that remains: the invoice has {} credit notes already", earlier.size()));
  }
  return draft;
}

}  // namespace invoice::domain
