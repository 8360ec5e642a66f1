#include "app/dashboard.h"

#include "domain/money.h"
#include "invoice/v1/dashboard.pb.h"
#include "rpc/activity.h"
#include "rpc/convert.h"
#include "rpc/handlers.h"
#include "rpc/list.h"

namespace invoice::rpc {
namespace {

std::string AmountText(int64_t amount_minor, const std::string& currency_code) {
  return domain::FormatAmount(amount_minor, domain::Currency::Find(currency_code).value());
}

void AddSums(const std::vector<store::CurrencySum>& sums,
             google::protobuf::RepeatedPtrField<v1::CurrencyTotal>* totals) {
  for (const store::CurrencySum& sum : sums) {
    v1::CurrencyTotal& total = *totals->Add();
    total.set_currency_code(sum.currency_code);
    total.set_count(static_cast<int32_t>(sum.count));
    total.set_total(AmountText(sum.amount_minor, sum.currency_code));
  }
}

absl::StatusOr<v1::GetStatsResponse> GetStats(app::Dashboard& dashboard, const v1::GetStatsRequest& request) {
  ASSIGN_OR_RETURN(const app::DashboardStats stats, dashboard.GetStats(request.vendor_id()));
  v1::GetStatsResponse response;
  response.set_active_customer_count(static_cast<int32_t>(stats.counts.active_customers));
  response.set_scheduled_customer_count(static_cast<int32_t>(stats.counts.scheduled_customers));
  response.set_draft_count(static_cast<int32_t>(stats.totals.draft_count));
  AddSums(stats.totals.open, response.mutable_open());
  AddSums(stats.totals.overdue, response.mutable_overdue());
  AddSums(stats.totals.issued, response.mutable_issued_this_month());
  AddSums(stats.totals.paid, response.mutable_paid_this_month());
  response.set_email_problem_count(static_cast<int32_t>(stats.counts.email_problems));
  response.set_missed_period_count(static_cast<int32_t>(stats.counts.missed_periods));
  *response.mutable_as_of_time() = TimeOf(stats.as_of);
  return response;
}

v1::ListUpcomingResponse::Upcoming UpcomingToProto(const app::Upcoming& upcoming) {
  v1::ListUpcomingResponse::Upcoming message;
  message.set_customer_id(upcoming.customer_id);
  message.set_customer_name(upcoming.customer_name);
  message.set_due_date(DateText(upcoming.due_date));
  if (upcoming.period) {
    message.set_period_start(DateText(upcoming.period->first));
    message.set_period_end(DateText(upcoming.period->last));
  }
  message.set_currency_code(upcoming.currency_code);
  if (upcoming.estimated_total_minor) {
    message.set_estimated_total(AmountText(*upcoming.estimated_total_minor, upcoming.currency_code));
  }
  message.set_send_email(upcoming.send_email);
  return message;
}

absl::StatusOr<v1::ListUpcomingResponse> ListUpcoming(app::Dashboard& dashboard, const PageTokens& tokens,
                                                      const v1::ListUpcomingRequest& request) {
  ASSIGN_OR_RETURN(const store::PageRequest page, PageOf(tokens, request));
  ASSIGN_OR_RETURN(const auto found, dashboard.ListUpcoming(request.vendor_id(), page));
  v1::ListUpcomingResponse response;
  for (const app::Upcoming& upcoming : found.records) *response.add_upcoming() = UpcomingToProto(upcoming);
  SetPage(tokens, request, found, &response);
  return response;
}

absl::StatusOr<v1::ListActivityResponse> ListActivity(app::Dashboard& dashboard, const PageTokens& tokens,
                                                      const v1::ListActivityRequest& request) {
  ASSIGN_OR_RETURN(const store::PageRequest page, PageOf(tokens, request));
  ASSIGN_OR_RETURN(const auto found, dashboard.ListActivity(request.vendor_id(), page));
  v1::ListActivityResponse response;
  for (const store::ActivityRecord& record : found.records) *response.add_activities() = ActivityToProto(record);
  response.set_next_page_token(tokens.Seal(request, found.next));
  return response;
}

absl::StatusOr<v1::GetRevenueResponse> GetRevenue(app::Dashboard& dashboard, const v1::GetRevenueRequest& request) {
  const int months = request.has_months() ? request.months() : base::kDefaultRevenueMonths;
  ASSIGN_OR_RETURN(const auto sums, dashboard.GetRevenue(request.vendor_id(), months));
  v1::GetRevenueResponse response;
  for (const store::MonthSum& sum : sums) {
    v1::GetRevenueResponse::MonthRevenue& month = *response.add_months();
    month.set_month(DateText(sum.month));
    month.set_currency_code(sum.currency_code);
    month.set_issued(AmountText(sum.issued_minor, sum.currency_code));
    month.set_paid(AmountText(sum.paid_minor, sum.currency_code));
    month.set_count(static_cast<int32_t>(sum.count));
  }
  return response;
}

}  // namespace

void ServeDashboard(Api& api, app::Dashboard& dashboard, const PageTokens& tokens) {
  api.On("DashboardService/GetStats",
         [&](Context&, const v1::GetStatsRequest& request) { return GetStats(dashboard, request); });
  api.On("DashboardService/ListUpcoming",
         [&](Context&, const v1::ListUpcomingRequest& request) { return ListUpcoming(dashboard, tokens, request); });
  api.On("DashboardService/ListActivity",
         [&](Context&, const v1::ListActivityRequest& request) { return ListActivity(dashboard, tokens, request); });
  api.On("DashboardService/GetRevenue",
         [&](Context&, const v1::GetRevenueRequest& request) { return GetRevenue(dashboard, request); });
}

}  // namespace invoice::rpc
