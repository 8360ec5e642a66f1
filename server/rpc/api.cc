#include "rpc/api.h"

#include <google/protobuf/message.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/support/server_callback.h>

#include <cstdlib>

#include "base/log.h"
#include "base/status.h"
#include "fmt/format.h"

namespace invoice::rpc {

using google::protobuf::Descriptor;
using google::protobuf::MessageFactory;
using google::protobuf::ServiceDescriptor;
using grpc::internal::RpcMethod;
using grpc::internal::RpcServiceMethod;

// What protoc-gen-grpc would generate, but with bytes instead of messages: a request is read after its caller is known,
// and every method goes through Calls.
class Api::Service final : public grpc::Service {
 public:
  explicit Service(Calls& calls) : calls_(calls) {}

  void Add(Endpoint* endpoint) {
    const bool is_stream = endpoint->method().descriptor->server_streaming();
    AddMethod(new RpcServiceMethod(endpoint->method().path.c_str(),
                                   is_stream ? RpcMethod::SERVER_STREAMING : RpcMethod::NORMAL_RPC, nullptr));
    MarkMethodRawCallback(count_++, calls_.HandlerOf(endpoint).release());
  }

 private:
  Calls& calls_;
  int count_ = 0;
};

Api::Api(Door door, RuleBook::IsTimeZone is_time_zone)
    : door_(std::move(door)), calls_(door_, door_.max_calls), rules_(std::move(is_time_zone)) {}
Api::~Api() = default;

absl::StatusOr<std::unique_ptr<Api>> Api::Create(Door door, RuleBook::IsTimeZone is_time_zone,
                                                 const std::vector<const ServiceDescriptor*>& services) {
  std::unique_ptr<Api> api(new Api(std::move(door), std::move(is_time_zone)));
  for (const ServiceDescriptor* service : services) RETURN_IF_ERROR(api->AddService(service));
  return api;
}

absl::Status Api::AddService(const ServiceDescriptor* service) {
  services_.push_back(std::make_unique<Service>(calls_));
  service_names_.push_back(service->full_name());
  for (int i = 0; i < service->method_count(); ++i) {
    ASSIGN_OR_RETURN(Method method, ReadMethod(service->method(i)));
    const Descriptor* input = service->method(i)->input_type();
    RETURN_IF_ERROR(rules_.Compile(input));
    const google::protobuf::Message* request = MessageFactory::generated_factory()->GetPrototype(input);
    const std::string name = fmt::format("{}/{}", service->name(), service->method(i)->name());
    auto& endpoint = endpoints_[name];
    endpoint = std::make_unique<Endpoint>(std::move(method), rules_, *request, *door_.metrics);
    services_.back()->Add(endpoint.get());
  }
  return absl::OkStatus();
}

void Api::PutHandler(std::string_view method, const Descriptor* request, const Descriptor* response, Handler handler) {
  Find(method, request, response, /*is_stream=*/false).set_handler(std::move(handler));
}

void Api::PutStream(std::string_view method, const Descriptor* request, const google::protobuf::Message& response,
                    StreamHandler handler) {
  Find(method, request, response.GetDescriptor(), /*is_stream=*/true).set_stream(std::move(handler), response);
}

Endpoint& Api::Find(std::string_view method, const Descriptor* request, const Descriptor* response, bool is_stream) {
  const auto found = endpoints_.find(method);
  const auto* descriptor = found == endpoints_.end() ? nullptr : found->second->method().descriptor;
  if (descriptor == nullptr || descriptor->input_type() != request || descriptor->output_type() != response ||
      descriptor->server_streaming() != is_stream) {
    base::Log(base::Level::kError, "handler does not fit the API", {{"method", method}});
    std::abort();
  }
  return *found->second;
}

std::vector<grpc::Service*> Api::services() const {
  std::vector<grpc::Service*> services;
  for (const auto& service : services_) services.push_back(service.get());
  return services;
}

std::vector<std::string> Api::Missing() const {
  std::vector<std::string> missing;
  for (const auto& [name, endpoint] : endpoints_) {
    if (!endpoint->handler() && !endpoint->stream_handler()) missing.push_back(name);
  }
  return missing;
}

}  // namespace invoice::rpc
