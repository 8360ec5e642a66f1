// The scheduler's decisions: each due date once, missed ones by policy, transitions, decisions of people.
#include <random>
#include <thread>

#include "tests/app/run_fixture.h"
#include "tests/support/environment.h"

namespace invoice::app {
namespace {

using domain::MissedRunPolicy;
using ::testing::HasSubstr;

class SchedulingTest : public RunTest {
 protected:
  std::string NewMissing(MissedRunPolicy policy) {
    return NewScheduled(vendor_, "Customer", [policy](domain::Customer& customer) {
      customer.schedule.missed_run_policy = policy;
      customer.schedule.max_catch_up = 2;
    });
  }

  absl::Status ChangeSchedule(const std::string& id, const std::function<void(domain::Schedule&)>& change) {
    return Customers(*core_)
        .UpdateSchedule(NewCall(), id, "",
                        [&](domain::Schedule& schedule) {
                          change(schedule);
                          return absl::OkStatus();
                        },
                        {})
        .status();
  }

  absl::Status ChangeFrequency(const std::string& id, domain::Frequency frequency) {
    return Customers(*core_)
        .UpdateContract(NewCall(), id, "",
                        [&](domain::Contract& contract) {
                          contract.frequency = frequency;
                          return absl::OkStatus();
                        },
                        {})
        .status();
  }

  // The billed days of a customer are `from` to `through`, each once.
  void ExpectBilled(const std::string& customer_id, absl::CivilDay from, absl::CivilDay through) {
    absl::CivilDay next = from;
    for (const domain::InvoiceRecord& invoice : SortedByPeriod(customer_id)) {
      EXPECT_EQ(invoice.document.period.first, next) << "a gap or an overlap";
      next = invoice.document.period.last + 1;
    }
    EXPECT_EQ(next, through + 1);
  }
  std::vector<domain::InvoiceRecord> SortedByPeriod(const std::string& customer_id) {
    auto invoices = InvoicesOf(customer_id);
    std::sort(invoices.begin(), invoices.end(),
              [](const auto& a, const auto& b) { return a.document.period.first < b.document.period.first; });
    return invoices;
  }

  std::string vendor_ = NewVendor();
};

TEST_F(SchedulingTest, ActsWhenTheCustomersDayHasBegunAndNotBefore) {
  const std::string customer = NewScheduled(vendor_);
  // 1 December begins in Toronto at 05:00 UTC.
  clock_.Set(absl::FromCivil(absl::CivilSecond(2026, 12, 1, 4, 59, 59), absl::UTCTimeZone()));
  const auto early = scheduling_.TakeDue();
  ASSERT_TRUE(early.ok()) << early.status();
  EXPECT_EQ(early->taken, 0);
  EXPECT_EQ(early->next, absl::FromCivil(absl::CivilSecond(2026, 12, 1, 5, 0, 0), absl::UTCTimeZone()));
  clock_.Set(*early->next);
  EXPECT_EQ(TakeDue(), 1);
  EXPECT_EQ(InvoicesOf(customer).at(0).document.invoice_date, absl::CivilDay(2026, 12, 1));
  EXPECT_EQ(TakeDue(), 0);
  EXPECT_EQ(Customers(*core_).Get(customer)->schedule.next_run_date, absl::CivilDay(2027, 1, 1));
}

TEST_F(SchedulingTest, CatchesUpTheOldestMissedPeriodsAndHoldsTheRest) {
  const std::string customer = NewMissing(MissedRunPolicy::kCatchUp);
  GoTo(absl::CivilDay(2027, 4, 1));
  EXPECT_EQ(TakeDue(), 5);  // December to March are missed, April is today's
  const auto invoices = SortedByPeriod(customer);
  ASSERT_EQ(invoices.size(), 3u);
  EXPECT_EQ(invoices[0].document.period.first, absl::CivilDay(2026, 11, 1));
  EXPECT_EQ(invoices[0].document.invoice_date, absl::CivilDay(2027, 4, 1)) << "the local day of issue";
  EXPECT_EQ(invoices[0].document.due_date, absl::CivilDay(2027, 5, 1)) << "terms count from it";
  EXPECT_EQ(invoices[1].document.period.first, absl::CivilDay(2026, 12, 1));
  EXPECT_EQ(invoices[2].document.period.first, absl::CivilDay(2027, 3, 1)) << "today's own";
  EXPECT_EQ(Runs(*core_).Get(invoices[0].run_id)->run_date, absl::CivilDay(2026, 12, 1)) << "the due date's run";
  ASSERT_EQ(Held().size(), 2u);
  EXPECT_EQ(Held()[0].decision.due_date, absl::CivilDay(2027, 2, 1));
  EXPECT_EQ(Held()[1].decision.reason, "MISSED_RUN");
  EXPECT_EQ(Customers(*core_).Get(customer)->schedule.next_run_date, absl::CivilDay(2027, 5, 1));
}

TEST_F(SchedulingTest, SkipsOrHoldsMissedPeriodsByPolicy) {
  const std::string skips = NewMissing(MissedRunPolicy::kSkip);
  const std::string holds = NewMissing(MissedRunPolicy::kHold);
  GoTo(absl::CivilDay(2027, 1, 15));
  TakeDue();
  EXPECT_TRUE(InvoicesOf(skips).empty());
  EXPECT_TRUE(InvoicesOf(holds).empty());
  ASSERT_EQ(Held().size(), 2u);
  EXPECT_EQ(Held()[0].decision.customer_id, holds);
  const auto periods = Periods(*core_).List(skips, {.past = 2, .upcoming = 0});
  ASSERT_TRUE(periods.ok()) << periods.status();
  EXPECT_EQ((*periods)[0].state, PeriodState::kSkipped);
  EXPECT_EQ((*periods)[0].reason, "MISSED_RUN");
}

TEST_F(SchedulingTest, AReopenedPeriodIsBilledAtOnceAndOnce) {
  const std::string customer = NewMissing(MissedRunPolicy::kHold);
  GoTo(absl::CivilDay(2026, 12, 15));
  TakeDue();
  const auto reopened = Periods(*core_).Reopen(NewCall(), customer, absl::CivilDay(2026, 11, 1), {});
  ASSERT_TRUE(reopened.ok()) << reopened.status();
  EXPECT_EQ(TakeDue(), 1);
  ASSERT_EQ(InvoicesOf(customer).size(), 1u);
  EXPECT_TRUE(Held().empty());
  EXPECT_EQ(TakeDue(), 0);
  const auto again = Periods(*core_).Reopen(NewCall(), customer, absl::CivilDay(2026, 11, 1), {});
  EXPECT_EQ(base::DetailOf(again.status()).reason, base::Reason::kPeriodAlreadyInvoiced);
}

TEST_F(SchedulingTest, APeriodSkippedByAPersonBlocksTheSchedulerOnly) {
  const std::string customer = NewScheduled(vendor_);
  const auto skipped = Periods(*core_).Skip(NewCall(), customer, absl::CivilDay(2026, 11, 1), "on leave", {});
  ASSERT_TRUE(skipped.ok()) << skipped.status();
  EXPECT_EQ(skipped->result.state, PeriodState::kSkipped);
  EXPECT_TRUE(absl::IsNotFound(
      Periods(*core_).Skip(NewCall(), customer, absl::CivilDay(2026, 11, 2), "no period", {}).status()));
  GoTo(absl::CivilDay(2026, 12, 1));
  TakeDue();
  EXPECT_TRUE(InvoicesOf(customer).empty());
  EXPECT_TRUE(RunQuick(customer, absl::CivilDay(2026, 12, 1), NewCall()).ok());
}

TEST_F(SchedulingTest, ATimesheetLetsThePeriodGoThatWaitedForIt) {
  const std::string customer =
      NewScheduled(vendor_, "Customer", [](domain::Customer& c) { c.contract.require_timesheet = true; });
  GoTo(absl::CivilDay(2026, 12, 1));
  TakeDue();
  ASSERT_EQ(Held().size(), 1u);
  EXPECT_EQ(Held()[0].decision.reason, "TIMESHEET_REQUIRED");
  ASSERT_TRUE(Put({.customer_id = customer,
                   .period = {absl::CivilDay(2026, 11, 1), absl::CivilDay(2026, 11, 30)},
                   .hours = *domain::Quantity::Parse("42.25")})
                  .ok());
  EXPECT_EQ(TakeDue(), 1);
  EXPECT_EQ(InvoicesOf(customer).at(0).document.totals.subtotal_minor, 422500);
  EXPECT_TRUE(Held().empty());
}

TEST_F(SchedulingTest, AChangeOfFrequencyMakesOneTransitionPeriod) {
  const std::string customer = NewScheduled(vendor_);
  GoTo(absl::CivilDay(2026, 12, 1));
  TakeDue();
  GoTo(absl::CivilDay(2026, 12, 9));
  ASSERT_TRUE(ChangeFrequency(customer, domain::Frequency::kWeekly).ok());
  for (absl::CivilDay day(2026, 12, 9); day <= absl::CivilDay(2027, 1, 20); ++day) {
    GoTo(day);
    TakeDue();
  }
  ExpectBilled(customer, absl::CivilDay(2026, 11, 1), absl::CivilDay(2027, 1, 17));
  GoTo(absl::CivilDay(2027, 1, 21));
  ASSERT_TRUE(ChangeFrequency(customer, domain::Frequency::kQuarterly).ok());
  for (absl::CivilDay day(2027, 1, 21); day <= absl::CivilDay(2027, 10, 2); ++day) {
    GoTo(day);
    TakeDue();
  }
  ExpectBilled(customer, absl::CivilDay(2026, 11, 1), absl::CivilDay(2027, 9, 30));
}

TEST_F(SchedulingTest, ContractDatesClipPeriodsAndEndTheSchedule) {
  const std::string customer = NewScheduled(vendor_, "Customer", [](domain::Customer& c) {
    c.contract.start_date = absl::CivilDay(2026, 11, 10);
    c.contract.end_date = absl::CivilDay(2027, 1, 15);
  });
  for (int month = 12; month < 18; ++month) {
    GoTo(absl::CivilDay(absl::CivilMonth(2026, month)));
    TakeDue();
  }
  ExpectBilled(customer, absl::CivilDay(2026, 11, 10), absl::CivilDay(2027, 1, 15));
  EXPECT_EQ(Customers(*core_).Get(customer)->schedule.next_run_date, std::nullopt);
}

TEST_F(SchedulingTest, NothingIsDueWhileACustomerIsDeactivated) {
  const std::string customer = NewScheduled(vendor_);
  ASSERT_TRUE(Customers(*core_).SetActive(NewCall(), customer, "", false, {}).ok());
  GoTo(absl::CivilDay(2027, 2, 10));
  EXPECT_EQ(TakeDue(), 0);
  ASSERT_TRUE(Customers(*core_).SetActive(NewCall(), customer, "", true, {}).ok());
  EXPECT_EQ(TakeDue(), 0) << "what would have been due meanwhile is not made up for";
  GoTo(absl::CivilDay(2027, 3, 1));
  EXPECT_EQ(TakeDue(), 1);
  ExpectBilled(customer, absl::CivilDay(2027, 2, 1), absl::CivilDay(2027, 2, 28));
}

TEST_F(SchedulingTest, ClosedBooksHoldWhatWouldBeDatedInThem) {
  ASSERT_TRUE(Vendors(*core_)
                  .Update(NewCall(), vendor_, "",
                          [](domain::Vendor& vendor) {
                            vendor.books_closed_through = absl::CivilDay(2026, 12, 31);
                            return absl::OkStatus();
                          },
                          {})
                  .ok());
  const std::string customer = NewScheduled(vendor_);
  GoTo(absl::CivilDay(2026, 12, 1));
  TakeDue();
  EXPECT_TRUE(InvoicesOf(customer).empty());
  ASSERT_EQ(Held().size(), 1u);
  EXPECT_EQ(Held()[0].decision.reason, "BOOKS_CLOSED");
}

TEST_F(SchedulingTest, TwoSchedulersAtOnceTakeEachDueDateOnce) {
  for (int i = 0; i < 30; ++i) NewScheduled(vendor_, "Customer " + std::to_string(i));
  GoTo(absl::CivilDay(2026, 12, 1));
  std::atomic<int> taken = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      Scheduling other(*core_, work_);
      for (int round = 0; round < 5; ++round) {
        const auto result = other.TakeDue();
        if (result.ok()) taken += result->taken;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  WorkJobs();
  EXPECT_EQ(taken, 30);
  EXPECT_EQ(Count("invoices"), 30);
}

TEST_F(SchedulingTest, AnyWalkOfTheClockBillsEachDayOnceAndNoneNever) {
  const unsigned seed =
      static_cast<unsigned>(std::stoul(test::Env("INVOICE_SEED", std::to_string(std::random_device{}() % 100000))));
  std::printf("seed %u\n", seed);
  std::minstd_rand random(seed);
  const auto pick = [&](int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random); };
  static constexpr const char* kZones[] = {"America/Toronto", "Europe/Berlin",    "Asia/Tokyo",
                                           "Pacific/Apia",    "America/St_Johns", "Australia/Lord_Howe"};
  std::vector<std::string> customers;
  for (int i = 0; i < 12; ++i) {
    customers.push_back(NewScheduled(vendor_, "Customer " + std::to_string(i), [&](domain::Customer& customer) {
      customer.schedule.time_zone = kZones[i % 6];
      customer.contract.frequency = static_cast<domain::Frequency>(pick(5));
      customer.schedule.billing_weekday = pick(7);
      customer.schedule.billing_day = 1 + pick(31);
      customer.schedule.max_catch_up = 100;
    }));
  }
  absl::Time now = clock_.Now();
  const absl::Time end = now + absl::Hours(24 * 500);
  while (now < end) {
    now += absl::Hours(pick(24 * 9)) - absl::Hours(pick(24 * 3));
    clock_.Set(now);
    if (pick(10) == 0) {
      ASSERT_TRUE(ChangeFrequency(customers[pick(12)], static_cast<domain::Frequency>(pick(5))).ok());
    }
    if (pick(10) == 0) {
      const int day = 1 + pick(31);
      ASSERT_TRUE(ChangeSchedule(customers[pick(12)], [day](domain::Schedule& s) { s.billing_day = day; }).ok());
    }
    TakeDue();
  }
  for (const std::string& customer : customers) {
    const auto invoices = SortedByPeriod(customer);
    for (size_t i = 1; i < invoices.size(); ++i) {
      EXPECT_EQ(invoices[i].document.period.first, invoices[i - 1].document.period.last + 1) << customer;
    }
  }
  EXPECT_TRUE(Held().empty());
  EXPECT_EQ(Count("period_claims"), Count("invoices"));
}

}  // namespace
}  // namespace invoice::app
