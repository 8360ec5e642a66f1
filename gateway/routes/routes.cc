#include "gateway/routes/routes.h"

#include <google/api/annotations.pb.h>
#include <google/api/http.pb.h>
#include <google/protobuf/descriptor_database.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/status.h"
#include "fmt/format.h"
#include "invoice/v1/annotations.pb.h"

namespace invoice::gateway {
namespace {

using google::api::HttpRule;
using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

absl::Status Fault(std::string_view what) { return absl::InvalidArgumentError(std::string(what)); }

// By its name in the proto; null where there is none.
const FieldTable* FieldNamed(const MessageTable& message, std::string_view name) {
  const FieldTable* field = message.ByName(name);
  return field != nullptr && field->name == name ? field : nullptr;
}

// The HTTP method and the path template of a rule.
absl::StatusOr<std::pair<std::string, std::string>> MethodAndPath(const HttpRule& rule) {
  switch (rule.pattern_case()) {
    case HttpRule::kGet:
      return std::pair<std::string, std::string>("GET", rule.get());
    case HttpRule::kPut:
      return std::pair<std::string, std::string>("PUT", rule.put());
    case HttpRule::kPost:
      return std::pair<std::string, std::string>("POST", rule.post());
    case HttpRule::kDelete:
      return std::pair<std::string, std::string>("DELETE", rule.delete_());
    case HttpRule::kPatch:
      return std::pair<std::string, std::string>("PATCH", rule.patch());
    case HttpRule::kCustom:
    case HttpRule::PATTERN_NOT_SET:
      break;
  }
  return Fault("a rule needs one of get, put, post, delete and patch");
}

// A path variable must end in a field that a text can fill, below messages that are there once.
absl::StatusOr<FieldPath> ResolveVariable(const MessageTable& request, std::string_view path) {
  FieldPath fields;
  const MessageTable* message = &request;
  for (std::string_view rest = path; !rest.empty();) {
    const size_t dot = rest.find('.');
    const FieldTable* field = message == nullptr ? nullptr : FieldNamed(*message, rest.substr(0, dot));
    if (field == nullptr || field->repeated) return Fault(fmt::format("no single field {}", path));
    fields.push_back(field);
    message = field->message;
    rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
  }
  if (!fields.empty() && fields.back()->kind == WireKind::kMessage)
    return Fault(fmt::format("{} is not a scalar", path));
  return fields;
}

absl::Status ReadVariables(const PathTemplate& path, Route* route) {
  std::set<std::string> seen;
  for (const PathTemplate::Segment& segment : path.segments) {
    if (!segment.wildcard) continue;
    if (!segment.field.empty() && !seen.insert(segment.field).second) {
      return Fault(fmt::format("{} stands twice in the path", segment.field));
    }
    ASSIGN_OR_RETURN(FieldPath fields, ResolveVariable(*route->request, segment.field));
    route->variables.push_back(std::move(fields));
  }
  return absl::OkStatus();
}

absl::Status ReadBody(const HttpRule& rule, Route* route) {
  if (!rule.response_body().empty()) return Fault("response_body is not supported");
  if (rule.body().empty()) return absl::OkStatus();
  if (route->http_method == "GET" || route->http_method == "DELETE") {
    return Fault(fmt::format("{} takes no body", route->http_method));
  }
  if (rule.body() == "*") {
    route->body = Route::Body::kWhole;
    return absl::OkStatus();
  }
  route->body = Route::Body::kField;
  route->body_field = FieldNamed(*route->request, rule.body());
  if (route->body_field == nullptr) return Fault(fmt::format("no field {} for the body", rule.body()));
  const FieldTable* mask = FieldNamed(*route->request, "update_mask");
  const bool masked =
      mask != nullptr && !mask->repeated && mask->kind == WireKind::kMessage && mask->form() == MessageForm::kFieldMask;
  if (route->http_method == "PATCH" && masked && route->body_field->is_object() && !route->body_field->repeated) {
    route->update_mask = mask;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<RawBody>> ReadRawBodyFields(const Descriptor* response, const MessageTable& table) {
  if (!response->options().GetExtension(v1::raw_body)) return std::optional<RawBody>();
  const RawBody raw{FieldNamed(table, "content_type"), FieldNamed(table, "data"), FieldNamed(table, "file_name")};
  for (const FieldTable* field : {raw.content_type, raw.data, raw.file_name}) {
    const bool good =
        field != nullptr && !field->repeated && (field->kind == WireKind::kString || field->kind == WireKind::kBytes);
    if (!good) return Fault("raw_body needs content_type, data and file_name");
  }
  return std::optional<RawBody>(raw);
}

absl::StatusOr<std::unique_ptr<Route>> ReadRule(const HttpRule& rule, const MethodDescriptor* method,
                                                const MessageTables& messages, RouteTable* table) {
  auto route = std::make_unique<Route>();
  ASSIGN_OR_RETURN(auto method_and_path, MethodAndPath(rule));
  std::tie(route->http_method, route->path) = std::move(method_and_path);
  route->rpc = fmt::format("/{}/{}", method->service()->full_name(), method->name());
  route->request = messages.Find(method->input_type()->full_name());
  route->response = messages.Find(method->output_type()->full_name());
  route->server_streaming = method->server_streaming();
  if (method->client_streaming()) return Fault("client streams have no REST form");
  ASSIGN_OR_RETURN(const PathTemplate path, ParsePathTemplate(route->path));
  RETURN_IF_ERROR(ReadVariables(path, route.get()));
  RETURN_IF_ERROR(ReadBody(rule, route.get()));
  ASSIGN_OR_RETURN(route->raw_body, ReadRawBodyFields(method->output_type(), *route->response));
  RETURN_IF_ERROR(table->Add(path, route->http_method, route.get()));
  return route;
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
      const HttpRule& first = method->options().GetExtension(google::api::http);
      std::vector<const HttpRule*> rules = {&first};
      for (const HttpRule& more : first.additional_bindings()) rules.push_back(&more);
      for (const HttpRule* rule : rules) {
        auto route = ReadRule(*rule, method, *routes->messages_, &routes->table_);
        if (!route.ok()) {
          return absl::Status(route.status().code(),
                              fmt::format("{}: {}", method->full_name(), std::string(route.status().message())));
        }
        routes->routes_.push_back(std::move(route).value());
      }
    }
  }
  return routes;
}

}  // namespace invoice::gateway
