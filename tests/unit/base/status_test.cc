#include "base/status.h"

#include <gmock/gmock.h>

#include "base/field_fault.h"

namespace invoice::base {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Status, InvalidFieldNamesFieldAndExpectation) {
  const absl::Status status = InvalidField("contract.taxes[1].rate", "a decimal of 0 to 1");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "contract.taxes[1].rate: expected a decimal of 0 to 1");
  const ErrorDetail detail = DetailOf(status);
  EXPECT_EQ(detail.reason, Reason::kInvalidField);
  ASSERT_THAT(detail.fields, SizeIs(1));
  EXPECT_EQ(detail.fields[0].field, "contract.taxes[1].rate");
  EXPECT_EQ(detail.fields[0].expected, "a decimal of 0 to 1");
}

TEST(Status, AnAbsentFieldIsRequiredAndAnUnknownNameUnknown) {
  EXPECT_EQ(InvalidField("vendorId", kRequired).message(), "vendorId: required");
  EXPECT_EQ(InvalidField("colour", "unknown field").message(), "colour: unknown field");
  EXPECT_EQ(DescribeFault("required: one of A, B"), "required: one of A, B");
  EXPECT_EQ(DescribeFault("a decimal"), "expected a decimal");
}

TEST(Status, SeveralFieldsKeepTheirOrder) {
  const absl::Status status = InvalidFields({{"b", "x"}, {"a", "y"}, {"c", "z"}});
  EXPECT_THAT(std::string(status.message()), HasSubstr("(and 2 more)"));
  const ErrorDetail detail = DetailOf(status);
  ASSERT_THAT(detail.fields, SizeIs(3));
  EXPECT_EQ(detail.fields[0].field, "b");
  EXPECT_EQ(detail.fields[1].field, "a");
  EXPECT_EQ(detail.fields[2].expected, "z");
}

TEST(Status, NotFoundNamesTheId) {
  const absl::Status status = NotFound("customer", "0190");
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status.message(), "customer 0190 not found");
  const ErrorDetail detail = DetailOf(status);
  EXPECT_EQ(detail.metadata.at("resource"), "customer");
  EXPECT_EQ(detail.metadata.at("id"), "0190");
}

TEST(Status, FailureAndWaitComeBack) {
  const ErrorDetail failure = DetailOf(Failure(absl::StatusCode::kAlreadyExists, Reason::kPeriodAlreadyInvoiced,
                                               "billed", {{"number", "INV-1 \"€\"\n"}}));
  EXPECT_EQ(failure.reason, Reason::kPeriodAlreadyInvoiced);
  EXPECT_EQ(failure.metadata.at("number"), "INV-1 \"€\"\n");
  EXPECT_EQ(failure.retry_after, std::nullopt);

  const absl::Status busy = Unavailable(Reason::kOverloaded, "busy", absl::Milliseconds(1500));
  EXPECT_EQ(busy.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(DetailOf(busy).retry_after, absl::Milliseconds(1500));
}

TEST(Status, OverflowNamesTheField) {
  const absl::Status status = AmountOverflow("lines[0].quantity");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(DetailOf(status).reason, Reason::kAmountOverflow);
  EXPECT_EQ(DetailOf(status).fields[0].field, "lines[0].quantity");
}

TEST(Status, TextThatIsNotUtf8DoesNotThrow) {
  const ErrorDetail detail = DetailOf(NotFound("customer", "\xff\xfe"));
  EXPECT_EQ(detail.reason, Reason::kNotFound);
}

TEST(Status, OtherStatusesHaveNoDetail) {
  for (const absl::Status& status : {absl::OkStatus(), absl::InternalError("x")}) {
    const ErrorDetail detail = DetailOf(status);
    EXPECT_EQ(detail.reason, Reason::kUnknown);
    EXPECT_THAT(detail.fields, IsEmpty());
  }
}

TEST(Reason, EveryNameComesBack) {
  for (int i = 0; i <= static_cast<int>(Reason::kInternal); ++i) {
    const Reason reason = static_cast<Reason>(i);
    EXPECT_EQ(ParseReason(ReasonName(reason)), reason) << i;
  }
  EXPECT_EQ(ReasonName(Reason::kPeriodAlreadyInvoiced), "PERIOD_ALREADY_INVOICED");
  EXPECT_EQ(ParseReason("nothing"), std::nullopt);
}

absl::StatusOr<int> Half(int value) {
  if (value % 2 != 0) return absl::InvalidArgumentError("odd");
  return value / 2;
}

absl::StatusOr<int> Quarter(int value) {
  ASSIGN_OR_RETURN(const int half, Half(value));
  ASSIGN_OR_RETURN(const int quarter, Half(half));
  RETURN_IF_ERROR(absl::OkStatus());
  return quarter;
}

TEST(Status, MacrosPassFailuresOn) {
  EXPECT_EQ(*Quarter(8), 2);
  EXPECT_EQ(Quarter(6).status().message(), "odd");
}

}  // namespace
}  // namespace invoice::base
