// Documents that are dated before the newest one of their number series: said, or refused before a number is spent.
#include <thread>

#include "app/credit_notes.h"
#include "app/invoice_life.h"
#include "tests/app/run_fixture.h"

namespace invoice::app {
namespace {

using absl::CivilDay;
using base::Reason;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr CivilDay kLate(2026, 12, 1);
constexpr CivilDay kEarly(2026, 11, 1);

class BackDatingTest : public RunTest {
 protected:
  void Refuse(bool refuse = true) {
    const auto changed = Vendors(*core_).Update(NewCall(), vendor_, "",
                                                [refuse](domain::Vendor& vendor) {
                                                  vendor.refuse_back_dating = refuse;
                                                  return absl::OkStatus();
                                                },
                                                {});
    ASSERT_TRUE(changed.ok()) << changed.status();
    ASSERT_EQ(changed->result.refuse_back_dating, refuse);
  }
  absl::StatusOr<Outcome<SingleRun>> RunWizard(const std::string& customer, CivilDay date, bool draft = false) {
    WizardRun input{.customer_id = customer, .invoice_date = date, .period = kOctober, .draft = draft};
    input.wizard.lines = {{.description = "Work",
                           .quantity = *domain::Quantity::Parse("1"),
                           .unit = domain::Unit::kHour,
                           .unit_price = *domain::UnitPrice::Parse("100")}};
    input.wizard.taxes = {{.name = "HST", .rate = *domain::Rate::Parse("0.13")}};
    return Invoices(*core_).RunWizard(NewCall(), input, {});
  }
  static std::vector<std::string> CodesOf(const SingleRun& run) {
    std::vector<std::string> codes;
    for (const domain::Warning& warning : run.warnings) codes.push_back(warning.code);
    return codes;
  }
  static void ExpectRefused(const absl::Status& status, const std::string& number = "INV-2026-0001") {
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
    EXPECT_EQ(base::DetailOf(status).reason, Reason::kBackDated);
    EXPECT_EQ(base::DetailOf(status).metadata["newestDate"], "2026-12-01");
    EXPECT_EQ(base::DetailOf(status).metadata["newestNumber"], number);
  }
  int64_t NextSequence() {
    const auto run = RunQuick(NewCustomer(vendor_), CivilDay(2026, 12, 2), NewCall());
    EXPECT_TRUE(run.ok()) << run.status();
    return run.ok() ? run->result.invoice.sequence : 0;
  }
  BatchScope AllOn(CivilDay date) const {
    return {.mode = domain::RunMode::kGenerateAll, .run_date = date, .customers = {.vendor_id = vendor_}};
  }

  std::string vendor_ = NewVendor();
  std::string first_ = NewScheduled(vendor_, "First");
  std::string second_ = NewScheduled(vendor_, "Second");
};

TEST_F(BackDatingTest, SingleGenerationsAndPreviewsWarn) {
  EXPECT_TRUE(CodesOf(RunQuick(first_, kLate, NewCall())->result).empty());
  const auto quick = RunQuick(second_, kEarly, NewCall());
  ASSERT_TRUE(quick.ok()) << quick.status();
  ASSERT_EQ(quick->result.warnings.size(), 1u);
  EXPECT_EQ(quick->result.warnings[0].code, "BACK_DATED");
  EXPECT_THAT(quick->result.warnings[0].message, HasSubstr("INV-2026-0001, is dated 2026-12-01"));
  const auto wizard = RunWizard(NewCustomer(vendor_), kEarly);
  EXPECT_THAT(CodesOf(wizard->result), Contains("BACK_DATED"));
  const auto manual = Invoices(*core_).RunManual(
      NewCall(),
      {.customer_id = first_, .invoice_date = kEarly, .period = kOctober, .hours = domain::Quantity::Parse("1")}, {});
  EXPECT_THAT(CodesOf(manual->result), Contains("BACK_DATED"));
  const auto same_day = RunWizard(NewCustomer(vendor_), kLate);
  EXPECT_TRUE(CodesOf(same_day->result).empty()) << "the same day is not before it";
}

TEST_F(BackDatingTest, AnotherSeriesHasANewestOfItsOwn) {
  ASSERT_TRUE(RunQuick(first_, kLate, NewCall()).ok());
  const auto other = NewScheduled(vendor_, "Other", [](domain::Customer& c) { c.contract.invoice_prefix = "OTH"; });
  EXPECT_TRUE(CodesOf(RunQuick(other, kEarly, NewCall())->result).empty());
  const auto year_before = RunQuick(second_, CivilDay(2025, 11, 1), NewCall());
  EXPECT_TRUE(CodesOf(year_before->result).empty()) << "the year is part of the pattern";
}

TEST_F(BackDatingTest, ARefusalSpendsNoNumberAndClaimsNothing) {
  ASSERT_TRUE(RunQuick(first_, kLate, NewCall()).ok());
  Refuse();
  const int64_t claims = Count("period_claims");
  ExpectRefused(RunQuick(second_, kEarly, NewCall()).status());
  ExpectRefused(RunWizard(second_, kEarly).status());
  ExpectRefused(Invoices(*core_)
                    .RunManual(NewCall(), {.customer_id = second_, .invoice_date = kEarly, .period = kOctober}, {})
                    .status());
  EXPECT_EQ(Count("period_claims"), claims);
  EXPECT_EQ(NextSequence(), 2);
}

TEST_F(BackDatingTest, ACancelledDocumentIsStillTheNewest) {
  const auto newest = RunQuick(first_, kLate, NewCall());
  ASSERT_TRUE(InvoiceLife(*core_).Cancel(NewCall(), {.id = newest->result.invoice.id, .text = "wrong"}, {}).ok());
  Refuse();
  ExpectRefused(RunQuick(second_, kEarly, NewCall()).status());
}

TEST_F(BackDatingTest, DraftsAreRefusedWhenTheyAreIssued) {
  const auto draft = RunWizard(second_, kEarly, /*draft=*/true);
  ASSERT_TRUE(draft.ok()) << draft.status();
  const auto good = RunWizard(NewCustomer(vendor_), CivilDay(2026, 12, 3), /*draft=*/true);
  ASSERT_TRUE(RunQuick(first_, kLate, NewCall()).ok());
  Refuse();
  const std::string id = draft->result.invoice.id;
  ExpectRefused(Drafts(*core_).Issue(NewCall(), id, "", {}, {}).status());
  const auto many = Drafts(*core_).IssueMany(NewCall(), {.ids = {id, good->result.invoice.id}}, {}, {});
  ASSERT_TRUE(many.ok()) << many.status();
  ExpectRefused(many->result.results[0].status);
  EXPECT_EQ(many->result.results[0].number, "");
  EXPECT_TRUE(many->result.results[1].status.ok());
  EXPECT_EQ(many->result.results[1].number, "INV-2026-0002");
  EXPECT_FALSE(Invoices(*core_).Get(id)->issued_at.has_value()) << "it stays a draft";
  Refuse(false);
  EXPECT_TRUE(Drafts(*core_).Issue(NewCall(), id, "", {}, {}).ok());
}

TEST_F(BackDatingTest, DraftsAreNumberedInTheOrderOfTheirDates) {
  const auto later = RunWizard(first_, kLate, /*draft=*/true);
  const auto earlier = RunWizard(second_, kEarly, /*draft=*/true);
  Refuse();
  const auto many =
      Drafts(*core_).IssueMany(NewCall(), {.ids = {later->result.invoice.id, earlier->result.invoice.id}}, {}, {});
  ASSERT_TRUE(many.ok()) << many.status();
  EXPECT_EQ(many->result.results[0].number, "INV-2026-0002");
  EXPECT_EQ(many->result.results[1].number, "INV-2026-0001");
}

TEST_F(BackDatingTest, DraftsThatAreIssuedWarn) {
  const auto early = RunWizard(first_, kEarly, /*draft=*/true);
  const auto second = RunWizard(second_, kEarly, /*draft=*/true);
  ASSERT_TRUE(RunQuick(NewCustomer(vendor_), kLate, NewCall()).ok());
  const auto one = Drafts(*core_).Issue(NewCall(), early->result.invoice.id, "", {}, {});
  ASSERT_TRUE(one.ok()) << one.status();
  ASSERT_EQ(one->result.warnings.size(), 1u);
  EXPECT_EQ(one->result.warnings[0].code, "BACK_DATED");
  const auto many = Drafts(*core_).IssueMany(NewCall(), {.ids = {second->result.invoice.id}}, {}, {});
  ASSERT_TRUE(many.ok()) << many.status();
  ASSERT_EQ(many->result.results[0].warnings.size(), 1u);
  EXPECT_EQ(many->result.results[0].warnings[0].code, "BACK_DATED");
}

TEST_F(BackDatingTest, DraftsOfARunThatAreIssuedWarn) {
  const std::string scheduled =
      NewScheduled(vendor_, "Later", [](domain::Customer& customer) { customer.schedule.auto_issue = false; });
  GoTo(CivilDay(2026, 12, 1));
  TakeDue();
  ASSERT_EQ(InvoicesOf(scheduled).size(), 1u);
  ASSERT_TRUE(RunQuick(NewCustomer(vendor_), CivilDay(2026, 12, 2), NewCall()).ok());
  const auto issued = Drafts(*core_).Issue(NewCall(), InvoicesOf(scheduled)[0].id, "", {}, {});
  ASSERT_TRUE(issued.ok()) << issued.status();
  ASSERT_EQ(issued->result.warnings.size(), 1u) << "dated before the newest when it gets its number";
}

TEST_F(BackDatingTest, CreditNotesHaveASeriesOfTheirOwn) {
  const auto one = RunQuick(first_, kEarly, NewCall());
  const auto two = RunQuick(second_, kEarly, NewCall());
  const auto credit = [&](const auto& run, CivilDay date) {
    return CreditNotes(*core_).Create(NewCall(),
                                      {.invoice_id = run->result.invoice.id, .reason = "wrong", .date = date}, {});
  };
  Refuse();
  const auto newest = credit(one, kLate);
  ASSERT_TRUE(newest.ok()) << newest.status();
  EXPECT_THAT(newest->result.warnings, IsEmpty());
  ExpectRefused(credit(two, CivilDay(2026, 11, 30)).status(), newest->result.invoice.document.number);
  Refuse(false);
  const auto early = credit(two, CivilDay(2026, 11, 30));
  ASSERT_TRUE(early.ok()) << early.status();
  EXPECT_EQ(early->result.invoice.sequence, 2);
  ASSERT_EQ(early->result.warnings.size(), 1u);
  EXPECT_EQ(early->result.warnings[0].code, "BACK_DATED");
  EXPECT_THAT(early->result.warnings[0].message, HasSubstr(newest->result.invoice.document.number));
}

TEST_F(BackDatingTest, AVendorThatRefusesDoesNotStandInTheWayOfAnother) {
  const std::string other = NewVendor();
  const auto invoiced_ahead = RunQuick(NewCustomer(other), kLate, NewCall());
  ASSERT_TRUE(invoiced_ahead.ok()) << invoiced_ahead.status();
  const auto mine = RunWizard(first_, kEarly, /*draft=*/true);
  const auto theirs = RunWizard(NewCustomer(other), kEarly, /*draft=*/true);
  Refuse();
  const auto many =
      Drafts(*core_).IssueMany(NewCall(), {.ids = {mine->result.invoice.id, theirs->result.invoice.id}}, {}, {});
  ASSERT_TRUE(many.ok()) << many.status();
  EXPECT_EQ(many->result.results[0].number, "INV-2026-0001");
  EXPECT_EQ(many->result.results[1].number, "INV-2026-0002");
}

TEST_F(BackDatingTest, BatchesAndPlansSayIt) {
  ASSERT_TRUE(RunQuick(NewCustomer(vendor_), CivilDay(2026, 12, 2), NewCall()).ok());
  BatchScope scope = AllOn(kEarly);
  scope.customers.customer_ids = {first_};
  domain::RunRecord run = Create(scope);
  EXPECT_EQ(Finished(run.id).invoiced_count, 1);
  EXPECT_THAT(Results(run.id)[0].message, HasSubstr("is dated 2026-12-02"));
  EXPECT_THAT(Results(run.id)[0].values, Contains(Pair("newestNumber", "INV-2026-0001")));
  Refuse();
  scope.customers.customer_ids = {second_};
  const auto plan = Plans(*core_).Plan(NewCall(), scope, {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->result.failed_count, 1);
  EXPECT_EQ(Plans(*core_).ListItems(plan->result.hash, {}, {})->records[0].reason, "BACK_DATED");
  run = Create(scope);
  Finished(run.id);
  EXPECT_EQ(Results(run.id)[0].outcome, domain::RunOutcome::kFailed);
  EXPECT_EQ(Results(run.id)[0].reason, "BACK_DATED");
  EXPECT_EQ(NextSequence(), 3);
}

TEST_F(BackDatingTest, OfManyAtOnceTheNumbersFollowTheDates) {
  Refuse();
  std::vector<std::string> customers;
  for (int i = 0; i < 8; ++i) customers.push_back(NewCustomer(vendor_));
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      const auto run = RunQuick(customers[i], CivilDay(2026, 11, 1) + i, NewCall());
      EXPECT_TRUE(run.ok() || base::DetailOf(run.status()).reason == Reason::kBackDated) << run.status();
      EXPECT_TRUE(run.ok() || i != 7) << "nothing is newer than the last day";
    });
  }
  for (std::thread& thread : threads) thread.join();
  auto invoices = Invoices(*core_).List({.vendor_id = vendor_}, {.size = 50})->records;
  std::sort(invoices.begin(), invoices.end(), [](const auto& a, const auto& b) { return a.sequence < b.sequence; });
  ASSERT_FALSE(invoices.empty());
  for (size_t i = 1; i < invoices.size(); ++i) {
    EXPECT_GE(invoices[i].document.invoice_date, invoices[i - 1].document.invoice_date);
    EXPECT_EQ(invoices[i].sequence, invoices[i - 1].sequence + 1);
  }
}

}  // namespace
}  // namespace invoice::app
