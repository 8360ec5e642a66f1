// The end of one call of the backend, and the messages of a stream, waited for. Thread safe.
#pragma once

#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "gateway/transcode/error_reply.h"
#include "gateway/upstream/upstream.h"

namespace invoice::gateway {

class Ending {
 public:
  UnaryDone Done() {
    return [this](CallEnd end, const MessagePtr& message) {
      absl::MutexLock lock(&mutex_);
      if (message != nullptr) bytes_ = std::string(message->view());
      end_ = std::move(end);
      ended_ = true;
    };
  }
  bool Wait() {
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&ended_), absl::Seconds(10));
  }
  bool ended() {
    absl::MutexLock lock(&mutex_);
    return ended_;
  }
  // Of gRPC; -1 where it did not end.
  int code() { return Wait() ? end_.status.code() : -1; }
  ErrorReply reply() { return MakeErrorReply(end_.status); }
  // Once it has ended.
  const CallEnd& end() const { return end_; }
  const std::string& bytes() const { return bytes_; }

 private:
  absl::Mutex mutex_;
  bool ended_ = false;
  CallEnd end_;
  std::string bytes_;
};

class Reading {
 public:
  StreamEvents Events() {
    return {[this](const MessagePtr& message) {
              absl::MutexLock lock(&mutex_);
              messages_.emplace_back(message->view());
            },
            [this](const CallEnd& end) {
              absl::MutexLock lock(&mutex_);
              code_ = end.status.code();
            }};
  }
  bool WaitFor(size_t count) {
    const auto reached = [&]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return messages_.size() >= count; };
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&reached), absl::Seconds(10));
  }
  std::vector<std::string> messages() {
    absl::MutexLock lock(&mutex_);
    return messages_;
  }
  bool ended() {
    absl::MutexLock lock(&mutex_);
    return code_ >= 0;
  }
  // Of gRPC; -1 where it did not end.
  int code() {
    const auto reached = [&]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return code_ >= 0; };
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&reached), absl::Seconds(10));
    return code_;
  }

 private:
  absl::Mutex mutex_;
  std::vector<std::string> messages_ ABSL_GUARDED_BY(mutex_);
  int code_ ABSL_GUARDED_BY(mutex_) = -1;
};

}  // namespace invoice::gateway
