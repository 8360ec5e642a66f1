#include "gateway/transcode/update_mask.h"

#include <google/protobuf/field_mask.pb.h>

#include <algorithm>

#include "gateway/transcode/field_kind.h"
#include "gateway/transcode/scalars.h"

namespace invoice::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;

void Collect(const JsonValue& object, const Descriptor* type, const std::string& prefix, FieldMask* mask) {
  for (size_t i = 0; i < object.items.size(); ++i) {
    const FieldDescriptor* field = FindField(type, object.names[i]);
    if (field == nullptr) continue;
    const JsonValue& value = object.items[i];
    const bool nested = !field->is_repeated() && KindOf(field) == FieldKind::kMessage &&
                        value.kind == JsonValue::Kind::kObject && !value.items.empty();
    if (nested) {
      Collect(value, field->message_type(), prefix + field->name() + ".", mask);
    } else {
      mask->add_paths(prefix + field->name());
    }
  }
}

}  // namespace

void FillUpdateMask(const JsonValue& body, const Descriptor* type, const std::vector<std::string>& skipped,
                    google::protobuf::Message* mask) {
  FieldMask all;
  Collect(body, type, "", &all);
  FieldMask kept;
  for (const std::string& path : all.paths()) {
    if (std::find(skipped.begin(), skipped.end(), path) == skipped.end()) kept.add_paths(path);
  }
  mask->CopyFrom(kept);
}

}  // namespace invoice::gateway
