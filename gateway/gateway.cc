#include "gateway/gateway.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "base/log.h"
#include "base/reasons.h"
#include "base/status.h"
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "gateway/call_headers.h"
#include "gateway/health.h"
#include "gateway/reasons.h"
#include "gateway/transcode/error_reply.h"
#include "gateway/upstream/call_status.h"

namespace invoice::gateway {
namespace {

// A closed list, for logs and metrics.
std::string_view KnownMethod(std::string_view method) {
  for (const std::string_view known : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    if (known == method) return known;
  }
  return "OTHER";
}

// A stream has no length to tell beforehand, so it has no HEAD.
RouteTable::Match FindRoute(const RouteTable& table, const HttpRequest& request) {
  RouteTable::Match match = table.Find(request.method, request.path);
  const bool stream = match.route != nullptr && match.route->server_streaming;
  if (request.method == "HEAD" && stream) return {nullptr, {}, {"GET"}};
  return match;
}

std::string AllowOf(const std::vector<std::string>& methods) {
  const auto has = [&](std::string_view method) {
    return std::find(methods.begin(), methods.end(), method) != methods.end();
  };
  std::vector<std::string_view> allowed(methods.begin(), methods.end());
  if (has("GET") && !has("HEAD")) allowed.push_back("HEAD");
  allowed.push_back("OPTIONS");
  return fmt::format("{}", fmt::join(allowed, ", "));
}

google::rpc::Status FaultStatus(const HttpFault& fault) {
  if (fault.status == 503) return OverloadedStatus();
  return MakeRpcStatus(absl::StatusCode::kInvalidArgument, fault.status == 413 ? kBodyTooLarge : kMalformedRequest,
                       fault.message);
}

void SendMethodNotAllowed(const std::vector<std::string>& methods, Responder& responder) {
  responder.SendError(
      MakeRpcStatus(absl::StatusCode::kUnimplemented, kMethodNotAllowed, "the path does not have this method"), 405,
      {{"Allow", AllowOf(methods)}});
}

void SendNoSuchPath(const std::optional<std::string>& nearest, Responder& responder) {
  if (!nearest) {
    return responder.SendError(
        base::Failure(absl::StatusCode::kNotFound, base::Reason::kNotFound,
                      "there is nothing at this path; GET /api names where the API is described"));
  }
  responder.SendError(base::Failure(absl::StatusCode::kNotFound, base::Reason::kNotFound,
                                    fmt::format("there is nothing at this path; did you mean {}?", *nearest),
                                    {{"nearest", *nearest}}));
}

// All paths that may be meant, without those that end with a slash.
std::vector<std::string> PathsOf(const Gateway::Parts& parts) {
  std::vector<std::string> paths = {"/health", "/health/ready"};
  for (const auto& route : parts.routes->all()) paths.push_back(route->path);
  for (const StaticPage& page : parts.pages) {
    if (!page.path.ends_with('/')) paths.push_back(page.path);
  }
  return paths;
}

}  // namespace

Gateway::Gateway(Parts parts, Target target, base::Metrics& metrics)
    : parts_(std::move(parts)),
      hints_(PathsOf(parts_)),
      credentials_(*parts_.routes),
      target_(target),
      metrics_(metrics) {
  pages_["/health"] = [](const ResponderPtr& responder) { AnswerHealth(*responder); };
  pages_["/health/ready"] = [this](const ResponderPtr& responder) { AnswerReadiness(target_.backend, responder); };
  for (const StaticPage& page : parts_.pages) {
    pages_[page.path] = [prepared = std::make_shared<const PreparedPage>(page)](const ResponderPtr& responder) {
      prepared->Answer(*responder);
    };
  }
}

void Gateway::Handle(std::shared_ptr<Exchange> exchange) {
  const HttpRequest& request = exchange->request();
  std::string request_id = RequestIdOf(request);
  Headers common = {{"X-Request-Id", request_id}};
  parts_.cors.AddTo(request, &common);
  const auto responder = std::make_shared<Responder>(
      std::move(exchange), std::move(common), std::move(request_id),
      [this, start = absl::Now()](const Responder& done) { Report(done, absl::Now() - start); });
  responder->Run([&] { Answer(responder); });
}

void Gateway::Answer(const ResponderPtr& responder) {
  const HttpRequest& request = responder->request();
  if (request.fault) return responder->SendError(FaultStatus(*request.fault), request.fault->status);
  if (const auto page = pages_.find(request.path); page != pages_.end()) {
    responder->set_path(page->first);
    return AnswerPage(page->second, responder);
  }
  const RouteTable::Match match = FindRoute(parts_.routes->table(), request);
  if (match.route != nullptr) {
    responder->set_path(match.route->path);
    Forward(match, credentials_, target_, responder);
  } else if (match.allowed.empty()) {
    SendNoSuchPath(hints_.Nearest(request.path), *responder);
  } else if (request.method == "OPTIONS") {
    AnswerOptions(match.allowed, *responder);
  } else {
    SendMethodNotAllowed(match.allowed, *responder);
  }
}

void Gateway::AnswerPage(const Page& page, const ResponderPtr& responder) {
  const std::string& method = responder->request().method;
  if (method == "OPTIONS") {
    AnswerOptions({"GET"}, *responder);
  } else if (method != "GET" && method != "HEAD") {
    SendMethodNotAllowed({"GET"}, *responder);
  } else {
    page(responder);
  }
}

void Gateway::AnswerOptions(const std::vector<std::string>& methods, Responder& responder) {
  const std::string allowed = AllowOf(methods);
  Headers headers = {{"Allow", allowed}};
  if (Cors::IsPreflight(responder.request())) parts_.cors.AddPreflight(responder.request(), allowed, &headers);
  responder.SendEmpty(204, std::move(headers));
}

void Gateway::Report(const Responder& responder, absl::Duration duration) {
  const std::string_view method = KnownMethod(responder.request().method);
  metrics_.Count(method, responder.path(), responder.status(), duration);
  base::Log(base::Level::kInfo, "request",
            {{"method", method},
             {"path", responder.path()},
             {"status", responder.status()},
             {"ms", absl::ToDoubleMilliseconds(duration)}});
}

}  // namespace invoice::gateway
