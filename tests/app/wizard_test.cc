// Invoices by hand: manual and wizard runs, duplicates on purpose.
#include "tests/app/run_fixture.h"

namespace invoice::app {
namespace {

class WizardTest : public RunTest {
 protected:
  WizardRun Input(const domain::Period& period = kOctober) {
    WizardRun input{.customer_id = customer_, .invoice_date = absl::CivilDay(2026, 11, 23), .period = period};
    input.wizard.lines.push_back({.description = "Work",
                                  .quantity = *domain::Quantity::Parse("2"),
                                  .unit_price = *domain::UnitPrice::Parse("10.50")});
    return input;
  }
  absl::StatusOr<SingleRun> Run(const WizardRun& input) {
    auto outcome = Invoices(*core_).RunWizard(NewCall("RunWizard"), input, {});
    if (!outcome.ok()) return outcome.status();
    return outcome->result;
  }
  std::string FieldOf(const absl::Status& status) {
    const auto fields = base::DetailOf(status).fields;
    return fields.empty() ? std::string(status.message()) : fields[0].field;
  }

  std::string vendor_ = NewVendor();
  std::string customer_ = NewScheduled(vendor_);
};

TEST_F(WizardTest, IssuesWhatIsGivenAndWarnsOfTaxesThatWereNot) {
  WizardRun input = Input();
  input.wizard.discount.percent = domain::Percent::Parse("10");
  const auto run = Run(input);
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->invoice.document.totals.total_minor, 1890);
  EXPECT_EQ(run->invoice.document.number, "INV-2026-0001");
  ASSERT_EQ(run->warnings.size(), 1u);
  EXPECT_EQ(run->warnings[0].code, "CONTRACT_TAXES_NOT_APPLIED");
}

TEST_F(WizardTest, APreviewAndAChangedDraftWarnOfTaxesToo) {
  const auto codes = [](const std::vector<domain::Warning>& warnings) {
    std::vector<std::string> found;
    for (const domain::Warning& warning : warnings) found.push_back(warning.code);
    return found;
  };
  const auto preview = Invoices(*core_).PreviewInvoice(Input(), false);
  ASSERT_TRUE(preview.ok()) << preview.status();
  EXPECT_THAT(codes(preview->warnings), testing::ElementsAre("CONTRACT_TAXES_NOT_APPLIED"));
  WizardRun input = Input();
  input.draft = true;
  input.wizard.taxes = {{.name = "GST", .rate = *domain::Rate::Parse("0.05")}};
  const auto draft = Run(input);
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_TRUE(draft->warnings.empty());
  input.wizard.taxes.clear();
  const auto changed = Drafts(*core_).Update(NewCall(), draft->invoice.id, "", input, {});
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_THAT(codes(changed->result.warnings), testing::ElementsAre("CONTRACT_TAXES_NOT_APPLIED"));
}

TEST_F(WizardTest, ATaxThatNoLineUsesIsNotOnTheInvoice) {
  WizardRun input = Input();
  input.wizard.taxes = {{.name = "GST", .rate = *domain::Rate::Parse("0.05")},
                        {.name = "PST", .rate = *domain::Rate::Parse("0.07")}};
  input.wizard.lines[0].tax_names = {"PST"};
  const auto run = Run(input);
  ASSERT_TRUE(run.ok()) << run.status();
  ASSERT_EQ(run->invoice.document.taxes.size(), 1u);
  EXPECT_EQ(run->invoice.document.taxes[0].tax.name, "PST");
}

TEST_F(WizardTest, ManualTakesHoursAndRateFromTheContractUnlessGiven) {
  ManualInput input{.customer_id = customer_, .invoice_date = absl::CivilDay(2026, 11, 23), .period = kOctober};
  input.hours = domain::Quantity::Parse("3");
  const auto run = Invoices(*core_).RunManual(NewCall("RunManual"), input, {});
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->result.invoice.document.totals.subtotal_minor, 30000);
  EXPECT_EQ(run->result.run.mode, domain::RunMode::kManual);
}

TEST_F(WizardTest, ADuplicateNeedsItsReasonAndClaimsOnlyWhatNobodyDoes) {
  const domain::Period wide{absl::CivilDay(2026, 10, 20), absl::CivilDay(2026, 11, 10)};
  ASSERT_TRUE(Run(Input()).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(Run(Input(wide)).status()));
  WizardRun input = Input(wide);
  input.allow_duplicate = true;
  EXPECT_EQ(FieldOf(Run(input).status()), "duplicateReason");
  input.wizard.duplicate_reason = "second consultant";
  const auto beside = Run(input);
  ASSERT_TRUE(beside.ok()) << beside.status();
  EXPECT_EQ(beside->invoice.document.duplicate_reason, "second consultant");
  auto transaction = database_.Begin();
  const auto claims = store::Invoices(*transaction).FindClaims(customer_, wide);
  ASSERT_EQ(claims->size(), 2u);
  EXPECT_EQ((*claims)[1].days, (domain::Period{absl::CivilDay(2026, 11, 1), absl::CivilDay(2026, 11, 10)}));
  input = Input();
  input.wizard.duplicate_reason = "not asked for";
  EXPECT_EQ(FieldOf(Run(input).status()), "duplicateReason");
}

TEST_F(WizardTest, BadInputNamesTheFieldAndWritesNothing) {
  const auto field = [&](const std::function<void(WizardRun&)>& spoil) {
    WizardRun input = Input();
    spoil(input);
    return FieldOf(Run(input).status());
  };
  EXPECT_EQ(field([](WizardRun& i) { i.period.last = absl::CivilDay(2026, 9, 1); }), "periodEnd");
  EXPECT_EQ(field([](WizardRun& i) { i.period.last = absl::CivilDay(2040, 9, 1); }), "periodEnd");
  EXPECT_EQ(field([](WizardRun& i) { i.invoice_date = absl::CivilDay(2030, 9, 1); }), "invoiceDate");
  EXPECT_EQ(field([](WizardRun& i) { i.wizard.discount.percent = domain::Percent::Parse("100.5"); }),
            "discount.percent");
  EXPECT_EQ(field([](WizardRun& i) { i.wizard.taxes.push_back({.name = "X", .rate = *domain::Rate::Parse("1.5")}); }),
            "taxes[0].rate");
  EXPECT_EQ(field([](WizardRun& i) {
              i.wizard.lines[0].quantity = *domain::Quantity::Parse("1000000");
              i.wizard.lines[0].unit_price = *domain::UnitPrice::Parse("1000000000");
            }),
            "lines[0].quantity");
  EXPECT_EQ(field([](WizardRun& i) { i.wizard.lines.clear(); }), "lines");
  EXPECT_EQ(field([](WizardRun& i) { i.wizard.lines[0].tax_names = {"GST"}; }), "lines[0].taxNames[0]");
  for (const char* table : {"invoices", "runs", "period_claims", "number_series", "jobs"}) EXPECT_EQ(Count(table), 0);
}

}  // namespace
}  // namespace invoice::app
