// One connection of a client: reads its requests one after another, gives each to the handler, and writes the answers.
// Nothing in it waits. All of it runs on the thread of the connection's loop, but for what Seat and Post() say.
#pragma once

#include <utility>
// Asio needs <utility> before itself.
#include <algorithm>
#include <atomic>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "gateway/http/connection_table.h"
#include "gateway/http/exchange.h"
#include "gateway/http/read_buffer.h"
#include "gateway/http/request_parser.h"
#include "gateway/http/response_head.h"
#include "gateway/http/server.h"
#include "gateway/io/io_threads.h"

namespace invoice::gateway {

// What all connections of a server share. Lives as long as the last of them.
struct ServerCore {
  ServerCore(ServerOptions given, HttpHandler handler)
      : io(given.io != nullptr ? given.io : std::make_shared<IoThreads>()),
        options(std::move(given)),
        handler(std::move(handler)),
        loads(static_cast<size_t>(io->count())),
        table({options.max_connections, options.max_connections_of_address, options.max_buffered_bytes}) {}

  // The loop with the fewest connections.
  int LeastLoaded() const {
    const auto least = std::min_element(loads.begin(), loads.end(), [](const auto& a, const auto& b) { return a < b; });
    return static_cast<int>(least - loads.begin());
  }

  const std::shared_ptr<IoThreads> io;
  const ServerOptions options;
  const HttpHandler handler;
  std::vector<std::atomic<int>> loads;  // connections of each loop
  ConnectionTable table;
  std::atomic<bool> stopping = false;
};

class Connection final : public Seat, public std::enable_shared_from_this<Connection> {
 public:
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, IoThreads::Executor>;

  // `loop` is the one that the socket belongs to.
  Connection(Socket socket, int loop, std::string peer, bool exempt, std::shared_ptr<ServerCore> core);
  ~Connection() override;

  void Start();
  void Post(absl::AnyInvocable<void()> work);

  void Evict() override;
  void Late() override;
  void BeginStop() override;
  void EndNow() override;

 private:
  friend class ConnectionExchange;

  // A piece of an answer: its parts go out one behind the other.
  struct Piece {
    std::string parts[3];
    absl::AnyInvocable<void(bool)> written;
    size_t size() const { return parts[0].size() + parts[1].size() + parts[2].size(); }
  };

  // The request that the handler has, and its answer.
  struct Running {
    bool keep = false;  // the connection, after the answer
    bool http_1_1 = true;
    bool head_only = false;  // of the method HEAD
    bool started = false;
    bool chunked = false;
    bool ended = false;   // nothing is added any more
    bool broken = false;  // it ended too early
    bool endless = false;
    size_t held = 0;  // bytes of the request's body
    absl::AnyInvocable<void()> gone;
  };

  // Reading.
  void Read();
  void OnRead(boost::system::error_code fault, size_t count);
  void OnEnd();  // the client sends no more
  void Advance();
  bool TakeInput();
  void BeginRequest();
  void WaitForBody();
  void Dispatch();
  std::shared_ptr<Exchange> NewExchange(HttpRequest request);
  void Fire();  // tells the handler that its client is gone

  // Answering; called by the exchange.
  void Send(HttpResponse response);
  void StartStream(const HttpResponse& response);
  void Write(std::string piece, absl::AnyInvocable<void(bool)> written);
  void EndStream();
  void Abandon();
  void SetTimer(absl::Duration delay, absl::AnyInvocable<void()> late);
  void OnClientGone(absl::AnyInvocable<void()> gone, bool endless);
  std::string Head(const HttpResponse& response, const BodyEnd& end);

  // Writing.
  void Enqueue(Piece piece);
  void WriteSome();
  bool WriteOnce(size_t* budget);  // false where it has to wait, or the connection is closed
  void WaitToWrite();
  void OnWritten();
  void FinishAnswer();
  void Linger();

  void Enter(Phase next, int64_t deadline_nanos);
  bool Hold();
  void CheckDeadline();
  void Fail(const std::exception& fault);
  void Close();

  const std::shared_ptr<ServerCore> core_;  // outlives the socket
  const size_t loop_;
  Socket socket_;
  ReadBuffer input_;
  std::unique_ptr<RequestParser> parser_;  // from a request's first byte until it is whole
  int64_t body_begin_ = 0;
  int requests_ = 0;
  std::optional<Running> running_;
  uint64_t exchange_ = 0;  // the number of the running one

  std::deque<Piece> output_;
  size_t output_bytes_ = 0;  // not yet written, of all pieces
  size_t offset_ = 0;        // written, of the first piece
  int64_t write_begin_ = 0;
  size_t written_ = 0;   // since write_begin_
  size_t progress_ = 0;  // since `since`

  std::unique_ptr<boost::asio::steady_timer> timer_;
  uint64_t timer_set_ = 0;    // how often, so that a late call of an earlier one is known
  bool reading_ = false;      // a read is under way
  bool writing_ = false;      // WriteSome() runs, or waits for the socket
  bool advancing_ = false;    // Advance() runs
  bool read_closed_ = false;  // the client sends no more
  bool draining_ = false;     // the last answer is out; what still comes is thrown away
  bool closed_ = false;
  size_t drained_ = 0;
};

}  // namespace invoice::gateway
