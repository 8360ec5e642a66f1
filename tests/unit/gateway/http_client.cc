#include "http_client.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/StreamCopier.h>

namespace invoice::gateway {
namespace {

constexpr int kWait_s = 10;

Poco::Net::SocketAddress AddressOf(int port) { return {"127.0.0.1", static_cast<Poco::UInt16>(port)}; }

}  // namespace

HttpClient::HttpClient(int port) : session_("127.0.0.1", static_cast<Poco::UInt16>(port)) {
  session_.setKeepAlive(true);
  session_.setTimeout(Poco::Timespan(kWait_s, 0));
}

HttpClient::Reply HttpClient::Send(const std::string& method, const std::string& target, const std::string& body,
                                   const Headers& headers) {
  Poco::Net::HTTPRequest request(method, target, Poco::Net::HTTPMessage::HTTP_1_1);
  if (!body.empty()) {
    request.setContentType("application/json");
    request.setContentLength64(static_cast<Poco::Int64>(body.size()));
  }
  for (const auto& [name, value] : headers) request.set(name, value);
  session_.sendRequest(request).write(body.data(), static_cast<std::streamsize>(body.size()));
  Poco::Net::HTTPResponse response;
  std::istream& stream = session_.receiveResponse(response);
  Reply reply;
  reply.status = response.getStatus();
  for (const auto& [name, value] : response) reply.headers.emplace_back(name, value);
  Poco::StreamCopier::copyToString(stream, reply.body);
  return reply;
}

BareConnection::BareConnection(int port) : socket_(AddressOf(port)) {
  socket_.setReceiveTimeout(Poco::Timespan(kWait_s, 0));
}

void BareConnection::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const int sent = socket_.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

const std::string& BareConnection::ReadUntil(std::string_view text) {
  char buffer[4096];
  try {
    while (!ended_ && (text.empty() || read_.find(text) == std::string::npos)) {
      const int count = socket_.receiveBytes(buffer, sizeof(buffer));
      if (count <= 0) ended_ = true;
      if (count > 0) read_.append(buffer, static_cast<size_t>(count));
    }
  } catch (const Poco::TimeoutException&) {
    read_ += "<nothing came>";
  } catch (const Poco::Exception&) {
    read_ += "<reset>";
    ended_ = true;
  }
  return read_;
}

}  // namespace invoice::gateway
