#include "domain/kinds.h"

#include <gtest/gtest.h>

namespace invoice::domain {
namespace {

template <typename Kind>
void ExpectNamesComeBack(Kind last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    const Kind kind = static_cast<Kind>(i);
    EXPECT_EQ(Parse<Kind>(Name(kind)), kind) << Name(kind);
  }
  EXPECT_EQ(Parse<Kind>(""), std::nullopt);
  EXPECT_EQ(Parse<Kind>("monthly"), std::nullopt);
}

TEST(Kinds, NamesComeBack) {
  ExpectNamesComeBack(Frequency::kYearly);
  ExpectNamesComeBack(PaymentTermsKind::kEndOfNextMonth);
  ExpectNamesComeBack(TaxCategory::kOutsideScope);
  ExpectNamesComeBack(Unit::kKilometre);
  ExpectNamesComeBack(PaperSize::kLetter);
  ExpectNamesComeBack(DocumentKind::kCreditNote);
  ExpectNamesComeBack(MissedRunPolicy::kHold);
  ExpectNamesComeBack(PartialPeriods::kProrateWorkdays);
  ExpectNamesComeBack(RunMode::kGenerateAll);
  ExpectNamesComeBack(InvoiceState::kCredited);
  ExpectNamesComeBack(Delivery::kMarked);
  ExpectNamesComeBack(EmailState::kUnknown);
  ExpectNamesComeBack(PaymentMethod::kOther);
}

TEST(Kinds, NamesAreThoseOfTheProtos) {
  EXPECT_EQ(Name(Frequency::kBiweekly), "BIWEEKLY");
  EXPECT_EQ(Name(TaxCategory::kReverseCharge), "REVERSE_CHARGE");
  EXPECT_EQ(Name(InvoiceState::kPartiallyPaid), "PARTIALLY_PAID");
  EXPECT_EQ(Name(MissedRunPolicy::kCatchUp), "CATCH_UP");
}

}  // namespace
}  // namespace invoice::domain
