#include "raw_peer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <nghttp2/nghttp2.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace invoice::gateway {
namespace {

constexpr size_t kFrameHeadBytes = 9;
constexpr size_t kPrefaceBytes = 24;

std::string HpackText(std::string_view text) {
  std::string coded;
  if (text.size() < 127) {
    coded += static_cast<char>(text.size());
  } else {
    coded += static_cast<char>(127);
    size_t rest = text.size() - 127;
    for (; rest >= 128; rest /= 128) coded += static_cast<char>(rest % 128 + 128);
    coded += static_cast<char>(rest);
  }
  return coded.append(text);
}

}  // namespace

std::string Number32(uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

std::string FrameBytes(uint8_t type, uint8_t flags, uint32_t stream, std::string_view payload) {
  std::string bytes = Number32(static_cast<uint32_t>(payload.size())).substr(1);
  bytes += static_cast<char>(type);
  bytes += static_cast<char>(flags);
  return (bytes + Number32(stream)).append(payload);
}

std::string HeaderBlock(const FieldList& fields) {
  std::string block;
  for (const auto& [name, value] : fields) block += std::string(1, '\0') + HpackText(name) + HpackText(value);
  return block;
}

std::string HeadersBytes(uint32_t stream, const FieldList& fields, bool end) {
  return FrameBytes(kHeadersFrame, static_cast<uint8_t>(kEndHeaders | (end ? kEndStream : 0)), stream,
                    HeaderBlock(fields));
}

std::string Prefixed(std::string_view message, char flag) {
  return (std::string(1, flag) + Number32(static_cast<uint32_t>(message.size()))).append(message);
}

RawConnection::RawConnection(int socket, int number) : socket_(socket), number_(number) {
  const timeval wait{10, 0};
  const int one = 1;
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  nghttp2_hd_inflate_new(&inflater_);
}

RawConnection::~RawConnection() { nghttp2_hd_inflate_del(inflater_); }

void RawConnection::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(count));
  }
}

void RawConnection::SendSlowly(std::string_view bytes) {
  for (const char& byte : bytes) Send({&byte, 1});
}

void RawConnection::Settle() {
  Send(FrameBytes(kPingFrame, 0, 0, "settled?"));
  ReadUntil(kPingFrame);
}

void RawConnection::Greet(const std::vector<std::pair<uint16_t, uint32_t>>& settings) {
  std::string payload;
  for (const auto& [name, value] : settings) payload += Number32(name).substr(2) + Number32(value);
  Send(FrameBytes(kSettingsFrame, 0, 0, payload));
}

bool RawConnection::ReadBytes(size_t count, std::string* bytes) {
  bytes->resize(count);
  for (size_t done = 0; done < count;) {
    const ssize_t got = recv(socket_, bytes->data() + done, count - done, 0);
    if (got <= 0) return false;
    done += static_cast<size_t>(got);
  }
  return true;
}

std::optional<RawFrame> RawConnection::Read() {
  std::string bytes;
  if (!std::exchange(preface_read_, true) && !ReadBytes(kPrefaceBytes, &bytes)) return std::nullopt;
  for (;;) {
    if (!ReadBytes(kFrameHeadBytes, &bytes)) return std::nullopt;
    const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(bytes[i])); };
    RawFrame frame{static_cast<uint8_t>(byte(3)), static_cast<uint8_t>(byte(4)),
                   byte(5) << 24 | byte(6) << 16 | byte(7) << 8 | byte(8), ""};
    if (!ReadBytes(byte(0) << 16 | byte(1) << 8 | byte(2), &frame.payload)) return std::nullopt;
    if (frame.type == kSettingsFrame && (frame.flags & kAck) != 0) continue;
    if (frame.type == kSettingsFrame) Send(FrameBytes(kSettingsFrame, kAck, 0, ""));
    if (frame.type == kHeadersFrame) ReadFields(frame.payload);
    return frame;
  }
}

std::optional<RawFrame> RawConnection::ReadUntil(uint8_t type) {
  for (;;) {
    std::optional<RawFrame> frame = Read();
    if (!frame || frame->type == type) return frame;
  }
}

void RawConnection::ReadFields(const std::string& block) {
  fields_.clear();
  body_.clear();
  const auto* bytes = reinterpret_cast<const uint8_t*>(block.data());
  size_t left = block.size();
  for (;;) {
    nghttp2_nv field;
    int flags = 0;
    const ssize_t taken = nghttp2_hd_inflate_hd2(inflater_, &field, &flags, bytes, left, 1);
    if (taken < 0) throw std::runtime_error("headers that cannot be read");
    bytes += taken;
    left -= static_cast<size_t>(taken);
    if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0) {
      fields_[std::string(reinterpret_cast<char*>(field.name), field.namelen)] =
          std::string(reinterpret_cast<char*>(field.value), field.valuelen);
    }
    if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0) break;
  }
  nghttp2_hd_inflate_end_headers(inflater_);
}

uint32_t RawConnection::ReadRequest() {
  for (;;) {
    const std::optional<RawFrame> frame = Read();
    if (!frame) return 0;
    if (frame->type == kDataFrame) body_ += frame->payload;
    const bool of_request = frame->type == kDataFrame || frame->type == kHeadersFrame;
    if (of_request && (frame->flags & kEndStream) != 0) return frame->stream;
  }
}

void RawConnection::Answer(uint32_t stream, std::string_view message) {
  Send(HeadersBytes(stream, {{":status", "200"}, {"content-type", "application/grpc"}}, false) +
       FrameBytes(kDataFrame, 0, stream, Prefixed(message)) + HeadersBytes(stream, {{"grpc-status", "0"}}, true));
}

void RawConnection::Fail(uint32_t stream, int status, const FieldList& further) {
  FieldList fields = {
      {":status", "200"}, {"content-type", "application/grpc"}, {"grpc-status", std::to_string(status)}};
  fields.insert(fields.end(), further.begin(), further.end());
  Send(HeadersBytes(stream, fields, true));
}

void RawConnection::Reset(uint32_t stream, uint32_t code) { Send(FrameBytes(kResetFrame, 0, stream, Number32(code))); }

void RawConnection::Goaway(uint32_t last_stream) {
  Send(FrameBytes(kGoawayFrame, 0, 0, Number32(last_stream) + Number32(0)));
}

RawPeer::RawPeer(Script script) : script_(std::move(script)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 64) != 0) {
    throw std::runtime_error("cannot listen");
  }
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

RawPeer::~RawPeer() {
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
  std::vector<std::thread> threads;
  {
    absl::MutexLock lock(&mutex_);
    for (const int each : sockets_) shutdown(each, SHUT_RDWR);
    threads.swap(threads_);
  }
  for (std::thread& thread : threads) thread.join();
  absl::MutexLock lock(&mutex_);
  for (const int each : sockets_) close(each);
}

void RawPeer::Accept() {
  for (;;) {
    const int accepted = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (accepted < 0) return;
    absl::MutexLock lock(&mutex_);
    sockets_.push_back(accepted);
    threads_.emplace_back([this, accepted, number = accepted_++] {
      RawConnection connection(accepted, number);
      script_(connection);
      shutdown(accepted, SHUT_RDWR);
    });
  }
}

}  // namespace invoice::gateway
