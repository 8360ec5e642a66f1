#include "gateway/routes/rule.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/status.h"
#include "fmt/format.h"
#include "invoice/v1/annotations.pb.h"

namespace invoice::gateway {
namespace {

using google::api::HttpRule;
using google::protobuf::MethodDescriptor;

using MethodAndPath = std::pair<std::string, std::string>;

absl::Status Fault(std::string_view what) { return absl::InvalidArgumentError(std::string(what)); }

// By its name in the proto; null where there is none.
const FieldTable* FieldNamed(const MessageTable& message, std::string_view name) {
  const FieldTable* field = message.ByName(name);
  return field != nullptr && field->name == name ? field : nullptr;
}

bool IsSingle(const FieldTable* field, WireKind kind) {
  return field != nullptr && !field->repeated && field->kind == kind;
}

// The kinds that have no field of their own: HEAD, a method of the API, or "*". OPTIONS is answered for every path.
absl::StatusOr<MethodAndPath> ReadCustom(const google::api::CustomHttpPattern& custom) {
  const std::string& kind = custom.kind();
  for (const char* known : {"GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE"}) {
    if (kind == known) return Fault(fmt::format("{} is no custom kind", kind));
  }
  const bool name = !kind.empty() && std::all_of(kind.begin(), kind.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!name && kind != "*") return Fault("a custom kind is a method in capital letters, or *");
  return MethodAndPath(kind, custom.path());
}

// The HTTP method and the path template of a rule.
absl::StatusOr<MethodAndPath> ReadPattern(const HttpRule& rule) {
  switch (rule.pattern_case()) {
    case HttpRule::kGet:
      return MethodAndPath("GET", rule.get());
    case HttpRule::kPut:
      return MethodAndPath("PUT", rule.put());
    case HttpRule::kPost:
      return MethodAndPath("POST", rule.post());
    case HttpRule::kDelete:
      return MethodAndPath("DELETE", rule.delete_());
    case HttpRule::kPatch:
      return MethodAndPath("PATCH", rule.patch());
    case HttpRule::kCustom:
      return ReadCustom(rule.custom());
    case HttpRule::PATTERN_NOT_SET:
      break;
  }
  return Fault("a rule needs one of get, put, post, delete, patch and custom");
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
  if (fields.back()->kind == WireKind::kMessage) return Fault(fmt::format("{} is not a scalar", path));
  return fields;
}

absl::Status ReadVariables(const PathTemplate& path, Route* route) {
  std::set<std::string> seen;
  for (const PathTemplate::Variable& variable : path.variables) {
    if (!seen.insert(variable.field).second) return Fault(fmt::format("{} stands twice in the path", variable.field));
    ASSIGN_OR_RETURN(FieldPath fields, ResolveVariable(*route->request, variable.field));
    route->variables.push_back({std::move(fields), variable.multi()});
  }
  return absl::OkStatus();
}

absl::Status ReadBodyField(std::string_view name, Route* route) {
  route->body = Route::Body::kField;
  route->body_field = FieldNamed(*route->request, name);
  if (route->body_field == nullptr) return Fault(fmt::format("no field {} for the body", name));
  if (route->body_field->map) return Fault(fmt::format("{} is a map and cannot be the body", name));
  for (const Route::Variable& variable : route->variables) {
    if (variable.field == FieldPath{route->body_field})
      return Fault(fmt::format("{} is in the path and the body", name));
  }
  const FieldTable* mask = FieldNamed(*route->request, "update_mask");
  const bool masked = IsSingle(mask, WireKind::kMessage) && mask->form() == MessageForm::kFieldMask;
  if (route->http_method == "PATCH" && masked && route->body_field->is_object() && !route->body_field->repeated) {
    route->update_mask = mask;
  }
  return absl::OkStatus();
}

absl::Status ReadBody(std::string_view body, Route* route) {
  if (body.empty()) return absl::OkStatus();
  for (const char* bare : {"GET", "DELETE", "HEAD"}) {
    if (route->http_method == bare) return Fault(fmt::format("{} takes no body", bare));
  }
  if (body != "*") return ReadBodyField(body, route);
  route->body = Route::Body::kWhole;
  return absl::OkStatus();
}

// What the answer is: the message, one field of it, or bytes.
absl::Status ReadResponse(const HttpRule& rule, const MethodDescriptor* method, Route* route) {
  const MessageTable& table = *route->response;
  const bool raw = method->output_type()->options().GetExtension(v1::raw_body);
  if (!rule.response_body().empty()) {
    route->response_body = FieldNamed(table, rule.response_body());
    if (route->response_body == nullptr) return Fault(fmt::format("no field {} for the answer", rule.response_body()));
    if (raw) return Fault("response_body of a message that is raw_body");
  }
  if (!raw) return absl::OkStatus();
  route->raw_body =
      RawBody{FieldNamed(table, "content_type"), FieldNamed(table, "data"), FieldNamed(table, "file_name")};
  for (const FieldTable* field : {route->raw_body->content_type, route->raw_body->data, route->raw_body->file_name}) {
    if (!IsSingle(field, WireKind::kString) && !IsSingle(field, WireKind::kBytes)) {
      return Fault("raw_body needs content_type, data and file_name");
    }
  }
  return absl::OkStatus();
}

// The version of a resource that exists: the request's own etag, or that of a body which the path names.
void ReadEtags(Route* route) {
  const FieldTable* const etag = FieldNamed(*route->request, "etag");
  if (IsSingle(etag, WireKind::kString)) {
    route->etag = {etag};
  } else if (route->body_field != nullptr && route->body_field->is_object() && !route->body_field->repeated) {
    const FieldTable* const inner = FieldNamed(*route->body_field->message, "etag");
    const bool named = std::any_of(route->variables.begin(), route->variables.end(),
                                   [&](const auto& variable) { return variable.field.front() == route->body_field; });
    if (named && IsSingle(inner, WireKind::kString)) route->etag = {route->body_field, inner};
  }
  const FieldTable* const shown = FieldNamed(*route->response, "etag");
  const bool whole = !route->server_streaming && !route->raw_body && route->response_body == nullptr;
  if (whole && IsSingle(shown, WireKind::kString)) route->response_etag = shown;
}

// A position can be written on one line and compared.
bool IsPosition(const FieldTable& field) {
  if (field.repeated) return false;
  switch (field.kind) {
    case WireKind::kInt32:
    case WireKind::kInt64:
    case WireKind::kUint32:
    case WireKind::kUint64:
    case WireKind::kSint32:
    case WireKind::kSint64:
    case WireKind::kFixed32:
    case WireKind::kFixed64:
    case WireKind::kSfixed32:
    case WireKind::kSfixed64:
    case WireKind::kString:
      return true;
    case WireKind::kFloat:
    case WireKind::kDouble:
    case WireKind::kBool:
    case WireKind::kEnum:
    case WireKind::kBytes:
    case WireKind::kMessage:
      break;
  }
  return false;
}

// The one field with the option; null where there is none.
absl::StatusOr<const FieldTable*> FindPosition(const MessageTable& message, bool FieldTable::*option) {
  const FieldTable* found = nullptr;
  for (const FieldTable& field : message.fields()) {
    if (!(field.*option)) continue;
    if (found != nullptr) return Fault(fmt::format("{} has two positions of events", message.full_name()));
    if (!IsPosition(field)) return Fault(fmt::format("{} is no single string or integer", field.name));
    found = &field;
  }
  return found;
}

absl::Status ReadPositions(Route* route) {
  if (!route->server_streaming) return absl::OkStatus();
  ASSIGN_OR_RETURN(route->event_id, FindPosition(*route->response, &FieldTable::event_id));
  ASSIGN_OR_RETURN(route->resume_from, FindPosition(*route->request, &FieldTable::resume_from));
  if ((route->event_id == nullptr) != (route->resume_from == nullptr)) {
    return Fault("event_id of the answer and resume_from of the request need each other");
  }
  if (route->event_id == nullptr) return absl::OkStatus();
  if (route->event_id->kind != route->resume_from->kind) return Fault("event_id and resume_from have two types");
  const FieldPath resumed = {route->resume_from};
  const bool bound = std::any_of(route->variables.begin(), route->variables.end(),
                                 [&](const auto& variable) { return variable.field == resumed; });
  return bound ? Fault("resume_from is in the path") : absl::OkStatus();
}

// The template as clients know it: "/customers/{customerId}".
std::string Documented(std::string_view text, const Route& route) {
  std::string spelled;
  for (const Route::Variable& variable : route.variables) {
    const size_t open = text.find('{');
    const size_t end = text.find_first_of("=}", open);
    spelled.append(text.substr(0, open + 1)).append(SpellPath(route, variable.field));
    text.remove_prefix(end);
    if (text.starts_with("=*}")) text.remove_prefix(2);
    const size_t close = text.find('}');
    spelled.append(text.substr(0, close));
    text.remove_prefix(close);
  }
  return spelled.append(text);
}

}  // namespace

std::string SpellPath(const Route& route, const FieldPath& path) {
  std::string spelled;
  for (const FieldTable* field : path) {
    if (field == route.body_field && path.size() > 1) continue;
    if (!spelled.empty()) spelled += '.';
    spelled += field->json_name;
  }
  return spelled;
}

absl::StatusOr<ReadRoute> ReadRule(const HttpRule& rule, const MethodDescriptor* method,
                                   const MessageTables& messages) {
  auto route = std::make_unique<Route>();
  if (!rule.selector().empty() && rule.selector() != method->full_name()) {
    return Fault(fmt::format("the selector {} is of another method", rule.selector()));
  }
  ASSIGN_OR_RETURN(auto pattern, ReadPattern(rule));
  route->http_method = std::move(pattern.first);
  route->rpc = fmt::format("/{}/{}", method->service()->full_name(), method->name());
  route->request = messages.Find(method->input_type()->full_name());
  route->response = messages.Find(method->output_type()->full_name());
  route->server_streaming = method->server_streaming();
  if (method->client_streaming()) return Fault("client streams have no REST form");
  if (route->server_streaming && route->http_method == "HEAD") return Fault("HEAD of a stream");
  ASSIGN_OR_RETURN(PathTemplate path, ParsePathTemplate(pattern.second));
  RETURN_IF_ERROR(ReadVariables(path, route.get()));
  RETURN_IF_ERROR(ReadBody(rule.body(), route.get()));
  RETURN_IF_ERROR(ReadResponse(rule, method, route.get()));
  RETURN_IF_ERROR(ReadPositions(route.get()));
  ReadEtags(route.get());
  route->path = Documented(pattern.second, *route);
  return ReadRoute{std::move(route), std::move(path)};
}

}  // namespace invoice::gateway
