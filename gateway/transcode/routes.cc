#include "gateway/transcode/routes.h"

#include <google/api/annotations.pb.h>
#include <google/api/http.pb.h>
#include <google/protobuf/descriptor_database.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/status.h"
#include "fmt/format.h"
#include "gateway/transcode/field_kind.h"
#include "invoice/v1/annotations.pb.h"

namespace invoice::gateway {
namespace {

using google::api::HttpRule;
using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

absl::Status Fault(std::string_view what) { return absl::InvalidArgumentError(std::string(what)); }

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
absl::StatusOr<FieldPath> ResolveVariable(const Descriptor* message, std::string_view path) {
  FieldPath fields;
  for (std::string_view rest = path; !rest.empty();) {
    const size_t dot = rest.find('.');
    const FieldDescriptor* field =
        message == nullptr ? nullptr : message->FindFieldByName(std::string(rest.substr(0, dot)));
    if (field == nullptr || field->is_repeated()) return Fault(fmt::format("no single field {}", path));
    fields.push_back(field);
    message = field->message_type();
    rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
  }
  if (!fields.empty() && KindOf(fields.back()) != FieldKind::kScalar) {
    return Fault(fmt::format("{} is not a scalar", path));
  }
  return fields;
}

absl::Status ReadVariables(const PathTemplate& path, const Descriptor* request, Route* route) {
  std::set<std::string> seen;
  for (const PathTemplate::Segment& segment : path.segments) {
    if (!segment.wildcard) continue;
    if (!segment.field.empty() && !seen.insert(segment.field).second) {
      return Fault(fmt::format("{} stands twice in the path", segment.field));
    }
    ASSIGN_OR_RETURN(FieldPath fields, ResolveVariable(request, segment.field));
    route->variables.push_back(std::move(fields));
  }
  return absl::OkStatus();
}

absl::Status ReadBody(const HttpRule& rule, const Descriptor* request, Route* route) {
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
  route->body_field = request->FindFieldByName(rule.body());
  if (route->body_field == nullptr) return Fault(fmt::format("no field {} for the body", rule.body()));
  const FieldDescriptor* mask = request->FindFieldByName("update_mask");
  const bool masked = mask != nullptr && KindOf(mask) == FieldKind::kFieldMask && !mask->is_repeated();
  if (route->http_method == "PATCH" && masked && KindOf(route->body_field) == FieldKind::kMessage &&
      !route->body_field->is_repeated()) {
    route->update_mask = mask;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<RawBody>> ReadRawBody(const Descriptor* response) {
  if (!response->options().GetExtension(v1::raw_body)) return std::optional<RawBody>();
  const RawBody raw{response->FindFieldByName("content_type"), response->FindFieldByName("data"),
                    response->FindFieldByName("file_name")};
  for (const FieldDescriptor* field : {raw.content_type, raw.data, raw.file_name}) {
    if (field == nullptr || field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
      return Fault("raw_body needs content_type, data and file_name");
    }
  }
  return std::optional<RawBody>(raw);
}

absl::StatusOr<std::unique_ptr<Route>> ReadRule(const HttpRule& rule, const MethodDescriptor* method,
                                                MessageFactory* factory, RouteTable* table) {
  auto route = std::make_unique<Route>();
  ASSIGN_OR_RETURN(auto method_and_path, MethodAndPath(rule));
  std::tie(route->http_method, route->path) = std::move(method_and_path);
  route->rpc = fmt::format("/{}/{}", method->service()->full_name(), method->name());
  route->request = factory->GetPrototype(method->input_type());
  route->response = factory->GetPrototype(method->output_type());
  route->server_streaming = method->server_streaming();
  if (method->client_streaming()) return Fault("client streams have no REST form");
  ASSIGN_OR_RETURN(const PathTemplate path, ParsePathTemplate(route->path));
  RETURN_IF_ERROR(ReadVariables(path, method->input_type(), route.get()));
  RETURN_IF_ERROR(ReadBody(rule, method->input_type(), route.get()));
  ASSIGN_OR_RETURN(route->raw_body, ReadRawBody(method->output_type()));
  RETURN_IF_ERROR(CheckReadable(method->input_type()));
  RETURN_IF_ERROR(table->Add(path, route->http_method, route.get()));
  return route;
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
  return Build(services, MessageFactory::generated_factory());
}

absl::StatusOr<std::unique_ptr<Routes>> Routes::Build(const std::vector<const ServiceDescriptor*>& services,
                                                      MessageFactory* factory) {
  auto routes = std::make_unique<Routes>();
  for (const ServiceDescriptor* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      const MethodDescriptor* method = service->method(i);
      if (!method->options().HasExtension(google::api::http)) continue;
      const HttpRule& first = method->options().GetExtension(google::api::http);
      std::vector<const HttpRule*> rules = {&first};
      for (const HttpRule& more : first.additional_bindings()) rules.push_back(&more);
      for (const HttpRule* rule : rules) {
        auto route = ReadRule(*rule, method, factory, &routes->table_);
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
