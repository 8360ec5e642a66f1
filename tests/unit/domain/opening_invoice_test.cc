#include "domain/opening_invoice.h"

#include <gmock/gmock.h>

#include "base/status.h"

namespace invoice::domain {
namespace {

using absl::CivilDay;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class OpeningInvoiceTest : public ::testing::Test {
 protected:
  OpeningInvoiceTest() {
    vendor_.name = "Vendor";
    customer_.name = "Customer";
    customer_.contract.currency_code = "CAD";
    opening_ = {
        .number = "OLD-17",
        .invoice_date = CivilDay(2025, 12, 1),
        .period = {CivilDay(2025, 11, 1), CivilDay(2025, 11, 30)},
        .currency = Currency::Find("CAD").value(),
        .description = "November",
        .subtotal_minor = 100050,
        .taxes = {{.name = "GST", .rate = *Rate::Parse("0.05")}, {.name = "QST", .rate = *Rate::Parse("0.09975")}},
        .total_minor = 100050 + 5003 + 9980};
  }

  std::string FaultyField() {
    const auto fields = base::DetailOf(OpeningDocument(vendor_, customer_, opening_).status()).fields;
    return fields.empty() ? "" : fields[0].field;
  }

  Vendor vendor_;
  Customer customer_;
  OpeningInvoice opening_;
};

TEST_F(OpeningInvoiceTest, HasOneLineAndItsOldNumber) {
  const auto draft = OpeningDocument(vendor_, customer_, opening_);
  ASSERT_TRUE(draft.ok()) << draft.status();
  const InvoiceDocument& document = draft->document;
  EXPECT_EQ(document.number, "OLD-17");
  ASSERT_THAT(document.lines, SizeIs(1));
  EXPECT_EQ(document.lines[0].amount_minor, 100050);
  ASSERT_THAT(document.taxes, SizeIs(2));
  EXPECT_EQ(document.taxes[0].amount_minor, 5003);
  EXPECT_EQ(document.taxes[1].amount_minor, 9980);
  EXPECT_EQ(document.totals.total_minor, 115033);
  EXPECT_EQ(document.due_date, CivilDay(2025, 12, 31)) << "by the contract's NET 30";
  EXPECT_THAT(draft->warnings, IsEmpty());
}

TEST_F(OpeningInvoiceTest, KeepsTaxesAsTheyWereRoundedAndSaysSo) {
  opening_.tax_amounts_minor = {5002, 9981};
  opening_.total_minor = 100050 + 5002 + 9981;
  const auto draft = OpeningDocument(vendor_, customer_, opening_);
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_EQ(draft->document.taxes[0].amount_minor, 5002);
  EXPECT_EQ(draft->document.totals.tax_minor, 14983);
  ASSERT_THAT(draft->warnings, SizeIs(1));
  EXPECT_EQ(draft->warnings[0].code, "TAX_AMOUNT_DIFFERS");
}

TEST_F(OpeningInvoiceTest, TermsFollowTheDueDate) {
  opening_.due_date = opening_.invoice_date + 10;
  auto document = OpeningDocument(vendor_, customer_, opening_)->document;
  EXPECT_EQ(document.due_date, CivilDay(2025, 12, 11));
  EXPECT_EQ(document.payment_terms.days, 10);
  opening_.due_date = opening_.invoice_date;
  document = OpeningDocument(vendor_, customer_, opening_)->document;
  EXPECT_EQ(document.payment_terms.kind, PaymentTermsKind::kDueOnReceipt);
}

TEST_F(OpeningInvoiceTest, NamesWhatDoesNotAddUpOrFit) {
  const OpeningInvoice good = opening_;
  const auto fault = [&](auto change) {
    opening_ = good;
    change(opening_);
    return FaultyField();
  };
  EXPECT_EQ(fault([](auto&) {}), "");
  EXPECT_EQ(fault([](auto& o) { ++o.total_minor; }), "total");
  EXPECT_EQ(fault([](auto& o) { o.tax_amounts_minor = {5003}; }), "taxAmounts");
  EXPECT_EQ(fault([](auto& o) { o.tax_amounts_minor = {-1, 9980}; }), "taxAmounts");
  EXPECT_EQ(fault([](auto& o) {
              o.taxes[0].rate = Rate();
              o.tax_amounts_minor = {1, 9980};
            }),
            "taxAmounts");
  EXPECT_EQ(fault([](auto& o) { o.taxes[1].rate = *Rate::Parse("1.5"); }), "taxes[1].rate");
  EXPECT_EQ(fault([](auto& o) { o.subtotal_minor = -1; }), "subtotal");
  EXPECT_EQ(fault([](auto& o) { o.subtotal_minor = std::numeric_limits<int64_t>::max(); }), "subtotal");
  EXPECT_EQ(fault([](auto& o) { o.due_date = o.invoice_date - 1; }), "dueDate");
  EXPECT_EQ(fault([](auto& o) { o.due_date = o.invoice_date + 366; }), "dueDate");
  EXPECT_EQ(fault([](auto& o) { o.period.last = o.period.first - 1; }), "periodEnd");
  EXPECT_EQ(fault([](auto& o) { o.number = " 17"; }), "number");
  EXPECT_EQ(fault([](auto& o) { o.number = std::string(65, '1'); }), "number");
}

}  // namespace
}  // namespace invoice::domain
