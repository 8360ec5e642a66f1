#include "gateway/routes/request_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/status.h"
#include "fmt/format.h"
#include "gateway/limits.h"
#include "gateway/routes/percent.h"
#include "gateway/transcode/body_reader.h"
#include "gateway/transcode/field_faults.h"
#include "gateway/transcode/nearest.h"
#include "gateway/transcode/scalars.h"
#include "gateway/transcode/update_mask.h"
#include "gateway/transcode/wire.h"

namespace invoice::gateway {
namespace {

absl::Status Malformed(std::string_view what) {
  return base::Failure(absl::StatusCode::kInvalidArgument, base::Reason::kInvalidField, what);
}

// Whether one text can be the value of the field, or of an entry of it.
bool TakesText(const FieldTable& field) {
  if (field.map) return false;
  if (field.kind != WireKind::kMessage) return true;
  switch (field.form()) {
    case MessageForm::kTimestamp:
    case MessageForm::kDuration:
    case MessageForm::kFieldMask:
    case MessageForm::kWrapper:
      return true;
    case MessageForm::kObject:
    case MessageForm::kStruct:
    case MessageForm::kValue:
    case MessageForm::kListValue:
    case MessageForm::kAny:
      break;
  }
  return false;
}

// The fields that a query parameter names ("schedule.billing_day"), or nothing.
std::optional<FieldPath> ResolveParameter(const MessageTable& request, std::string_view name) {
  FieldPath path;
  const MessageTable* message = &request;
  for (;;) {
    const size_t dot = name.find('.');
    const FieldTable* field = message->ByName(name.substr(0, dot));
    if (field == nullptr) return std::nullopt;
    path.push_back(field);
    if (dot == std::string_view::npos) break;
    if (!field->is_object() || field->repeated) return std::nullopt;
    message = field->message;
    name.remove_prefix(dot + 1);
  }
  if (!TakesText(*path.back())) return std::nullopt;
  return path;
}

// The fields of the request that a query may name.
std::vector<std::string> ParametersOf(const Route& route) {
  std::vector<std::string> names;
  if (route.body == Route::Body::kWhole) return names;
  for (const FieldTable& field : route.request->fields()) {
    const bool bound =
        std::any_of(route.variables.begin(), route.variables.end(),
                    [&](const Route::Variable& variable) { return variable.field == FieldPath{&field}; });
    if (!bound && &field != route.body_field && TakesText(field)) names.push_back(field.json_name);
  }
  return names;
}

class Reading {
 public:
  explicit Reading(const Route& route) : route_(route), out_(&wire_) {}

  absl::StatusOr<std::string> Read(const RequestParts& parts) {
    wire_.reserve(parts.body.size() + parts.query.size() + 64);
    MaskCollector mask(BoundFields());
    RETURN_IF_ERROR(ReadBody(parts.body, &mask));
    body_size_ = wire_.size();
    RETURN_IF_ERROR(ReadQuery(parts.query));
    RETURN_IF_ERROR(ReadPath(parts.variables));
    ReadPosition(parts.last_event_id);
    if (!faults_.empty()) return faults_.ToStatus();
    RETURN_IF_ERROR(ReadEtag(parts.etag));
    if (route_.update_mask != nullptr && !mask_given_ && !parts.body.empty()) {
      out_.Varint(route_.update_mask->tag);
      out_.Bytes(mask.wire());
    }
    return std::move(wire_);
  }

 private:
  // Fields of the body that the path fills.
  std::vector<const FieldTable*> BoundFields() const {
    std::vector<const FieldTable*> bound;
    for (const Route::Variable& variable : route_.variables) {
      const FieldPath& path = variable.field;
      if (route_.update_mask != nullptr && path.size() == 2 && path.front() == route_.body_field) {
        bound.push_back(path.back());
      }
    }
    return bound;
  }

  absl::Status ReadBody(std::string_view body, MaskCollector* mask) {
    if (body.empty()) return absl::OkStatus();
    if (route_.body == Route::Body::kNone) return Malformed("this method takes no body");
    BodyReader reader(body, &faults_, &wire_);
    const bool good = route_.body == Route::Body::kWhole
                          ? reader.ReadMessage(*route_.request)
                          : reader.ReadField(*route_.body_field, route_.update_mask == nullptr ? nullptr : mask);
    return good ? absl::OkStatus() : reader.status();
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
      const auto name = PercentDecode(pair.substr(0, equals), Encoded::kQuery);
      const auto value =
          PercentDecode(equals == std::string_view::npos ? "" : pair.substr(equals + 1), Encoded::kQuery);
      if (!name || !value) return Malformed("the query has malformed percent-encoding");
      ReadParameter(*name, *value);
    }
    return absl::OkStatus();
  }

  void ReadParameter(const std::string& name, std::string_view value) {
    const std::optional<FieldPath> path = ResolveParameter(*route_.request, name);
    // Everything that is not in the path belongs to a whole body, and one field of the request to a body of one field.
    const bool in_body = route_.body == Route::Body::kWhole ||
                         (path && route_.body == Route::Body::kField && path->front() == route_.body_field);
    if (!path) return AddUnknownParameter(name);
    if (in_body) return faults_.Add(PrintableName(name), "unknown query parameter; the field belongs into the body");
    const FieldTable& field = *path->back();
    const std::string spelled = SpellPath(route_, *path);
    for (const Route::Variable& variable : route_.variables) {
      if (variable.field == *path) return faults_.Add(spelled, "its value in the path only");
    }
    const bool again = std::find(parameters_.begin(), parameters_.end(), *path) != parameters_.end();
    if (again && !field.repeated) return faults_.Add(spelled, "one value");
    if (!again) parameters_.push_back(*path);
    if (path->size() == 1 && &field == route_.update_mask) mask_given_ = true;
    Append(*path, value, spelled);
  }

  void AddUnknownParameter(const std::string& name) {
    if (!faults_.full()) faults_.Add(PrintableName(name), UnknownParameter(name, ParametersOf(route_)));
  }

  // The field, within the messages that hold it. False where the text is not what was expected.
  bool Append(const FieldPath& path, std::string_view text, const std::string& spelled) {
    const size_t before = wire_.size();
    const FieldTable& field = *path.back();
    FieldPath::const_iterator holder = path.begin();
    absl::InlinedVector<size_t, 4> opened;
    for (; holder + 1 != path.end(); ++holder) opened.push_back(Open(**holder));
    const bool good = AppendValue(field, TextValue(field, text));
    if (!good) {
      wire_.resize(before);
      faults_.Add(spelled, ExpectedOf(field));
      return false;
    }
    while (!opened.empty()) {
      out_.Close(opened.back());
      opened.pop_back();
    }
    return true;
  }

  size_t Open(const FieldTable& field) {
    out_.Varint(field.tag);
    return out_.Open();
  }

  bool AppendValue(const FieldTable& field, JsonScalar value) {
    if (field.kind != WireKind::kMessage) return AppendScalar(field, value, /*with_tag=*/true, &out_);
    const size_t opened = Open(field);
    const bool good = field.form() == MessageForm::kWrapper
                          ? AppendScalar(field.message->fields()[0], value, /*with_tag=*/true, &out_)
                          : AppendTextForm(field.form(), value, &out_);
    if (good) out_.Close(opened);
    return good;
  }

  absl::Status ReadPath(const std::vector<std::string_view>& variables) {
    for (size_t i = 0; i < variables.size() && i < route_.variables.size(); ++i) {
      const Route::Variable& variable = route_.variables[i];
      const auto text = PercentDecode(variables[i], variable.multi ? Encoded::kSegments : Encoded::kSegment);
      if (!text) return Malformed("the path has malformed percent-encoding");
      ReadVariable(variable.field, *text);
    }
    return absl::OkStatus();
  }

  // Goes before the query, with which an EventSource connects again each time.
  void ReadPosition(std::string_view text) {
    if (route_.resume_from == nullptr || text.empty()) return;
    const FieldTable& field = *route_.resume_from;
    const size_t before = wire_.size();
    out_.Varint(field.tag);
    if (field.kind == WireKind::kString) return out_.Bytes(text);
    // Also 0, which would not be written with its tag.
    if (AppendScalar(field, TextValue(field, text), /*with_tag=*/false, &out_)) return;
    wire_.resize(before);
    faults_.Add("Last-Event-ID", fmt::format("the id of an event: {}", ExpectedOf(field)));
  }

  absl::Status ReadEtag(std::string_view etag) {
    if (route_.etag.empty() || etag.empty()) return absl::OkStatus();
    const FieldPath& path = route_.etag;
    std::string_view holder = wire_;
    if (path.size() > 1) holder = FindLast(holder.substr(0, body_size_), path.front()->tag).content;
    const std::string_view given = FindLast(holder, path.back()->tag).content;
    const std::string spelled = SpellPath(route_, path);
    if (given.empty()) {
      Append(path, etag, spelled);
    } else if (given != etag) {
      return Malformed(
          fmt::format("the header If-Match and the field {} name two versions; give one of them", spelled));
    }
    return absl::OkStatus();
  }

  // The path decides; a body that says otherwise is at fault.
  void ReadVariable(const FieldPath& path, std::string_view text) {
    const std::string in_body = BodyBytes(path);
    const size_t before = wire_.size();
    const std::string spelled = SpellPath(route_, path);
    if (!Append(path, text, spelled) || in_body.empty()) return;
    std::string_view holder = std::string_view(wire_).substr(before);
    for (size_t i = 0; i + 1 < path.size(); ++i) holder = FindLast(holder, path[i]->tag).content;
    if (holder != in_body) faults_.Add(spelled, "the value in the path, or none");
  }

  // What the body wrote of the field; empty for nothing.
  std::string BodyBytes(const FieldPath& path) const {
    std::string_view holder = std::string_view(wire_).substr(0, body_size_);
    for (size_t i = 0; i + 1 < path.size() && !holder.empty(); ++i) holder = FindLast(holder, path[i]->tag).content;
    return std::string(holder.empty() ? holder : FindLast(holder, path.back()->tag).whole);
  }

  const Route& route_;
  FieldFaults faults_;
  std::string wire_;
  WireAppender out_;
  size_t body_size_ = 0;  // of the wire bytes
  std::vector<FieldPath> parameters_;
  bool mask_given_ = false;
};

}  // namespace

absl::StatusOr<std::string> ReadRequest(const Route& route, const RequestParts& parts) {
  return Reading(route).Read(parts);
}

}  // namespace invoice::gateway
