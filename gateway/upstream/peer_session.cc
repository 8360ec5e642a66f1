#include "gateway/upstream/peer_session.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <new>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

constexpr char kUserAgent[] = "invoice-gateway";
constexpr size_t kMaxFaultBytes = 200;
constexpr size_t kCopiedBytes = 8 * 1024;  // of a body; where more goes out at once it is not copied

std::string_view Text(const uint8_t* bytes, size_t size) { return {reinterpret_cast<const char*>(bytes), size}; }

// Neither is copied: both live as long as the call.
nghttp2_nv Field(std::string_view name, std::string_view value) {
  const auto bytes = [](std::string_view text) {
    return const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(text.data()));
  };
  return {bytes(name), bytes(value), name.size(), value.size(),
          NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE};
}

// What would only push lasting values out of HPACK's table.
bool IsNewEachTime(std::string_view name) { return name == "x-request-id" || name == "idempotency-key"; }

// As gRPC's "Errors" over HTTP/2.
absl::StatusCode CodeOfReset(uint32_t code) {
  switch (code) {
    case NGHTTP2_REFUSED_STREAM:
      return absl::StatusCode::kUnavailable;
    case NGHTTP2_CANCEL:
      return absl::StatusCode::kCancelled;
    case NGHTTP2_ENHANCE_YOUR_CALM:
      return absl::StatusCode::kResourceExhausted;
    default:
      return absl::StatusCode::kInternal;
  }
}

size_t LeftOf(const Rpc& rpc) { return rpc.prefix.size() + rpc.message.size() - rpc.sent; }

ssize_t ReadBody(nghttp2_session* session, int32_t stream, uint8_t*, size_t length, uint32_t* flags,
                 nghttp2_data_source*, void*) {
  const auto* rpc = static_cast<Rpc*>(nghttp2_session_get_stream_user_data(session, stream));
  if (rpc == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  const size_t count = std::min(length, LeftOf(*rpc));
  *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
  if (count == LeftOf(*rpc)) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(count);
}

void AppendBody(Rpc& rpc, size_t length, Output* output) {
  if (rpc.sent < rpc.prefix.size()) {
    const size_t count = std::min(length, rpc.prefix.size() - rpc.sent);
    output->Append({rpc.prefix.data() + rpc.sent, count});
    rpc.sent += count;
    length -= count;
  }
  const std::string_view piece = std::string_view(rpc.message).substr(rpc.sent - rpc.prefix.size(), length);
  if (piece.size() <= kCopiedBytes) {
    output->Append(piece);
  } else {
    output->Refer(piece, rpc.shared_from_this());
  }
  rpc.sent += length;
}

}  // namespace

// What the library calls.
struct PeerCallbacks {
  static PeerSession& Of(void* user) { return *static_cast<PeerSession*>(user); }
  static Rpc* RpcOf(nghttp2_session* session, int32_t stream) {
    return static_cast<Rpc*>(nghttp2_session_get_stream_user_data(session, stream));
  }

  static int OnHeader(nghttp2_session* session, const nghttp2_frame* frame, const uint8_t* name, size_t name_size,
                      const uint8_t* value, size_t value_size, uint8_t, void* user) {
    Rpc* rpc = RpcOf(session, frame->hd.stream_id);
    if (rpc != nullptr && !rpc->headers.Add(Text(name, name_size), Text(value, value_size))) {
      Of(user).Abort(*rpc, {absl::StatusCode::kResourceExhausted, "headers that are too long", ""});
    }
    return 0;
  }

  static int OnData(nghttp2_session* session, uint8_t, int32_t stream, const uint8_t* bytes, size_t size, void* user) {
    nghttp2_session_consume_connection(session, size);
    if (Rpc* rpc = RpcOf(session, stream)) Of(user).OnData(*rpc, Text(bytes, size));
    return 0;
  }

  static int OnFrame(nghttp2_session* session, const nghttp2_frame* frame, void* user) {
    PeerSession& self = Of(user);
    if (frame->hd.type == NGHTTP2_SETTINGS) self.greeted_ = true;
    if (frame->hd.type == NGHTTP2_GOAWAY) {
      self.leaving_ = true;
      self.fault_ = fmt::format("the backend closed the connection with code {}", frame->goaway.error_code);
    }
    const bool of_call = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
    if (!of_call || (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) return 0;
    if (Rpc* rpc = RpcOf(session, frame->hd.stream_id)) self.OnLastWord(*rpc);
    return 0;
  }

  static int OnFrameSent(nghttp2_session* session, const nghttp2_frame* frame, void*) {
    if (frame->hd.type != NGHTTP2_HEADERS) return 0;
    if (Rpc* rpc = RpcOf(session, frame->hd.stream_id)) rpc->begun = true;
    return 0;
  }

  static int OnStreamClose(nghttp2_session* session, int32_t stream, uint32_t code, void* user) {
    if (Rpc* rpc = RpcOf(session, stream)) Of(user).OnStreamClose(*rpc, code);
    return 0;
  }

  static int SendData(nghttp2_session* session, nghttp2_frame* frame, const uint8_t* head, size_t length,
                      nghttp2_data_source*, void* user) {
    Rpc* rpc = RpcOf(session, frame->hd.stream_id);
    if (rpc == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    Of(user).output_->Append(Text(head, 9));
    AppendBody(*rpc, length, Of(user).output_);
    return 0;
  }

  static int OnFault(nghttp2_session*, int, const char* text, size_t size, void* user) {
    Of(user).fault_ = std::string(text, std::min(size, kMaxFaultBytes));
    return 0;
  }

  static const nghttp2_session_callbacks* All() {
    static const nghttp2_session_callbacks* all = [] {
      nghttp2_session_callbacks* callbacks = nullptr;
      if (nghttp2_session_callbacks_new(&callbacks) != 0) throw std::bad_alloc();
      nghttp2_session_callbacks_set_on_header_callback(callbacks, OnHeader);
      nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, OnData);
      nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, OnFrame);
      nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, OnFrameSent);
      nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, OnStreamClose);
      nghttp2_session_callbacks_set_send_data_callback(callbacks, SendData);
      nghttp2_session_callbacks_set_error_callback2(callbacks, OnFault);
      return callbacks;
    }();
    return all;
  }

  // Windows grow by what the calls' owners took, and not by what came in.
  static const nghttp2_option* Options() {
    static const nghttp2_option* options = [] {
      nghttp2_option* made = nullptr;
      if (nghttp2_option_new(&made) != 0) throw std::bad_alloc();
      nghttp2_option_set_no_auto_window_update(made, 1);
      return made;
    }();
    return options;
  }
};

PeerSession::PeerSession(std::string authority, Events& events) : authority_(std::move(authority)), events_(events) {
  if (nghttp2_session_client_new2(&session_, PeerCallbacks::All(), this, PeerCallbacks::Options()) != 0) {
    throw std::bad_alloc();
  }
  const std::array<nghttp2_settings_entry, 3> settings = {
      {{NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
       {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindowBytes},
       {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, kMaxResponseHeaderBytes}}};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, kConnectionWindowBytes);
}

PeerSession::~PeerSession() { nghttp2_session_del(session_); }

int PeerSession::most_calls() const {
  const uint32_t most = nghttp2_session_get_remote_settings(session_, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
  return static_cast<int>(std::min<uint32_t>(most, kMaxCallsOfConnection));
}

bool PeerSession::Start(Rpc& rpc) {
  const std::string timeout = TimeoutText(rpc.deadline - SteadyNanos());
  thread_local std::vector<nghttp2_nv> fields;
  fields.assign({Field(":method", "POST"), Field(":scheme", "http"), Field(":path", rpc.path),
                 Field(":authority", authority_), Field("te", "trailers"), Field("content-type", "application/grpc"),
                 Field("user-agent", kUserAgent), Field("grpc-timeout", timeout)});
  fields.back().flags = NGHTTP2_NV_FLAG_NO_COPY_NAME;
  for (const auto& [name, value] : rpc.metadata) {
    fields.push_back(Field(name, value));
    if (IsNewEachTime(name)) fields.back().flags |= NGHTTP2_NV_FLAG_NO_INDEX;
  }
  const nghttp2_data_provider body = {{}, ReadBody};
  const int32_t stream = nghttp2_submit_request(session_, nullptr, fields.data(), fields.size(), &body, &rpc);
  if (stream < 0) {
    leaving_ = true;
    return false;
  }
  rpc.stream = stream;
  ++calls_;
  return true;
}

// --- The end of a call ---

void PeerSession::Drop(Rpc& rpc) {
  nghttp2_session_set_stream_user_data(session_, rpc.stream, nullptr);
  rpc.stream = 0;
  --calls_;
}

void PeerSession::Forget(Rpc& rpc) {
  if (rpc.stream == 0) return;
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, rpc.stream, NGHTTP2_CANCEL);
  Drop(rpc);
}

void PeerSession::End(Rpc& rpc, GrpcStatus status) {
  Drop(rpc);
  events_.OnEnded(rpc, std::move(status));
}

void PeerSession::Abort(Rpc& rpc, GrpcStatus status) {
  Forget(rpc);
  events_.OnEnded(rpc, std::move(status));
}

void PeerSession::OnLastWord(Rpc& rpc) {
  GrpcStatus status = rpc.headers.Status();
  // A backend that has answered needs no more of the request.
  if (nghttp2_session_get_stream_local_close(session_, rpc.stream) == 0) return Abort(rpc, std::move(status));
  End(rpc, std::move(status));
}

void PeerSession::OnStreamClose(Rpc& rpc, uint32_t code) {
  // A call that was never sent has no code of the backend's: the library closes it where a GOAWAY came before it.
  if (!rpc.begun || (code == NGHTTP2_REFUSED_STREAM && rpc.headers.empty())) {
    Drop(rpc);
    return events_.OnRefused(rpc);
  }
  End(rpc, {CodeOfReset(code), fmt::format("the backend reset the call with code {}", code), ""});
}

void PeerSession::OnData(Rpc& rpc, std::string_view bytes) {
  const bool was_whole = rpc.reader().state() == MessageReader::State::kWhole;
  Release(rpc, rpc.OnData(bytes));
  if (GrpcStatus fault = rpc.fault(); !fault.ok()) return Abort(rpc, std::move(fault));
  if (!was_whole && rpc.reader().state() == MessageReader::State::kWhole) return events_.OnMessage(rpc);
  const size_t missing = rpc.reader().missing();
  if (missing <= kStreamWindowBytes / 2 || rpc.widened || !rpc.Widens()) return;
  rpc.widened = true;
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, rpc.stream,
                                        static_cast<int32_t>(missing + kStreamWindowBytes));
}

void PeerSession::Release(const Rpc& rpc, size_t bytes) {
  if (bytes > 0 && rpc.stream != 0) nghttp2_session_consume_stream(session_, rpc.stream, bytes);
}

void PeerSession::Ping() { nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr); }

// --- Bytes ---

bool PeerSession::Receive(std::string_view bytes) {
  const ssize_t taken =
      nghttp2_session_mem_recv(session_, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  if (taken >= 0) return true;
  if (fault_.empty()) fault_ = nghttp2_strerror(static_cast<int>(taken));
  return false;
}

bool PeerSession::Send(Output* output) {
  output_ = output;
  while (output->size() < kMaxGatheredBytes) {
    const uint8_t* bytes = nullptr;
    const ssize_t count = nghttp2_session_mem_send(session_, &bytes);
    if (count < 0) {
      fault_ = nghttp2_strerror(static_cast<int>(count));
      return false;
    }
    // Bodies were added by SendData().
    if (count == 0) break;
    output->Append(Text(bytes, static_cast<size_t>(count)));
  }
  return !output->empty() || nghttp2_session_want_read(session_) != 0 || nghttp2_session_want_write(session_) != 0;
}

}  // namespace invoice::gateway
