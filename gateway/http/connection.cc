#include "gateway/http/connection.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponseImpl.h>
#include <Poco/Net/NetException.h>
#include <Poco/Timestamp.h>

#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "gateway/http/request_body.h"
#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

using Poco::Net::HTTPResponse;
using Poco::Net::HTTPServerRequestImpl;
using Poco::Net::HTTPServerResponseImpl;

Poco::Timespan ToTimespan(absl::Duration duration) { return {absl::ToInt64Microseconds(duration)}; }

class PocoExchange final : public Exchange {
 public:
  PocoExchange(HttpRequest request, HTTPServerResponseImpl& response, ConnectionWatch& watch,
               ConnectionWatch::Entry& entry)
      : request_(std::move(request)), response_(response), watch_(watch), entry_(entry) {}
  ~PocoExchange() override { entry_.OnClientGone(nullptr, false); }

  const HttpRequest& request() const override { return request_; }

  void Send(const HttpResponse& response) override {
    if (started_) return;
    SetHead(response);
    if (response.status == HTTPResponse::HTTP_NO_CONTENT) {
      response_.send();
    } else {
      response_.sendBuffer(response.body.data(), response.body.size());
    }
    complete_ = true;
  }

  void StartStream(const HttpResponse& response) override {
    if (started_) return;
    SetHead(response);
    if (response_.getVersion() == Poco::Net::HTTPMessage::HTTP_1_0) {
      response_.setKeepAlive(false);
    } else {
      response_.setChunkedTransferEncoding(true);
    }
    out_ = &response_.send();
    Write(response.body);
  }

  bool Write(std::string_view piece) override {
    if (out_ == nullptr || failed_) return false;
    try {
      out_->write(piece.data(), static_cast<std::streamsize>(piece.size()));
      out_->flush();
      failed_ = !out_->good();
    } catch (const std::exception&) {  // the client is gone
      failed_ = true;
    }
    return !failed_;
  }

  void EndStream() override { complete_ = !failed_; }

  void OnClientGone(std::function<void()> gone, bool endless) override {
    entry_.OnClientGone(std::move(gone), endless);
  }

  bool started() const { return started_; }
  bool complete() const { return complete_; }

 private:
  void SetHead(const HttpResponse& response) {
    started_ = true;
    response_.setStatusAndReason(static_cast<HTTPResponse::HTTPStatus>(response.status));
    response_.setDate(Poco::Timestamp());
    for (const auto& [name, value] : response.headers) response_.add(name, value);
    if (request_.fault || watch_.Closing()) response_.setKeepAlive(false);
  }

  const HttpRequest request_;
  HTTPServerResponseImpl& response_;
  ConnectionWatch& watch_;
  ConnectionWatch::Entry& entry_;
  std::ostream* out_ = nullptr;
  bool started_ = false;
  bool failed_ = false;
  bool complete_ = false;
};

HttpRequest ToRequest(HTTPServerRequestImpl& from) {
  HttpRequest request;
  request.method = from.getMethod();
  std::string_view target = from.getURI();
  const size_t question = target.find('?');
  request.path = target.substr(0, question);
  if (question != std::string_view::npos) request.query = target.substr(question + 1);
  for (const auto& [name, value] : from) request.headers.emplace_back(name, value);
  request.client_address = from.clientAddress().host().toString();
  return request;
}

}  // namespace

Connection::Connection(const Poco::Net::StreamSocket& socket, Poco::Net::HTTPServerParams::Ptr params,
                       const HttpHandler& handler, ConnectionWatch& watch)
    : TCPServerConnection(socket), params_(std::move(params)), handler_(handler), watch_(watch) {}

void Connection::run() {
  ConnectionWatch::Entry entry(watch_, socket().impl()->sockfd());
  try {
    ByteSession session(socket(), params_);
    session.socket().setSendTimeout(ToTimespan(kWriteWait));
    // A connection that says nothing is idle, not one that trickles.
    if (!socket().poll(ToTimespan(base::kHttpReadWait), Poco::Net::Socket::SELECT_READ)) return;
    After after = After::kKeep;
    while (after == After::kKeep && session.hasMoreRequests()) {
      entry.SetPhase(ConnectionWatch::Phase::kReading);
      after = ServeOne(session, entry);
      entry.SetPhase(after == After::kKeep ? ConnectionWatch::Phase::kIdle : ConnectionWatch::Phase::kReading);
    }
    if (after == After::kDrain) Drain();
  } catch (const std::exception& fault) {  // the barrier of Poco: whatever it is, it is the end of this connection
    base::Log(base::Level::kDebug, "connection ended", {{"detail", fault.what()}});
  }
}

Connection::After Connection::ServeOne(ByteSession& session, ConnectionWatch::Entry& entry) {
  HTTPServerResponseImpl response(session);
  response.setVersion(Poco::Net::HTTPMessage::HTTP_1_1);
  std::optional<HTTPServerRequestImpl> incoming;
  HttpRequest request;
  bool keep = false;
  try {
    incoming.emplace(response, session, params_.get());
    request = ToRequest(*incoming);
    keep = incoming->getKeepAlive() && session.canKeepAlive();
    if (!ReadBody(*incoming, response, session, &request)) return After::kClose;
  } catch (const Poco::Net::NoMessageException&) {
    return After::kClose;
  } catch (const Poco::TimeoutException&) {
    return After::kClose;
  } catch (const Poco::Net::NetException& fault) {
    // Poco has one exception for every malformed head; all others speak of the connection.
    if (dynamic_cast<const Poco::Net::MessageException*>(&fault) == nullptr) return After::kClose;
    request.fault = HttpFault{400, "the request is not valid HTTP"};
  } catch (const Poco::Exception&) {
    request.fault = HttpFault{400, "the request is not valid HTTP"};
  }
  entry.SetPhase(ConnectionWatch::Phase::kHandling);
  const bool refused = request.fault.has_value();
  response.setKeepAlive(keep && !refused);
  PocoExchange exchange(std::move(request), response, watch_, entry);
  handler_(exchange);
  if (!exchange.complete()) {
    socket().shutdown();  // a broken answer must not look like a whole one
    return After::kClose;
  }
  session.setKeepAlive(response.getKeepAlive());
  if (refused) return After::kDrain;
  return response.getKeepAlive() ? After::kKeep : After::kClose;
}

void Connection::Drain() {
  socket().shutdownSend();
  std::vector<char> buffer(64 * 1024);
  const absl::Time end = absl::Now() + kDrainWait;
  size_t drained = 0;
  while (drained < base::kMaxDrainBytes) {
    const absl::Duration left = end - absl::Now();
    if (left <= absl::ZeroDuration() || !socket().poll(ToTimespan(left), Poco::Net::Socket::SELECT_READ)) return;
    const int count = socket().receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
    if (count <= 0) return;
    drained += static_cast<size_t>(count);
  }
}

}  // namespace invoice::gateway
