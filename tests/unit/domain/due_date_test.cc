#include "domain/due_date.h"

#include <gtest/gtest.h>

#include "domain/calendar.h"
#include "tests/unit/domain/vectors.h"

namespace invoice::domain {
namespace {

PaymentTerms TermsOf(const std::string& text) {
  if (text.starts_with("NET_")) return {PaymentTermsKind::kNet, std::stoi(text.substr(4))};
  return {Parse<PaymentTermsKind>(text).value(), 0};
}

TEST(DueDate, AgreesWithEveryVector) {
  for (const VectorRow& row : ReadVectors("due_date.csv")) {
    const auto due = DueDate(TermsOf(row.at("payment_terms")), ParseDate(row.at("invoice_date")).value());
    EXPECT_EQ(FormatDate(due), row.at("due_date")) << ToText(row);
  }
}

TEST(DueDate, NeverLiesBeforeTheInvoiceDate) {
  for (absl::CivilDay day(2023, 12, 1); day < absl::CivilDay(2028, 3, 2); ++day) {
    for (const PaymentTermsKind kind : {PaymentTermsKind::kDueOnReceipt, PaymentTermsKind::kNet,
                                        PaymentTermsKind::kEndOfMonth, PaymentTermsKind::kEndOfNextMonth}) {
      ASSERT_GE(DueDate({kind, 0}, day), day);
    }
  }
}

}  // namespace
}  // namespace invoice::domain
