// The threads that carry all connections, those of clients and those of the backend. Each thread has an event loop of
// its own: what belongs together runs on one loop, so that it needs no lock and changes no thread. Thread safe.
#pragma once

#include <utility>
// Asio needs <utility> before itself.
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>
#include <vector>

namespace invoice::gateway {

class IoThreads {
 public:
  using Executor = boost::asio::io_context::executor_type;

  // As many as the machine has processors, within kMinIoThreads and kMaxIoThreads.
  static int UsualCount();

  explicit IoThreads(int count = UsualCount());
  ~IoThreads();
  IoThreads(const IoThreads&) = delete;
  IoThreads& operator=(const IoThreads&) = delete;

  int count() const { return static_cast<int>(loops_.size()); }
  boost::asio::io_context& loop(int index) { return loops_[static_cast<size_t>(index)]->context; }
  // The loop that the calling thread runs, or -1.
  int Current() const;

  // Ends the threads after the work that they are at; what is queued then runs on the calling thread. Not from one of
  // them.
  void Stop();

 private:
  struct Loop {
    boost::asio::io_context context{1};  // one thread runs it: it keeps its queue without a lock
    boost::asio::executor_work_guard<Executor> work{context.get_executor()};
    std::thread thread;
  };

  void Work(int index);

  std::vector<std::unique_ptr<Loop>> loops_;
};

}  // namespace invoice::gateway
