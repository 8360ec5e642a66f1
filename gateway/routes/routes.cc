#include "gateway/routes/routes.h"

#include <google/api/annotations.pb.h>
#include <google/protobuf/descriptor_database.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/status.h"
#include "fmt/format.h"
#include "gateway/routes/rule.h"

namespace invoice::gateway {
namespace {

using google::api::HttpRule;
using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

// The rule of the method and those beside it.
absl::StatusOr<std::vector<const HttpRule*>> RulesOf(const MethodDescriptor* method) {
  const HttpRule& first = method->options().GetExtension(google::api::http);
  std::vector<const HttpRule*> rules = {&first};
  for (const HttpRule& more : first.additional_bindings()) {
    if (more.additional_bindings_size() > 0) {
      return absl::InvalidArgumentError("additional_bindings within additional_bindings");
    }
    rules.push_back(&more);
  }
  return rules;
}

// Those that a method of the services takes or gives.
std::vector<const Descriptor*> MessagesOf(const std::vector<const ServiceDescriptor*>& services) {
  std::vector<const Descriptor*> messages;
  for (const ServiceDescriptor* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      messages.push_back(service->method(i)->input_type());
      messages.push_back(service->method(i)->output_type());
    }
  }
  return messages;
}

std::vector<const ServiceDescriptor*> ServicesOf(std::string_view package) {
  std::vector<std::string> files;
  // The list of linked files; the pool itself cannot be iterated.
  DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  std::sort(files.begin(), files.end());
  std::vector<const ServiceDescriptor*> services;
  for (const std::string& name : files) {
    const auto* file = DescriptorPool::generated_pool()->FindFileByName(name);
    if (file == nullptr || file->package() != package) continue;
    for (int i = 0; i < file->service_count(); ++i) services.push_back(file->service(i));
  }
  return services;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Routes>> Routes::Build(std::string_view package) {
  const std::vector<const ServiceDescriptor*> services = ServicesOf(package);
  if (services.empty()) return absl::NotFoundError(fmt::format("no service of package {} is linked", package));
  return Build(services);
}

absl::StatusOr<std::unique_ptr<Routes>> Routes::Build(const std::vector<const ServiceDescriptor*>& services) {
  auto routes = std::make_unique<Routes>();
  ASSIGN_OR_RETURN(routes->messages_, MessageTables::Build(MessagesOf(services)));
  for (const ServiceDescriptor* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      const MethodDescriptor* method = service->method(i);
      if (!method->options().HasExtension(google::api::http)) continue;
      if (const absl::Status added = routes->Add(method); !added.ok()) {
        return absl::Status(added.code(), fmt::format("{}: {}", method->full_name(), std::string(added.message())));
      }
    }
  }
  return routes;
}

absl::Status Routes::Add(const MethodDescriptor* method) {
  ASSIGN_OR_RETURN(const std::vector<const HttpRule*> rules, RulesOf(method));
  for (const HttpRule* rule : rules) {
    ASSIGN_OR_RETURN(ReadRoute read, ReadRule(*rule, method, *messages_));
    RETURN_IF_ERROR(table_.Add(read.path, read.route->http_method, read.route.get()));
    routes_.push_back(std::move(read.route));
  }
  return absl::OkStatus();
}

}  // namespace invoice::gateway
