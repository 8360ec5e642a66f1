// The program smtp_sink as a child process, and what it has counted. One thread at a time.
#pragma once

#include <cstdint>
#include <string>

#include "tests/bench/support/process.h"

namespace invoice::bench {

struct SinkCounts {
  int64_t messages = 0;
  int64_t bytes = 0;        // of contents
  int64_t connections = 0;  // ever made, but for the one that asks
};

class Sink {
 public:
  // From the main thread.
  explicit Sink(const std::string& log_file);
  ~Sink();
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  int port() const { return port_; }
  SinkCounts Counts();

 private:
  std::string ReadLine();

  Process process_;
  int port_ = 0;
  int socket_ = -1;
};

}  // namespace invoice::bench
