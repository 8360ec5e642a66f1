#include "rpc/method.h"

#include <re2/re2.h>

#include <string_view>

#include "absl/strings/str_split.h"
#include "base/status.h"
#include "fmt/format.h"
#include "google/api/annotations.pb.h"

namespace invoice::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

constexpr char kFieldMask[] = "google.protobuf.FieldMask";

absl::Status MethodFault(const MethodDescriptor* method, std::string_view what) {
  return absl::FailedPreconditionError(fmt::format("{}: {}", method->full_name(), what));
}

std::string PathOf(const google::api::HttpRule& rule) {
  switch (rule.pattern_case()) {
    case google::api::HttpRule::kGet:
      return rule.get();
    case google::api::HttpRule::kPut:
      return rule.put();
    case google::api::HttpRule::kPost:
      return rule.post();
    case google::api::HttpRule::kDelete:
      return rule.delete_();
    case google::api::HttpRule::kPatch:
      return rule.patch();
    case google::api::HttpRule::kCustom:
      return rule.custom().path();
    case google::api::HttpRule::PATTERN_NOT_SET:
      return "";
  }
  return "";
}

// "{vendor.id}" of the template as the fields vendor and id; nothing where a name is unknown.
absl::StatusOr<std::vector<const FieldDescriptor*>> ResolveVariable(const MethodDescriptor* method,
                                                                    const std::string& variable) {
  std::vector<const FieldDescriptor*> fields;
  const Descriptor* message = method->input_type();
  for (const std::string& name : std::vector<std::string>(absl::StrSplit(variable, '.'))) {
    const FieldDescriptor* field = message == nullptr ? nullptr : message->FindFieldByName(name);
    if (field == nullptr || field->is_repeated())
      return MethodFault(method, fmt::format("no field {} for the path", variable));
    fields.push_back(field);
    message = field->message_type();
  }
  if (message != nullptr) return MethodFault(method, fmt::format("the path binds the message {}", variable));
  return fields;
}

absl::Status ReadHttpRule(Method& method) {
  const MethodDescriptor* descriptor = method.descriptor;
  if (!descriptor->options().HasExtension(google::api::http)) return absl::OkStatus();
  const google::api::HttpRule& rule = descriptor->options().GetExtension(google::api::http);
  if (!rule.body().empty() && rule.body() != "*") {
    method.body = descriptor->input_type()->FindFieldByName(rule.body());
    if (method.body == nullptr) return MethodFault(descriptor, fmt::format("no field {} for the body", rule.body()));
  }
  static const RE2& variable_pattern = *new RE2("\\{([a-z0-9_.]+)(=[^}]*)?\\}");
  const std::string path = PathOf(rule);
  re2::StringPiece rest(path);
  std::string variable;
  while (RE2::FindAndConsume(&rest, variable_pattern, &variable)) {
    ASSIGN_OR_RETURN(auto fields, ResolveVariable(descriptor, variable));
    method.path_fields.push_back(std::move(fields));
  }
  return absl::OkStatus();
}

// An update has a mask and one resource: the body, or the one other message of the request.
absl::Status ReadUpdate(Method& method) {
  const Descriptor* request = method.descriptor->input_type();
  const FieldDescriptor* mask = request->FindFieldByName("update_mask");
  if (mask == nullptr || mask->message_type() == nullptr || mask->message_type()->full_name() != kFieldMask) {
    return absl::OkStatus();
  }
  method.update_mask = mask;
  method.resource = method.body;
  for (int i = 0; method.resource == nullptr && i < request->field_count(); ++i) {
    const FieldDescriptor* field = request->field(i);
    if (field != mask && field->message_type() != nullptr && !field->is_repeated()) method.resource = field;
  }
  if (method.resource == nullptr || method.resource->message_type() == nullptr || method.resource->is_repeated()) {
    return MethodFault(method.descriptor, "an update mask without a message it speaks about");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Method> ReadMethod(const MethodDescriptor* descriptor) {
  Method method;
  method.descriptor = descriptor;
  method.name = fmt::format("{}/{}", descriptor->service()->full_name(), descriptor->name());
  method.path = "/" + method.name;
  method.access = descriptor->options().GetExtension(v1::access);
  method.is_change = !descriptor->server_streaming() &&
                     descriptor->options().idempotency_level() != google::protobuf::MethodOptions::NO_SIDE_EFFECTS;
  if (method.access == v1::Access::LEVEL_UNSPECIFIED) return MethodFault(descriptor, "no access level");
  if (descriptor->client_streaming()) return MethodFault(descriptor, "client streams are not served");
  RETURN_IF_ERROR(ReadHttpRule(method));
  RETURN_IF_ERROR(ReadUpdate(method));
  return method;
}

}  // namespace invoice::rpc
