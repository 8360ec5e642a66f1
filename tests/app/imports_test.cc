// Imports on the database: a check writes nothing but itself, an execution writes all or nothing, and once.
#include "app/imports.h"

#include <gmock/gmock.h>

#include <thread>

#include "base/limits.h"
#include "base/status.h"
#include "tests/app/app_fixture.h"

namespace invoice::app {
namespace {

using domain::ImportRow;
using domain::OpeningInvoice;
using domain::Timesheet;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr absl::CivilDay kRunDate(2026, 11, 1);

class ImportsTest : public AppTest {
 protected:
  // Rows whose content is their place in `given_`; line 2 is the first.
  template <typename Given>
  static ReadRow<Given> ReaderOf(const std::vector<Given>& given) {
    return [&given](const std::string& content, const domain::Customer& customer) -> absl::StatusOr<Given> {
      Given one = given[std::stoul(content)];
      if constexpr (std::is_same_v<Given, Timesheet>) one.customer_id = customer.id;
      if constexpr (std::is_same_v<Given, domain::Customer>) {
        one.vendor_id = customer.vendor_id;
        one.contract.currency_code = customer.contract.currency_code;
      }
      return one;
    };
  }
  static std::vector<ImportRow> RowsOf(size_t count, const std::string& customer) {
    std::vector<ImportRow> rows;
    for (size_t i = 0; i < count; ++i) {
      rows.push_back({.line = static_cast<int>(i) + 2, .customer = customer, .content = std::to_string(i)});
    }
    return rows;
  }

  // An invoice of a month of 2025 over 100.00 without taxes.
  static OpeningInvoice OpeningOf(std::string number, int month) {
    const absl::CivilDay first(2025, month, 1);
    return {.number = std::move(number),
            .invoice_date = first + 40,
            .period = {first, first + 27},
            .currency = domain::Currency::Find("CAD").value(),
            .description = "old",
            .subtotal_minor = 10000,
            .total_minor = 10000};
  }
  Timesheet TimesheetOf(absl::CivilDay first, absl::CivilDay last) const {
    return {.period = {first, last}, .hours = *domain::Quantity::Parse("12.5")};
  }

  domain::ImportRecord Check(const std::vector<OpeningInvoice>& given, std::optional<std::string> customer = {}) {
    auto checked = Imports(*core_).CheckInvoices(NewCall(), vendor_, RowsOf(given.size(), customer.value_or(customer_)),
                                                 ReaderOf(given), {});
    EXPECT_TRUE(checked.ok()) << checked.status();
    return checked->result;
  }
  absl::StatusOr<Outcome<Imported>> Execute(const std::vector<OpeningInvoice>& given, const std::string& id,
                                            const Call& call = {}) {
    return Imports(*core_).ExecuteInvoices(call.method.empty() ? NewCall() : call, id, ReaderOf(given),
                                           [](const Imported& imported) { return imported.ids.front(); });
  }
  domain::ImportRecord Check(const std::vector<Timesheet>& given) {
    auto checked =
        Imports(*core_).CheckTimesheets(NewCall(), vendor_, RowsOf(given.size(), customer_), ReaderOf(given), {});
    EXPECT_TRUE(checked.ok()) << checked.status();
    return checked->result;
  }
  absl::StatusOr<Outcome<Imported>> Execute(const std::vector<Timesheet>& given, const std::string& id) {
    return Imports(*core_).ExecuteTimesheets(NewCall(), id, ReaderOf(given), {});
  }
  static std::vector<std::string> CodesOf(const ImportRow& row) {
    std::vector<std::string> codes;
    for (const auto& warning : row.warnings) codes.push_back(warning.code);
    return codes;
  }
  static base::Reason ReasonOf(const absl::Status& status) { return base::DetailOf(status).reason; }

  std::string vendor_ = NewVendor();
  std::string customer_ = NewCustomer(vendor_);
};

// --- Invoices
// ---------------------------------------------------------------------------------------------------------

TEST_F(ImportsTest, TakesInvoicesOverUnderTheirNumbers) {
  const std::vector<OpeningInvoice> given = {OpeningOf("OLD-2", 1), OpeningOf("OLD-1", 2)};
  const domain::ImportRecord import = Check(given);
  EXPECT_EQ(import.faulty_count, 0);
  EXPECT_EQ(Count("invoices"), 0) << "a check creates nothing";
  const auto done = Execute(given, import.id);
  ASSERT_TRUE(done.ok()) << done.status();
  ASSERT_THAT(done->result.ids, SizeIs(2));
  const auto invoice = Invoices(*core_).Get(done->result.ids[0]);
  ASSERT_TRUE(invoice.ok()) << invoice.status();
  EXPECT_EQ(invoice->document.number, "OLD-2");
  EXPECT_EQ(invoice->mode, domain::RunMode::kImported);
  EXPECT_EQ(invoice->run_id, "");
  EXPECT_EQ(invoice->series_key, "");
  EXPECT_EQ(invoice->rounding_version, 0);
  EXPECT_EQ(invoice->document.totals.total_minor, 10000);
  EXPECT_EQ(invoice->document.customer.name, "Customer");
  EXPECT_EQ(Invoices(*core_).StateOf(*invoice), domain::InvoiceState::kOverdue);
  EXPECT_EQ(Count("jobs"), 0) << "nothing is rendered or sent";
  EXPECT_EQ(Count("period_claims"), 2);
  EXPECT_TRUE(Invoices(*core_).Download(invoice->id).ok()) << "the first download renders";
}

TEST_F(ImportsTest, ExecutesOnceWhoeverAsks) {
  const std::vector<OpeningInvoice> given = {OpeningOf("OLD-1", 1)};
  const std::string id = Check(given).id;
  std::vector<absl::StatusOr<Outcome<Imported>>> answers(8, absl::UnknownError("not run"));
  std::vector<std::thread> threads;
  for (auto& answer : answers) threads.emplace_back([&] { answer = Execute(given, id); });
  for (std::thread& thread : threads) thread.join();
  int done = 0;
  for (const auto& answer : answers) {
    if (answer.ok()) {
      ++done;
      continue;
    }
    EXPECT_TRUE(absl::IsFailedPrecondition(answer.status())) << answer.status();
    EXPECT_EQ(ReasonOf(answer.status()), base::Reason::kImportExecuted);
  }
  EXPECT_EQ(done, 1);
  EXPECT_EQ(Count("invoices"), 1);
}

TEST_F(ImportsTest, TheSameKeyAnswersTheSame) {
  const std::vector<OpeningInvoice> given = {OpeningOf("OLD-1", 1)};
  const std::string id = Check(given).id;
  Call call = NewCall("ExecuteInvoiceImport");
  call.idempotency_key = "one";
  call.idempotency_digest = "same";
  const auto first = Execute(given, id, call);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = Execute(given, id, call);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_TRUE(second->replayed);
  EXPECT_EQ(second->kept, first->result.ids.front());
}

TEST_F(ImportsTest, AFaultyRowKeepsTheWholeFileOut) {
  std::vector<OpeningInvoice> given = {OpeningOf("OLD-1", 1), OpeningOf("OLD-2", 2)};
  ++given[1].total_minor;
  const domain::ImportRecord import = Check(given);
  EXPECT_EQ(import.faulty_count, 1);
  EXPECT_THAT(import.rows[0].faults, IsEmpty());
  EXPECT_THAT(import.rows[1].faults,
              ElementsAre("line 3, column total: expected the sum of the subtotal and the taxes"));
  const absl::Status status = Execute(given, import.id).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_EQ(ReasonOf(status), base::Reason::kImportFaulty);
  EXPECT_EQ(base::DetailOf(status).metadata.at("line"), "3");
  EXPECT_EQ(Count("invoices"), 0);
}

TEST_F(ImportsTest, WhatChangedSinceTheCheckIsFoundAtExecution) {
  const std::vector<OpeningInvoice> given = {OpeningOf("OLD-1", 1), OpeningOf("OLD-2", 2)};
  const std::string first = Check(given).id;
  const std::string second = Check(given).id;
  ASSERT_TRUE(Execute(given, first).ok());
  const absl::Status status = Execute(given, second).status();
  EXPECT_EQ(ReasonOf(status), base::Reason::kImportFaulty) << status;
  EXPECT_EQ(Count("invoices"), 2) << "not one of the second";
}

TEST_F(ImportsTest, DaysThatAreBilledAreAFault) {
  ASSERT_TRUE(RunQuick(customer_, kRunDate, NewCall()).ok());
  std::vector<OpeningInvoice> given = {OpeningOf("OLD-1", 1), OpeningOf("OLD-2", 2), OpeningOf("OLD-3", 3)};
  given[0].period = {absl::CivilDay(2026, 10, 31), absl::CivilDay(2026, 11, 2)};
  given[2].period.first = given[1].period.last;
  const domain::ImportRecord import = Check(given);
  EXPECT_THAT(import.rows[0].faults, ElementsAre(HasSubstr("by invoice INV-2026-0001")));
  EXPECT_THAT(import.rows[1].faults, ElementsAre(HasSubstr("also in line 4")));
  EXPECT_THAT(import.rows[2].faults, ElementsAre(HasSubstr("also in line 3")));
}

TEST_F(ImportsTest, ANumberIsOneDocuments) {
  ASSERT_TRUE(RunQuick(customer_, kRunDate, NewCall()).ok());
  const domain::ImportRecord import =
      Check({OpeningOf("INV-2026-0001", 1), OpeningOf("OLD-1", 2), OpeningOf("OLD-1", 3)});
  EXPECT_THAT(import.rows[0].faults, ElementsAre(HasSubstr("column number: expected a number that no document")));
  EXPECT_THAT(import.rows[1].faults, ElementsAre(HasSubstr("also in line 4")));
  EXPECT_THAT(import.rows[2].faults, ElementsAre(HasSubstr("also in line 3")));
}

TEST_F(ImportsTest, ASeriesStartsAboveWhatWasTakenOver) {
  // Of the year whose first invoice is issued below; the width does not matter.
  std::vector<OpeningInvoice> given = {OpeningOf("INV-2026-0041", 1), OpeningOf("INV-2026-7", 2)};
  for (OpeningInvoice& one : given) one.invoice_date = absl::CivilDay(2026, 1, 5);
  const domain::ImportRecord import = Check(given);
  EXPECT_THAT(CodesOf(import.rows[0]), ElementsAre("CONTRACT_TAXES_NOT_APPLIED", "SERIES_STARTS_LATER"));
  ASSERT_TRUE(Execute(given, import.id).ok());
  EXPECT_EQ(RunQuick(customer_, kRunDate, NewCall())->result.invoice.document.number, "INV-2026-0042");
  EXPECT_EQ(RunQuick(customer_, absl::CivilDay(2026, 10, 1), NewCall())->result.invoice.document.number,
            "INV-2026-0043");
}

TEST_F(ImportsTest, ANumberThatASeriesInUseWouldGiveIsAFault) {
  ASSERT_TRUE(RunQuick(customer_, kRunDate, NewCall()).ok());
  const domain::ImportRecord import =
      Check({OpeningOf("INV-2026-0002", 1), OpeningOf("INV-2026-02", 2), OpeningOf("INV-2025-0002", 3)});
  EXPECT_THAT(import.rows[0].faults,
              ElementsAre(HasSubstr("INV-2026-{SEQ} does not give later; it has given 1 so far")));
  EXPECT_THAT(import.rows[1].faults, SizeIs(1));
  EXPECT_THAT(import.rows[2].faults, IsEmpty()) << "the series of 2025 is not in use";
}

TEST_F(ImportsTest, DatesKeepToTheBooks) {
  auto vendor = Vendors(*core_).Get(vendor_);
  ASSERT_TRUE(Vendors(*core_)
                  .Update(NewCall(), vendor_, "",
                          [](domain::Vendor& v) {
                            v.books_closed_through = absl::CivilDay(2025, 3, 31);
                            return absl::OkStatus();
                          },
                          {})
                  .ok());
  std::vector<OpeningInvoice> given = {OpeningOf("OLD-1", 1), OpeningOf("OLD-2", 5)};
  given[1].invoice_date = absl::CivilDay(2026, 11, 24);
  const domain::ImportRecord import = Check(given);
  EXPECT_THAT(import.rows[0].faults, ElementsAre(HasSubstr("books are closed through 2025-03-31")));
  EXPECT_THAT(import.rows[1].faults,
              ElementsAre(HasSubstr("column invoiceDate: expected a date that is not in the future")));
}

TEST_F(ImportsTest, ACustomerIsNamedByIdOrByANameThatIsItsOwn) {
  EXPECT_THAT(Check({OpeningOf("OLD-1", 1)}, "Customer").rows[0].faults, IsEmpty());
  EXPECT_THAT(Check({OpeningOf("OLD-1", 1)}, "customer").rows[0].faults,
              ElementsAre(HasSubstr("column customer: expected the id or the exact name of an active customer")));
  NewCustomer(vendor_);
  EXPECT_THAT(Check({OpeningOf("OLD-1", 1)}, "Customer").rows[0].faults,
              ElementsAre(HasSubstr("expected the id, as several")));
  const std::string other = NewCustomer(NewVendor());
  EXPECT_THAT(Check({OpeningOf("OLD-1", 1)}, other).rows[0].faults, SizeIs(1)) << "of another vendor";
  ASSERT_TRUE(Customers(*core_).SetActive(NewCall(), customer_, "", false, {}).ok());
  EXPECT_THAT(Check({OpeningOf("OLD-1", 1)}).rows[0].faults, SizeIs(1));
}

TEST_F(ImportsTest, AnImportIsGoneAfterADayAndIsOfOneKind) {
  const std::vector<OpeningInvoice> given = {OpeningOf("OLD-1", 1)};
  const std::string id = Check(given).id;
  EXPECT_TRUE(absl::IsNotFound(Execute(std::vector<Timesheet>{}, id).status()));
  EXPECT_TRUE(absl::IsNotFound(Execute(given, "01900000-0000-7000-8000-000000000000").status()));
  clock_.Advance(base::kImportKeep);
  EXPECT_TRUE(absl::IsNotFound(Execute(given, id).status()));
  clock_.Advance(absl::Seconds(1));
  Check(given);
  EXPECT_EQ(Count("imports"), 1) << "the old one was removed";
}

TEST_F(ImportsTest, NeedsAnActiveVendorThatIsThere) {
  const auto check = [&](const std::string& vendor_id) {
    return Imports(*core_)
        .CheckInvoices(NewCall(), vendor_id, RowsOf(1, customer_), ReaderOf(std::vector<OpeningInvoice>(1)), {})
        .status();
  };
  EXPECT_TRUE(absl::IsNotFound(check("01900000-0000-7000-8000-000000000000")));
  ASSERT_TRUE(Vendors(*core_).SetActive(NewCall(), vendor_, "", false, {}).ok());
  EXPECT_EQ(ReasonOf(check(vendor_)), base::Reason::kVendorInactive);
  EXPECT_EQ(Count("imports"), 0);
}

// --- Customers
// --------------------------------------------------------------------------------------------------------

TEST_F(ImportsTest, CreatesCustomersByTheRulesOfCreatingOne) {
  std::vector<domain::Customer> given(2);
  given[0].name = "CUSTOMER";
  given[1].name = "Other";
  given[1].email = "customer@example.com";
  given[1].contract.rate_per_hour = domain::UnitPrice::Parse("80");
  given[1].schedule.enabled = true;
  given[1].locale = "pl-PL";
  Imports imports(*core_);
  const auto check = [&] {
    auto checked = imports.CheckCustomers(NewCall(), vendor_, RowsOf(2, ""), ReaderOf(given), {});
    EXPECT_TRUE(checked.ok()) << checked.status();
    return checked->result;
  };
  const domain::ImportRecord import = check();
  EXPECT_EQ(import.faulty_count, 0);
  EXPECT_THAT(CodesOf(import.rows[0]), ElementsAre("CUSTOMER_OF_SAME_NAME"));
  EXPECT_THAT(CodesOf(import.rows[1]), ElementsAre("LOCALE_WITHOUT_WORDS", "CUSTOMER_OF_SAME_EMAIL"));
  const auto done = imports.ExecuteCustomers(NewCall(), import.id, ReaderOf(given), {});
  ASSERT_TRUE(done.ok()) << done.status();
  const auto created = Customers(*core_).Get(done->result.ids[1]);
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(created->name, "Other");
  EXPECT_EQ(created->contract.currency_code, "CAD");
  EXPECT_EQ(created->schedule.next_run_date, absl::CivilDay(2026, 12, 1));

  given[0].contract.start_date = absl::CivilDay(2026, 2, 1);
  given[0].contract.end_date = absl::CivilDay(2026, 1, 1);
  given[1].contract.rate_per_hour.reset();
  const domain::ImportRecord faulty = check();
  EXPECT_THAT(faulty.rows[0].faults, ElementsAre(HasSubstr("line 2, column endDate: expected")));
  EXPECT_THAT(faulty.rows[1].faults, ElementsAre(HasSubstr("line 3: the contract has no rate")));
}

TEST_F(ImportsTest, RowsThatCameFaultyAreKeptSo) {
  std::vector<ImportRow> rows = RowsOf(2, "");
  rows[1].faults = {"line 3, column email: expected an email address"};
  std::vector<domain::Customer> given(2);
  given[0].name = "Fine";
  const auto checked = Imports(*core_).CheckCustomers(NewCall(), vendor_, rows, ReaderOf(given), {});
  ASSERT_TRUE(checked.ok()) << checked.status();
  EXPECT_EQ(checked->result.faulty_count, 1);
  EXPECT_EQ(ReasonOf(Imports(*core_).ExecuteCustomers(NewCall(), checked->result.id, ReaderOf(given), {}).status()),
            base::Reason::kImportFaulty);
  EXPECT_EQ(Count("customers"), 1);
}

// --- Timesheets
// -------------------------------------------------------------------------------------------------------

TEST_F(ImportsTest, TimesheetsAreStoredOrReplaced) {
  const absl::CivilDay november(2026, 11, 1);
  std::vector<Timesheet> given = {TimesheetOf(november, absl::CivilDay(2026, 11, 15)),
                                  TimesheetOf(absl::CivilDay(2026, 11, 16), absl::CivilDay(2026, 11, 30))};
  domain::ImportRecord import = Check(given);
  EXPECT_EQ(import.faulty_count, 0) << testing::PrintToString(import.rows[0].faults);
  ASSERT_TRUE(Execute(given, import.id).ok());
  EXPECT_EQ(Count("timesheets"), 2);

  given = {TimesheetOf(november, absl::CivilDay(2026, 11, 10))};
  import = Check(given);
  EXPECT_THAT(CodesOf(import.rows[0]), ElementsAre("TIMESHEET_REPLACED"));
  ASSERT_TRUE(Execute(given, import.id).ok());
  const auto replaced = Customers(*core_).GetTimesheet(customer_, november);
  ASSERT_TRUE(replaced.ok()) << replaced.status();
  EXPECT_EQ(replaced->period.last, absl::CivilDay(2026, 11, 10));
  EXPECT_EQ(replaced->version, 2);
  EXPECT_EQ(replaced->currency_code, "CAD");
}

TEST_F(ImportsTest, OneTimesheetIsCutIntoTwo) {
  const absl::CivilDay first(2026, 11, 1);
  const absl::CivilDay last(2026, 11, 30);
  const absl::CivilDay middle(2026, 11, 16);
  std::vector<Timesheet> given = {TimesheetOf(first, last)};
  ASSERT_TRUE(Execute(given, Check(given).id).ok());
  given = {TimesheetOf(middle, last), TimesheetOf(first, middle - 1)};
  domain::ImportRecord import = Check(given);
  EXPECT_EQ(import.faulty_count, 0) << testing::PrintToString(import.rows[0].faults);
  const auto cut = Execute(given, import.id);
  ASSERT_TRUE(cut.ok()) << cut.status();
  EXPECT_EQ(Count("timesheets"), 2);
  given = {TimesheetOf(first, last)};
  EXPECT_THAT(Check(given).rows[0].faults, ElementsAre(HasSubstr("there is one from 2026-11-16 to 2026-11-30")));
}

TEST_F(ImportsTest, DaysOfNoSinglePeriodWarn) {
  const std::vector<Timesheet> given = {TimesheetOf(absl::CivilDay(2026, 11, 30), absl::CivilDay(2026, 12, 1)),
                                        TimesheetOf(absl::CivilDay(2026, 12, 2), absl::CivilDay(2026, 12, 31))};
  const domain::ImportRecord import = Check(given);
  EXPECT_THAT(CodesOf(import.rows[0]), ElementsAre("TIMESHEET_OUTSIDE_PERIODS"));
  EXPECT_TRUE(import.rows[1].warnings.empty());
}

TEST_F(ImportsTest, TimesheetsThatMeetOrComeTooLateAreFaults) {
  ASSERT_TRUE(RunQuick(customer_, kRunDate, NewCall()).ok());
  const std::vector<Timesheet> first = {TimesheetOf(absl::CivilDay(2026, 12, 10), absl::CivilDay(2026, 12, 31))};
  ASSERT_TRUE(Execute(first, Check(first).id).ok());
  const domain::ImportRecord import = Check({
      TimesheetOf(absl::CivilDay(2026, 10, 1), absl::CivilDay(2026, 10, 31)),
      TimesheetOf(absl::CivilDay(2026, 11, 1), absl::CivilDay(2026, 11, 20)),
      TimesheetOf(absl::CivilDay(2026, 11, 20), absl::CivilDay(2026, 11, 30)),
      TimesheetOf(absl::CivilDay(2026, 12, 1), absl::CivilDay(2026, 12, 10)),
      TimesheetOf(absl::CivilDay(2026, 9, 2), absl::CivilDay(2026, 9, 1)),
  });
  EXPECT_EQ(import.faulty_count, 5);
  EXPECT_THAT(import.rows[0].faults, ElementsAre(HasSubstr("line 2: the period is already invoiced")));
  EXPECT_THAT(import.rows[1].faults, ElementsAre(HasSubstr("also in line 4")));
  EXPECT_THAT(import.rows[2].faults, ElementsAre(HasSubstr("also in line 3")));
  EXPECT_THAT(import.rows[3].faults, ElementsAre(HasSubstr("there is one from 2026-12-10 to 2026-12-31")));
  EXPECT_THAT(import.rows[4].faults, ElementsAre(HasSubstr("column periodEnd")));
}

}  // namespace
}  // namespace invoice::app
