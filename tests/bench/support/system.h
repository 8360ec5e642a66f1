// The running system of a benchmark: a private PostgreSQL, invoice-server serve, and where it is asked for
// invoice-gateway, as real processes on free ports, configured as in production. All end with this object.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <memory>
#include <string>

#include "tests/bench/support/process.h"

namespace invoice::bench {

class System {
 public:
  // From the main thread, before any channel is made.
  explicit System(bool with_gateway = false);
  ~System();

  // invoice-server worker, with so many threads and what else it is told, and invoice-server scheduler.
  void StartWorker(int threads, const Environment& more = {});
  void StopWorker() { worker_.reset(); }
  const Process& worker() const { return *worker_; }
  void StartScheduler();
  // What all our processes have in RAM now, in MiB; PostgreSQL is not ours.
  double ResidentMib() const;

  // A connection of its own for each: equal channels of gRPC share one.
  std::shared_ptr<grpc::Channel> NewChannel() const;
  // What a call needs: the API key.
  void Authorize(grpc::ClientContext* context) const;

  const std::string& api_key() const { return api_key_; }
  const std::string& database() const { return database_; }  // conninfo of the role that the server has
  const std::string& folder() const { return folder_; }      // for logs; goes away at the end
  int grpc_port() const { return grpc_port_; }
  int http_port() const { return http_port_; }

 private:
  void StartServer();
  void StartGateway();
  std::string CreateApiKey() const;
  Environment ServerEnvironment() const;

  std::string folder_;
  std::string database_;
  std::string api_key_;
  int grpc_port_ = 0;
  int http_port_ = 0;
  std::unique_ptr<Process> server_;
  std::unique_ptr<Process> gateway_;
  std::unique_ptr<Process> worker_;
  std::unique_ptr<Process> scheduler_;
};

}  // namespace invoice::bench
