#include "domain/credit_note.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "base/limits.h"
#include "base/status.h"
#include "domain/totals.h"

namespace invoice::domain {
namespace {

constexpr absl::CivilDay kDate(2026, 11, 25);
const Currency kCad = *Currency::Find("CAD");

LineInput Line(const char* quantity, const char* price, std::vector<std::string> taxes = {}) {
  return {.description = "Work",
          .quantity = *Quantity::Parse(quantity),
          .unit_price = *UnitPrice::Parse(price),
          .tax_names = std::move(taxes)};
}

InvoiceDocument Invoice(const TotalsInput& input) {
  const auto totals = ComputeTotals(input);
  EXPECT_TRUE(totals.ok()) << totals.status();
  InvoiceDocument document;
  document.number = "INV-1";
  document.currency = input.currency;
  document.invoice_date = kDate;
  document.lines = totals->lines;
  document.taxes = totals->taxes;
  document.totals = totals->totals;
  return document;
}

TotalsInput OneLine() {
  TotalsInput input{.currency = kCad};
  input.lines = {Line("3", "33.33")};
  input.taxes = {{.name = "HST", .rate = *Rate::Parse("0.13")}};
  return input;
}

CreditInput Take(std::vector<CreditLine> lines) {
  return {.date = kDate, .reason = "agreed", .lines = std::move(lines)};
}
Quantity Q(const char* text) { return *Quantity::Parse(text); }

std::string FieldOf(const absl::StatusOr<CreditDraft>& draft) {
  EXPECT_TRUE(absl::IsInvalidArgument(draft.status())) << draft.status();
  const auto fields = base::DetailOf(draft.status()).fields;
  return fields.empty() ? "" : fields[0].field;
}

void ExpectNothingRemains(const InvoiceDocument& rest) {
  for (const InvoiceLine& line : rest.lines) {
    EXPECT_EQ(line.quantity, Quantity());
    EXPECT_EQ(line.discount_minor, 0);
    EXPECT_EQ(line.amount_minor, 0);
  }
  for (const TaxAmount& tax : rest.taxes) {
    EXPECT_EQ(tax.base_minor, 0) << tax.tax.name;
    EXPECT_EQ(tax.amount_minor, 0) << tax.tax.name;
  }
  EXPECT_EQ(rest.totals.subtotal_minor, 0);
  EXPECT_EQ(rest.totals.discount_minor, 0);
  EXPECT_EQ(rest.totals.taxable_minor, 0);
  EXPECT_EQ(rest.totals.tax_minor, 0);
  EXPECT_EQ(rest.totals.total_minor, 0);
}

TEST(MakeCreditNote, TakesTheWholeInvoiceBack) {
  const InvoiceDocument invoice = Invoice(OneLine());
  const auto draft = MakeCreditNote(invoice, {}, Take({}));
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_TRUE(draft->completes);
  const InvoiceDocument& note = draft->document;
  EXPECT_EQ(note.kind, DocumentKind::kCreditNote);
  EXPECT_EQ(note.original_number, "INV-1");
  EXPECT_EQ(note.credit_reason, "agreed");
  EXPECT_EQ(note.number, "");
  ASSERT_EQ(note.lines.size(), 1u);
  EXPECT_EQ(note.lines[0].quantity, Q("-3"));
  EXPECT_EQ(note.lines[0].unit_price, *UnitPrice::Parse("33.33"));
  EXPECT_EQ(note.lines[0].original_line, 1);
  EXPECT_EQ(note.totals.total_minor, -11299);
  ExpectNothingRemains(RestOf(invoice, {note}));
}

TEST(MakeCreditNote, GivesTheLastOneTheRemainingCents) {
  const InvoiceDocument invoice = Invoice(OneLine());  // 99.99 + 13.00
  std::vector<InvoiceDocument> notes;
  std::vector<int64_t> totals;
  for (int i = 0; i < 3; ++i) {
    const auto draft = MakeCreditNote(invoice, notes, Take({{1, Q("1")}}));
    ASSERT_TRUE(draft.ok()) << draft.status();
    EXPECT_EQ(draft->completes, i == 2);
    notes.push_back(draft->document);
    totals.push_back(draft->document.totals.total_minor);
  }
  EXPECT_THAT(totals, testing::ElementsAre(-3766, -3767, -3766));
  ExpectNothingRemains(RestOf(invoice, notes));
  EXPECT_EQ(FieldOf(MakeCreditNote(invoice, notes, Take({{1, Q("0.0001")}}))), "lines[0].quantity");
}

TEST(MakeCreditNote, NamesWhatIsWrong) {
  const InvoiceDocument invoice = Invoice(OneLine());
  EXPECT_EQ(FieldOf(MakeCreditNote(invoice, {}, Take({{1, Q("3.0001")}}))), "lines[0].quantity");
  EXPECT_EQ(FieldOf(MakeCreditNote(invoice, {}, Take({{1, Q("0")}}))), "lines[0].quantity");
  EXPECT_EQ(FieldOf(MakeCreditNote(invoice, {}, Take({{2, Q("1")}}))), "lines[0].line");
  EXPECT_EQ(FieldOf(MakeCreditNote(invoice, {}, Take({{0, Q("1")}}))), "lines[0].line");
  EXPECT_EQ(FieldOf(MakeCreditNote(invoice, {}, Take({{1, Q("1")}, {1, Q("1")}}))), "lines[1].line");
  EXPECT_EQ(FieldOf(MakeCreditNote(invoice, {}, Take({{1, Q("0.0001")}}))), "lines") << "it comes to nothing";
  CreditInput early = Take({});
  early.date = kDate - 1;
  EXPECT_EQ(FieldOf(MakeCreditNote(invoice, {}, early)), "creditDate");
}

TEST(MakeCreditNote, TakesFreeLinesWithTheLastPaidOne) {
  TotalsInput input = OneLine();
  input.lines.push_back(Line("4", "0"));
  const InvoiceDocument invoice = Invoice(input);
  EXPECT_EQ(FieldOf(MakeCreditNote(invoice, {}, Take({{2, Q("4")}}))), "lines") << "it is worth nothing";
  const auto draft = MakeCreditNote(invoice, {}, Take({{1, Q("3")}}));
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_TRUE(draft->completes);
  ExpectNothingRemains(RestOf(invoice, {draft->document}));
}

TEST(MakeCreditNote, TakesTheDiscountOfALineAlong) {
  TotalsInput input = OneLine();
  input.lines[0].discount.percent = Percent::Parse("10");
  const InvoiceDocument invoice = Invoice(input);  // 99.99 - 10.00
  const auto draft = MakeCreditNote(invoice, {}, Take({{1, Q("1")}}));
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_EQ(draft->document.lines[0].amount_minor, -3000);
  EXPECT_EQ(draft->document.lines[0].discount_minor, -333) << "quantity x price less discount is the amount";
}

TEST(MakeCreditNote, LimitsTheNumberOfNotes) {
  TotalsInput input{.currency = kCad};
  input.lines = {Line("1000", "1")};
  const InvoiceDocument invoice = Invoice(input);
  std::vector<InvoiceDocument> notes;
  for (size_t i = 1; i < base::kMaxCreditNotesPerInvoice; ++i) {
    const auto draft = MakeCreditNote(invoice, notes, Take({{1, Q("1")}}));
    ASSERT_TRUE(draft.ok()) << i << draft.status();
    notes.push_back(draft->document);
  }
  EXPECT_EQ(FieldOf(MakeCreditNote(invoice, notes, Take({{1, Q("1")}}))), "lines");
  EXPECT_TRUE(MakeCreditNote(invoice, notes, Take({})).ok());
}

// --- whatever the invoice, and however it is credited
// -----------------------------------------------------------------

class RandomCredits {
 public:
  explicit RandomCredits(unsigned seed) : random_(seed) {}

  int64_t Next(int64_t from, int64_t to) { return std::uniform_int_distribution<int64_t>(from, to)(random_); }

  Discount AnyDiscount() {
    if (Next(0, 2) != 0) return {};
    return {.percent = Percent::FromUnits(Next(0, 5) == 0 ? 1000000 : Next(0, 1000000))};
  }

  InvoiceDocument AnyInvoice() {
    TotalsInput input{.currency = *Currency::Find(std::vector{"CAD", "JPY", "KWD"}[Next(0, 2)])};
    const char* rates[] = {"0.05", "0.09975", "0.19", "0.07", "0"};
    const int64_t taxes = Next(0, 3);
    for (int64_t t = 0; t < taxes; ++t) {
      input.taxes.push_back({.name = "T" + std::to_string(t), .rate = *Rate::Parse(rates[Next(0, 4)])});
    }
    const int64_t lines = Next(1, 6);
    for (int64_t i = 0; i < lines; ++i) {
      LineInput line{.description = "Work",
                     .quantity = Quantity::FromUnits(Next(0, 300000)),
                     .unit_price = UnitPrice::FromUnits(Next(0, 2000000)),
                     .discount = AnyDiscount()};
      for (int64_t t = 0; t < taxes; ++t) {
        if (Next(0, 1) == 0) line.tax_names.push_back("T" + std::to_string(t));
      }
      input.lines.push_back(std::move(line));
    }
    input.discount = AnyDiscount();
    return Invoice(input);
  }

  // Something of some lines; nothing where all that remains is asked for.
  std::vector<CreditLine> Some(const InvoiceDocument& rest) {
    std::vector<CreditLine> lines;
    if (Next(0, 9) == 0) return lines;
    for (size_t i = 0; i < rest.lines.size(); ++i) {
      const int64_t remains = rest.lines[i].quantity.units();
      if (remains == 0 || Next(0, 1) == 0) continue;
      const int64_t taken = Next(0, 2) == 0 ? remains : Next(1, remains);
      lines.push_back({static_cast<int>(i) + 1, Quantity::FromUnits(taken)});
    }
    return lines;
  }

 private:
  std::mt19937 random_;
};

void ExpectNeverNegative(const InvoiceDocument& document) {
  for (const InvoiceLine& line : document.lines) {
    ASSERT_GE(line.quantity, Quantity());
    ASSERT_GE(line.discount_minor, 0);
    ASSERT_GE(line.amount_minor, 0);
  }
  for (const TaxAmount& tax : document.taxes) {
    ASSERT_GE(tax.base_minor, 0);
    ASSERT_GE(tax.amount_minor, 0);
  }
  const Totals& totals = document.totals;
  ASSERT_GE(std::min({totals.subtotal_minor, totals.discount_minor, totals.taxable_minor, totals.tax_minor}), 0);
}

void ExpectAddsUp(const InvoiceDocument& note) {
  int64_t subtotal = 0;
  int64_t tax = 0;
  for (const InvoiceLine& line : note.lines) subtotal += line.amount_minor;
  for (const TaxAmount& amount : note.taxes) tax += amount.amount_minor;
  EXPECT_EQ(note.totals.subtotal_minor, subtotal);
  EXPECT_EQ(note.totals.tax_minor, tax);
  EXPECT_EQ(note.totals.taxable_minor, note.totals.subtotal_minor - note.totals.discount_minor);
  EXPECT_EQ(note.totals.total_minor, note.totals.taxable_minor + note.totals.tax_minor);
  EXPECT_LT(note.totals.total_minor, 0);
}

unsigned Seed() {
  const char* given = std::getenv("INVOICE_SEED");
  return given != nullptr ? static_cast<unsigned>(std::atoi(given)) : std::random_device{}();
}

TEST(CreditNoteProperty, InvoiceAndNotesSumToZeroInEveryField) {
  const unsigned seed = Seed();
  std::printf("seed %u\n", seed);
  RandomCredits random(seed);
  int notes_made = 0;
  for (int i = 0; i < 1000 && !testing::Test::HasFailure(); ++i) {
    const InvoiceDocument invoice = random.AnyInvoice();
    if (invoice.totals.total_minor == 0) continue;
    std::vector<InvoiceDocument> notes;
    for (bool complete = false; !complete && notes.size() < 50 && !testing::Test::HasFailure();) {
      const InvoiceDocument rest = RestOf(invoice, notes);
      ExpectNeverNegative(rest);
      auto draft = MakeCreditNote(invoice, notes, Take(random.Some(rest)));
      if (!draft.ok()) {  // what was asked for is worth nothing
        EXPECT_EQ(FieldOf(draft), "lines");
        draft = MakeCreditNote(invoice, notes, Take({}));
      }
      ASSERT_TRUE(draft.ok()) << draft.status();
      ExpectAddsUp(draft->document);
      complete = draft->completes;
      notes.push_back(draft->document);
      ++notes_made;
    }
    if (notes.size() == 50) notes.push_back(MakeCreditNote(invoice, notes, Take({}))->document);
    ExpectNothingRemains(RestOf(invoice, notes));
  }
  EXPECT_GT(notes_made, 1500);
}

TEST(CreditNoteProperty, TheOrderOfNotesChangesNothing) {
  const unsigned seed = Seed();
  std::printf("seed %u\n", seed);
  RandomCredits random(seed);
  int compared = 0;
  for (int i = 0; i < 1000 && !testing::Test::HasFailure(); ++i) {
    const InvoiceDocument invoice = random.AnyInvoice();
    std::vector<std::vector<CreditLine>> requests;
    for (size_t l = 0; l < invoice.lines.size(); ++l) {
      const int64_t third = invoice.lines[l].quantity.units() / 3;
      if (third == 0) continue;
      for (int n = 0; n < 2; ++n) requests.push_back({{static_cast<int>(l) + 1, Quantity::FromUnits(third)}});
    }
    const auto credit = [&](auto first, auto last) -> std::optional<Totals> {
      std::vector<InvoiceDocument> notes;
      for (auto request = first; request != last; ++request) {
        const auto draft = MakeCreditNote(invoice, notes, Take(*request));
        if (!draft.ok() || draft->completes) return std::nullopt;  // nothing of worth, or nothing left
        notes.push_back(draft->document);
      }
      return RestOf(invoice, notes).totals;
    };
    const auto forwards = credit(requests.begin(), requests.end());
    const auto backwards = credit(requests.rbegin(), requests.rend());
    if (!forwards || !backwards) continue;
    ++compared;
    EXPECT_EQ(forwards->total_minor, backwards->total_minor);
    EXPECT_EQ(forwards->tax_minor, backwards->tax_minor);
    EXPECT_EQ(forwards->discount_minor, backwards->discount_minor);
  }
  EXPECT_GT(compared, 300);
}

}  // namespace
}  // namespace invoice::domain
