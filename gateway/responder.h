// The one exit of the gateway: every answer, good or bad, gets its common headers here, and every error its one form.
// Lives as long as somebody may still answer the request. Used on the exchange's executor, but for Post().
#pragma once

#include <google/rpc/status.pb.h>

#include <memory>
#include <string>
#include <string_view>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "gateway/http/exchange.h"

namespace invoice::gateway {

class Responder : public std::enable_shared_from_this<Responder> {
 public:
  // Called once, when the answer is known or given up.
  using Answered = absl::AnyInvocable<void(const Responder& responder)>;

  // `common` is added to every answer: CORS and the request id.
  Responder(std::shared_ptr<Exchange> exchange, Headers common, std::string request_id, Answered answered)
      : exchange_(std::move(exchange)),
        common_(std::move(common)),
        request_id_(std::move(request_id)),
        answered_(std::move(answered)) {}
  ~Responder();

  // Runs the work with the request's id in the log. What it throws is logged and answered.
  void Run(absl::AnyInvocable<void()> work);
  // The same on the exchange's executor, from any thread. Keeps the responder alive.
  void Post(absl::AnyInvocable<void()> work);

  // Compresses the body where the client asks for it, and it is a text of kMinCompressedBytes to kMaxCompressedBytes.
  // Sets the headers that say so; an entity tag gets the coding's name.
  void Encode(std::string_view content_type, std::string* body, Headers* further) const;

  // Encoded as above.
  void Send(int status, std::string_view content_type, std::string body, Headers further = {});
  // 200 with an entity tag among the headers that changes with every byte; 304 where the client has that body already.
  // Compresses nothing.
  void SendTagged(std::string_view content_type, std::string body, Headers further);
  void SendEmpty(int status, Headers further = {});
  // `http_status` other than 0 takes the place of the one that belongs to the code.
  void SendError(const google::rpc::Status& error, int http_status = 0, Headers further = {});
  void SendError(const absl::Status& error);

  void StartStream(std::string_view content_type, Headers further = {});
  // See Exchange.
  void Write(std::string piece, absl::AnyInvocable<void(bool)> written);
  void EndStream();

  Exchange& exchange() { return *exchange_; }
  const HttpRequest& request() const { return exchange_->request(); }
  const std::string& request_id() const { return request_id_; }
  // 0 until there is an answer.
  int status() const { return status_; }
  // The route's template, for the log and the metrics; must outlive the responder.
  std::string_view path() const { return path_; }
  void set_path(std::string_view path) { path_ = path; }

 private:
  void SendWhole(int status, std::string_view content_type, std::string body, Headers further);
  HttpResponse Head(int status, std::string_view content_type, Headers further);
  void Report();

  const std::shared_ptr<Exchange> exchange_;
  const Headers common_;
  const std::string request_id_;
  Answered answered_;
  std::string_view path_ = "unmatched";
  int status_ = 0;
};

using ResponderPtr = std::shared_ptr<Responder>;

}  // namespace invoice::gateway
