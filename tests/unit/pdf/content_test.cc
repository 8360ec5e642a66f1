#include "pdf/content.h"

#include <gmock/gmock.h>

#include "tests/unit/pdf/samples.h"

namespace invoice::pdf {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

TEST(ContentTest, NamesEverythingOfTheDocument) {
  const Content content = ContentOf(testing::OnePage());
  EXPECT_EQ(content.title, "Invoice");
  EXPECT_EQ(content.number, "NWC-2026-0042");
  EXPECT_EQ(content.amount_due.value, "CAD 25,361.78");
  EXPECT_EQ(content.total.value, "CAD 25,361.78");
  EXPECT_THAT(content.details, Contains(Field(&Entry::value, "Oct 1–31, 2026")));
  EXPECT_THAT(content.details, Contains(Field(&Entry::value, "PO-77812")));
  EXPECT_THAT(content.payment, Contains(Field(&Entry::value, "NWC-2026-0042")));
  EXPECT_THAT(content.payment, Contains(Field(&Entry::value, "CAD 25,361.78")));
  EXPECT_EQ(content.rows.back().running_minor, 2244405);
}

TEST(ContentTest, LeavesOutWhatIsEmpty) {
  const Content content = ContentOf(testing::Minimal());
  EXPECT_THAT(content.details, Each(Field(&Entry::value, Not(IsEmpty()))));
  EXPECT_THAT(content.vendor_lines, Each(Not(IsEmpty())));
  EXPECT_THAT(content.customer_lines, Each(Not(IsEmpty())));
  EXPECT_THAT(content.sections, IsEmpty());
  EXPECT_THAT(content.contact, IsEmpty());
  EXPECT_FALSE(content.has_discounts);
}

TEST(ContentTest, CreditNotesArePrintedPositiveAndAskForNoPayment) {
  const Content content = ContentOf(testing::CreditNote());
  EXPECT_EQ(content.title, "Credit note");
  EXPECT_EQ(content.rows[0].quantity, "7.5");
  EXPECT_EQ(content.rows[0].amount, "1,125.00");
  EXPECT_EQ(content.rows[1].discount, "-337.50");
  EXPECT_EQ(content.rows[1].running_minor, 1012500);
  EXPECT_THAT(content.totals, Each(Field(&TotalRow::amount, Not(StartsWith("-")))));
  EXPECT_THAT(content.details, Contains(Field(&Entry::value, "NWC-2026-0042")));
  ASSERT_FALSE(content.sections.empty());
  EXPECT_EQ(content.sections[0].heading, "Reason");
  EXPECT_EQ(content.sections[0].text, "Two items credited as agreed.");
  EXPECT_THAT(content.payment, IsEmpty());
  EXPECT_THAT(content.payment_instructions, IsEmpty());
}

TEST(ContentTest, DraftsHaveNoNumberAndNoReference) {
  const Content content = ContentOf(testing::Draft());
  EXPECT_TRUE(content.draft);
  EXPECT_EQ(content.running_head, "Invoice Draft");
  EXPECT_THAT(content.payment, Not(Contains(Field(&Entry::label, "Reference"))));
}

TEST(ContentTest, TaxesShowRateBaseRegistrationAndReason) {
  const Content content = ContentOf(testing::ThreeTaxes());
  EXPECT_THAT(content.totals, Contains(AllOf(Field(&TotalRow::label, "VAT 19%"), Field(&TotalRow::amount, "722.00"),
                                             Field(&TotalRow::detail, StartsWith("on 3,800.00")))));
  EXPECT_THAT(content.totals, Contains(AllOf(Field(&TotalRow::label, "Exempt training"),
                                             Field(&TotalRow::detail, ::testing::HasSubstr("§ 4 no. 21")))));
  EXPECT_EQ(content.rows[0].detail, "Tax: VAT");
}

TEST(ContentTest, SaysThatADuplicateIsOnPurpose) {
  const Content content = ContentOf(testing::ThreeTaxes());
  ASSERT_EQ(content.sections.size(), 1u);
  EXPECT_THAT(content.sections[0].text, ::testing::HasSubstr("second team in the same month"));
}

TEST(ContentTest, AmountToPayIsWrittenAsTheTotal) {
  for (const auto& [name, document] : testing::AllSamples()) {
    const Content content = ContentOf(document);
    if (content.payment.empty()) continue;
    EXPECT_THAT(content.payment, Contains(Field(&Entry::value, content.total.value))) << name;
  }
}

TEST(ContentTest, IbansAreGrouped) {
  EXPECT_THAT(ContentOf(testing::ThreeTaxes()).payment, Contains(Field(&Entry::value, "DE89 3704 0044 0532 0130 00")));
}

}  // namespace
}  // namespace invoice::pdf
