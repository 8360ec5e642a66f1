// The backend of the gateway's end-to-end tests: a gRPC server whose books do what their id says. Thread safe.
#pragma once

#include <grpcpp/grpcpp.h>

#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "invoice/v1/health.grpc.pb.h"
#include "shelf.grpc.pb.h"

namespace invoice::gateway {

class ShelfService final : public ::gateway::test::ShelfService::Service {
 public:
  using Book = ::gateway::test::Book;
  using File = ::gateway::test::File;

  // Ids: "taken" ALREADY_EXISTS with details, "busy" UNAVAILABLE with RetryInfo, "bug" INTERNAL without details,
  // "replayed" with that metadata, "stuck" waits until it is cancelled, "gate" waits until OpenGate(). Any other is
  // found.
  grpc::Status GetBook(grpc::ServerContext* context, const ::gateway::test::GetBookRequest* request,
                       Book* book) override;
  grpc::Status UpdateBook(grpc::ServerContext* context, const ::gateway::test::UpdateBookRequest* request,
                          Book* book) override;
  grpc::Status CreateBook(grpc::ServerContext* context, const ::gateway::test::CreateBookRequest* request,
                          Book* book) override;
  // Ids: "large" has 10 MiB, any other three bytes.
  grpc::Status GetCover(grpc::ServerContext* context, const ::gateway::test::GetBookRequest* request,
                        File* file) override;
  // Ids: "none" no message, "refused" an error at once, "broken" an error after two messages, "stuck" one message and
  // then waits until it is cancelled. Any other three messages.
  grpc::Status ReadAloud(grpc::ServerContext* context, const ::gateway::test::GetBookRequest* request,
                         grpc::ServerWriter<Book>* writer) override;
  // Ids as ReadAloud().
  grpc::Status Export(grpc::ServerContext* context, const ::gateway::test::GetBookRequest* request,
                      grpc::ServerWriter<File>* writer) override;

  // What the last call brought.
  std::map<std::string, std::string> LastMetadata();
  // A call for "stuck" or "gate" has come in.
  bool WaitUntilCalled() { return called_.WaitForNotificationWithTimeout(absl::Seconds(10)); }
  // A call for "stuck" saw that it was cancelled.
  bool WaitUntilCancelled() { return cancelled_.WaitForNotificationWithTimeout(absl::Seconds(10)); }
  void OpenGate() { gate_.Notify(); }

 private:
  void Note(grpc::ServerContext* context);
  grpc::Status WaitForCancel(grpc::ServerContext* context);

  absl::Mutex mutex_;
  std::map<std::string, std::string> metadata_ ABSL_GUARDED_BY(mutex_);
  absl::Notification called_;
  absl::Notification cancelled_;
  absl::Notification gate_;
};

// Answers what it is told.
class FakeHealthService final : public v1::HealthService::Service {
 public:
  grpc::Status GetReadiness(grpc::ServerContext*, const v1::GetReadinessRequest*,
                            v1::GetReadinessResponse* response) override {
    absl::MutexLock lock(&mutex_);
    *response = response_;
    return grpc::Status::OK;
  }
  void Set(v1::GetReadinessResponse response) {
    absl::MutexLock lock(&mutex_);
    response_ = std::move(response);
  }

 private:
  absl::Mutex mutex_;
  v1::GetReadinessResponse response_ ABSL_GUARDED_BY(mutex_);
};

// Both services on one port; 0 takes a free one.
struct ShelfServer {
  explicit ShelfServer(int wanted_port = 0);
  ~ShelfServer();

  ShelfService shelf;
  FakeHealthService health;
  int port = 0;
  std::unique_ptr<grpc::Server> server;
};

}  // namespace invoice::gateway
