// A completion queue of gRPC and the thread that serves it.
#pragma once

#include <grpcpp/completion_queue.h>

#include <thread>

namespace invoice::gateway {

// What a completion queue gives back.
class Tag {
 public:
  virtual ~Tag() = default;
  virtual void Complete(bool good) = 0;
};

// Completes what its queue gives back, one after another. Its end waits until the queue is empty.
class Lane {
 public:
  Lane() : thread_([this] { Run(); }) {}
  ~Lane() {
    queue.Shutdown();
    thread_.join();
  }
  grpc::CompletionQueue queue;

 private:
  void Run() {
    void* tag = nullptr;
    bool good = false;
    while (queue.Next(&tag, &good)) static_cast<Tag*>(tag)->Complete(good);
  }
  std::thread thread_;
};

}  // namespace invoice::gateway
