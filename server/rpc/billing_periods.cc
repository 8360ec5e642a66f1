#include "domain/schedule.h"
#include "rpc/change.h"
#include "rpc/convert.h"
#include "rpc/convert_records.h"
#include "rpc/handlers.h"
#include "rpc/list.h"

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

absl::StatusOr<v1::ListBillingPeriodsResponse> ListBillingPeriods(app::Periods& periods,
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

absl::StatusOr<v1::BillingPeriod> Skip(app::Periods& periods, Context& context,
                                       const v1::SkipBillingPeriodRequest& request) {
  const auto convert = [&](const app::BillingPeriod& period) {
    return BillingPeriodToProto(request.customer_id(), period);
  };
  return Answer<app::BillingPeriod>(context, convert, [&](const auto& encode) {
    return periods.Skip(context.call(), request.customer_id(),
                        DateIn(request.period_start()).value_or(absl::CivilDay()), request.reason(), encode);
  });
}

absl::StatusOr<v1::BillingPeriod> Reopen(app::Periods& periods, Context& context,
                                         const v1::ReopenBillingPeriodRequest& request) {
  const auto convert = [&](const app::BillingPeriod& period) {
    return BillingPeriodToProto(request.customer_id(), period);
  };
  return Answer<app::BillingPeriod>(context, convert, [&](const auto& encode) {
    return periods.Reopen(context.call(), request.customer_id(),
                          DateIn(request.period_start()).value_or(absl::CivilDay()), encode);
  });
}

absl::StatusOr<v1::ListMissedPeriodsResponse> ListMissed(app::Periods& periods, const PageTokens& tokens,
                                                         const v1::ListMissedPeriodsRequest& request) {
  ASSIGN_OR_RETURN(const store::PageRequest page, PageOf(tokens, request));
  ASSIGN_OR_RETURN(const auto found, periods.ListMissed(request.vendor_id(), page));
  v1::ListMissedPeriodsResponse response;
  for (const store::HeldPeriod& held : found.records) {
    const domain::PeriodDecision& decision = held.decision;
    v1::BillingPeriod* period = response.add_billing_periods();
    *period = BillingPeriodToProto(decision.customer_id, {.due_date = decision.due_date,
                                                          .period = decision.period,
                                                          .state = app::PeriodState::kHeld,
                                                          .reason = decision.reason,
                                                          .message = decision.message});
    period->set_customer_name(held.customer_name);
  }
  SetPage(tokens, request, found, &response);
  return response;
}

}  // namespace

void ServeBillingPeriods(Api& api, app::Periods& periods, const PageTokens& tokens) {
  api.On("BillingPeriodService/SkipBillingPeriod", [&](Context& context, const v1::SkipBillingPeriodRequest& request) {
    return Skip(periods, context, request);
  });
  api.On("BillingPeriodService/ReopenBillingPeriod",
         [&](Context& context, const v1::ReopenBillingPeriodRequest& request) {
           return Reopen(periods, context, request);
         });
  api.On("BillingPeriodService/ListMissedPeriods",
         [&](Context&, const v1::ListMissedPeriodsRequest& request) { return ListMissed(periods, tokens, request); });
  api.On("BillingPeriodService/ListBillingPeriods",
         [&](Context&, const v1::ListBillingPeriodsRequest& request) { return ListBillingPeriods(periods, request); });
  ServeComputeSchedule(api);
}

void ServeComputeSchedule(Api& api) {
  api.On("BillingPeriodService/ComputeSchedule",
         [](Context&, const v1::ComputeScheduleRequest& request) { return ComputeSchedule(request); });
}

}  // namespace invoice::rpc
