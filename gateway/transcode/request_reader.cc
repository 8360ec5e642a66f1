#include "gateway/transcode/request_reader.h"

#include <google/protobuf/text_format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/status.h"
#include "fmt/format.h"
#include "gateway/limits.h"
#include "gateway/transcode/field_faults.h"
#include "gateway/transcode/field_kind.h"
#include "gateway/transcode/message_reader.h"
#include "gateway/transcode/nearest.h"
#include "gateway/transcode/percent.h"
#include "gateway/transcode/scalars.h"
#include "gateway/transcode/update_mask.h"

namespace invoice::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::TextFormat;

// In JSON spelling, as seen from the body: the name of the field that is the body is left out.
std::string SpellPath(const Route& route, const FieldPath& path) {
  std::string spelled;
  for (const FieldDescriptor* field : path) {
    if (field == route.body_field && path.size() > 1) continue;
    if (!spelled.empty()) spelled += '.';
    spelled += field->json_name();
  }
  return spelled;
}

// The message that holds the last field of the path, made where it is absent.
Message* HolderOf(const FieldPath& path, Message* message) {
  for (size_t i = 0; i + 1 < path.size(); ++i) message = message->GetReflection()->MutableMessage(message, path[i]);
  return message;
}

absl::Status Malformed(std::string_view what) {
  return base::Failure(absl::StatusCode::kInvalidArgument, base::Reason::kInvalidField, what);
}

// The fields that a query parameter names ("schedule.billing_day"), or nothing.
std::optional<FieldPath> ResolveParameter(const Descriptor* message, std::string_view name) {
  FieldPath path;
  for (;;) {
    const size_t dot = name.find('.');
    const FieldDescriptor* field = message == nullptr ? nullptr : FindField(message, name.substr(0, dot));
    if (field == nullptr || field->is_map()) return std::nullopt;
    path.push_back(field);
    if (dot == std::string_view::npos) break;
    if (KindOf(field) != FieldKind::kMessage || field->is_repeated()) return std::nullopt;
    message = field->message_type();
    name.remove_prefix(dot + 1);
  }
  if (KindOf(path.back()) == FieldKind::kMessage) return std::nullopt;
  return path;
}

// The fields of the request that a query may name.
std::vector<std::string> ParametersOf(const Route& route) {
  std::vector<std::string> names;
  const Descriptor* request = route.request->GetDescriptor();
  for (int i = 0; i < request->field_count() && route.body != Route::Body::kWhole; ++i) {
    const FieldDescriptor* field = request->field(i);
    const bool bound =
        std::find(route.variables.begin(), route.variables.end(), FieldPath{field}) != route.variables.end();
    if (bound || field == route.body_field || field->is_map() || KindOf(field) == FieldKind::kMessage) continue;
    names.push_back(field->json_name());
  }
  return names;
}

class Reading {
 public:
  Reading(const Route& route, Message* message) : route_(route), message_(message), reader_(&faults_) {}

  absl::Status Read(const RequestParts& parts) {
    RETURN_IF_ERROR(ReadBody(parts.body));
    RETURN_IF_ERROR(ReadQuery(parts.query));
    RETURN_IF_ERROR(ReadPath(parts.variables));
    if (faults_.empty() && route_.update_mask != nullptr && !mask_given_ && body_) DeriveMask();
    return faults_.ToStatus();
  }

 private:
  absl::Status ReadBody(std::string_view body) {
    if (body.empty()) return absl::OkStatus();
    if (route_.body == Route::Body::kNone) return Malformed("this method takes no body");
    ASSIGN_OR_RETURN(body_, ParseJson(body));
    if (route_.body == Route::Body::kWhole) {
      reader_.ReadMessage(*body_, JsonPath{}, message_);
    } else {
      const bool object = KindOf(route_.body_field) == FieldKind::kMessage && !route_.body_field->is_repeated();
      const JsonPath root{nullptr, object ? std::string_view() : std::string_view(route_.body_field->json_name())};
      reader_.ReadField(*body_, route_.body_field, root, message_);
    }
    return absl::OkStatus();
  }

  absl::Status ReadQuery(std::string_view query) {
    size_t count = 0;
    while (!query.empty()) {
      const size_t end = query.find('&');
      const std::string_view pair = query.substr(0, end);
      query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
      if (pair.empty()) continue;
      if (++count > kMaxQueryParameters) return Malformed(fmt::format("more than {} parameters", kMaxQueryParameters));
      const size_t equals = pair.find('=');
      const auto name = PercentDecode(pair.substr(0, equals), /*plus_is_space=*/true);
      auto value =
          PercentDecode(equals == std::string_view::npos ? "" : pair.substr(equals + 1), /*plus_is_space=*/true);
      if (!name || !value) return Malformed("the query has malformed percent-encoding");
      ReadParameter(*name, std::move(*value));
    }
    return absl::OkStatus();
  }

  void ReadParameter(const std::string& name, std::string value) {
    const std::optional<FieldPath> path = ResolveParameter(message_->GetDescriptor(), name);
    // Everything that is not in the path belongs to a whole body, and one field of the request to a body of one field.
    const bool in_body = route_.body == Route::Body::kWhole ||
                         (path && route_.body == Route::Body::kField && path->front() == route_.body_field);
    if (!path) return AddUnknownParameter(name);
    if (in_body) return faults_.Add(PrintableName(name), "unknown query parameter; the field belongs into the body");
    const FieldDescriptor* field = path->back();
    const std::string spelled = SpellPath(route_, *path);
    for (const FieldPath& variable : route_.variables) {
      if (variable == *path) return faults_.Add(spelled, "its value in the path only");
    }
    if (!parameters_.insert(*path).second && !field->is_repeated()) return faults_.Add(spelled, "one value");
    if (*path == FieldPath{route_.update_mask}) mask_given_ = true;
    reader_.ReadSingle(TextValue(field, std::move(value)), field, JsonPath{nullptr, spelled},
                       HolderOf(*path, message_));
  }

  void AddUnknownParameter(const std::string& name) {
    faults_.Add(PrintableName(name), UnknownParameter(name, ParametersOf(route_)));
  }

  absl::Status ReadPath(const std::vector<std::string>& variables) {
    for (size_t i = 0; i < variables.size() && i < route_.variables.size(); ++i) {
      std::optional<std::string> text = PercentDecode(variables[i]);
      if (!text) return Malformed("the path has malformed percent-encoding");
      if (!route_.variables[i].empty()) ReadVariable(route_.variables[i], std::move(*text));
    }
    return absl::OkStatus();
  }

  // The path decides; a body that says otherwise is at fault.
  void ReadVariable(const FieldPath& path, std::string text) {
    const FieldDescriptor* field = path.back();
    Message* holder = HolderOf(path, message_);
    std::string in_body;
    if (holder->GetReflection()->HasField(*holder, field))
      TextFormat::PrintFieldValueToString(*holder, field, -1, &in_body);
    const std::string spelled = SpellPath(route_, path);
    reader_.ReadSingle(TextValue(field, std::move(text)), field, JsonPath{nullptr, spelled}, holder);
    if (in_body.empty()) return;
    std::string in_path;
    TextFormat::PrintFieldValueToString(*holder, field, -1, &in_path);
    if (in_path != in_body) faults_.Add(spelled, "the value in the path, or none");
  }

  void DeriveMask() {
    std::vector<std::string> bound;
    for (const FieldPath& path : route_.variables) {
      if (path.size() == 2 && path.front() == route_.body_field) bound.push_back(path.back()->name());
    }
    Message* mask = message_->GetReflection()->MutableMessage(message_, route_.update_mask);
    FillUpdateMask(*body_, route_.body_field->message_type(), bound, mask);
  }

  const Route& route_;
  Message* message_;
  FieldFaults faults_;
  MessageReader reader_;
  std::optional<JsonValue> body_;
  std::set<FieldPath> parameters_;
  bool mask_given_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Message>> ReadRequest(const Route& route, const RequestParts& parts) {
  std::unique_ptr<Message> message(route.request->New());
  RETURN_IF_ERROR(Reading(route, message.get()).Read(parts));
  return message;
}

}  // namespace invoice::gateway
