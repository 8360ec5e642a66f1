#include "rpc/convert.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/periods.h"
#include "base/status.h"
#include "domain/run_record.h"
#include "invoice/v1/customers.pb.h"
#include "rpc/convert_parties.h"
#include "rpc/convert_records.h"

namespace invoice::rpc {
namespace {

// Every kind from `first` on has its name in the proto enum, and comes back by it.
template <typename Kind, typename ProtoEnum>
void ExpectSameNames() {
  const auto* descriptor = google::protobuf::GetEnumDescriptor<ProtoEnum>();
  int kinds = 0;
  for (int i = 0; i < descriptor->value_count(); ++i) {
    const auto value = static_cast<ProtoEnum>(descriptor->value(i)->number());
    const std::optional<Kind> kind = KindOf<Kind>(value);
    EXPECT_EQ(kind.has_value(), descriptor->value(i)->number() != 0) << descriptor->value(i)->full_name();
    if (kind) {
      EXPECT_EQ(EnumOf<ProtoEnum>(domain::Name(*kind)), value);
      ++kinds;
    }
  }
  EXPECT_TRUE(domain::Name(static_cast<Kind>(kinds - 1)).size() > 0);
  EXPECT_EQ(EnumOf<ProtoEnum>("NO_SUCH_NAME"), 0);
}

TEST(Convert, ClosedListsHaveTheSameNamesInTheDomainAndTheApi) {
  ExpectSameNames<domain::Frequency, v1::Frequency::Value>();
  ExpectSameNames<domain::PaymentTermsKind, v1::PaymentTerms::Kind>();
  ExpectSameNames<domain::TaxCategory, v1::Tax::Category>();
  ExpectSameNames<domain::Unit, v1::Unit::Value>();
  ExpectSameNames<domain::PaperSize, v1::Vendor::PaperSize>();
  ExpectSameNames<domain::DocumentKind, v1::Invoice::Kind>();
  ExpectSameNames<domain::MissedRunPolicy, v1::Schedule::MissedRunPolicy>();
  ExpectSameNames<domain::RunMode, v1::Run::Mode>();
  ExpectSameNames<domain::InvoiceState, v1::Invoice::State>();
  ExpectSameNames<domain::Delivery, v1::Delivery::Value>();
  ExpectSameNames<domain::EmailState, v1::Email::State>();
}

TEST(Convert, StatesOfRunsAndPeriodsAreThoseOfTheApi) {
  for (int i = 0; i <= static_cast<int>(domain::RunState::kFailed); ++i) {
    EXPECT_NE(EnumOf<v1::Run::State>(domain::Name(static_cast<domain::RunState>(i))), 0) << i;
  }
  for (int i = 0; i <= static_cast<int>(domain::RunOutcome::kFailed); ++i) {
    EXPECT_NE(EnumOf<v1::RunResult::Outcome>(domain::Name(static_cast<domain::RunOutcome>(i))), 0) << i;
  }
  for (int i = 0; i <= static_cast<int>(app::PeriodState::kUpcoming); ++i) {
    EXPECT_NE(EnumOf<v1::BillingPeriod::State>(app::Name(static_cast<app::PeriodState>(i))), 0) << i;
  }
}

TEST(Convert, PricesHaveTheCurrencysDecimalsAndNoOthersInVain) {
  const auto text = [](const char* price, const char* currency) {
    return PriceText(*domain::UnitPrice::Parse(price), *domain::Currency::Find(currency));
  };
  EXPECT_EQ(text("95", "CAD"), "95.00");
  EXPECT_EQ(text("95.1234", "CAD"), "95.1234");
  EXPECT_EQ(text("95.5", "JPY"), "95.5");
  EXPECT_EQ(text("95", "JPY"), "95");
  EXPECT_EQ(text("1.5", "KWD"), "1.500");
}

TEST(Convert, TimesAreExactToTheMicrosecond) {
  const auto time = TimeOf(absl::FromUnixMicros(1'700'000'000'123'456));
  EXPECT_EQ(time.seconds(), 1'700'000'000);
  EXPECT_EQ(time.nanos(), 123'456'000);
}

domain::Contract FullContract() {
  domain::Contract contract;
  contract.invoice_prefix = "ACME";
  contract.number_pattern = "{PREFIX}-{SEQ:3}";
  contract.frequency = domain::Frequency::kQuarterly;
  contract.default_hours = domain::Quantity::Parse("160.5");
  contract.rate_per_hour = domain::UnitPrice::Parse("99.125");
  contract.currency_code = "KWD";
  contract.taxes = {{.name = "GST", .rate = *domain::Rate::Parse("0.05"), .registration_number = "R1"},
                    {.name = "X", .category = domain::TaxCategory::kExempt, .exemption_reason = "because"}};
  contract.payment_terms = {.kind = domain::PaymentTermsKind::kNet, .days = 15};
  contract.extra_fees_minor = 12345;
  contract.extra_fees_label = "Fees";
  contract.start_date = absl::CivilDay(2026, 1, 1);
  contract.end_date = absl::CivilDay(2027, 12, 31);
  contract.purchase_order = "PO";
  contract.buyer_reference = "BR";
  contract.require_timesheet = true;
  contract.partial_periods = domain::PartialPeriods::kProrateWorkdays;
  contract.notes = "a\nb";
  return contract;
}

TEST(Convert, AContractComesBackAsItWas) {
  const v1::Contract message = ContractToProto(FullContract());
  EXPECT_EQ(message.extra_fees(), "12.345");
  domain::Contract back;
  ASSERT_TRUE(ApplyContract(message, "", &back).ok());
  EXPECT_EQ(message.partial_periods(), v1::PartialPeriods::PRORATE_WORKDAYS);
  EXPECT_EQ(ContractToProto(back).SerializeAsString(), message.SerializeAsString());
}

TEST(Convert, AnEmptyContractHasTheDefaults) {
  domain::Contract contract = FullContract();
  ASSERT_TRUE(ApplyContract({}, "", &contract).ok());
  EXPECT_EQ(contract.invoice_prefix, "INV");
  EXPECT_EQ(contract.frequency, domain::Frequency::kMonthly);
  EXPECT_FALSE(contract.rate_per_hour.has_value());
  EXPECT_EQ(contract.payment_terms.days, 30);
  EXPECT_EQ(contract.currency_code, "KWD");  // a contract always has one
  EXPECT_TRUE(contract.taxes.empty());
  EXPECT_EQ(contract.partial_periods, domain::PartialPeriods::kFull);
}

TEST(Convert, FaultsThatNeedTheWholeContractAreNamed) {
  const auto fault = [](const v1::Contract& message) {
    domain::Contract contract;
    contract.currency_code = "JPY";
    const auto fields = base::DetailOf(ApplyContract(message, "contract.", &contract)).fields;
    return fields.empty() ? std::string() : fields[0].field;
  };
  v1::Contract message;
  message.set_extra_fees("1.5");
  EXPECT_EQ(fault(message), "contract.extraFees");
  message.Clear();
  message.add_taxes()->set_name("HST");
  EXPECT_EQ(fault(message), "contract.taxes[0].rate");
  message.Clear();
  message.mutable_payment_terms()->set_kind(v1::PaymentTerms::END_OF_MONTH);
  message.mutable_payment_terms()->set_days(3);
  EXPECT_EQ(fault(message), "contract.paymentTerms.days");
}

TEST(Convert, ATimesheetWithoutAnEndHasThatOfItsFrequency) {
  const std::vector<std::tuple<domain::Frequency, const char*, const char*>> rows = {
      {domain::Frequency::kWeekly, "2026-02-26", "2026-03-04"},
      {domain::Frequency::kBiweekly, "2026-02-26", "2026-03-11"},
      {domain::Frequency::kMonthly, "2028-02-01", "2028-02-29"},
      {domain::Frequency::kMonthly, "2026-02-10", "2026-02-28"},
      {domain::Frequency::kQuarterly, "2026-10-01", "2026-12-31"},
      {domain::Frequency::kYearly, "2026-01-01", "2026-12-31"}};
  for (const auto& [frequency, start, end] : rows) {
    domain::Contract contract;
    contract.currency_code = "CAD";
    contract.frequency = frequency;
    v1::Timesheet message;
    message.set_period_start(start);
    message.set_hours("7.5");
    const auto timesheet = TimesheetFromProto(message, contract);
    ASSERT_TRUE(timesheet.ok()) << timesheet.status();
    EXPECT_EQ(DateText(timesheet->period.last), end) << start;
  }
}

}  // namespace
}  // namespace invoice::rpc
