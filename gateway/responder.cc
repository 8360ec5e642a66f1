#include "gateway/responder.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <iterator>
#include <optional>
#include <utility>

#include "base/log.h"
#include "base/status.h"
#include "fmt/format.h"
#include "gateway/content/compress.h"
#include "gateway/content/content_coding.h"
#include "gateway/content/entity_tag.h"
#include "gateway/limits.h"
#include "gateway/transcode/error_reply.h"

namespace invoice::gateway {

namespace {

// Answers are data for programs: never kept, never shown as a page, never guessed at. A page says otherwise by itself.
constexpr std::pair<std::string_view, std::string_view> kUsual[] = {
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
};

// All of them, as they go over the wire.
std::string_view UsualHeaders() {
  static const std::string* text = [] {
    auto* made = new std::string;
    for (const auto& [name, value] : kUsual) fmt::format_to(std::back_inserter(*made), "{}: {}\r\n", name, value);
    return made;
  }();
  return *text;
}

}  // namespace

Responder::~Responder() { Report(); }

void Responder::Report() {
  if (!answered_) return;
  Answered answered = std::exchange(answered_, nullptr);
  const base::ScopedRequestId scope(request_id_);
  answered(*this);
}

void Responder::Run(absl::AnyInvocable<void()> work) {
  const base::ScopedRequestId scope(request_id_);
  try {
    work();
  } catch (const std::exception& fault) {  // the last barrier: protobuf and gRPC throw where memory or a socket fails
    base::Log(base::Level::kError, "request failed", {{"path", path_}, {"detail", fault.what()}});
    if (status_ == 0) {
      SendError(
          base::Failure(absl::StatusCode::kInternal, base::Reason::kInternal, "the request could not be handled"));
    }
  }
}

void Responder::Post(absl::AnyInvocable<void()> work) {
  exchange_->Post([self = shared_from_this(), work = std::move(work)]() mutable { self->Run(std::move(work)); });
}

HttpResponse Responder::Head(int status, std::string_view content_type, Headers further) {
  status_ = status;
  HttpResponse response{status, {}, {}};
  response.headers.reserve(common_.size() + 1 + further.size());
  response.headers.insert(response.headers.end(), common_.begin(), common_.end());
  if (!content_type.empty()) response.headers.emplace_back("Content-Type", content_type);
  const bool usual = std::none_of(std::begin(kUsual), std::end(kUsual), [&](const auto& header) {
    return std::any_of(further.begin(), further.end(), [&](const auto& own) { return own.first == header.first; });
  });
  if (usual) response.fixed_headers = UsualHeaders();
  for (const auto& [name, value] : kUsual) {
    if (!usual && HeaderValues(further, name).empty()) response.headers.emplace_back(name, value);
  }
  for (auto& header : further) response.headers.push_back(std::move(header));
  return response;
}

void Responder::Encode(std::string_view content_type, std::string* body, Headers* further) const {
  if (!IsCompressible(content_type)) return;
  const CodingChoice choice = ChooseCoding(HeaderValues(request().headers, "Accept-Encoding"));
  if (body->size() < kMinCompressedBytes && !choice.identity_refused) return;
  further->emplace_back("Vary", "Accept-Encoding");
  if (body->size() > kMaxCompressedBytes) return;
  std::optional<std::string> smaller = Compress(choice.coding, Effort::kFast, *body);
  if (!smaller) return;
  *body = *std::move(smaller);
  for (auto& [name, value] : *further) {
    if (name == "ETag") value = EntityTagIn(choice.coding, value);
  }
  further->emplace_back("Content-Encoding", NameOf(choice.coding));
}

void Responder::Send(int status, std::string_view content_type, std::string body, Headers further) {
  Encode(content_type, &body, &further);
  SendWhole(status, content_type, std::move(body), std::move(further));
}

void Responder::SendTagged(std::string_view content_type, std::string body, Headers further) {
  const bool read = request().method == "GET" || request().method == "HEAD";
  if (!read || !Names(HeaderValues(request().headers, "If-None-Match"), HeaderValue(further, "ETag"))) {
    return SendWhole(200, content_type, std::move(body), std::move(further));
  }
  // Of the body alone: a policy such as Content-Security-Policy stays, because caches take it over.
  std::erase_if(further, [](const auto& header) {
    return header.first == "Content-Encoding" || header.first == "Content-Disposition";
  });
  SendEmpty(304, std::move(further));
}

void Responder::SendWhole(int status, std::string_view content_type, std::string body, Headers further) {
  HttpResponse response = Head(status, content_type, std::move(further));
  response.body = std::move(body);
  Report();
  exchange_->Send(std::move(response));
}

void Responder::SendEmpty(int status, Headers further) {
  HttpResponse response = Head(status, "", std::move(further));
  Report();
  exchange_->Send(std::move(response));
}

void Responder::SendError(const google::rpc::Status& error, int http_status, Headers further) {
  ErrorReply reply = MakeErrorReply(error, http_status);
  if (reply.retry_after) {
    // Whole seconds, and never before the time.
    const double seconds = std::max(1.0, std::ceil(absl::ToDoubleSeconds(*reply.retry_after)));
    further.emplace_back("Retry-After", fmt::format("{:.0f}", seconds));
  }
  if (reply.http_status == 401) further.emplace_back("WWW-Authenticate", "Bearer");
  Send(reply.http_status, "application/json", std::move(reply.body), std::move(further));
}

void Responder::SendError(const absl::Status& error) { SendError(ToRpcStatus(error)); }

void Responder::StartStream(std::string_view content_type, Headers further) {
  exchange_->StartStream(Head(200, content_type, std::move(further)));
}

void Responder::Write(std::string piece, absl::AnyInvocable<void(bool)> written) {
  exchange_->Write(std::move(piece), std::move(written));
}

void Responder::EndStream() {
  Report();
  exchange_->EndStream();
}

}  // namespace invoice::gateway
