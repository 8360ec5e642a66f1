#include "tests/bench/support/gateways.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "tests/support/environment.h"

namespace invoice::bench {
namespace {

constexpr char kGrpcGateway[] = "INVOICE_GRPC_GATEWAY";
constexpr size_t kShownBytes = 2000;  // of a difference

}  // namespace

Gateway StartInvoiceGateway(int grpc_port, const std::string& log) {
  const Environment environment = {{"HTTP_LISTEN", "127.0.0.1:0"},
                                   {"ADMIN_LISTEN", "127.0.0.1:0"},
                                   {"BACKEND_ADDRESS", fmt::format("127.0.0.1:{}", grpc_port)}};
  Gateway gateway;
  gateway.process =
      std::make_unique<Process>(std::vector<std::string>{test::BinDir() + "/invoice-gateway"}, environment, log);
  gateway.port = gateway.process->WaitForPort("http");
  return gateway;
}

bool HasGrpcGateway() { return std::getenv(kGrpcGateway) != nullptr; }

Gateway StartGrpcGateway(int grpc_port, const std::string& log) {
  if (!HasGrpcGateway()) throw std::runtime_error("there is no grpc-gateway: ./dev bench rest builds it");
  Gateway gateway;
  gateway.process = std::make_unique<Process>(
      std::vector<std::string>{std::getenv(kGrpcGateway), "127.0.0.1:0", fmt::format("127.0.0.1:{}", grpc_port)},
      Environment{}, log);
  gateway.port = gateway.process->WaitForPort("http");
  return gateway;
}

CannedServer::CannedServer(const std::map<std::string, std::string>& answers, const std::string& folder) {
  std::vector<std::string> command = {test::BinDir() + "/canned_grpc_server"};
  for (const auto& [method, message] : answers) {
    const std::string file = fmt::format("{}/answer-{}", folder, command.size());
    std::ofstream(file, std::ios::binary) << message;
    command.push_back(fmt::format("{}={}", method, file));
  }
  process_ = std::make_unique<Process>(command, Environment{}, folder + "/canned_grpc_server.log");
  grpc_port_ = process_->WaitForPort("grpc_port");
}

int CheckSameJson(const std::string& ours, const std::string& theirs) {
  int nulls = 0;
  for (const auto& step : nlohmann::json::diff(nlohmann::json::parse(ours), nlohmann::json::parse(theirs))) {
    if (step["op"] != "add" || !step["value"].is_null()) {
      throw std::runtime_error("the answers differ: " + step.dump().substr(0, kShownBytes));
    }
    ++nulls;
  }
  return nulls;
}

}  // namespace invoice::bench
