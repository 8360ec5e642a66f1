// Payments on the database: one transfer for several invoices, over-payment, reversal, and sums that always agree.
#include "app/payments.h"

#include <gmock/gmock.h>

#include <atomic>
#include <random>
#include <thread>

#include "app/credit_notes.h"
#include "app/invoice_life.h"
#include "app/statements.h"
#include "base/id.h"
#include "base/status.h"
#include "tests/app/app_fixture.h"
#include "tests/support/environment.h"

namespace invoice::app {
namespace {

using domain::PaymentRecord;

constexpr absl::CivilDay kToday(2026, 11, 23);
const domain::Currency kCad = *domain::Currency::Find("CAD");

class PaymentsTest : public AppTest {
 protected:
  PaymentsTest() {
    for (int month = 9; month <= 11; ++month) invoices_.push_back(Bill(customer_, month));
  }

  // 847.50, due 30 days after the first of the month.
  std::string Bill(const std::string& customer, int month) {
    const auto outcome = RunQuick(customer, absl::CivilDay(2026, month, 1), NewCall());
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    return outcome->result.invoice.id;
  }
  PaymentRecord New(int64_t amount_minor, std::vector<domain::PaymentAllocation> allocations) {
    return {.customer_id = customer_,
            .date = kToday,
            .amount_minor = amount_minor,
            .currency = kCad,
            .reference = "transfer",
            .allocations = std::move(allocations)};
  }
  absl::StatusOr<Outcome<PaymentRecord>> Record(const PaymentRecord& payment) {
    const auto read = [&](const domain::Customer&) -> absl::StatusOr<PaymentRecord> { return payment; };
    return Payments(*core_).Create(NewCall(), payment.customer_id, read, {});
  }
  PaymentRecord MustRecord(const PaymentRecord& payment) {
    const auto outcome = Record(payment);
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    return outcome->result;
  }
  absl::StatusOr<Outcome<PaymentRecord>> Allocate(const std::string& id, const std::string& etag,
                                                  const domain::PaymentAllocation& allocation) {
    const auto read = [&](const PaymentRecord&) -> absl::StatusOr<std::vector<domain::PaymentAllocation>> {
      return std::vector{allocation};
    };
    return Payments(*core_).Allocate(NewCall(), id, etag, read, {});
  }
  int64_t Paid(const std::string& id) { return Invoices(*core_).Get(id)->paid_minor; }

  // What the database would never let go wrong, read anew.
  void ExpectSumsAgree() {
    EXPECT_EQ(Count("invoices i WHERE paid_minor <> (SELECT coalesce(sum(amount_minor), 0) FROM payment_allocations a "
                    "WHERE a.invoice_id = i.id)"),
              0);
    EXPECT_EQ(Count("payments p WHERE allocated_minor <> (SELECT coalesce(sum(amount_minor), 0) FROM "
                    "payment_allocations a WHERE a.payment_id = p.id)"),
              0);
    EXPECT_EQ(Count("invoices i WHERE kind = 'INVOICE' AND credited_minor <> (SELECT coalesce(-sum(total_minor), 0) "
                    "FROM invoices n WHERE n.original_invoice_id = i.id)"),
              0);
    EXPECT_EQ(Count("invoices WHERE paid_minor + credited_minor > greatest(total_minor, 0)"), 0);
  }
  void ExpectRefused(const PaymentRecord& payment, base::Reason reason, const std::string& field) {
    const absl::Status status = Record(payment).status();
    const base::ErrorDetail detail = base::DetailOf(status);
    EXPECT_EQ(detail.reason, reason) << status;
    EXPECT_EQ(detail.fields.empty() ? detail.metadata.at("field") : detail.fields[0].field, field) << status;
    EXPECT_EQ(Count("payments"), 0);
    EXPECT_EQ(Count("payment_allocations"), 0);
  }

  std::string vendor_ = NewVendor();
  std::string customer_ = NewCustomer(vendor_);
  std::vector<std::string> invoices_;
};

TEST_F(PaymentsTest, PaysThreeInvoicesWithOneTransfer) {
  const PaymentRecord payment =
      MustRecord(New(254250, {{invoices_[2], "", 84750}, {invoices_[0], "", 84750}, {invoices_[1], "", 84750}}));
  EXPECT_EQ(payment.allocations.size(), 3u);
  EXPECT_EQ(payment.allocated_minor, 254250);
  EXPECT_EQ(domain::UnappliedAmount(payment), 0);
  for (const std::string& id : invoices_) {
    EXPECT_EQ(Invoices(*core_).StateOf(*Invoices(*core_).Get(id)), domain::InvoiceState::kPaid);
  }
  EXPECT_EQ(Count("audit_events WHERE resource = 'payment'"), 1);
  ExpectSumsAgree();
}

TEST_F(PaymentsTest, KeepsAnOverPaymentUnappliedUntilItIsAllocated) {
  const auto paid =
      Payments(*core_).CreateForInvoice(NewCall(), {.invoice_id = invoices_[0], .date = kToday, .amount = "1000"}, {});
  ASSERT_TRUE(paid.ok()) << paid.status();
  EXPECT_EQ(Paid(invoices_[0]), 84750);
  EXPECT_EQ(domain::UnappliedAmount(paid->result), 15250);
  const auto too_much = Allocate(paid->result.id, "", {invoices_[1], "", 15251});
  EXPECT_EQ(base::DetailOf(too_much.status()).fields[0].field, "allocations[0].amount");
  const auto stale = Allocate(paid->result.id, "77", {invoices_[1], "", 1});
  EXPECT_EQ(base::DetailOf(stale.status()).reason, base::Reason::kStaleEtag);
  const auto allocated = Allocate(paid->result.id, "", {invoices_[1], "", 15250});
  ASSERT_TRUE(allocated.ok()) << allocated.status();
  EXPECT_EQ(domain::UnappliedAmount(allocated->result), 0);
  EXPECT_EQ(Paid(invoices_[1]), 15250);
  ExpectSumsAgree();
}

TEST_F(PaymentsTest, PaysAllThatIsOpenWhereNoAmountIsGiven) {
  const auto paid = Payments(*core_).CreateForInvoice(NewCall(), {.invoice_id = invoices_[0], .date = kToday}, {});
  ASSERT_TRUE(paid.ok()) << paid.status();
  EXPECT_EQ(paid->result.amount_minor, 84750);
  const auto again = Payments(*core_).CreateForInvoice(NewCall(), {.invoice_id = invoices_[0], .date = kToday}, {});
  EXPECT_EQ(base::DetailOf(again.status()).reason, base::Reason::kInvalidState) << again.status();
}

TEST_F(PaymentsTest, ReversesByARecord) {
  const PaymentRecord payment = MustRecord(New(100000, {{invoices_[0], "", 84750}, {invoices_[1], "", 10000}}));
  const auto reversed = Payments(*core_).Reverse(NewCall(), payment.id, "", "bounced cheque", {});
  ASSERT_TRUE(reversed.ok()) << reversed.status();
  EXPECT_TRUE(reversed->result.allocations.empty());
  EXPECT_EQ(reversed->result.reverse_reason, "bounced cheque");
  EXPECT_EQ(domain::UnappliedAmount(reversed->result), 0);
  EXPECT_EQ(Paid(invoices_[0]), 0);
  EXPECT_EQ(Count("payment_allocations"), 4) << "nothing is deleted";
  for (const auto& refused :
       {Payments(*core_).Reverse(NewCall(), payment.id, "", "again", {}).status(),
        Allocate(payment.id, "", {invoices_[0], "", 1}).status(),
        Payments(*core_)
            .Update(NewCall(), payment.id, "", [](PaymentRecord&) { return absl::OkStatus(); }, {})
            .status()}) {
    EXPECT_EQ(base::DetailOf(refused).metadata["state"], "REVERSED") << refused;
  }
  ExpectSumsAgree();
}

TEST_F(PaymentsTest, NamesWhatAnAllocationLacksAndWritesNothing) {
  const std::string other = NewCustomer(vendor_);
  const std::string foreign = Bill(other, 11);
  ExpectRefused(New(100, {{invoices_[0], "", 1}, {foreign, "", 1}}), base::Reason::kAllocationRefused,
                "allocations[1].invoiceId");
  ExpectRefused(New(100, {{invoices_[0], "", 1}, {invoices_[0], "", 1}}), base::Reason::kInvalidField,
                "allocations[1].invoiceId");
  ExpectRefused(New(100, {{invoices_[0], "", 60}, {invoices_[1], "", 41}}), base::Reason::kInvalidField,
                "allocations[1].amount");
  ExpectRefused(New(200000, {{invoices_[0], "", 84751}}), base::Reason::kAllocationRefused, "allocations[0].amount");
  PaymentRecord euros = New(100, {{invoices_[0], "", 1}});
  euros.currency = *domain::Currency::Find("EUR");
  ExpectRefused(euros, base::Reason::kAllocationRefused, "allocations[0].invoiceId");
  ASSERT_TRUE(InvoiceLife(*core_).Cancel(NewCall(), {invoices_[2], "", ""}, {}).ok());
  ExpectRefused(New(100, {{invoices_[2], "", 1}}), base::Reason::kInvalidState, "allocations[0].invoiceId");
  PaymentRecord late = New(100, {});
  late.date = kToday + 2;
  ExpectRefused(late, base::Reason::kInvalidField, "date");
  EXPECT_TRUE(absl::IsNotFound(Record(New(100, {{base::NewId(clock_), "", 1}})).status()));
}

TEST_F(PaymentsTest, ListsByCustomerInvoiceAndDayInPages) {
  for (int day = 1; day <= 5; ++day) {
    PaymentRecord payment = New(100, {});
    payment.date = absl::CivilDay(2026, 11, day);
    if (day == 3) payment.allocations = {{invoices_[0], "", 100}};
    MustRecord(payment);
  }
  const auto all = Payments(*core_).List({.customer_id = customer_}, {.size = 2});
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(all->total_size, 5);
  ASSERT_EQ(all->records.size(), 2u);
  EXPECT_EQ(all->records[0].date, absl::CivilDay(2026, 11, 5));
  const auto next = Payments(*core_).List({.customer_id = customer_}, {.size = 2, .after = all->next});
  EXPECT_EQ(next->records[0].date, absl::CivilDay(2026, 11, 3));
  EXPECT_EQ(Payments(*core_).List({.invoice_id = invoices_[0]}, {})->total_size, 1);
  const store::PaymentFilter some{.from = absl::CivilDay(2026, 11, 2), .to = absl::CivilDay(2026, 11, 4)};
  EXPECT_EQ(Payments(*core_).List(some, {})->total_size, 3);
  EXPECT_EQ(Payments(*core_).List({.customer_id = NewCustomer(vendor_)}, {})->total_size, 0);
}

TEST_F(PaymentsTest, ChangesWhatIsForPeopleAlone) {
  const PaymentRecord payment = MustRecord(New(100, {}));
  const auto updated = Payments(*core_).Update(NewCall(), payment.id, std::to_string(payment.version),
                                               [](PaymentRecord& changed) {
                                                 changed.reference = "other";
                                                 changed.amount_minor = 5;  // never written
                                                 return absl::OkStatus();
                                               },
                                               {});
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->result.reference, "other");
  EXPECT_EQ(updated->result.amount_minor, 100);
}

TEST_F(PaymentsTest, StatesWhatIsOpenByAgeAndWhatIsUnapplied) {
  // Due 2026-10-01, 2026-10-31 and 2026-12-01.
  MustRecord(New(100000, {{invoices_[0], "", 10000}}));
  ASSERT_TRUE(
      CreditNotes(*core_)
          .Create(NewCall(),
                  {.invoice_id = invoices_[1], .reason = "agreed", .lines = {{1, *domain::Quantity::Parse("1")}}}, {})
          .ok());
  const auto statement = Statements(*core_).Get(customer_, std::nullopt);
  ASSERT_TRUE(statement.ok()) << statement.status();
  EXPECT_EQ(statement->as_of, kToday);
  ASSERT_EQ(statement->items.size(), 3u);
  EXPECT_EQ(statement->items[0].open_minor, 74750);
  EXPECT_EQ(statement->items[0].days_overdue, 53);
  EXPECT_EQ(statement->items[1].credited_minor, 11300);
  ASSERT_EQ(statement->totals.size(), 1u);
  const domain::StatementTotal& total = statement->totals[0];
  EXPECT_EQ(total.open_minor, 74750 + 73450 + 84750);
  EXPECT_EQ(total.not_due_minor, 84750);
  EXPECT_EQ(total.overdue_1_30_minor, 73450);
  EXPECT_EQ(total.overdue_31_60_minor, 74750);
  EXPECT_EQ(total.overdue_61_90_minor, 0);
  EXPECT_EQ(total.unapplied_minor, 90000);
  const auto before = Statements(*core_).Get(customer_, kToday - 1);
  EXPECT_EQ(before->totals[0].open_minor, 3 * 84750) << "nothing was paid or credited the day before";
  EXPECT_EQ(before->totals[0].unapplied_minor, 0);
  EXPECT_TRUE(absl::IsNotFound(Statements(*core_).Get(base::NewId(clock_), std::nullopt).status()));
}

TEST_F(PaymentsTest, StatesThePastAsItWasBeforeACreditNoteFreedAPayment) {
  MustRecord(New(84750, {{invoices_[0], "", 84750}}));
  clock_.Advance(absl::Hours(10 * 24));
  ASSERT_TRUE(CreditNotes(*core_).Create(NewCall(), {.invoice_id = invoices_[0], .reason = "agreed"}, {}).ok());
  const auto before = Statements(*core_).Get(customer_, kToday + 5);
  ASSERT_EQ(before->items.size(), 2u) << "the first was paid";
  EXPECT_EQ(before->totals[0].open_minor, 2 * 84750);
  EXPECT_EQ(before->totals[0].unapplied_minor, 0);
  const auto after = Statements(*core_).Get(customer_, std::nullopt);
  EXPECT_EQ(after->totals[0].open_minor, 2 * 84750);
  EXPECT_EQ(after->totals[0].unapplied_minor, 84750);
}

TEST_F(PaymentsTest, StatesThePastAsItWasBeforeAReversalAndALaterAllocation) {
  const PaymentRecord payment = MustRecord(New(100000, {{invoices_[0], "", 84750}}));
  clock_.Advance(absl::Hours(10 * 24));
  ASSERT_TRUE(Allocate(payment.id, "", {invoices_[1], "", 10000}).ok());
  const auto expect = [&](absl::CivilDay as_of, int64_t open_minor, int64_t unapplied_minor) {
    const auto statement = Statements(*core_).Get(customer_, as_of);
    ASSERT_TRUE(statement.ok()) << statement.status();
    ASSERT_EQ(statement->totals.size(), 1u);
    EXPECT_EQ(statement->totals[0].open_minor, open_minor) << as_of;
    EXPECT_EQ(statement->totals[0].unapplied_minor, unapplied_minor) << as_of;
  };
  expect(kToday, 2 * 84750, 15250);
  expect(kToday + 9, 2 * 84750, 15250);
  expect(kToday + 10, 2 * 84750 - 10000, 5250);
  clock_.Advance(absl::Hours(24));
  ASSERT_TRUE(Payments(*core_).Reverse(NewCall(), payment.id, "", "bounced", {}).ok());
  expect(kToday - 1, 3 * 84750, 0);
  expect(kToday, 2 * 84750, 15250);
  expect(kToday + 10, 2 * 84750 - 10000, 5250);
  expect(kToday + 11, 3 * 84750, 0);
}

TEST_F(PaymentsTest, NothingHappensToMoneyOnADayOfClosedBooks) {
  const PaymentRecord old = MustRecord(New(100000, {{invoices_[0], "", 84750}}));
  const auto close = [&](absl::CivilDay through) {
    ASSERT_TRUE(Vendors(*core_)
                    .Update(NewCall(), vendor_, "",
                            [&](domain::Vendor& vendor) {
                              vendor.books_closed_through = through;
                              return absl::OkStatus();
                            },
                            {})
                    .ok());
  };
  const auto reason = [](const absl::Status& status) { return base::DetailOf(status).reason; };
  const auto pay = [&](absl::CivilDay date) {
    return Payments(*core_)
        .CreateForInvoice(NewCall(), {.invoice_id = invoices_[1], .date = date, .amount = "1"}, {})
        .status();
  };
  PaymentRecord dated = New(100, {});
  close(kToday - 1);
  dated.date = kToday - 1;
  EXPECT_EQ(reason(Record(dated).status()), base::Reason::kBooksClosed);
  EXPECT_EQ(reason(pay(kToday - 1)), base::Reason::kBooksClosed);
  dated.date = kToday;
  EXPECT_TRUE(Record(dated).ok());
  EXPECT_TRUE(pay(kToday).ok());
  // A payment of a closed month is allocated and reversed today, when the books are open.
  clock_.Advance(absl::Hours(24));
  close(kToday);
  EXPECT_TRUE(Allocate(old.id, "", {invoices_[1], "", 100}).ok());
  close(kToday + 1);
  EXPECT_EQ(reason(Allocate(old.id, "", {invoices_[1], "", 100}).status()), base::Reason::kBooksClosed);
  const absl::Status refused = Payments(*core_).Reverse(NewCall(), old.id, "", "bounced", {}).status();
  EXPECT_EQ(reason(refused), base::Reason::kBooksClosed);
  EXPECT_EQ(base::DetailOf(refused).metadata["booksClosedThrough"], "2026-11-24");
  const CreditNoteInput credit{.invoice_id = invoices_[0], .reason = "agreed", .date = kToday + 2};
  EXPECT_EQ(reason(CreditNotes(*core_).Create(NewCall(), credit, {}).status()), base::Reason::kBooksClosed)
      << "it would free the payment today";
  // The day is the customer's: it is the 25th already in Auckland.
  ASSERT_TRUE(Customers(*core_)
                  .UpdateSchedule(NewCall(), customer_, "",
                                  [](domain::Schedule& schedule) {
                                    schedule.time_zone = "Pacific/Auckland";
                                    return absl::OkStatus();
                                  },
                                  {})
                  .ok());
  EXPECT_TRUE(Payments(*core_).Reverse(NewCall(), old.id, "", "bounced", {}).ok());
  ExpectSumsAgree();
}

TEST_F(PaymentsTest, AgreesAfterRandomStepsOfManyAtOnce) {
  const auto seed =
      static_cast<unsigned>(std::stoul(test::Env("INVOICE_SEED", std::to_string(std::random_device{}()))));
  std::printf("seed %u\n", seed);
  std::atomic<int> done = 0;
  const auto steps = [&](unsigned own) {
    std::minstd_rand random(seed + own);
    const auto next = [&](int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random); };
    std::vector<std::string> mine;
    for (int i = 0; i < 25; ++i) {
      absl::Status status;
      const std::string& id = invoices_[static_cast<size_t>(next(3))];
      if (next(4) != 0 || mine.empty()) {
        const int64_t amount = 1 + next(30000);
        const auto paid = Record(New(amount + next(5000), {{id, "", amount}}));
        status = paid.status();
        if (paid.ok()) mine.push_back(paid->result.id);
      } else if (next(3) == 0) {
        CreditNoteInput input{.invoice_id = id, .reason = "some"};
        input.lines = {{1, domain::Quantity::FromUnits(1 + next(10000))}};
        status = CreditNotes(*core_).Create(NewCall(), input, {}).status();
      } else {
        status = Payments(*core_)
                     .Reverse(NewCall(), mine[static_cast<size_t>(next(static_cast<int>(mine.size())))], "", "back", {})
                     .status();
      }
      done += status.ok() ? 1 : 0;
      EXPECT_TRUE(status.ok() || absl::IsFailedPrecondition(status) || absl::IsInvalidArgument(status)) << status;
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < 4; ++i) threads.emplace_back(steps, i);
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(done, 20);
  ExpectSumsAgree();
  EXPECT_THAT(test::Postgres::Instance().Log(), testing::Not(testing::HasSubstr("deadlock detected")));
}

}  // namespace
}  // namespace invoice::app
