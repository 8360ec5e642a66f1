#include "rpc/server.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/grpc.h>
#include <grpc/health/v1/health.pb.h>
#include <grpc/support/log.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/status.h"
#include "rpc/limits.h"
#include "rpc/reflection.h"

namespace invoice::rpc {
namespace {

void SetMilliseconds(grpc::ServerBuilder* builder, const char* argument, absl::Duration duration) {
  builder->AddChannelArgument(argument, static_cast<int>(absl::ToInt64Milliseconds(duration)));
}

void SetBounds(grpc::ServerBuilder* builder) {
  // Reflection alone is served by threads of gRPC's own; for all else see rpc/calls.h.
  grpc::ResourceQuota quota("invoice-server");
  quota.SetMaxThreads(kMaxReflectionCalls);
  quota.Resize(kMemoryQuotaBytes);
  builder->SetResourceQuota(quota);
  builder->SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
  builder->SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, 1);
  builder->SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, 1);
  builder->SetMaxReceiveMessageSize(static_cast<int>(base::kMaxRequestBytes));
  builder->SetMaxSendMessageSize(static_cast<int>(base::kMaxResponseBytes));
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, static_cast<int>(base::kMaxMetadataBytes));
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreamsPerConnection);
  SetMilliseconds(builder, GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeWait);
  SetMilliseconds(builder, GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveTime);
  SetMilliseconds(builder, GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveWait);
  SetMilliseconds(builder, GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kMinPingInterval);
  SetMilliseconds(builder, GRPC_ARG_MAX_CONNECTION_IDLE_MS, kMaxConnectionIdle);
  SetMilliseconds(builder, GRPC_ARG_MAX_CONNECTION_AGE_MS, kMaxConnectionAge);
  SetMilliseconds(builder, GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, kMaxConnectionGrace);
}

void LogOfProtobuf(google::protobuf::LogLevel level, const char*, int, const std::string& message) {
  const bool serious = level >= google::protobuf::LOGLEVEL_ERROR;
  base::Log(serious ? base::Level::kWarning : base::Level::kDebug, "protobuf", {{"message", message}});
}

void LogOfGrpc(gpr_log_func_args* args) {
  const bool serious = args->severity == GPR_LOG_SEVERITY_ERROR;
  base::Log(serious ? base::Level::kWarning : base::Level::kDebug, "grpc", {{"message", args->message}});
}

// Holds the gRPC library until the process ends. Its shutdown may wait 10 seconds for a poller of a large write that
// was never waked, and a process of ours must be gone by then.
void KeepLibrary() {
  static const bool kept = [] {
    grpc_init();
    return true;
  }();
  (void)kept;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options, const Api& api) {
  KeepLibrary();
  // Both are switches of the process: they belong to the next builder of any server in it.
  grpc::EnableDefaultHealthCheckService(true);
  if (options.reflection) grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  // gRPC serves this service without its descriptor; naming it here links it in, so that reflection can describe it.
  grpc::health::v1::HealthCheckRequest::descriptor();
  std::unique_ptr<Server> server(new Server);
  grpc::ServerBuilder builder;
  SetBounds(&builder);
  ASSIGN_OR_RETURN(server->listener_, Listener::Bind(options.listen));
  server->acceptor_ = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD, grpc::InsecureServerCredentials());
  for (grpc::Service* service : api.services()) builder.RegisterService(service);
  if (options.reflection) {
    std::vector<std::string> names = api.service_names();
    names.emplace_back("grpc.health.v1.Health");
    names.emplace_back("grpc.reflection.v1alpha.ServerReflection");
    server->reflection_ = MakeReflectionService(std::move(names));
    builder.RegisterService(server->reflection_.get());
  }
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr) return absl::UnavailableError("the gRPC server cannot start");
  server->listener_->Start(OpenConnections(options.max_connections, options.proxies),
                           [acceptor = server->acceptor_.get()](int fd) {
                             grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
                             connection.fd = fd;
                             acceptor->HandleNewConnection(&connection);
                           });
  if (options.is_ready) {
    server->server_->GetHealthCheckService()->SetServingStatus(false);
    server->readiness_ = std::thread(&Server::FollowReadiness, server.get(), options.is_ready, options.ready_interval);
  }
  return server;
}

void Server::FollowReadiness(const std::function<bool()>& is_ready, absl::Duration interval) {
  while (true) {
    const bool ready = is_ready();
    const absl::MutexLock lock(&mutex_);
    if (stopping_) return;
    server_->GetHealthCheckService()->SetServingStatus(ready);
    if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), interval)) return;
  }
}

void Server::Stop(absl::Duration grace) {
  {
    const absl::MutexLock lock(&mutex_);
    if (std::exchange(stopping_, true)) return;
  }
  server_->GetHealthCheckService()->SetServingStatus(false);
  listener_->Stop();
  server_->Shutdown(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(grace));
  server_->Wait();
}

Server::~Server() {
  if (server_ != nullptr) Stop();
  if (readiness_.joinable()) readiness_.join();
}

void RouteLibraryLogs() {
  google::protobuf::SetLogHandler(&LogOfProtobuf);
  gpr_set_log_function(&LogOfGrpc);
}

}  // namespace invoice::rpc
