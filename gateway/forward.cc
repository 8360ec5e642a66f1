#include "gateway/forward.h"

#include <memory>
#include <utility>

#include "base/log.h"
#include "base/reasons.h"
#include "base/secret.h"
#include "base/status.h"
#include "gateway/call_headers.h"
#include "gateway/conditions.h"
#include "gateway/content/entity_tag.h"
#include "gateway/content/header_parts.h"
#include "gateway/content/media_type.h"
#include "gateway/forward_stream.h"
#include "gateway/reasons.h"
#include "gateway/routes/answer_writer.h"
#include "gateway/routes/raw_body.h"
#include "gateway/routes/request_reader.h"
#include "gateway/transcode/error_reply.h"

namespace invoice::gateway {
namespace {

constexpr int kPreconditionFailed = 412;

// A read that shows the same bytes again needs no body.
void SendFile(const RawFileView& file, Headers headers, Responder& responder) {
  std::string body(file.data);
  headers.emplace_back("Content-Disposition", ContentDisposition(file.name));
  headers.emplace_back("ETag", EntityTag(base::Sha256Hex(body), Coding::kIdentity));
  responder.Encode(file.content_type, &body, &headers);
  responder.SendTagged(file.content_type, std::move(body), std::move(headers));
}

// `if_match`: the request named its version by the header.
int HttpStatusFor(const google::rpc::Status& error, bool if_match) {
  return if_match && HasReason(error, base::ReasonName(base::Reason::kStaleEtag)) ? kPreconditionFailed : 0;
}

void SendAnswer(const Route& route, bool if_match, const CallEnd& end, const MessagePtr& message,
                Responder& responder) {
  if (!end.log_detail.empty()) {
    base::Log(base::Level::kWarning, "backend failed", {{"rpc", route.rpc}, {"detail", end.log_detail}});
  }
  Headers headers = HeadersOf(end.metadata);
  if (end.status.code() != 0) {
    return responder.SendError(end.status, HttpStatusFor(end.status, if_match), std::move(headers));
  }
  if (route.raw_body) {
    const absl::StatusOr<RawFileView> file = ReadRawBody(*route.raw_body, message->view());
    if (!file.ok()) return responder.SendError(file.status());
    return SendFile(*file, std::move(headers), responder);
  }
  std::string json;
  if (const absl::Status written = WriteAnswer(route, message->view(), &json); !written.ok()) {
    return responder.SendError(written);
  }
  std::string tag = EntityTag(EtagOf(route, message->view()), Coding::kIdentity);
  if (!tag.empty()) headers.emplace_back("ETag", std::move(tag));
  responder.Send(200, "application/json", std::move(json), std::move(headers));
}

void ForwardUnary(const Route& route, CallOptions options, std::string request, bool if_match, Backend& backend,
                  const ResponderPtr& responder) {
  const auto done = [&route, if_match, responder](CallEnd end, MessagePtr message) {
    responder->Post([&route, if_match, to = responder.get(), end = std::move(end), message = std::move(message)] {
      SendAnswer(route, if_match, end, message, *to);
    });
  };
  const std::shared_ptr<Call> call = backend.Unary(std::move(options), std::move(request), done);
  responder->exchange().OnClientGone([call] { call->Cancel(); }, /*endless=*/false);
}

// False where the body is in a form that is not understood; that was answered.
bool UnderstandsBody(const Route& route, Responder& responder) {
  const HttpRequest& http = responder.request();
  if (http.body.empty()) return true;
  for (const std::string_view coding : HeaderValues(http.headers, "Content-Encoding")) {
    if (coding.empty() || SameName(coding, "identity")) continue;
    responder.SendError(MakeRpcStatus(absl::StatusCode::kInvalidArgument, kUnsupportedMediaType,
                                      "the body must not be in a Content-Encoding"),
                        415, {{"Accept-Encoding", "identity"}});
    return false;
  }
  if (route.body == Route::Body::kNone || IsJson(HeaderValue(http.headers, "Content-Type"))) return true;
  responder.SendError(MakeRpcStatus(absl::StatusCode::kInvalidArgument, kUnsupportedMediaType,
                                    "the body must be application/json in UTF-8"),
                      415);
  return false;
}

}  // namespace

void Forward(const RouteTable::Match& match, const Credentials& credentials, const Target& target,
             const ResponderPtr& responder) {
  const Route& route = *match.route;
  const HttpRequest& http = responder->request();
  absl::StatusOr<Metadata> metadata = MetadataOf(http, responder->request_id());
  if (!metadata.ok()) return responder->SendError(metadata.status());
  // Without a credential no body is parsed.
  if (const absl::Status known = credentials.Check(route, http); !known.ok()) return responder->SendError(known);
  if (!UnderstandsBody(route, *responder)) return;
  const absl::StatusOr<Conditions> conditions = ReadConditions(route, http);
  if (!conditions.ok()) return responder->SendError(conditions.status());
  const bool if_match = !conditions->etag.empty();
  absl::StatusOr<std::string> request =
      ReadRequest(route, {match.variables, http.query, http.body, conditions->etag, conditions->last_event_id});
  if (!request.ok()) return responder->SendError(request.status());
  responder->exchange().DropBody();
  CallOptions options{route.rpc, *std::move(metadata),
                      route.server_streaming ? target.stream_deadline : target.unary_deadline};
  if (route.server_streaming) {
    ForwardStream(route, std::move(options), *std::move(request), target.backend, responder);
  } else {
    ForwardUnary(route, std::move(options), *std::move(request), if_match, target.backend, responder);
  }
}

}  // namespace invoice::gateway
