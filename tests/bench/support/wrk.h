// Debian's wrk: an HTTP/1.1 client that costs little, over connections that are kept open.
#pragma once

#include <string>

namespace invoice::bench {

struct LoadPlan {
  int port = 0;  // of 127.0.0.1
  std::string path;
  std::string api_key;
  int connections = 16;
  int seconds = 2;
};

struct LoadFigures {
  double per_second = 0;
  double p99_ms = 0;
  double requests = 0;
};

// Sends GET requests, one after the other on each connection. Throws where one of them failed. `folder` gets wrk's
// output.
LoadFigures RunWrk(const LoadPlan& plan, const std::string& folder);

}  // namespace invoice::bench
