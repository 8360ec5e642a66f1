// A backend for attacks on the gateway alone: it answers every unary call with an empty message and leaves every stream
// open after its first message until the client goes. Prints its port.
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstdio>

namespace {

class Reactor final : public grpc::ServerGenericBidiReactor {
 public:
  explicit Reactor(bool is_stream) : is_stream_(is_stream) { StartRead(&request_); }

  void OnReadDone(bool good) override {
    if (good) StartWrite(&answer_);
  }
  void OnWriteDone(bool) override {
    if (!is_stream_) End(grpc::Status::OK);
  }
  void OnCancel() override { End(grpc::Status::CANCELLED); }
  void OnDone() override { delete this; }

 private:
  void End(const grpc::Status& status) {
    if (!ended_.exchange(true)) Finish(status);
  }

  const bool is_stream_;
  std::atomic<bool> ended_ = false;
  grpc::ByteBuffer request_;
  const grpc::Slice empty_ = grpc::Slice("");
  grpc::ByteBuffer answer_ = grpc::ByteBuffer(&empty_, 1);
};

class QuietService final : public grpc::CallbackGenericService {
 public:
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
    return new Reactor(context->method().find("/Watch") != std::string::npos);
  }
};

}  // namespace

int main() {
  QuietService service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterCallbackGenericService(&service);
  const auto server = builder.BuildAndStart();
  std::printf("\"port\":%d\n", port);
  std::fflush(stdout);
  server->Wait();
}
