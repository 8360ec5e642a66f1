#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/limits.h"
#include "invoice/v1/invoices.pb.h"
#include "rpc/change.h"
#include "rpc/convert.h"
#include "rpc/convert_records.h"
#include "rpc/handlers.h"
#include "rpc/limits.h"
#include "rpc/list.h"

namespace invoice::rpc {
namespace {

absl::StatusOr<v1::ListRunsResponse> ListRuns(app::Runs& runs, const PageTokens& tokens,
                                              const v1::ListRunsRequest& request) {
  ASSIGN_OR_RETURN(const store::PageRequest page, PageOf(tokens, request));
  store::RunFilter filter;
  filter.vendor_id = request.vendor_id();
  filter.mode = KindOf<domain::RunMode>(request.mode());
  filter.state = domain::ParseRunState(NameOf(request.state()));
  ASSIGN_OR_RETURN(const auto found, runs.List(filter, page));
  v1::ListRunsResponse response;
  for (const domain::RunRecord& run : found.records) *response.add_runs() = RunToProto(run);
  SetPage(tokens, request, found, &response);
  return response;
}

absl::StatusOr<v1::ListRunResultsResponse> ListResults(app::Runs& runs, const PageTokens& tokens,
                                                       const v1::ListRunResultsRequest& request) {
  ASSIGN_OR_RETURN(const store::PageRequest page, PageOf(tokens, request));
  const std::optional<domain::RunOutcome> outcome = domain::ParseRunOutcome(NameOf(request.outcome()));
  ASSIGN_OR_RETURN(const auto found, runs.ListResults(request.run_id(), outcome, page));
  v1::ListRunResultsResponse response;
  for (const domain::RunResult& result : found.records) *response.add_results() = RunResultToProto(result);
  SetPage(tokens, request, found, &response);
  return response;
}

// Of PlanRun and CreateRun.
template <typename Request>
app::BatchScope ScopeOf(const Request& request) {
  app::BatchScope scope;
  scope.mode = KindOf<domain::RunMode>(request.mode()).value_or(domain::RunMode::kImported);
  scope.run_date = DateIn(request.run_date()).value_or(absl::CivilDay());
  if (request.has_send_email()) scope.send_email = request.send_email();
  scope.customers.vendor_id = request.vendor_id();
  scope.customers.customer_ids = {request.customer_ids().begin(), request.customer_ids().end()};
  return scope;
}

void AddRunTotals(const std::vector<domain::RunTotal>& totals,
                  google::protobuf::RepeatedPtrField<v1::CurrencyTotal>* to) {
  for (const domain::RunTotal& total : totals) {
    v1::CurrencyTotal* added = to->Add();
    added->set_currency_code(total.currency_code);
    added->set_count(total.count);
    added->set_total(domain::FormatAmount(total.total_minor,
                                          domain::Currency::Find(total.currency_code).value_or(domain::Currency())));
  }
}

v1::PlanRunResponse PlanToProto(const domain::PlanRecord& plan) {
  v1::PlanRunResponse response;
  response.set_plan_hash(plan.hash);
  AddRunTotals(plan.totals, response.mutable_totals());
  response.set_invoiced_count(plan.invoiced_count);
  response.set_skipped_count(plan.skipped_count);
  response.set_held_count(plan.held_count);
  response.set_failed_count(plan.failed_count);
  response.set_email_count(plan.email_count);
  *response.mutable_expire_time() = TimeOf(plan.expires_at);
  if (plan.invoiced_count == 0)
    AddWarnings({{"NOTHING_TO_BILL", "nobody would be invoiced"}}, response.mutable_warnings());
  if (plan.failed_count > 0) {
    AddWarnings({{"CUSTOMERS_FAIL", "some customers could not be invoiced; their items say why"}},
                response.mutable_warnings());
  }
  return response;
}

v1::PlanItem ItemToProto(const domain::PlanItem& item) {
  v1::PlanItem message;
  message.set_outcome(EnumOf<v1::RunResult::Outcome>(domain::Name(item.outcome)));
  message.set_customer_id(item.customer_id);
  message.set_customer_name(item.customer_name);
  message.set_vendor_id(item.vendor_id);
  message.set_reason(item.reason);
  message.set_message(SentenceOf(item.outcome, item.message));
  if (item.period) {
    message.set_period_start(DateText(item.period->first));
    message.set_period_end(DateText(item.period->last));
  }
  if (item.hours) message.set_total_hours(item.hours->ToString());
  message.set_currency_code(item.currency_code);
  const std::optional<domain::Currency> currency = domain::Currency::Find(item.currency_code);
  if (currency && item.total_minor) message.set_total(domain::FormatAmount(*item.total_minor, *currency));
  if (currency && item.previous_total_minor) {
    message.set_previous_total(domain::FormatAmount(*item.previous_total_minor, *currency));
  }
  for (const std::string& difference : item.differences) message.add_differences(difference);
  message.set_send_email(item.send_email);
  return message;
}

absl::StatusOr<v1::ListPlanItemsResponse> ListItems(app::Plans& plans, const PageTokens& tokens,
                                                    const v1::ListPlanItemsRequest& request) {
  ASSIGN_OR_RETURN(const store::PageRequest page, PageOf(tokens, request));
  const std::optional<domain::RunOutcome> outcome = domain::ParseRunOutcome(NameOf(request.outcome()));
  ASSIGN_OR_RETURN(const auto found, plans.ListItems(request.plan_hash(), outcome, page));
  v1::ListPlanItemsResponse response;
  for (const domain::PlanItem& item : found.records) *response.add_items() = ItemToProto(item);
  SetPage(tokens, request, found, &response);
  return response;
}

// Places of watchers: so many of all keys and of each one.
class WatcherPlaces {
 public:
  class Place {
   public:
    Place(WatcherPlaces& places, std::string key) : places_(places), key_(std::move(key)) {}
    ~Place() { places_.Leave(key_); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    WatcherPlaces& places_;
    const std::string key_;
  };

  absl::StatusOr<std::unique_ptr<Place>> Take(const std::string& key) {
    const absl::MutexLock lock(&mutex_);
    const auto of_key = by_key_.find(key);
    const bool key_is_full = of_key != by_key_.end() && of_key->second >= kMaxWatchersOfKey;
    if (count_ >= base::kMaxWatchers || key_is_full) {
      return base::Unavailable(base::Reason::kOverloaded,
                               key_is_full ? "too many runs are watched with this API key at the moment"
                                           : "too many runs are watched at the moment",
                               base::kRetryAfterOverload);
    }
    ++count_;
    ++by_key_[key];
    return std::make_unique<Place>(*this, key);
  }

 private:
  void Leave(const std::string& key) {
    const absl::MutexLock lock(&mutex_);
    --count_;
    if (--by_key_[key] == 0) by_key_.erase(key);
  }

  absl::Mutex mutex_;
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, int> by_key_ ABSL_GUARDED_BY(mutex_);
};

// One watcher, on its place.
class Watch {
 public:
  Watch(std::shared_ptr<WatcherPlaces> places, std::unique_ptr<WatcherPlaces::Place> place,
        std::unique_ptr<app::RunWatches::Watcher> watcher)
      : places_(std::move(places)), place_(std::move(place)), watcher_(std::move(watcher)) {}

  absl::StatusOr<Turn> Next(v1::WatchRunResponse* response) {
    if (watcher_->ended()) return Turn::kEnd;
    ASSIGN_OR_RETURN(const std::optional<domain::RunRecord> run, watcher_->Take());
    if (!run) return Turn::kLater;
    *response->mutable_run() = RunToProto(*run);
    return Turn::kMessage;
  }

 private:
  const std::shared_ptr<WatcherPlaces> places_;
  const std::unique_ptr<WatcherPlaces::Place> place_;
  const std::unique_ptr<app::RunWatches::Watcher> watcher_;
};

absl::StatusOr<Next<v1::WatchRunResponse>> BeginWatch(app::RunWatches& watches,
                                                      const std::shared_ptr<WatcherPlaces>& places,
                                                      const Context& context, const v1::WatchRunRequest& request,
                                                      const Wake& wake) {
  ASSIGN_OR_RETURN(auto place, places->Take(context.call().actor.id));
  const auto watch = std::make_shared<Watch>(places, std::move(place), watches.Watch(request.id(), wake));
  return Next<v1::WatchRunResponse>([watch](v1::WatchRunResponse* response) { return watch->Next(response); });
}

absl::StatusOr<v1::GetRunStatsResponse> Stats(app::Runs& runs, const v1::GetRunStatsRequest& request) {
  ASSIGN_OR_RETURN(const domain::RunStats stats,
                   runs.Stats(request.vendor_id(), DateIn(request.from()), DateIn(request.to())));
  v1::GetRunStatsResponse response;
  for (const auto& [state, count] : stats.states) {
    auto* added = response.add_states();
    added->set_state(EnumOf<v1::Run::State>(domain::Name(state)));
    added->set_count(count);
  }
  AddRunTotals(stats.totals, response.mutable_totals());
  response.set_invoiced_count(stats.invoiced_count);
  response.set_skipped_count(stats.skipped_count);
  response.set_held_count(stats.held_count);
  response.set_failed_count(stats.failed_count);
  return response;
}

absl::StatusOr<v1::ExplainResponse> Explain(app::Runs& runs, const v1::ExplainRequest& request) {
  ASSIGN_OR_RETURN(const app::Explanation explanation, runs.Explain(request.customer_id(), DateIn(request.date())));
  const v1::RunResult result = RunResultToProto(explanation.result);
  v1::ExplainResponse response;
  response.set_outcome(result.outcome());
  response.set_decided(explanation.decided);
  response.set_reason(result.reason());
  response.set_message(result.message());
  *response.mutable_facts() = result.facts();
  response.set_period_start(result.period_start());
  response.set_period_end(result.period_end());
  for (const domain::RunResult& decision : explanation.decisions) {
    *response.add_decisions() = RunResultToProto(decision);
  }
  return response;
}

// Cancel and resume.
template <typename Change>
absl::StatusOr<v1::Run> ChangeRun(Context& context, const Change& change) {
  return Answer<domain::RunRecord>(context, RunToProto, change);
}

}  // namespace

void ServeRuns(Api& api, app::Runs& runs, app::RunWatches& watches, app::Plans& plans, const PageTokens& tokens) {
  api.On("RunService/PlanRun", [&](Context& context, const v1::PlanRunRequest& request) {
    return Answer<domain::PlanRecord>(
        context, PlanToProto, [&](const auto& encode) { return plans.Plan(context.call(), ScopeOf(request), encode); });
  });
  api.On("RunService/ListPlanItems",
         [&](Context&, const v1::ListPlanItemsRequest& request) { return ListItems(plans, tokens, request); });
  api.On("RunService/CreateRun", [&](Context& context, const v1::CreateRunRequest& request) {
    return ChangeRun(context, [&](const auto& encode) {
      return runs.Create(context.call(), ScopeOf(request), request.plan_hash(), encode);
    });
  });
  api.On("RunService/CancelRun", [&](Context& context, const v1::CancelRunRequest& request) {
    return ChangeRun(context, [&](const auto& encode) { return runs.Cancel(context.call(), request.id(), encode); });
  });
  api.On("RunService/ResumeRun", [&](Context& context, const v1::ResumeRunRequest& request) {
    return ChangeRun(context, [&](const auto& encode) { return runs.Resume(context.call(), request.id(), encode); });
  });
  api.On("RunService/WatchRun", [&watches, places = std::make_shared<WatcherPlaces>()](
                                    Context& context, const v1::WatchRunRequest& request, const Wake& wake) {
    return BeginWatch(watches, places, context, request, wake);
  });
  api.On("RunService/GetRunStats",
         [&](Context&, const v1::GetRunStatsRequest& request) { return Stats(runs, request); });
  api.On("InvoiceService/Explain", [&](Context&, const v1::ExplainRequest& request) { return Explain(runs, request); });
  api.On("RunService/GetRun", [&](Context&, const v1::GetRunRequest& request) -> absl::StatusOr<v1::Run> {
    ASSIGN_OR_RETURN(const domain::RunRecord run, runs.Get(request.id()));
    return RunToProto(run);
  });
  api.On("RunService/ListRuns",
         [&](Context&, const v1::ListRunsRequest& request) { return ListRuns(runs, tokens, request); });
  api.On("RunService/ListRunResults",
         [&](Context&, const v1::ListRunResultsRequest& request) { return ListResults(runs, tokens, request); });
}

}  // namespace invoice::rpc
