#include "domain/payments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status.h"

namespace invoice::domain {
namespace {

using testing::HasSubstr;

constexpr absl::CivilDay kToday(2026, 11, 25);
const Currency kCad = *Currency::Find("CAD");

PayableInvoice Payable(int64_t total_minor) {
  return {.id = "one",
          .customer_id = "customer",
          .number = "INV-1",
          .currency = kCad,
          .facts = {.issued = true, .total_minor = total_minor, .due_date = kToday}};
}

PaymentRecord Payment() { return {.customer_id = "customer", .amount_minor = 1000, .currency = kCad}; }

// The refusal of one allocation, the second of its request.
absl::Status Refusal(const PayableInvoice& invoice, int64_t amount_minor = 100) {
  return CheckAllocations(Payment(), {{"zero", "", 1}, {invoice.id, "", amount_minor}}, {Payable(1), invoice}, kToday);
}

void ExpectRefused(const absl::Status& status, base::Reason reason, const std::string& field) {
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_EQ(base::DetailOf(status).reason, reason) << status;
  EXPECT_EQ(base::DetailOf(status).metadata["field"], field) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(field));
}

TEST(CheckAllocations, NamesTheFieldAtFault) {
  EXPECT_TRUE(Refusal(Payable(100)).ok());
  PayableInvoice invoice = Payable(100);
  invoice.customer_id = "other";
  ExpectRefused(Refusal(invoice), base::Reason::kAllocationRefused, "allocations[1].invoiceId");
  invoice = Payable(100);
  invoice.currency = *Currency::Find("EUR");
  ExpectRefused(Refusal(invoice), base::Reason::kAllocationRefused, "allocations[1].invoiceId");
  invoice = Payable(100);
  invoice.facts.issued = false;
  ExpectRefused(Refusal(invoice), base::Reason::kInvalidState, "allocations[1].invoiceId");
  EXPECT_THAT(std::string(Refusal(invoice).message()), HasSubstr("DRAFT"));
  invoice.facts.cancelled = true;
  ExpectRefused(Refusal(invoice), base::Reason::kInvalidState, "allocations[1].invoiceId");
  invoice = Payable(-100);
  invoice.kind = DocumentKind::kCreditNote;
  ExpectRefused(Refusal(invoice), base::Reason::kInvalidState, "allocations[1].invoiceId");
  EXPECT_THAT(std::string(Refusal(invoice).message()), HasSubstr("the credit note is ISSUED: "));
  invoice.facts.sent = true;
  EXPECT_THAT(std::string(Refusal(invoice).message()), HasSubstr("the credit note is SENT: "));
}

TEST(CheckAllocations, AllocatesNoMoreThanIsOpen) {
  PayableInvoice invoice = Payable(300);
  invoice.facts.paid_minor = 120;
  invoice.facts.credited_minor = 80;
  EXPECT_TRUE(Refusal(invoice, 100).ok());
  const absl::Status refused = Refusal(invoice, 101);
  ExpectRefused(refused, base::Reason::kAllocationRefused, "allocations[1].amount");
  EXPECT_EQ(base::DetailOf(refused).metadata["open"], "1.00");
}

TEST(CheckRequest, NamesDoublesAndWhatIsTooMuch) {
  EXPECT_TRUE(CheckRequest({{"a", "", 60}, {"b", "", 40}}, 100).ok());
  EXPECT_EQ(base::DetailOf(CheckRequest({{"a", "", 1}, {"a", "", 1}}, 100)).fields[0].field,
            "allocations[1].invoiceId");
  EXPECT_EQ(base::DetailOf(CheckRequest({{"a", "", 60}, {"b", "", 41}}, 100)).fields[0].field, "allocations[1].amount");
}

TEST(FreeLastFirst, FreesNoMoreThanIsAskedFor) {
  const std::vector<PaidPart> parts = {{"first", 50}, {"second", 30}};
  EXPECT_TRUE(FreeLastFirst(parts, 0).empty());
  auto freed = FreeLastFirst(parts, 40);
  ASSERT_EQ(freed.size(), 2u);
  EXPECT_EQ(freed[0].payment_id, "second");
  EXPECT_EQ(freed[0].amount_minor, 30);
  EXPECT_EQ(freed[1].amount_minor, 10);
  EXPECT_EQ(FreeLastFirst(parts, 30).size(), 1u);
}

TEST(UnappliedAmount, IsNothingOfAReversedPayment) {
  PaymentRecord payment = Payment();
  payment.allocated_minor = 400;
  EXPECT_EQ(UnappliedAmount(payment), 600);
  payment.reversed_at = absl::UnixEpoch();
  payment.allocated_minor = 0;
  EXPECT_EQ(UnappliedAmount(payment), 0);
}

}  // namespace
}  // namespace invoice::domain
