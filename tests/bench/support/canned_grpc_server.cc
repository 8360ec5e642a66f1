// canned_grpc_server: a gRPC server that gives one recorded answer for each method and looks at nothing else, so that
// what is measured is the client before it. One thread, epoll, nghttp2. Usage:
//   canned_grpc_server /package.Service/Method=FILE ...
// FILE holds the serialized message. Listens on a free port of 127.0.0.1, prints a line with "listening" and
// "grpc_port", and serves until it is killed. A method without an answer gets UNIMPLEMENTED.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <nghttp2/nghttp2.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace invoice::bench {
namespace {

constexpr int kBacklog = 256;
constexpr int kEvents = 64;
constexpr size_t kReadBytes = 64 * 1024;
constexpr size_t kWriteBytes = 256 * 1024;  // gathered before they are written
constexpr uint32_t kMaxStreams = 1024;      // of a connection
constexpr size_t kPrefixBytes = 5;          // of a message: not compressed, its length

// By path; the message with its prefix.
using Answers = std::map<std::string, std::string, std::less<>>;

struct Call {
  const std::string* answer = nullptr;
  size_t sent = 0;
};

// What the callbacks of a connection work on.
struct Calls {
  const Answers* answers = nullptr;
  std::unordered_map<int32_t, Call> by_stream;
};

void Check(int result, const char* what) {
  if (result < 0) throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno)));
}

nghttp2_nv Field(std::string_view name, std::string_view value) {
  const auto bytes = [](std::string_view text) {
    return const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(text.data()));  // nghttp2 only reads them
  };
  return {bytes(name), bytes(value), name.size(), value.size(),
          NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE};
}

std::string WithPrefix(const std::string& message) {
  std::string framed(kPrefixBytes, '\0');
  const uint32_t size = htonl(static_cast<uint32_t>(message.size()));
  std::memcpy(framed.data() + 1, &size, sizeof(size));
  return framed + message;
}

// --- What nghttp2 calls
// -----------------------------------------------------------------------------------------------

int OnBegin(nghttp2_session* /*session*/, const nghttp2_frame* frame, void* data) {
  static_cast<Calls*>(data)->by_stream.try_emplace(frame->hd.stream_id);
  return 0;
}

int OnField(nghttp2_session* /*session*/, const nghttp2_frame* frame, const uint8_t* name, size_t name_size,
            const uint8_t* value, size_t value_size, uint8_t /*flags*/, void* data) {
  if (std::string_view(reinterpret_cast<const char*>(name), name_size) != ":path") return 0;
  Calls& calls = *static_cast<Calls*>(data);
  const auto found = calls.answers->find(std::string_view(reinterpret_cast<const char*>(value), value_size));
  if (found != calls.answers->end()) calls.by_stream[frame->hd.stream_id].answer = &found->second;
  return 0;
}

ssize_t ReadAnswer(nghttp2_session* session, int32_t stream, uint8_t* buffer, size_t size, uint32_t* flags,
                   nghttp2_data_source* source, void* /*data*/) {
  Call& call = *static_cast<Call*>(source->ptr);
  const size_t count = call.answer->copy(reinterpret_cast<char*>(buffer), size, call.sent);
  call.sent += count;
  if (call.sent == call.answer->size()) {
    *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
    const nghttp2_nv trailer = Field("grpc-status", "0");
    nghttp2_submit_trailer(session, stream, &trailer, 1);
  }
  return static_cast<ssize_t>(count);
}

int OnFrame(nghttp2_session* session, const nghttp2_frame* frame, void* data) {
  const bool of_request = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
  if (!of_request || (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) return 0;
  Call& call = static_cast<Calls*>(data)->by_stream[frame->hd.stream_id];
  const std::array<nghttp2_nv, 3> fields = {Field(":status", "200"), Field("content-type", "application/grpc"),
                                            Field("grpc-status", "12")};
  if (call.answer == nullptr) {
    return nghttp2_submit_response(session, frame->hd.stream_id, fields.data(), fields.size(), nullptr);
  }
  const nghttp2_data_provider body = {.source = {.ptr = &call}, .read_callback = ReadAnswer};
  return nghttp2_submit_response(session, frame->hd.stream_id, fields.data(), fields.size() - 1, &body);
}

int OnClose(nghttp2_session* /*session*/, int32_t stream, uint32_t /*code*/, void* data) {
  static_cast<Calls*>(data)->by_stream.erase(stream);
  return 0;
}

// --- Connections
// ------------------------------------------------------------------------------------------------------

class Connection {
 public:
  Connection(int socket, const nghttp2_session_callbacks* callbacks, const Answers* answers)
      : socket_(socket), calls_{.answers = answers, .by_stream = {}} {
    nghttp2_session_server_new(&session_, callbacks, &calls_);
    const nghttp2_settings_entry settings = {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, kMaxStreams};
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, &settings, 1);
  }
  ~Connection() {
    nghttp2_session_del(session_);
    ::close(socket_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int socket() const { return socket_; }
  bool HasUnsent() const { return out_at_ < out_.size(); }

  // False where the connection has ended.
  bool Read(uint8_t* buffer, size_t size) {
    const ssize_t count = ::recv(socket_, buffer, size, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    return count > 0 && nghttp2_session_mem_recv(session_, buffer, static_cast<size_t>(count)) == count;
  }

  // Writes all there is, or as much as the socket takes. False where the connection has ended.
  bool Write() {
    while (true) {
      if (!HasUnsent() && !Gather()) return true;
      const ssize_t count = ::send(socket_, out_.data() + out_at_, out_.size() - out_at_, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (count < 0) return errno == EAGAIN || errno == EINTR;
      out_at_ += static_cast<size_t>(count);
    }
  }

 private:
  // False where nothing is left to send.
  bool Gather() {
    out_.clear();
    out_at_ = 0;
    while (out_.size() < kWriteBytes) {
      const uint8_t* frame = nullptr;
      const ssize_t size = nghttp2_session_mem_send(session_, &frame);
      if (size <= 0) break;
      out_.append(reinterpret_cast<const char*>(frame), static_cast<size_t>(size));
    }
    return !out_.empty();
  }

  const int socket_;
  Calls calls_;
  nghttp2_session* session_ = nullptr;
  std::string out_;
  size_t out_at_ = 0;
};

class Server {
 public:
  explicit Server(Answers answers) : answers_(std::move(answers)) {
    nghttp2_session_callbacks_new(&callbacks_);
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks_, OnBegin);
    nghttp2_session_callbacks_set_on_header_callback(callbacks_, OnField);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks_, OnFrame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks_, OnClose);
    Check(epoll_ = ::epoll_create1(0), "epoll");
    Listen();
  }

  [[noreturn]] void Serve() {
    std::array<epoll_event, kEvents> events;
    while (true) {
      const int count = ::epoll_wait(epoll_, events.data(), kEvents, -1);
      for (int i = 0; i < count; ++i) {
        if (events[i].data.ptr == nullptr) {
          Accept();
        } else {
          Serve(*static_cast<Connection*>(events[i].data.ptr));
        }
      }
    }
  }

 private:
  void Listen() {
    sockaddr_in address{.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof(address);
    Check(listener_ = ::socket(AF_INET, SOCK_STREAM, 0), "socket");
    Check(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), "bind");
    Check(::listen(listener_, kBacklog), "listen");
    Check(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
    epoll_event event{.events = EPOLLIN, .data = {.ptr = nullptr}};
    Check(::epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event), "epoll_ctl");
    fmt::print("{{\"message\":\"listening\",\"grpc_port\":{}}}\n", ntohs(address.sin_port));
    std::fflush(stdout);
  }

  void Accept() {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
    if (socket < 0) return;
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    const auto connection = connections_.emplace(socket, std::make_unique<Connection>(socket, callbacks_, &answers_));
    Watch(EPOLL_CTL_ADD, *connection.first->second);
  }

  void Serve(Connection& connection) {
    const bool had_unsent = connection.HasUnsent();
    if (!connection.Read(buffer_.data(), buffer_.size()) || !connection.Write()) {
      connections_.erase(connection.socket());
    } else if (connection.HasUnsent() != had_unsent) {
      Watch(EPOLL_CTL_MOD, connection);
    }
  }

  void Watch(int operation, Connection& connection) const {
    const uint32_t wanted = EPOLLIN | (connection.HasUnsent() ? EPOLLOUT : 0U);
    epoll_event event{.events = wanted, .data = {.ptr = &connection}};
    ::epoll_ctl(epoll_, operation, connection.socket(), &event);
  }

  Answers answers_;
  nghttp2_session_callbacks* callbacks_ = nullptr;
  int epoll_ = -1;
  int listener_ = -1;
  std::map<int, std::unique_ptr<Connection>> connections_;  // by socket
  std::array<uint8_t, kReadBytes> buffer_;
};

Answers ReadAnswers(int argc, char** argv) {
  Answers answers;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const size_t at = argument.find('=');
    std::ifstream file(at == std::string::npos ? argument : argument.substr(at + 1), std::ios::binary);
    if (!file) throw std::runtime_error("usage: canned_grpc_server /package.Service/Method=FILE ...");
    answers[argument.substr(0, at)] =
        WithPrefix({std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()});
  }
  return answers;
}

}  // namespace
}  // namespace invoice::bench

int main(int argc, char** argv) {
  try {
    auto server = std::make_unique<invoice::bench::Server>(invoice::bench::ReadAnswers(argc, argv));
    server->Serve();
  } catch (const std::exception& fault) {
    fmt::print(stderr, "canned_grpc_server: {}\n", fault.what());
    return 1;
  }
}
