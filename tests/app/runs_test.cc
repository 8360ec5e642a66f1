// Batch runs: planned, executed in chunks, cancelled, resumed, explained.
#include <numeric>
#include <random>

#include "app/email_templates.h"
#include "app/issue.h"
#include "app/smtp_configurations.h"
#include "tests/app/run_fixture.h"
#include "tests/support/plain_sql.h"

namespace invoice::app {
namespace {

using domain::RunOutcome;
using domain::RunState;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RunsTest : public RunTest {
 protected:
  BatchScope Scheduled(absl::CivilDay date) { return {.mode = domain::RunMode::kScheduled, .run_date = date}; }

  // What stands in the books, whatever the ids and instants.
  std::vector<std::string> Books() {
    static constexpr store::Sql kBooks{
        "books",
        "SELECT concat_ws('|', i.number, c.name, i.invoice_on, i.period_start_on, i.period_end_on, i.total_minor, "
        "i.mode,"
        " (SELECT count(*) FROM invoice_lines l WHERE l.invoice_id = i.id),"
        " (SELECT count(*) FROM period_claims p WHERE p.invoice_id = i.id),"
        " (SELECT count(*) FROM jobs j WHERE j.subject_id = i.id)) AS row"
        "  FROM invoices i JOIN customers c ON c.id = i.customer_id"
        " UNION ALL SELECT concat_ws('|', 'result', c.name, r.outcome, r.reason, r.period_start_on)"
        "  FROM run_results r JOIN customers c ON c.id = r.customer_id"
        " UNION ALL SELECT concat_ws('|', 'schedule', c.name, s.last_run_on, s.next_run_on)"
        "  FROM schedules s JOIN customers c ON c.id = s.customer_id"
        " UNION ALL SELECT concat_ws('|', 'series', series_key, last_sequence) FROM number_series"
        " UNION ALL SELECT concat_ws('|', 'held', c.name, d.state, d.period_start_on)"
        "  FROM period_decisions d JOIN customers c ON c.id = d.customer_id"
        " ORDER BY 1"};
    auto transaction = database_.Begin();
    const auto rows = transaction->Query(kBooks, {});
    EXPECT_TRUE(rows.ok()) << rows.status();
    std::vector<std::string> books;
    for (const store::Row& row : *rows) books.push_back(row.Text("row"));
    return books;
  }

  // The same, but for who has which number of the series.
  std::vector<std::string> BooksButWhoHasWhichNumber() {
    std::vector<std::string> numbers;
    std::vector<std::string> books = Books();
    for (std::string& row : books) {
      if (!row.starts_with("INV-")) continue;
      numbers.push_back(row.substr(0, row.find('|')));
      row.erase(0, row.find('|'));
    }
    EXPECT_EQ(numbers.size(), static_cast<size_t>(Count("invoices")));
    books.insert(books.end(), numbers.begin(), numbers.end());
    std::sort(books.begin(), books.end());
    return books;
  }

  // Another database, as it was when the test began.
  void StartOver() {
    url_ = test::Postgres::Instance().NewDatabase();
    database_ = store::Database(store::DatabaseOptions{.url = url_});
    GoTo(absl::CivilDay(2026, 11, 23), 15);
    vendor_ = NewVendor();
  }

  // 45, who fill five chunks, on the day on which they are due.
  void MakeCustomers() {
    for (int i = 0; i < 45; ++i) NewScheduled(vendor_, "Customer " + std::to_string(100 + i));
    GoTo(absl::CivilDay(2026, 12, 1));
  }

  std::string vendor_ = NewVendor();
};

TEST_F(RunsTest, BillsEverybodyWhoIsDueAndSaysWhyNotTheOthers) {
  const std::string billed = NewScheduled(vendor_, "Billed");
  NewScheduled(vendor_, "No rate", [](domain::Customer& customer) { customer.contract.default_hours.reset(); });
  NewScheduled(vendor_, "Needs timesheet",
               [](domain::Customer& customer) { customer.contract.require_timesheet = true; });
  NewScheduled(vendor_, "Off", [](domain::Customer& customer) { customer.schedule.enabled = false; });
  NewScheduled(vendor_, "Weekly",
               [](domain::Customer& customer) { customer.contract.frequency = domain::Frequency::kWeekly; });
  const std::string quick = NewScheduled(vendor_, "Quick");
  ASSERT_TRUE(RunQuick(quick, absl::CivilDay(2026, 12, 1), NewCall()).ok());
  GoTo(absl::CivilDay(2026, 12, 1));
  const domain::RunRecord run = Finished(Create(Scheduled(absl::CivilDay(2026, 12, 1))).id);
  EXPECT_EQ(run.state, RunState::kSucceeded);
  EXPECT_EQ(run.total_count, 5) << "the weekly one is not due and not looked at";
  std::vector<std::string> decided;
  for (const domain::RunResult& result : Results(run.id)) {
    decided.push_back(result.customer_name + ": " + std::string(domain::Name(result.outcome)) + " " + result.reason);
  }
  EXPECT_THAT(decided, ElementsAre("Billed: INVOICED BILLED", "Needs timesheet: HELD TIMESHEET_REQUIRED",
                                   "No rate: FAILED CONTRACT_INCOMPLETE", "Off: SKIPPED SCHEDULE_DISABLED",
                                   "Quick: SKIPPED ALREADY_INVOICED"));
  const auto invoices = InvoicesOf(billed);
  ASSERT_EQ(invoices.size(), 1u);
  EXPECT_EQ(invoices[0].document.totals.total_minor, 113000);
  EXPECT_EQ(invoices[0].document.period.first, absl::CivilDay(2026, 11, 1));
  ASSERT_EQ(run.totals.size(), 1u);
  EXPECT_EQ(run.totals[0].total_minor, 113000);
  EXPECT_EQ(Held().size(), 2u) << "what could not be billed waits for a person";
}

TEST_F(RunsTest, RunAgainCreatesNothingTwice) {
  for (int i = 0; i < 25; ++i) NewScheduled(vendor_, "Customer " + std::to_string(i));
  GoTo(absl::CivilDay(2026, 12, 1));
  EXPECT_EQ(Finished(Create(Scheduled(absl::CivilDay(2026, 12, 1))).id).invoiced_count, 25);
  const domain::RunRecord again = Finished(Create(Scheduled(absl::CivilDay(2026, 12, 1))).id);
  EXPECT_EQ(again.skipped_count, 25);
  EXPECT_EQ(again.invoiced_count, 0);
  EXPECT_EQ(Count("invoices"), 25);
}

TEST_F(RunsTest, OverNobodySucceedsAndSaysSo) {
  const domain::RunRecord run = Finished(Create(Scheduled(absl::CivilDay(2026, 12, 1))).id);
  EXPECT_EQ(run.state, RunState::kSucceeded);
  EXPECT_EQ(run.total_count, 0);
}

TEST_F(RunsTest, GenerateAllLooksAtNoSchedule) {
  const std::string off =
      NewScheduled(vendor_, "Off", [](domain::Customer& customer) { customer.schedule.enabled = false; });
  NewScheduled(vendor_, "Not chosen");
  const BatchScope scope{.mode = domain::RunMode::kGenerateAll,
                         .run_date = absl::CivilDay(2026, 11, 20),
                         .customers = {.customer_ids = {off}}};
  EXPECT_EQ(Finished(Create(scope).id).invoiced_count, 1);
  EXPECT_EQ(InvoicesOf(off)[0].document.period, kOctober);
  EXPECT_EQ(InvoicesOf(off)[0].document.invoice_date, absl::CivilDay(2026, 11, 23)) << "the day of issue";
}

TEST_F(RunsTest, PartlyBilledPeriodsAreHeldWithTheDaysThatAreLeft) {
  const std::string customer = NewScheduled(vendor_);
  ASSERT_TRUE(Invoices(*core_)
                  .RunManual(NewCall(),
                             {.customer_id = customer,
                              .invoice_date = absl::CivilDay(2026, 11, 20),
                              .period = {absl::CivilDay(2026, 11, 5), absl::CivilDay(2026, 11, 20)}},
                             {})
                  .ok());
  GoTo(absl::CivilDay(2026, 12, 1));
  const domain::RunRecord run = Finished(Create(Scheduled(absl::CivilDay(2026, 12, 1))).id);
  const domain::RunResult result = Results(run.id).at(0);
  EXPECT_EQ(result.reason, "PARTIAL_OVERLAP");
  EXPECT_THAT(result.uncovered,
              ElementsAre(domain::Period{absl::CivilDay(2026, 11, 1), absl::CivilDay(2026, 11, 4)},
                          domain::Period{absl::CivilDay(2026, 11, 21), absl::CivilDay(2026, 11, 30)}));
  for (const domain::Period& days : result.uncovered) {
    EXPECT_EQ(Held().size(), 1u);
    const auto billed = Invoices(*core_).RunManual(
        NewCall(), {.customer_id = customer, .invoice_date = absl::CivilDay(2026, 12, 1), .period = days}, {});
    EXPECT_TRUE(billed.ok()) << billed.status();
  }
  EXPECT_TRUE(Held().empty()) << "every day is billed";
}

TEST_F(RunsTest, APlanSaysWhatTheRunDoesAndRefusesWhenTheBooksChanged) {
  const std::string customer = NewScheduled(vendor_);
  NewScheduled(vendor_, "Second");
  const BatchScope scope = Scheduled(absl::CivilDay(2026, 12, 1));
  const auto plan = Plans(*core_).Plan(NewCall(), scope, {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->result.invoiced_count, 2);
  EXPECT_EQ(plan->result.totals.at(0).total_minor, 226000);
  EXPECT_EQ(Count("invoices"), 0);
  EXPECT_EQ(Plans(*core_).Plan(NewCall(), scope, {})->result.hash, plan->result.hash)
      << "the same books, the same hash";
  const auto items = Plans(*core_).ListItems(plan->result.hash, std::nullopt, {});
  ASSERT_TRUE(items.ok()) << items.status();
  ASSERT_EQ(items->records.size(), 2u);
  EXPECT_THAT(items->records[0].differences, ElementsAre("There is no invoice of an earlier period to compare with."));

  ASSERT_TRUE(Customers(*core_)
                  .UpdateContract(NewCall(), customer, "",
                                  [](domain::Contract& contract) {
                                    contract.rate_per_hour = domain::UnitPrice::Parse("120");
                                    return absl::OkStatus();
                                  },
                                  {})
                  .ok());
  const auto refused = Runs(*core_).Create(NewCall(), scope, plan->result.hash, {});
  EXPECT_TRUE(absl::IsAborted(refused.status())) << refused.status();
  EXPECT_EQ(base::DetailOf(refused.status()).reason, base::Reason::kPlanChanged);
  EXPECT_THAT(base::DetailOf(refused.status()).metadata[customer], HasSubstr("1356.00 CAD"));
  EXPECT_EQ(Count("runs"), 0) << "nothing is written";

  const auto renewed = Plans(*core_).Plan(NewCall(), scope, {});
  const domain::RunRecord run = Finished(Create(scope, renewed->result.hash).id);
  EXPECT_EQ(run.invoiced_count, 2);
  EXPECT_EQ(run.totals.at(0).total_minor, renewed->result.totals.at(0).total_minor);
}

TEST_F(RunsTest, ACustomerThatChangesAfterThePlanWasAcceptedWaits) {
  const std::string customer = NewScheduled(vendor_);
  const BatchScope scope = Scheduled(absl::CivilDay(2026, 12, 1));
  const auto plan = Plans(*core_).Plan(NewCall(), scope, {});
  const domain::RunRecord run = Create(scope, plan->result.hash);
  ASSERT_TRUE(Customers(*core_)
                  .UpdateContract(NewCall(), customer, "",
                                  [](domain::Contract& contract) {
                                    contract.default_hours = domain::Quantity::Parse("11");
                                    return absl::OkStatus();
                                  },
                                  {})
                  .ok());
  EXPECT_EQ(Finished(run.id).held_count, 1);
  EXPECT_EQ(Results(run.id)[0].reason, "PLAN_CHANGED");
  EXPECT_EQ(Count("invoices"), 0);
}

TEST_F(RunsTest, WhoeverAcceptedAPlanAcceptedItsRecipientsTextsAndSender) {
  const auto update_customer = [&](const std::string& customer, const std::function<void(domain::Customer&)>& change) {
    return Customers(*core_)
        .Update(NewCall(), customer, "",
                [&](domain::Customer& changed) {
                  change(changed);
                  return absl::OkStatus();
                },
                {})
        .status();
  };
  const std::vector<std::pair<std::string, std::function<absl::Status(const std::string&)>>> changes = {
      {"email", [&](auto& id) { return update_customer(id, [](auto& c) { c.email = "else@example.com"; }); }},
      {"cc", [&](auto& id) { return update_customer(id, [](auto& c) { c.cc_emails = {"cc@example.com"}; }); }},
      {"address", [&](auto& id) { return update_customer(id, [](auto& c) { c.address.city = "Elsewhere"; }); }},
      {"template",
       [&](auto&) {
         return EmailTemplates(*core_)
             .Update(NewCall(), vendor_, "",
                     [](domain::EmailTemplate& own) {
                       own.subject = "Pay {{number}}";
                       return absl::OkStatus();
                     },
                     {})
             .status();
       }},
      {"smtp",
       [&](auto&) {
         SmtpConfigurationChange given;
         given.configuration = {.vendor_id = vendor_, .name = "Mail", .host = "mail.example.com", .port = 587};
         given.configuration.from_address = "else@example.com";
         return SmtpConfigurations(*core_).Create(NewCall(), given, {}).status();
       }},
      {"timesheet", [&](auto& id) {
         return Put({.customer_id = id, .period = kOctober, .hours = *domain::Quantity::Parse("10"), .notes = "new"})
             .status();
       }}};
  for (const auto& [what, change] : changes) {
    vendor_ = NewVendor();
    const std::string customer = NewScheduled(vendor_);
    const BatchScope scope{.mode = domain::RunMode::kGenerateAll,
                           .run_date = absl::CivilDay(2026, 11, 1),
                           .send_email = true,
                           .customers = {.vendor_id = vendor_}};
    const auto plan = Plans(*core_).Plan(NewCall(), scope, {});
    ASSERT_TRUE(plan.ok()) << plan.status();
    const domain::RunRecord run = Create(scope, plan->result.hash);
    ASSERT_TRUE(change(customer).ok()) << what;
    // A run that was created before waits with what changed; one that comes after is refused.
    EXPECT_EQ(Finished(run.id).held_count, 1) << what;
    EXPECT_EQ(Results(run.id)[0].reason, "PLAN_CHANGED") << what;
    const auto refused = Runs(*core_).Create(NewCall(), scope, plan->result.hash, {});
    EXPECT_EQ(base::DetailOf(refused.status()).reason, base::Reason::kPlanChanged) << what;
    const auto renewed = Plans(*core_).Plan(NewCall(), scope, {});
    EXPECT_EQ(Finished(Create(scope, renewed->result.hash).id).invoiced_count, 1) << what;
  }
  EXPECT_EQ(Count("invoices"), static_cast<int64_t>(changes.size()));
}

TEST_F(RunsTest, CancelledAtEveryChunkAndResumedEndsInTheSameBooks) {
  MakeCustomers();
  Finished(Create(Scheduled(absl::CivilDay(2026, 12, 1))).id);
  const std::vector<std::string> undisturbed = Books();

  for (int cut = 1; cut <= 6; ++cut) {
    SCOPED_TRACE(cut);
    StartOver();
    MakeCustomers();
    const std::string id = Create(Scheduled(absl::CivilDay(2026, 12, 1))).id;
    WorkJobs(cut);
    const auto cancelled = Runs(*core_).Cancel(NewCall(), id, {});
    if (cut == 6) {
      EXPECT_TRUE(absl::IsFailedPrecondition(cancelled.status())) << "it has ended: " << cancelled.status();
    } else {
      ASSERT_TRUE(cancelled.ok()) << cancelled.status();
      WorkJobs();
      EXPECT_EQ(Count("invoices"), 10 * (cut - 1)) << "nothing more is issued";
      EXPECT_EQ(Held().size(), static_cast<size_t>(45 - 10 * (cut - 1))) << "no period is lost";
      ASSERT_TRUE(Runs(*core_).Resume(NewCall(), id, {}).ok());
    }
    EXPECT_EQ(Finished(id).state, RunState::kSucceeded);
    EXPECT_EQ(Books(), undisturbed);
  }
}

TEST_F(RunsTest, CrashedInEveryChunkAndTakenOverEndsInTheSameBooks) {
  MakeCustomers();
  Finished(Create(Scheduled(absl::CivilDay(2026, 12, 1))).id);
  const std::vector<std::string> undisturbed = Books();

  for (int chunk = 1; chunk <= 5; ++chunk) {
    SCOPED_TRACE(chunk);
    StartOver();
    MakeCustomers();
    const std::string id = Create(Scheduled(absl::CivilDay(2026, 12, 1))).id;
    WorkJobs(chunk);  // the start, and the chunks before
    test::PlainSql owner(test::Postgres::Instance().OwnerUrl(url_));
    // The session dies when the invoices of the chunk are written and its transaction is still open.
    owner.Must(
        "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM "
        "pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END $$");
    owner.Must("CREATE TRIGGER dies AFTER INSERT ON run_results FOR EACH STATEMENT EXECUTE FUNCTION die()");
    const std::optional<store::Job> job = TakeRunJob();
    ASSERT_TRUE(job.has_value());
    EXPECT_TRUE(absl::IsUnavailable(work_.Work(*job))) << "it is tried again";
    EXPECT_EQ(Count("invoices"), 10 * (chunk - 1)) << "nothing of the chunk is left";
    owner.Must("DROP TRIGGER dies ON run_results");
    owner.Must("UPDATE jobs SET lease_until = now() - interval '1 second' WHERE lease_until IS NOT NULL");
    EXPECT_EQ(Finished(id).state, RunState::kSucceeded);
    EXPECT_EQ(Books(), undisturbed);
  }
}

TEST_F(RunsTest, TheOrderOfCustomersDoesNotMatter) {
  std::vector<int> order(33);
  std::iota(order.begin(), order.end(), 1);
  std::vector<std::string> first;
  for (const unsigned seed : {0U, 1U, 2U, 3U}) {
    SCOPED_TRACE(seed);
    if (seed > 0) {
      StartOver();
      std::shuffle(order.begin(), order.end(), std::minstd_rand(seed));
    }
    for (const int i : order) {
      NewScheduled(vendor_, "Customer " + std::to_string(i), [i](domain::Customer& customer) {
        customer.contract.default_hours = domain::Quantity::Parse(std::to_string(i) + ".25");
      });
    }
    GoTo(absl::CivilDay(2026, 12, 1));
    EXPECT_EQ(Finished(Create(Scheduled(absl::CivilDay(2026, 12, 1))).id).invoiced_count, 33);
    const std::vector<std::string> books = BooksButWhoHasWhichNumber();
    if (seed == 0) first = books;
    EXPECT_EQ(books, first);
  }
}

TEST_F(RunsTest, OneCustomerThatTheDatabaseRefusesDoesNotStopTheOthers) {
  std::vector<std::string> customers;
  for (int i = 0; i < 8; ++i) customers.push_back(NewScheduled(vendor_, "Customer " + std::to_string(i)));
  // A number that is taken although its series has not given it: what no rule foresees.
  const auto first = RunQuick(customers[0], absl::CivilDay(2026, 11, 1), NewCall());
  ASSERT_TRUE(first.ok());
  {
    const std::string owner = test::Postgres::Instance().OwnerUrl(url_);
    store::Database database(store::DatabaseOptions{.url = owner});
    auto transaction = database.Begin();
    static constexpr store::Sql kBreak{
        "break",
        "CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.customer_name = "
        "'Customer 5' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$"};
    ASSERT_TRUE(transaction->Execute(kBreak, {}).ok());
    static constexpr store::Sql kTrigger{
        "trigger", "CREATE TRIGGER refuse_one BEFORE INSERT ON invoices FOR EACH ROW EXECUTE FUNCTION refuse_one()"};
    ASSERT_TRUE(transaction->Execute(kTrigger, {}).ok());
    ASSERT_TRUE(transaction->Commit().ok());
  }
  GoTo(absl::CivilDay(2026, 12, 1));
  const domain::RunRecord run = Finished(Create(Scheduled(absl::CivilDay(2026, 12, 1))).id);
  EXPECT_EQ(run.state, RunState::kSucceeded);
  EXPECT_EQ(run.invoiced_count, 7);
  EXPECT_EQ(run.failed_count, 1);
  for (const domain::RunResult& result : Results(run.id)) {
    EXPECT_EQ(result.outcome == RunOutcome::kFailed, result.customer_name == "Customer 5");
  }
  ASSERT_EQ(Held().size(), 1u);
  EXPECT_EQ(Held()[0].customer_name, "Customer 5");
}

TEST_F(RunsTest, ChosenCustomersMustBeThereAndOnce) {
  const std::string customer = NewScheduled(vendor_);
  BatchScope scope = Scheduled(absl::CivilDay(2026, 12, 1));
  scope.customers.customer_ids = {customer, customer};
  EXPECT_EQ(base::DetailOf(Runs(*core_).Create(NewCall(), scope, "", {}).status()).fields.at(0).field,
            "customerIds[1]");
  scope.customers.customer_ids = {"01900000-0000-7000-8000-000000000000"};
  EXPECT_TRUE(absl::IsNotFound(Runs(*core_).Create(NewCall(), scope, "", {}).status()));
  scope = Scheduled(absl::CivilDay(2028, 1, 1));
  EXPECT_EQ(base::DetailOf(Plans(*core_).Plan(NewCall(), scope, {}).status()).fields.at(0).field, "runDate");
  EXPECT_EQ(Count("runs"), 0);
  EXPECT_EQ(Count("run_plans"), 0);
}

TEST_F(RunsTest, ExplainsWhatWasAndWhatWouldBeDecided) {
  const std::string customer = NewScheduled(vendor_);
  const auto before = Runs(*core_).Explain(customer, absl::CivilDay(2026, 12, 1));
  ASSERT_TRUE(before.ok()) << before.status();
  EXPECT_FALSE(before->decided);
  EXPECT_EQ(before->result.outcome, RunOutcome::kInvoiced);
  EXPECT_EQ(Runs(*core_).Explain(customer, absl::CivilDay(2026, 12, 2))->result.reason, "NOT_DUE");
  GoTo(absl::CivilDay(2026, 12, 1));
  TakeDue();
  const auto after = Runs(*core_).Explain(customer, absl::CivilDay(2026, 12, 1));
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_TRUE(after->decided);
  EXPECT_EQ(after->result.invoice_number, "INV-2026-0001");
}

TEST_F(RunsTest, DraftsAreLookedThroughAndIssuedTogether) {
  const auto draft = [](domain::Customer& customer) { customer.schedule.auto_issue = false; };
  const std::string first = NewScheduled(vendor_, "First", draft);
  const std::string second = NewScheduled(vendor_, "Second", draft);
  GoTo(absl::CivilDay(2026, 12, 1));
  TakeDue();
  ASSERT_EQ(InvoicesOf(first).size(), 1u);
  const domain::InvoiceRecord made = InvoicesOf(first)[0];
  EXPECT_EQ(made.document.number, "");
  EXPECT_EQ(Count("number_series"), 0) << "drafts take no number";
  EXPECT_TRUE(absl::IsAlreadyExists(RunQuick(first, absl::CivilDay(2026, 12, 1), NewCall()).status()))
      << "and claim their days";

  WizardRun changed{.invoice_date = absl::CivilDay(2026, 12, 1), .period = made.document.period};
  changed.wizard.lines.push_back({.description = "Work",
                                  .quantity = *domain::Quantity::Parse("3"),
                                  .unit_price = *domain::UnitPrice::Parse("50")});
  const auto updated = Drafts(*core_).Update(NewCall(), made.id, "", changed, {});
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->result.invoice.document.totals.total_minor, 15000);
  EXPECT_TRUE(absl::IsAborted(Drafts(*core_).Update(NewCall(), made.id, "1", changed, {}).status())) << "stale etag";

  const auto issued = Drafts(*core_).IssueMany(NewCall(), {.run_id = made.run_id}, std::nullopt, {});
  ASSERT_TRUE(issued.ok()) << issued.status();
  ASSERT_EQ(issued->result.results.size(), 2u);
  for (const DraftResult& result : issued->result.results) EXPECT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(InvoicesOf(second)[0].sequence + InvoicesOf(first)[0].sequence, 3);
  EXPECT_EQ(base::DetailOf(Drafts(*core_).Issue(NewCall(), made.id, "", {}, {}).status()).reason,
            base::Reason::kInvalidState);
  EXPECT_EQ(base::DetailOf(Drafts(*core_).Update(NewCall(), made.id, "", changed, {}).status()).reason,
            base::Reason::kInvalidState);
}

}  // namespace
}  // namespace invoice::app
