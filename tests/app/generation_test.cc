// Generation end to end on the database: exactly once, whoever asks and however often.
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "app/documents.h"
#include "app/runs.h"
#include "base/status.h"
#include "store/customers.h"
#include "tests/app/app_fixture.h"

namespace invoice::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr absl::CivilDay kRunDate(2026, 11, 1);
constexpr int kCallers = 20;

class GenerationTest : public AppTest {
 protected:
  // The answers of as many callers at once.
  std::vector<absl::StatusOr<Outcome<SingleRun>>> Together(
      const std::function<absl::StatusOr<Outcome<SingleRun>>(int)>& call) {
    std::vector<absl::StatusOr<Outcome<SingleRun>>> answers(kCallers, absl::UnknownError("not run"));
    std::vector<std::thread> threads;
    for (int i = 0; i < kCallers; ++i) threads.emplace_back([&, i] { answers[i] = call(i); });
    for (std::thread& thread : threads) thread.join();
    return answers;
  }

  std::string vendor_ = NewVendor();
  std::string customer_ = NewCustomer(vendor_);
};

TEST_F(GenerationTest, IssuesThePeriodBeforeTheRunDate) {
  const auto outcome = RunQuick(customer_, kRunDate, NewCall());
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  const domain::InvoiceDocument& document = outcome->result.invoice.document;
  EXPECT_EQ(document.number, "INV-2026-0001");
  EXPECT_EQ(document.period, (domain::Period{absl::CivilDay(2026, 10, 1), absl::CivilDay(2026, 10, 31)}));
  EXPECT_EQ(document.totals.subtotal_minor, 75000);
  EXPECT_EQ(document.totals.total_minor, 84750);
  EXPECT_EQ(document.due_date, absl::CivilDay(2026, 12, 1));
}

TEST_F(GenerationTest, GivesOneInvoiceAndNineteenRefusalsToTwentyCallers) {
  const auto answers = Together([&](int) { return RunQuick(customer_, kRunDate, NewCall()); });
  int issued = 0;
  for (const auto& answer : answers) {
    if (answer.ok()) {
      ++issued;
      continue;
    }
    EXPECT_TRUE(absl::IsAlreadyExists(answer.status())) << answer.status();
    EXPECT_EQ(base::DetailOf(answer.status()).metadata["number"], "INV-2026-0001");
  }
  EXPECT_EQ(issued, 1);
  EXPECT_EQ(Count("invoices"), 1);
  EXPECT_EQ(Count("runs"), 1);
  EXPECT_THAT(test::Postgres::Instance().Log(), Not(HasSubstr("deadlock detected")));
}

TEST_F(GenerationTest, GivesTwentyCallersWithOneKeyTheSameAnswer) {
  Call call = NewCall("RunQuick");
  call.idempotency_key = "one";
  call.idempotency_digest = "same";
  const auto answers = Together([&](int) { return RunQuick(customer_, kRunDate, call); });
  int fresh = 0;
  for (const auto& answer : answers) {
    ASSERT_TRUE(answer.ok()) << answer.status();
    fresh += answer->replayed ? 0 : 1;
    EXPECT_EQ(answer->replayed ? answer->kept : answer->result.invoice.document.number, "INV-2026-0001");
  }
  EXPECT_EQ(fresh, 1);
  EXPECT_EQ(Count("invoices"), 1);
}

TEST_F(GenerationTest, RefusesAKeyThatComesWithOtherContent) {
  Call call = NewCall("RunQuick");
  call.idempotency_key = "one";
  call.idempotency_digest = "first";
  ASSERT_TRUE(RunQuick(customer_, kRunDate, call).ok());
  call.idempotency_digest = "second";
  const auto again = RunQuick(customer_, kRunDate, call);
  EXPECT_EQ(base::DetailOf(again.status()).reason, base::Reason::kIdempotencyKeyReused);
}

TEST_F(GenerationTest, KeepsNothingOfAFailedCallWithAKey) {
  const std::string unrated = NewCustomer(vendor_, std::nullopt);
  Call call = NewCall("RunQuick");
  call.idempotency_key = "one";
  const auto refused = RunQuick(unrated, kRunDate, call);
  EXPECT_TRUE(absl::IsFailedPrecondition(refused.status())) << refused.status();
  EXPECT_EQ(base::DetailOf(refused.status()).reason, base::Reason::kContractIncomplete);
  for (const char* table : {"invoices", "runs", "period_claims", "number_series", "idempotency_keys", "jobs"}) {
    EXPECT_EQ(Count(table), 0) << table;
  }
}

TEST_F(GenerationTest, NumbersManyCustomersWithoutAGap) {
  std::vector<std::string> customers;
  for (int i = 0; i < kCallers; ++i) customers.push_back(NewCustomer(vendor_));
  const auto answers = Together([&](int i) { return RunQuick(customers[i], kRunDate, NewCall()); });
  std::set<int64_t> sequences;
  for (const auto& answer : answers) {
    ASSERT_TRUE(answer.ok()) << answer.status();
    sequences.insert(answer->result.invoice.sequence);
  }
  EXPECT_EQ(sequences.size(), static_cast<size_t>(kCallers));
  EXPECT_EQ(*sequences.rbegin(), kCallers);
}

// What was saved while other fonts were installed: today it would be refused.
TEST_F(GenerationTest, SpendsNoNumberOnTextTheFontsCannotPrint) {
  domain::Customer customer = Customers(*core_).Get(customer_).value();
  customer.name = "\xF3\xB0\x80\x80";  // a private-use character no font has
  auto transaction = database_.Begin();
  ASSERT_TRUE(store::Customers(*transaction).Update(customer, clock_.Now()).ok());
  ASSERT_TRUE(transaction->Commit().ok());
  const auto refused = RunQuick(customer_, kRunDate, NewCall());
  EXPECT_EQ(base::DetailOf(refused.status()).reason, base::Reason::kCharacterNotInFonts) << refused.status();
  EXPECT_EQ(Count("number_series"), 0);
}

TEST_F(GenerationTest, SpendsNoNumberOnAPatternTheFontsCannotPrint) {
  domain::Customer customer = Customers(*core_).Get(customer_).value();
  customer.contract.number_pattern = "\xF3\xB0\x80\x80{SEQ:4}";
  auto transaction = database_.Begin();
  ASSERT_TRUE(store::Customers(*transaction).UpdateContract(customer, clock_.Now()).ok());
  ASSERT_TRUE(transaction->Commit().ok());
  const auto refused = RunQuick(customer_, kRunDate, NewCall());
  EXPECT_EQ(base::DetailOf(refused.status()).reason, base::Reason::kCharacterNotInFonts) << refused.status();
  EXPECT_EQ(Count("number_series"), 0);
}

TEST_F(GenerationTest, BillsTheTimesheetsOfThePeriodAndNoOther) {
  domain::Timesheet timesheet{.customer_id = customer_,
                              .period = {absl::CivilDay(2026, 10, 1), absl::CivilDay(2026, 10, 7)},
                              .expenses = {{.description = "Taxi", .amount_minor = 1250}}};
  domain::Timesheet unprintable = timesheet;
  unprintable.expenses = {{.description = "Taxi", .amount_minor = 1},
                          {.description = "Train \xee\x84\xa3", .amount_minor = 1}};
  const absl::Status refused = Put(unprintable).status();
  EXPECT_EQ(base::DetailOf(refused).fields.at(0).field, "expenses[1].description") << refused;
  ASSERT_TRUE(Put(timesheet).ok());
  const auto october = RunQuick(customer_, kRunDate, NewCall());
  ASSERT_TRUE(october.ok()) << october.status();
  EXPECT_EQ(october->result.invoice.document.lines.size(), 2u);
  ASSERT_EQ(october->result.warnings.size(), 1u);
  EXPECT_EQ(october->result.warnings[0].code, "TIMESHEET_MISMATCH") << "24 days have none";
  timesheet.period = {absl::CivilDay(2026, 11, 1), absl::CivilDay(2026, 11, 30)};
  ASSERT_TRUE(Put(timesheet).ok());
  const auto november = RunQuick(customer_, absl::CivilDay(2026, 12, 1), NewCall());
  ASSERT_TRUE(november.ok()) << november.status();
  ASSERT_EQ(november->result.invoice.document.lines.size(), 2u);
  EXPECT_EQ(november->result.invoice.document.lines[1].description, "Taxi");
}

TEST_F(GenerationTest, StoresTheDocumentOnceAndServesThoseBytes) {
  const auto outcome = RunQuick(customer_, kRunDate, NewCall());
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  const std::string& id = outcome->result.invoice.id;
  const auto first = Invoices(*core_).Download(id);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_THAT(first->bytes, StartsWith("%PDF-"));
  EXPECT_EQ(first->file_name, "INV-2026-0001.pdf");
  const auto invoice = Invoices(*core_).Get(id);
  EXPECT_EQ(invoice->document_sha256, base::Sha256Hex(first->bytes));
  EXPECT_EQ(Invoices(*core_).Download(id)->bytes, first->bytes);
  EXPECT_EQ(Count("blobs"), 1);
}

TEST_F(GenerationTest, PreviewsWithoutWritingAnything) {
  WizardRun input{.customer_id = customer_,
                  .invoice_date = kRunDate,
                  .period = {absl::CivilDay(2026, 10, 1), absl::CivilDay(2026, 10, 31)}};
  input.wizard.lines.push_back({.description = "Work",
                                .quantity = *domain::Quantity::Parse("2"),
                                .unit_price = *domain::UnitPrice::Parse("10.50")});
  const auto preview = Invoices(*core_).PreviewInvoice(input, /*include_document=*/true);
  ASSERT_TRUE(preview.ok()) << preview.status();
  EXPECT_EQ(preview->invoice.document.totals.total_minor, 2100);
  ASSERT_EQ(preview->warnings.size(), 1u);  // the contract has a tax and the wizard gave none
  EXPECT_THAT(preview->document, StartsWith("%PDF-"));
  EXPECT_EQ(Count("invoices"), 0);
  EXPECT_EQ(Count("runs"), 0);
}

TEST_F(GenerationTest, KeepsWhyEachCustomerWasBilled) {
  const auto outcome = RunQuick(customer_, kRunDate, NewCall());
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  const auto results = Runs(*core_).ListResults(outcome->result.run.id, std::nullopt, {});
  ASSERT_TRUE(results.ok()) << results.status();
  ASSERT_EQ(results->records.size(), 1u);
  EXPECT_EQ(results->records[0].invoice_number, "INV-2026-0001");
  EXPECT_EQ(results->records[0].total_minor, 84750);
  EXPECT_THAT(results->records[0].values, testing::Contains(testing::Pair("totalHours", "7.5")));
}

TEST_F(GenerationTest, LetsNobodyChangeOrBillWhatIsDeactivated) {
  ASSERT_TRUE(Customers(*core_).SetActive(NewCall(), customer_, "", false, {}).ok());
  const auto rename = [](domain::Customer& customer) {
    customer.name = "Other";
    return absl::OkStatus();
  };
  EXPECT_EQ(base::DetailOf(Customers(*core_).Update(NewCall(), customer_, "", rename, {}).status()).reason,
            base::Reason::kCustomerInactive);
  EXPECT_EQ(base::DetailOf(RunQuick(customer_, kRunDate, NewCall()).status()).reason, base::Reason::kCustomerInactive);
  ASSERT_TRUE(Vendors(*core_).SetActive(NewCall(), vendor_, "", false, {}).ok());
  EXPECT_EQ(base::DetailOf(Customers(*core_).SetActive(NewCall(), customer_, "", true, {}).status()).reason,
            base::Reason::kVendorInactive);
  ASSERT_TRUE(Vendors(*core_).SetActive(NewCall(), vendor_, "", true, {}).ok());
  ASSERT_TRUE(Customers(*core_).SetActive(NewCall(), customer_, "", true, {}).ok());
  EXPECT_TRUE(RunQuick(customer_, kRunDate, NewCall()).ok());
}

TEST_F(GenerationTest, RefusesARunDateTooFarAhead) {
  const auto refused = RunQuick(customer_, absl::CivilDay(2027, 12, 1), NewCall());
  ASSERT_TRUE(absl::IsInvalidArgument(refused.status())) << refused.status();
  EXPECT_EQ(base::DetailOf(refused.status()).fields[0].field, "runDate");
}

}  // namespace
}  // namespace invoice::app
