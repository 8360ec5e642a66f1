#include "gateway/http/connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <exception>

#include "base/limits.h"
#include "base/log.h"
#include "fmt/format.h"

namespace invoice::gateway {
namespace {

using boost::system::error_code;
namespace asio = boost::asio;

constexpr char kContinue[] = "HTTP/1.1 100 Continue\r\n\r\n";

int64_t After(absl::Duration wait) { return NowNanos() + absl::ToInt64Nanoseconds(wait); }

// The end of a wait that is longer the more bytes have moved since `begin`.
int64_t DeadlineAtRate(int64_t begin, absl::Duration wait, size_t bytes) {
  const absl::Duration earned = absl::Seconds(1) * bytes / kMinBytesPerSecond;
  return begin + absl::ToInt64Nanoseconds(wait + earned);
}

}  // namespace

Connection::Connection(Socket socket, int loop, std::string peer, bool exempt, std::shared_ptr<ServerCore> core)
    : Seat(std::move(peer), exempt),
      core_(std::move(core)),
      loop_(static_cast<size_t>(loop)),
      socket_(std::move(socket)) {
  ++core_->loads[loop_];
  core_->table.Count(1);
}

Connection::~Connection() {
  --core_->loads[loop_];
  core_->table.Leave(this);
  core_->table.Count(-1);
}

void Connection::Post(absl::AnyInvocable<void()> work) {
  asio::post(socket_.get_executor(), [self = shared_from_this(), work = std::move(work)]() mutable {
    try {
      work();
    } catch (const std::exception& fault) {
      self->Fail(fault);
    }
  });
}

void Connection::Start() {
  Post([this] {
    error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    // One that was accepted while the server stops was not told by it.
    Enter(Phase::kIdle, After(core_->stopping ? kStopReadWait : kFirstByteWait));
    Read();
  });
}

// --- What the table calls ---

void Connection::Evict() {
  if (const auto self = weak_from_this().lock()) self->Post([self] { self->Close(); });
}

void Connection::Late() {
  if (const auto self = weak_from_this().lock()) self->Post([self] { self->CheckDeadline(); });
}

void Connection::EndNow() {
  if (const auto self = weak_from_this().lock()) self->Post([self] { self->Close(); });
}

void Connection::BeginStop() {
  const auto self = weak_from_this().lock();
  if (self == nullptr) return;
  self->Post([self] {
    if (self->closed_) return;
    if (self->running_) {
      if (self->running_->endless) self->Fire();
      return;
    }
    error_code fault;
    // A request that just came in is answered first.
    const bool quiet = self->parser_ == nullptr && !self->draining_ && self->socket_.available(fault) == 0;
    if (quiet) return self->Close();
    self->deadline = std::min(self->deadline.load(), After(self->draining_ ? kStopDrainWait : kStopReadWait));
  });
}

// --- Reading ---

void Connection::Read() {
  if (reading_ || closed_ || read_closed_ || (running_ && input_.size() >= kMaxReadAheadBytes)) return;
  input_.Prepare();
  reading_ = true;
  socket_.async_read_some(asio::buffer(input_.room(), input_.room_size()),
                          [self = shared_from_this()](error_code fault, size_t count) { self->OnRead(fault, count); });
}

void Connection::OnRead(error_code fault, size_t count) {
  reading_ = false;
  if (closed_) return;
  if (fault == asio::error::eof) return OnEnd();
  if (fault) return Close();
  input_.Commit(count);
  if (!draining_) return Advance();
  drained_ += count;
  input_.Consume(input_.size());
  if (drained_ > base::kMaxDrainBytes) return Close();
  Read();
}

void Connection::OnEnd() {
  read_closed_ = true;
  if (!running_) return Close();
  // It may still wait for its answer, or be gone.
  const Phase now = phase;
  if (now == Phase::kHandling || now == Phase::kStreaming) deadline = After(kHalfClosedWait);
}

void Connection::Advance() {
  if (advancing_) return;
  advancing_ = true;
  const bool took = !closed_ && !running_ && !draining_ && TakeInput();
  advancing_ = false;
  // Other connections have their turn before the next pipelined request.
  if (took && !closed_ && !running_ && !draining_ && input_.size() > 0) return Post([this] { Advance(); });
  if (read_closed_ && !running_) return Close();
  Read();
}

bool Connection::TakeInput() {
  if (input_.size() == 0) return false;
  if (parser_ == nullptr) BeginRequest();
  size_t taken = 0;
  do {
    taken = parser_->Take(input_.bytes());
    input_.Consume(taken);
  } while (taken > 0 && input_.size() > 0 && parser_->state() != RequestParser::State::kWhole);
  if (parser_->state() == RequestParser::State::kBody) WaitForBody();
  if (parser_->state() != RequestParser::State::kWhole && !Hold()) {
    parser_->Refuse({503, "the service has no room for more requests at the moment"});
  }
  if (parser_->state() != RequestParser::State::kWhole) return false;
  Dispatch();
  return true;
}

void Connection::BeginRequest() {
  parser_ = std::make_unique<RequestParser>();
  body_begin_ = 0;
  progress_ = 0;
  Enter(Phase::kReading, After(core_->options.head_wait));
}

void Connection::WaitForBody() {
  const int64_t now = NowNanos();
  const size_t size = parser_->body_size();
  if (body_begin_ == 0) {
    body_begin_ = now;
    if (parser_->wants_continue()) Enqueue({{kContinue}, nullptr});
  }
  deadline = DeadlineAtRate(body_begin_, core_->options.body_wait, size);
  if (size - progress_ >= kProgressBytes) {
    progress_ = size;
    since = now;
  }
}

void Connection::Dispatch() {
  HttpRequest request = std::move(parser_->request());
  Running running;
  ++requests_;
  running.keep = parser_->keep_alive() && !request.fault && requests_ < kMaxRequestsPerConnection;
  running.http_1_1 = parser_->http_1_1();
  running.head_only = request.method == "HEAD";
  running.held = request.body.capacity();
  request.client_address = core_->options.proxies.ClientOf(address, &request.headers);
  parser_.reset();
  running_ = std::move(running);
  if (!reading_) input_.Shrink();
  Enter(Phase::kHandling, kNever);
  Hold();
  try {
    core_->handler(NewExchange(std::move(request)));
  } catch (const std::exception& fault) {
    Fail(fault);
  }
}

void Connection::Fire() {
  if (!running_ || !running_->gone) return;
  absl::AnyInvocable<void()> gone = std::exchange(running_->gone, nullptr);
  gone();
}

// --- Answering ---

std::string Connection::Head(const HttpResponse& response, const BodyEnd& end) {
  running_->started = true;
  if (core_->stopping || end.kind == BodyEnd::Kind::kClose) running_->keep = false;
  return ResponseHead(response, end, !running_->keep ? "close" : running_->http_1_1 ? "" : "keep-alive");
}

void Connection::Send(HttpResponse response) {
  if (running_->started) return;
  const bool bare = response.status == 204 || response.status == 304;
  Piece piece;
  piece.parts[0] = Head(response, {bare ? BodyEnd::Kind::kNone : BodyEnd::Kind::kLength, response.body.size()});
  if (!bare && !running_->head_only) piece.parts[1] = std::move(response.body);
  running_->ended = true;
  Enqueue(std::move(piece));
}

void Connection::StartStream(const HttpResponse& response) {
  if (running_->started) return;
  running_->chunked = running_->http_1_1;
  Piece piece;
  piece.parts[0] = Head(response, {running_->chunked ? BodyEnd::Kind::kChunks : BodyEnd::Kind::kClose, 0});
  Enqueue(std::move(piece));
}

void Connection::Write(std::string text, absl::AnyInvocable<void(bool)> written) {
  if (!running_->started || running_->ended) return written(false);
  if (text.empty()) return written(true);
  Piece piece;
  if (running_->chunked) piece.parts[0] = fmt::format("{:x}\r\n", text.size());
  piece.parts[1] = std::move(text);
  if (running_->chunked) piece.parts[2] = "\r\n";
  piece.written = std::move(written);
  Enqueue(std::move(piece));
}

void Connection::EndStream() {
  if (!running_->started || running_->ended) return;
  running_->ended = true;
  if (running_->chunked) return Enqueue({{"0\r\n\r\n"}, nullptr});
  if (!writing_) FinishAnswer();
}

void Connection::Abandon() {
  if (running_->ended) return;
  running_->ended = true;
  running_->broken = true;
  if (!writing_) FinishAnswer();
}

void Connection::SetTimer(absl::Duration delay, absl::AnyInvocable<void()> late) {
  if (timer_ == nullptr) timer_ = std::make_unique<asio::steady_timer>(socket_.get_executor());
  timer_->expires_after(absl::ToChronoNanoseconds(delay));
  timer_->async_wait([self = shared_from_this(), number = ++timer_set_, late = std::move(late)](error_code) mutable {
    if (number == self->timer_set_ && !self->closed_) late();
  });
}

void Connection::OnClientGone(absl::AnyInvocable<void()> gone, bool endless) {
  running_->gone = std::move(gone);
  running_->endless = endless;
  if (endless && core_->stopping) Post([this] { Fire(); });
}

// --- Writing ---

void Connection::Enqueue(Piece piece) {
  output_bytes_ += piece.size();
  output_.push_back(std::move(piece));
  if (!writing_) WriteSome();
}

void Connection::WriteSome() {
  writing_ = true;
  size_t budget = kMaxWriteAtOnce;
  while (!closed_ && !output_.empty()) {
    if (!WriteOnce(&budget)) return;
  }
  writing_ = false;
  if (!closed_) OnWritten();
}

bool Connection::WriteOnce(size_t* budget) {
  Piece& piece = output_.front();
  if (offset_ < piece.size()) {
    if (*budget == 0) return WaitToWrite(), false;
    std::array<asio::const_buffer, 3> buffers;
    size_t skip = offset_;
    for (size_t i = 0; i < buffers.size(); ++i) {
      const size_t passed = std::min(skip, piece.parts[i].size());
      buffers[i] = asio::buffer(piece.parts[i]) + passed;
      skip -= passed;
    }
    error_code fault;
    const size_t count = socket_.write_some(buffers, fault);
    if (fault == asio::error::would_block) return WaitToWrite(), false;
    if (fault) return Close(), false;
    *budget -= std::min(*budget, count);
    offset_ += count;
    written_ += count;
    return true;
  }
  absl::AnyInvocable<void(bool)> written = std::move(piece.written);
  output_bytes_ -= piece.size();
  output_.pop_front();
  offset_ = 0;
  if (written) written(true);
  return true;
}

void Connection::WaitToWrite() {
  if (phase != Phase::kWriting) {
    write_begin_ = NowNanos();
    written_ = progress_ = 0;
    Enter(Phase::kWriting, kNever);
  }
  if (written_ - progress_ >= kProgressBytes) {
    progress_ = written_;
    since = NowNanos();
  }
  deadline = DeadlineAtRate(write_begin_, core_->options.write_wait, written_);
  if (!Hold()) return Close();
  socket_.async_wait(Socket::wait_write, [self = shared_from_this()](error_code fault) {
    if (self->closed_) return;
    if (fault) return self->Close();
    self->WriteSome();
  });
}

void Connection::OnWritten() {
  if (!running_) {  // it was told to send the body
    if (phase == Phase::kWriting) Enter(Phase::kReading, After(core_->options.body_wait));
    return;
  }
  if (running_->ended) return FinishAnswer();
  Hold();
  Enter(running_->started ? Phase::kStreaming : Phase::kHandling, read_closed_ ? After(kHalfClosedWait) : kNever);
}

void Connection::FinishAnswer() {
  const bool keep = running_->keep && !core_->stopping;
  const bool broken = running_->broken;
  const bool told_by_close = !running_->chunked;
  running_.reset();
  ++timer_set_;
  timer_.reset();
  if (broken) {
    error_code ignored;
    // Only a reset tells the client that the end is none.
    if (told_by_close) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    return Close();
  }
  if (!keep) return Linger();
  Hold();
  Enter(Phase::kIdle, After(base::kHttpKeepAlive));
  Advance();
}

// A client that still sends would see a reset instead of the answer.
void Connection::Linger() {
  error_code ignored;
  draining_ = true;
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
  if (read_closed_) return Close();
  if (!reading_) input_.Consume(input_.size());
  Hold();
  Enter(Phase::kIdle, After(core_->stopping ? kStopDrainWait : kDrainWait));
  Read();
}

// --- Everything ---

void Connection::Enter(Phase next, int64_t deadline_nanos) {
  phase = next;
  since = NowNanos();
  deadline = deadline_nanos;
}

bool Connection::Hold() {
  const size_t bytes =
      input_.capacity() + (parser_ ? parser_->held() : 0) + (running_ ? running_->held : 0) + output_bytes_;
  return bytes == held || core_->table.Hold(this, bytes);
}

void Connection::CheckDeadline() {
  if (closed_ || deadline > NowNanos()) return;
  const Phase now = phase;
  if (now != Phase::kHandling && now != Phase::kStreaming) return Close();
  deadline = kNever;
  Fire();
}

void Connection::Fail(const std::exception& fault) {
  base::Log(base::Level::kError, "connection failed", {{"detail", fault.what()}});
  Close();
}

void Connection::Close() {
  if (closed_) return;
  closed_ = true;
  core_->table.Leave(this);
  error_code ignored;
  socket_.close(ignored);
  ++timer_set_;
  timer_.reset();
  Fire();
  std::deque<Piece> output = std::move(output_);
  for (Piece& piece : output) {
    if (piece.written) piece.written(false);
  }
  running_.reset();
  parser_.reset();
}

}  // namespace invoice::gateway
