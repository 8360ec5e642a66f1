// The one exit of the gateway: every answer, good or bad, gets its common headers here, and every error its one form.
// Lives for one request. Not thread safe.
#pragma once

#include <google/rpc/status.pb.h>

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "gateway/http/exchange.h"

namespace invoice::gateway {

class Responder {
 public:
  // `common` is added to every answer: CORS and the request id.
  Responder(Exchange& exchange, Headers common) : exchange_(exchange), common_(std::move(common)) {}

  void Send(int status, std::string_view content_type, std::string body, Headers further = {});
  void SendEmpty(int status, Headers further = {});
  // `http_status` other than 0 takes the place of the one that belongs to the code.
  void SendError(const google::rpc::Status& error, int http_status = 0, Headers further = {});
  void SendError(const absl::Status& error);

  void StartStream(std::string_view content_type, Headers further = {});
  bool Write(std::string_view piece) { return exchange_.Write(piece); }
  void EndStream() { exchange_.EndStream(); }

  Exchange& exchange() { return exchange_; }
  const HttpRequest& request() const { return exchange_.request(); }
  // 0 until there is an answer.
  int status() const { return status_; }

 private:
  HttpResponse Head(int status, std::string_view content_type, Headers further);

  Exchange& exchange_;
  const Headers common_;
  int status_ = 0;
};

}  // namespace invoice::gateway
