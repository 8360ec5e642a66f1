#include "gateway/forward.h"

#include <string>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "base/log.h"
#include "base/status.h"
#include "gateway/call_headers.h"
#include "gateway/forward_stream.h"
#include "gateway/limits.h"
#include "gateway/media_type.h"
#include "gateway/reasons.h"
#include "gateway/transcode/error_reply.h"
#include "gateway/transcode/json_writer.h"
#include "gateway/transcode/raw_body.h"
#include "gateway/transcode/request_reader.h"

namespace invoice::gateway {
namespace {

void ForwardUnary(const Route& route, std::string_view request, Call& call, Responder& responder) {
  std::string response;
  const CallEnd end = call.Unary(request, &response);
  if (!end.log_detail.empty()) {
    base::Log(base::Level::kWarning, "backend failed", {{"rpc", route.rpc}, {"detail", end.log_detail}});
  }
  Headers headers = HeadersOf(end.metadata);
  if (end.status.code() != 0) return responder.SendError(end.status, 0, std::move(headers));
  if (route.raw_body) {
    const absl::StatusOr<RawFileView> file = ReadRawBody(*route.raw_body, response);
    if (!file.ok()) return responder.SendError(file.status());
    headers.emplace_back("Content-Disposition", ContentDisposition(file->name));
    return responder.Send(200, file->content_type, std::string(file->data), std::move(headers));
  }
  std::string json;
  if (const absl::Status written = WriteJson(*route.response, response, &json); !written.ok()) {
    return responder.SendError(written);
  }
  responder.Send(200, "application/json", std::move(json), std::move(headers));
}

}  // namespace

void Forward(const RouteTable::Match& match, const std::string& request_id, const Target& target,
             Responder& responder) {
  const Route& route = *match.route;
  const HttpRequest& http = responder.request();
  if (!http.body.empty() && route.body != Route::Body::kNone && !IsJson(HeaderValue(http.headers, "Content-Type"))) {
    return responder.SendError(MakeRpcStatus(absl::StatusCode::kInvalidArgument, kUnsupportedMediaType,
                                             "the body must be application/json in UTF-8"),
                               415);
  }
  absl::StatusOr<Metadata> metadata = MetadataOf(http, request_id);
  if (!metadata.ok()) return responder.SendError(metadata.status());
  const auto request = ReadRequest(route, {match.variables, http.query, http.body});
  if (!request.ok()) return responder.SendError(request.status());
  Call call(target.backend,
            {route.rpc, *std::move(metadata), route.server_streaming ? target.stream_deadline : target.unary_deadline});
  // The callback must not outlive the call, whichever way it ends.
  const absl::Cleanup forget = [&responder] { responder.exchange().OnClientGone(nullptr, false); };
  const bool endless = route.server_streaming && !route.raw_body;
  responder.exchange().OnClientGone([&call] { call.Cancel(); }, endless);
  if (route.server_streaming) {
    ForwardStream(route, *request, call, responder);
  } else {
    ForwardUnary(route, *request, call, responder);
  }
}

}  // namespace invoice::gateway
