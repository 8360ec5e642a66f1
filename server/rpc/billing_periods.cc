#include "domain/schedule.h"
#include "rpc/convert.h"
#include "rpc/convert_records.h"
#include "rpc/handlers.h"

namespace invoice::rpc {
namespace {

// Needs no customer: what a schedule of these values would bill.
absl::StatusOr<v1::ComputeScheduleResponse> ComputeSchedule(const v1::ComputeScheduleRequest& request) {
  domain::ScheduleRule rule;
  rule.frequency = KindOf<domain::Frequency>(request.frequency()).value_or(domain::Frequency::kMonthly);
  rule.billing_weekday = request.billing_weekday();
  rule.billing_day = request.has_billing_day() ? request.billing_day() : 1;
  const absl::CivilDay after = DateIn(request.after()).value_or(absl::CivilDay());
  const std::optional<absl::CivilDay> anchor = DateIn(request.anchor_date());
  if (!anchor && rule.frequency == domain::Frequency::kBiweekly) {
    return base::InvalidField("anchorDate", "a date, as BIWEEKLY counts from it");
  }
  rule.anchor = anchor.value_or(after);
  v1::ComputeScheduleResponse response;
  for (const domain::Occurrence& occurrence :
       domain::Occurrences(rule, after, request.has_count() ? request.count() : 1)) {
    auto* added = response.add_occurrences();
    added->set_due_date(DateText(occurrence.due));
    added->set_period_start(DateText(occurrence.period.first));
    added->set_period_end(DateText(occurrence.period.last));
  }
  return response;
}

absl::StatusOr<v1::ListBillingPeriodsResponse> List(app::Periods& periods,
                                                    const v1::ListBillingPeriodsRequest& request) {
  app::PeriodRange range;
  if (request.has_past_count()) range.past = request.past_count();
  if (request.has_upcoming_count()) range.upcoming = request.upcoming_count();
  ASSIGN_OR_RETURN(const std::vector<app::BillingPeriod> found, periods.List(request.customer_id(), range));
  v1::ListBillingPeriodsResponse response;
  for (const app::BillingPeriod& period : found) {
    *response.add_billing_periods() = BillingPeriodToProto(request.customer_id(), period);
  }
  return response;
}

}  // namespace

void ServeBillingPeriods(Api& api, app::Periods& periods) {
  api.On("BillingPeriodService/ListBillingPeriods",
         [&](Context&, const v1::ListBillingPeriodsRequest& request) { return List(periods, request); });
  ServeComputeSchedule(api);
}

void ServeComputeSchedule(Api& api) {
  api.On("BillingPeriodService/ComputeSchedule",
         [](Context&, const v1::ComputeScheduleRequest& request) { return ComputeSchedule(request); });
}

}  // namespace invoice::rpc
