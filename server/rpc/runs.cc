#include "rpc/convert.h"
#include "rpc/convert_records.h"
#include "rpc/handlers.h"
#include "rpc/list.h"

namespace invoice::rpc {
namespace {

absl::StatusOr<v1::ListRunsResponse> List(app::Runs& runs, const PageTokens& tokens,
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

}  // namespace

void ServeRuns(Api& api, app::Runs& runs, const PageTokens& tokens) {
  api.On("RunService/GetRun", [&](Context&, const v1::GetRunRequest& request) -> absl::StatusOr<v1::Run> {
    ASSIGN_OR_RETURN(const domain::RunRecord run, runs.Get(request.id()));
    return RunToProto(run);
  });
  api.On("RunService/ListRuns",
         [&](Context&, const v1::ListRunsRequest& request) { return List(runs, tokens, request); });
  api.On("RunService/ListRunResults",
         [&](Context&, const v1::ListRunResultsRequest& request) { return ListResults(runs, tokens, request); });
}

}  // namespace invoice::rpc
