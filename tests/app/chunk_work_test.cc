// Chunks that something goes wrong with: long documents, customers that others hold, transactions that the database
// ends, numbers that are taken. One customer's trouble is its own, and everything ends.
#include <map>

#include "app/credit_notes.h"
#include "app/text_checks.h"
#include "tests/app/run_fixture.h"
#include "tests/support/plain_sql.h"

namespace invoice::app {
namespace {

using domain::RunOutcome;
using domain::RunState;
using ::testing::HasSubstr;

// Notes of so many lines take long to lay out.
constexpr int kLongNotes = 2500;

std::string Lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "x\n";
  return text + "x";
}

// The real renderer, which looks into the database whenever it lays out a long document.
class WatchedRenderer : public pdf::InvoiceRenderer {
 public:
  WatchedRenderer(pdf::InvoiceRenderer& real, const std::string& url) : real_(real), sql_(url) {}

  absl::StatusOr<std::string> Render(const domain::InvoiceDocument& document, std::string_view logo) override {
    return real_.Render(document, logo);
  }
  absl::StatusOr<std::string> RenderStatement(const domain::StatementDocument& document,
                                              std::string_view logo) override {
    return real_.RenderStatement(document, logo);
  }
  absl::Status CheckText(const domain::InvoiceDocument& document) override {
    if (IsLong(document)) {
      ++long_checks;
      open_transactions += std::stoi(sql_.Cell(
          "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in %'"));
    }
    return real_.CheckText(document);
  }
  absl::Status CheckField(std::string_view field, std::string_view text, bool several_lines) override {
    return real_.CheckField(field, text, several_lines);
  }

  int long_checks = 0;
  int open_transactions = 0;  // seen while a long document was laid out

 private:
  pdf::InvoiceRenderer& real_;
  test::PlainSql sql_;
};

class ChunkWorkTest : public RunTest {
 protected:
  ChunkWorkTest() {
    core_.emplace(Core{database_, clock_, time_zones_, watched_, flights_, mail_routes_, logo_drawer_});
    core_->pause = [this](absl::Duration) {
      ++pauses_;
      return true;
    };
  }

  std::vector<std::string> NewCustomers(int count) {
    std::vector<std::string> ids;
    for (int i = 0; i < count; ++i) ids.push_back(NewScheduled(vendor_, "Customer " + std::to_string(i)));
    return ids;
  }
  std::string NewLong(const std::string& name) {
    return NewScheduled(vendor_, name, [](domain::Customer& customer) { customer.contract.notes = Lines(kLongNotes); });
  }

  // What happens where an invoice of the customer with that name is written.
  void AtInvoiceOf(const std::string& name, const std::string& plpgsql) {
    owner_.Must(
        "CREATE OR REPLACE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.customer_name"
        " = '" +
        name + "' THEN " + plpgsql + "; END IF; RETURN NEW; END $$");
    owner_.Must("CREATE TRIGGER trouble BEFORE INSERT ON invoices FOR EACH ROW EXECUTE FUNCTION trouble()");
  }

  std::string CreateRun() {
    GoTo(absl::CivilDay(2026, 12, 1));
    return Create({.mode = domain::RunMode::kScheduled, .run_date = absl::CivilDay(2026, 12, 1)}).id;
  }
  // The series stands at 1, and a document that is not of it has its number 3.
  void TakeNumberThree(const std::string& customer) {
    ASSERT_TRUE(RunQuick(customer, absl::CivilDay(2026, 10, 1), NewCall()).ok());
    owner_.Must("ALTER TABLE invoices DISABLE TRIGGER USER");
    owner_.Must(
        "UPDATE invoices SET number = 'INV-2026-0003', series_key = 'elsewhere' WHERE number = 'INV-2026-0002'");
    owner_.Must("ALTER TABLE invoices ENABLE TRIGGER USER");
    owner_.Must("UPDATE number_series SET last_sequence = 1");
  }
  // By the customer's name: "INVOICED BILLED".
  std::map<std::string, std::string> Outcomes(const std::string& run_id) {
    std::map<std::string, std::string> outcomes;
    for (const domain::RunResult& result : Results(run_id)) {
      outcomes[result.customer_name] = std::string(domain::Name(result.outcome)) + " " + result.reason;
    }
    return outcomes;
  }
  domain::RunResult ResultOf(const std::string& run_id, const std::string& name) {
    for (const domain::RunResult& result : Results(run_id)) {
      if (result.customer_name == name) return result;
    }
    ADD_FAILURE() << "no result of " << name;
    return {};
  }
  void ExpectAllBilledBut(const std::string& run_id, const std::string& name, const std::string& reason) {
    for (const auto& [customer, outcome] : Outcomes(run_id)) {
      EXPECT_EQ(outcome, customer == name ? "FAILED " + reason : "INVOICED BILLED") << customer;
    }
  }

  WatchedRenderer watched_{*renderer_, test::Postgres::Instance().OwnerUrl(url_)};
  test::PlainSql owner_{test::Postgres::Instance().OwnerUrl(url_)};
  std::string vendor_ = NewVendor();
  int pauses_ = 0;
};

TEST_F(ChunkWorkTest, LongDocumentsAreLaidOutWithoutATransaction) {
  NewCustomers(5);
  for (int i = 0; i < 12; ++i) NewLong("Long " + std::to_string(i));
  const std::string run = CreateRun();
  EXPECT_EQ(Finished(run).state, RunState::kSucceeded);
  ExpectAllBilledBut(run, "", "");
  EXPECT_EQ(Results(run).size(), 17u);
  EXPECT_EQ(watched_.long_checks, 12) << "each once";
  EXPECT_EQ(watched_.open_transactions, 0);
}

TEST_F(ChunkWorkTest, ALongDocumentWithoutRoomFailsAlone) {
  NewCustomers(3);
  NewScheduled(vendor_, "Too long", [](domain::Customer& customer) { customer.contract.notes = Lines(19'000); });
  const std::string run = CreateRun();
  EXPECT_EQ(Finished(run).state, RunState::kSucceeded);
  ExpectAllBilledBut(run, "Too long", "DOCUMENT_TOO_LONG");
}

TEST_F(ChunkWorkTest, SingleInvoicesAndPlansLayOutWithoutATransaction) {
  const std::string customer = NewLong("Long");
  const auto quick = RunQuick(customer, absl::CivilDay(2026, 11, 1), NewCall());
  ASSERT_TRUE(quick.ok()) << quick.status();
  EXPECT_EQ(watched_.long_checks, 1);
  WizardRun input{.customer_id = customer,
                  .invoice_date = absl::CivilDay(2026, 11, 23),
                  .period = {absl::CivilDay(2026, 9, 1), absl::CivilDay(2026, 9, 30)},
                  .send_email = false,
                  .draft = true};
  input.wizard.lines.push_back(
      {.description = "Work", .quantity = *domain::Quantity::Parse("1"), .unit_price = *domain::UnitPrice::Parse("1")});
  input.wizard.notes = Lines(kLongNotes);
  const auto draft = Invoices(*core_).RunWizard(NewCall(), input, {});
  ASSERT_TRUE(draft.ok()) << draft.status();
  const std::string& id = draft->result.invoice.id;
  *input.wizard.notes += "changed";
  ASSERT_TRUE(Drafts(*core_).Update(NewCall(), id, "", input, {}).ok());
  const auto issued = Drafts(*core_).IssueMany(NewCall(), {.ids = {id}}, std::nullopt, {});
  ASSERT_TRUE(issued.ok()) << issued.status();
  EXPECT_TRUE(issued->result.results.front().status.ok()) << issued->result.results.front().status;
  const int before = watched_.long_checks;
  EXPECT_GE(before, 4);
  const auto plan = Plans(*core_).Plan(
      NewCall(), {.mode = domain::RunMode::kGenerateAll, .run_date = absl::CivilDay(2026, 12, 1)}, {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->result.invoiced_count, 1);
  EXPECT_TRUE(Runs(*core_).Explain(customer, absl::CivilDay(2026, 12, 1)).ok());
  EXPECT_EQ(watched_.long_checks, before + 2);
  EXPECT_EQ(watched_.open_transactions, 0);
}

TEST_F(ChunkWorkTest, ACustomerWhoseTransactionTheDatabaseEndsIsFoundAndNamed) {
  NewCustomers(10);
  AtInvoiceOf("Customer 6", "PERFORM pg_terminate_backend(pg_backend_pid())");
  const std::string run = CreateRun();
  EXPECT_EQ(Finished(run).state, RunState::kSucceeded);
  ExpectAllBilledBut(run, "Customer 6", "DATABASE_UNAVAILABLE");
  EXPECT_THAT(ResultOf(run, "Customer 6").message, HasSubstr("the database ended the session"));
  EXPECT_EQ(pauses_, base::kMaxCustomerTries - 1);
  EXPECT_EQ(Held().size(), 1u) << "its period waits for a person";
}

TEST_F(ChunkWorkTest, ACustomerWhoTakesTooLongIsFoundAndNamed) {
  NewCustomers(4);
  AtInvoiceOf("Customer 2", "PERFORM pg_sleep(0.4)");
  const std::string run = CreateRun();
  ASSERT_EQ(WorkJobs(1), 1) << "the start";
  const auto job = TakeRunJob();
  ASSERT_TRUE(job);
  EXPECT_TRUE(RunWork(*core_, 10, absl::Milliseconds(300)).Work(*job).ok());
  EXPECT_EQ(Runs(*core_).Get(run)->state, RunState::kSucceeded);
  ExpectAllBilledBut(run, "Customer 2", "DEADLINE_EXCEEDED");
}

TEST_F(ChunkWorkTest, ASessionThatWasLostOnceCostsNobodyAnInvoice) {
  NewCustomers(10);
  owner_.Must("CREATE SEQUENCE losses");
  owner_.Must("GRANT USAGE ON SEQUENCE losses TO PUBLIC");
  AtInvoiceOf("Customer 3", "IF nextval('losses') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF");
  const std::string run = CreateRun();
  EXPECT_EQ(Finished(run).invoiced_count, 10);
}

TEST_F(ChunkWorkTest, CustomersThatOthersHoldWaitAndTheRestIsBilled) {
  const std::vector<std::string> customers = NewCustomers(6);
  const std::string run = CreateRun();
  ASSERT_EQ(WorkJobs(1), 1) << "the start";
  owner_.Must("BEGIN");
  owner_.Must("SELECT id FROM customers WHERE id = '" + customers[2] + "' FOR UPDATE");
  const auto job = TakeRunJob();
  ASSERT_TRUE(job);
  const absl::Time begun = absl::Now();
  const absl::Status busy = work_.Work(*job);
  EXPECT_LT(absl::Now() - begun, base::kLockTimeout) << "no session waits for the lock";
  EXPECT_EQ(base::DetailOf(busy).reason, base::Reason::kLockTimeout) << busy;
  EXPECT_EQ(Results(run).size(), 5u);
  {
    auto transaction = database_.Begin();
    ASSERT_TRUE(store::Jobs(*transaction).Retry(*job, absl::ZeroDuration(), std::string(busy.message())).ok());
    ASSERT_TRUE(transaction->Commit().ok());
  }
  const domain::RunRecord waiting = Runs(*core_).Get(run).value();
  EXPECT_EQ(waiting.state, RunState::kRunning);
  EXPECT_THAT(waiting.problem, HasSubstr(customers[2])) << "a run that does not go on says why";
  owner_.Must("ROLLBACK");
  const domain::RunRecord ended = Finished(run);
  EXPECT_EQ(ended.state, RunState::kSucceeded);
  EXPECT_EQ(ended.problem, "");
  EXPECT_EQ(ended.invoiced_count, 6);
}

TEST_F(ChunkWorkTest, ACancelDoesNotWaitForALayout) {
  for (int i = 0; i < 3; ++i) NewLong("Long " + std::to_string(i));
  const std::string run = CreateRun();
  ASSERT_EQ(WorkJobs(1), 1);
  const auto job = TakeRunJob();
  ASSERT_TRUE(job);
  class Cancelling : public WatchedRenderer {
   public:
    Cancelling(pdf::InvoiceRenderer& real, const std::string& url, std::function<void()> act)
        : WatchedRenderer(real, url), act_(std::move(act)) {}
    absl::Status CheckText(const domain::InvoiceDocument& document) override {
      if (IsLong(document) && act_) std::exchange(act_, nullptr)();
      return WatchedRenderer::CheckText(document);
    }

   private:
    std::function<void()> act_;
  } cancelling(*renderer_, test::Postgres::Instance().OwnerUrl(url_), [&] {
    const auto cancelled = Runs(*core_).Cancel(NewCall(), run, {});
    EXPECT_TRUE(cancelled.ok()) << cancelled.status();
  });
  Core core{database_, clock_, time_zones_, cancelling, flights_, mail_routes_, logo_drawer_};
  EXPECT_TRUE(RunWork(core, 10).Work(*job).ok());
  EXPECT_EQ(Runs(*core_).Get(run)->state, RunState::kCancelled);
  EXPECT_EQ(Count("invoices"), 0);
  EXPECT_EQ(Count("jobs WHERE kind = 'RUN_CHUNK'"), 0);
}

TEST_F(ChunkWorkTest, ANumberThatIsTakenIsNamedByPlanExplanationAndResults) {
  const std::vector<std::string> customers = NewCustomers(4);
  ASSERT_TRUE(RunQuick(customers[0], absl::CivilDay(2026, 11, 1), NewCall()).ok());
  TakeNumberThree(customers[0]);
  GoTo(absl::CivilDay(2026, 12, 1));
  const BatchScope scope{.mode = domain::RunMode::kScheduled, .run_date = absl::CivilDay(2026, 12, 1)};
  const auto plan = Plans(*core_).Plan(NewCall(), scope, {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->result.invoiced_count, 1);
  EXPECT_EQ(plan->result.failed_count, 3);
  const std::string run = Create(scope, plan->result.hash).id;
  EXPECT_EQ(Finished(run).failed_count, 3);
  for (const domain::RunResult& result : Results(run)) {
    if (result.outcome == RunOutcome::kInvoiced) continue;
    EXPECT_EQ(result.reason, "NUMBER_TAKEN");
    EXPECT_THAT(result.message, HasSubstr("INV-2026-0003"));
    EXPECT_THAT(result.values, ::testing::Contains(std::pair<std::string, std::string>("number", "INV-2026-0003")));
  }
  const auto explanation = Runs(*core_).Explain(customers[3], absl::CivilDay(2027, 1, 1));
  ASSERT_TRUE(explanation.ok()) << explanation.status();
  EXPECT_EQ(explanation->result.outcome, RunOutcome::kInvoiced) << "another year is another series";
  const auto single = RunQuick(customers[3], absl::CivilDay(2026, 12, 1), NewCall());
  EXPECT_EQ(base::DetailOf(single.status()).reason, base::Reason::kNumberTaken) << single.status();
  EXPECT_EQ(base::DetailOf(single.status()).metadata.at("number"), "INV-2026-0003");
}

TEST_F(ChunkWorkTest, ARunWithoutAPlanNamesANumberThatIsTakenToo) {
  const std::vector<std::string> customers = NewCustomers(4);
  ASSERT_TRUE(RunQuick(customers[0], absl::CivilDay(2026, 11, 1), NewCall()).ok());
  TakeNumberThree(customers[0]);
  const auto explanation = Runs(*core_).Explain(customers[1], absl::CivilDay(2026, 12, 1));
  ASSERT_TRUE(explanation.ok());
  EXPECT_EQ(explanation->result.outcome, RunOutcome::kInvoiced) << "number 2 is free";
  const std::string run = CreateRun();
  const domain::RunRecord ended = Finished(run);
  EXPECT_EQ(ended.state, RunState::kSucceeded);
  EXPECT_EQ(ended.invoiced_count, 1);
  EXPECT_EQ(ended.failed_count, 3);
  for (const domain::RunResult& result : Results(run)) {
    EXPECT_EQ(result.reason, result.outcome == RunOutcome::kFailed ? "NUMBER_TAKEN" : "BILLED");
  }
}

}  // namespace
}  // namespace invoice::app
