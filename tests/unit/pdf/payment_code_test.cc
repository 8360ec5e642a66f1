#include "pdf/payment_code.h"

#include <gmock/gmock.h>

#include "tests/unit/pdf/samples.h"

namespace invoice::pdf {
namespace {

using ::testing::IsEmpty;

TEST(PaymentCodeTest, HasTheLinesOfTheRule) {
  EXPECT_EQ(PaymentCodeOf(testing::German()),
            "BCD\n002\n1\nSCT\nCOBADEFFXXX\nHafenlicht Software GmbH\nDE89370400440532013000\nEUR139902.63\n\n\n"
            "HAF-2026-0815");
}

TEST(PaymentCodeTest, IbanHasNoBlanksAndBicMayBeMissing) {
  domain::InvoiceDocument document = testing::German();
  document.vendor.bank.iban = "DE89 3704 0044 0532 0130 00";
  document.vendor.bank.bic.clear();
  EXPECT_THAT(PaymentCodeOf(document),
              ::testing::HasSubstr("SCT\n\nHafenlicht Software GmbH\nDE89370400440532013000\n"));
}

TEST(PaymentCodeTest, LongNamesAreCutBetweenCharacters) {
  domain::InvoiceDocument document = testing::German();
  document.vendor.bank.account_holder.clear();
  document.vendor.name.clear();
  std::string expected;
  for (int i = 0; i < 90; ++i) document.vendor.name += "ü";
  for (int i = 0; i < 70; ++i) expected += "ü";
  EXPECT_THAT(PaymentCodeOf(document), ::testing::HasSubstr("\n" + expected + "\n"));
}

TEST(PaymentCodeTest, OnlyWhatIsPaidThisWayHasOne) {
  const auto code = [](auto change) {
    domain::InvoiceDocument document = testing::German();
    change(document);
    return PaymentCodeOf(document);
  };
  EXPECT_THAT(code([](auto& d) { d.kind = domain::DocumentKind::kCreditNote; }), IsEmpty());
  EXPECT_THAT(code([](auto& d) { d.currency = domain::Currency::Find("CAD").value(); }), IsEmpty());
  EXPECT_THAT(code([](auto& d) { d.vendor.bank.iban.clear(); }), IsEmpty());
  EXPECT_THAT(code([](auto& d) { d.number.clear(); }), IsEmpty());
  EXPECT_THAT(code([](auto& d) { d.totals.total_minor = 0; }), IsEmpty());
  EXPECT_THAT(code([](auto& d) { d.totals.total_minor = -1; }), IsEmpty());
  EXPECT_THAT(code([](auto& d) { d.totals.total_minor = 100'000'000'000; }), IsEmpty());
}

TEST(PaymentCodeTest, EncodesWithinTheSizeOfTheRule) {
  EXPECT_EQ(EncodeQr("").side, 0);
  const QrCode code = EncodeQr(PaymentCodeOf(testing::German()));
  EXPECT_GT(code.side, 20);
  EXPECT_LE(code.side, 69);  // version 13
  EXPECT_TRUE(code.At(0, 0));
  EXPECT_FALSE(code.At(1, 1));
  EXPECT_EQ(EncodeQr(std::string(400, 'x')).side, 0);
}

}  // namespace
}  // namespace invoice::pdf
