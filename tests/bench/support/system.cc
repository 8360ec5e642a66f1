#include "tests/bench/support/system.h"

#include <fmt/format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <utility>

#include "tests/bench/support/gateways.h"
#include "tests/support/environment.h"
#include "tests/support/postgres.h"

namespace invoice::bench {
System::System(bool with_gateway) {
  database_ = test::Postgres::Instance().NewDatabase();
  std::string folder = (std::filesystem::temp_directory_path() / "invoice-bench-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("mkdtemp");
  folder_ = folder;
  api_key_ = CreateApiKey();
  StartServer();
  if (with_gateway) StartGateway();
}

System::~System() {
  scheduler_.reset();
  worker_.reset();
  gateway_.reset();
  server_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Environment System::ServerEnvironment() const {
  return {{"ENVIRONMENT", "production"},
          {"DATABASE_URL", database_},
          {"SECRET_KEY", "a secret of the benchmarks, for page tokens"},
          {"ENCRYPTION_KEY", "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="},
          {"GRPC_LISTEN", "127.0.0.1:0"},
          {"ADMIN_LISTEN", "127.0.0.1:0"}};
}

std::string System::CreateApiKey() const {
  Process command({test::BinDir() + "/invoice-server", "create-api-key", "--name", "bench", "--role", "ADMIN"},
                  ServerEnvironment(), folder_ + "/create-api-key.log");
  if (command.Wait() != 0) throw std::runtime_error("create-api-key: " + command.Log());
  const std::string printed = command.Log();
  return printed.substr(0, printed.find('\n'));
}

void System::StartServer() {
  server_ = std::make_unique<Process>(std::vector<std::string>{test::BinDir() + "/invoice-server", "serve"},
                                      ServerEnvironment(), folder_ + "/server.log");
  grpc_port_ = server_->WaitForPort("grpc_port");
}

void System::StartGateway() {
  Gateway gateway = StartInvoiceGateway(grpc_port_, folder_ + "/gateway.log");
  gateway_ = std::move(gateway.process);
  http_port_ = gateway.port;
}

void System::StartWorker(int threads, const Environment& more) {
  Environment environment = ServerEnvironment();
  environment.insert(more.begin(), more.end());
  environment["WORKER_THREADS"] = std::to_string(threads);
  worker_ = std::make_unique<Process>(std::vector<std::string>{test::BinDir() + "/invoice-server", "worker"},
                                      environment, folder_ + "/worker.log");
  worker_->WaitForLine("\"listening\"");
}

void System::StartScheduler() {
  scheduler_ = std::make_unique<Process>(std::vector<std::string>{test::BinDir() + "/invoice-server", "scheduler"},
                                         ServerEnvironment(), folder_ + "/scheduler.log");
  scheduler_->WaitForLine("\"listening\"");
}

double System::ResidentMib() const {
  double mib = 0;
  for (const Process* process : {server_.get(), gateway_.get(), worker_.get(), scheduler_.get()}) {
    if (process != nullptr) mib += process->ResidentMib();
  }
  return mib;
}

std::shared_ptr<grpc::Channel> System::NewChannel() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(fmt::format("127.0.0.1:{}", grpc_port_), grpc::InsecureChannelCredentials(),
                                   arguments);
}

void System::Authorize(grpc::ClientContext* context) const {
  context->AddMetadata("authorization", "Bearer " + api_key_);
}

}  // namespace invoice::bench
