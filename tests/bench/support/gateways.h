// What `bench_rest` compares: invoice-gateway and grpc-gateway, each a process before the same gRPC server.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "tests/bench/support/process.h"

namespace invoice::bench {

struct Gateway {
  std::unique_ptr<Process> process;
  int port = 0;  // of HTTP
};

// Before the gRPC server at 127.0.0.1:`grpc_port`; `log` is the file of its output.
Gateway StartInvoiceGateway(int grpc_port, const std::string& log);

// Whether there is a grpc-gateway: `./dev bench rest` builds it, and INVOICE_GRPC_GATEWAY names it.
bool HasGrpcGateway();
Gateway StartGrpcGateway(int grpc_port, const std::string& log);

// A gRPC server that gives recorded answers and costs next to nothing.
class CannedServer {
 public:
  // `answers` are serialized messages by the method's path; files of them go to `folder`.
  CannedServer(const std::map<std::string, std::string>& answers, const std::string& folder);

  int grpc_port() const { return grpc_port_; }

 private:
  std::unique_ptr<Process> process_;
  int grpc_port_ = 0;
};

// Throws where the two texts are not the same JSON value; order of names and blanks do not matter. A member that is
// null may be missing in ours: grpc-gateway writes one for each message that is absent. Returns how many there are.
int CheckSameJson(const std::string& ours, const std::string& theirs);

}  // namespace invoice::bench
