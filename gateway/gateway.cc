#include "gateway/gateway.h"

#include <algorithm>
#include <exception>
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

namespace invoice::gateway {
namespace {

constexpr std::string_view kNoRoute = "unmatched";

// A closed list, for logs and metrics.
std::string_view KnownMethod(std::string_view method) {
  for (const std::string_view known : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    if (known == method) return known;
  }
  return "OTHER";
}

// HEAD is GET without its body; a stream has no length to tell beforehand.
RouteTable::Match FindRoute(const RouteTable& table, const HttpRequest& request) {
  const bool head = request.method == "HEAD";
  RouteTable::Match match = table.Find(head ? "GET" : request.method, request.path);
  if (head && match.route != nullptr && match.route->server_streaming) return {nullptr, {}, {"GET"}};
  return match;
}

std::string AllowOf(const std::vector<std::string>& methods) {
  std::vector<std::string_view> allowed(methods.begin(), methods.end());
  if (std::find(methods.begin(), methods.end(), "GET") != methods.end()) allowed.push_back("HEAD");
  allowed.push_back("OPTIONS");
  return fmt::format("{}", fmt::join(allowed, ", "));
}

google::rpc::Status FaultStatus(const HttpFault& fault) {
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
    : parts_(std::move(parts)), hints_(PathsOf(parts_)), target_(target), metrics_(metrics) {
  pages_["/health"] = [](const std::string&, Responder& responder) { AnswerHealth(responder); };
  pages_["/health/ready"] = [this](const std::string& request_id, Responder& responder) {
    AnswerReadiness(target_.backend, request_id, responder);
  };
  for (const StaticPage& page : parts_.pages) {
    pages_[page.path] = [&page](const std::string&, Responder& responder) {
      responder.Send(200, page.content_type, page.body, page.headers);
    };
  }
}

void Gateway::Handle(Exchange& exchange) {
  const absl::Time start = absl::Now();
  const HttpRequest& request = exchange.request();
  const std::string request_id = RequestIdOf(request);
  const base::ScopedRequestId scope(request_id);
  Headers common = {{"X-Request-Id", request_id}};
  parts_.cors.AddTo(request, &common);
  Responder responder(exchange, std::move(common));
  Answered answered{KnownMethod(request.method), kNoRoute};
  try {
    answered = Answer(request_id, responder);
  } catch (
      const std::exception& fault) {  // the last barrier: Poco, protobuf and gRPC throw where memory or a socket fails
    base::Log(base::Level::kError, "request failed", {{"path", answered.path}, {"detail", fault.what()}});
    if (responder.status() == 0) {
      responder.SendError(
          base::Failure(absl::StatusCode::kInternal, base::Reason::kInternal, "the request could not be handled"));
    }
  }
  const absl::Duration duration = absl::Now() - start;
  Count(answered, responder.status(), duration);
  base::Log(base::Level::kInfo, "request",
            {{"method", answered.method},
             {"path", answered.path},
             {"status", responder.status()},
             {"ms", absl::ToDoubleMilliseconds(duration)}});
}

Gateway::Answered Gateway::Answer(const std::string& request_id, Responder& responder) {
  const HttpRequest& request = responder.request();
  const std::string_view method = KnownMethod(request.method);
  if (request.fault) {
    responder.SendError(FaultStatus(*request.fault), request.fault->status);
    return {method, kNoRoute};
  }
  if (const auto page = pages_.find(request.path); page != pages_.end()) {
    AnswerPage(page->second, request_id, responder);
    return {method, page->first};
  }
  const RouteTable::Match match = FindRoute(parts_.routes->table(), request);
  if (match.route != nullptr) {
    Forward(match, request_id, target_, responder);
    return {method, match.route->path};
  }
  if (match.allowed.empty()) {
    SendNoSuchPath(hints_.Nearest(request.path), responder);
  } else if (request.method == "OPTIONS") {
    AnswerOptions(match.allowed, responder);
  } else {
    SendMethodNotAllowed(match.allowed, responder);
  }
  return {method, kNoRoute};
}

void Gateway::AnswerPage(const Page& page, const std::string& request_id, Responder& responder) {
  const std::string& method = responder.request().method;
  if (method == "OPTIONS") {
    AnswerOptions({"GET"}, responder);
  } else if (method != "GET" && method != "HEAD") {
    SendMethodNotAllowed({"GET"}, responder);
  } else {
    page(request_id, responder);
  }
}

void Gateway::AnswerOptions(const std::vector<std::string>& methods, Responder& responder) {
  const std::string allowed = AllowOf(methods);
  Headers headers = {{"Allow", allowed}};
  if (Cors::IsPreflight(responder.request())) parts_.cors.AddPreflight(responder.request(), allowed, &headers);
  responder.SendEmpty(204, std::move(headers));
}

void Gateway::Count(const Answered& answered, int status, absl::Duration duration) {
  const std::string method(answered.method);
  const std::string path(answered.path);
  metrics_
      .GetCounter("invoice_http_requests_total", "Answered HTTP requests.",
                  {{"method", method}, {"route", path}, {"code", fmt::to_string(status)}})
      .Increment();
  metrics_
      .GetHistogram("invoice_http_request_seconds", "Time from the whole request to the end of the answer.",
                    {{"method", method}, {"route", path}})
      .Observe(duration);
}

}  // namespace invoice::gateway
