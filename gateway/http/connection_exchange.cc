// The exchange as the handler sees it: calls of one that is over, or whose connection is closed, do nothing.
#include <utility>

#include "gateway/http/connection.h"

namespace invoice::gateway {

class ConnectionExchange final : public Exchange {
 public:
  ConnectionExchange(std::shared_ptr<Connection> connection, uint64_t number, HttpRequest request)
      : connection_(std::move(connection)), number_(number), request_(std::move(request)) {}

  ~ConnectionExchange() override {
    if (answered_) return;
    connection_->Post([connection = connection_, number = number_] {
      if (connection->running_ && connection->exchange_ == number) connection->Abandon();
    });
  }

  const HttpRequest& request() const override { return request_; }
  void DropBody() override { std::string().swap(request_.body); }
  void Post(absl::AnyInvocable<void()> work) override { connection_->Post(std::move(work)); }

  void Send(HttpResponse response) override {
    answered_ = true;
    if (IsRunning()) connection_->Send(std::move(response));
  }

  void StartStream(const HttpResponse& response) override {
    if (IsRunning()) connection_->StartStream(response);
  }

  void Write(std::string piece, absl::AnyInvocable<void(bool)> written) override {
    if (IsRunning()) return connection_->Write(std::move(piece), std::move(written));
    written(false);
  }

  void EndStream() override {
    answered_ = true;
    if (IsRunning()) connection_->EndStream();
  }

  void SetTimer(absl::Duration delay, absl::AnyInvocable<void()> late) override {
    if (IsRunning()) connection_->SetTimer(delay, std::move(late));
  }

  void OnClientGone(absl::AnyInvocable<void()> gone, bool endless) override {
    if (IsRunning()) return connection_->OnClientGone(std::move(gone), endless);
    if (gone) gone();
  }

 private:
  bool IsRunning() const { return connection_->running_ && connection_->exchange_ == number_; }

  const std::shared_ptr<Connection> connection_;
  const uint64_t number_;
  HttpRequest request_;
  bool answered_ = false;
};

std::shared_ptr<Exchange> Connection::NewExchange(HttpRequest request) {
  return std::make_shared<ConnectionExchange>(shared_from_this(), ++exchange_, std::move(request));
}

}  // namespace invoice::gateway
