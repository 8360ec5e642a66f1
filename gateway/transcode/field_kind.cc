#include "gateway/transcode/field_kind.h"

#include <set>
#include <vector>

#include "fmt/format.h"

namespace invoice::gateway {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

FieldKind KindOf(const FieldDescriptor* field) {
  if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return FieldKind::kScalar;
  switch (field->message_type()->well_known_type()) {
    case Descriptor::WELLKNOWNTYPE_TIMESTAMP:
      return FieldKind::kTimestamp;
    case Descriptor::WELLKNOWNTYPE_DURATION:
      return FieldKind::kDuration;
    case Descriptor::WELLKNOWNTYPE_FIELDMASK:
      return FieldKind::kFieldMask;
    case Descriptor::WELLKNOWNTYPE_ANY:
    case Descriptor::WELLKNOWNTYPE_STRUCT:
    case Descriptor::WELLKNOWNTYPE_VALUE:
    case Descriptor::WELLKNOWNTYPE_LISTVALUE:
      return FieldKind::kUnsupported;
    case Descriptor::WELLKNOWNTYPE_UNSPECIFIED:
      return FieldKind::kMessage;
    default:
      return FieldKind::kWrapper;
  }
}

absl::Status CheckReadable(const Descriptor* message) {
  std::set<const Descriptor*> seen = {message};
  std::vector<const Descriptor*> open = {message};
  while (!open.empty()) {
    const Descriptor* next = open.back();
    open.pop_back();
    for (int i = 0; i < next->field_count(); ++i) {
      const FieldDescriptor* field = next->field(i);
      const FieldKind kind = KindOf(field);
      if (kind == FieldKind::kUnsupported) {
        return absl::InvalidArgumentError(fmt::format("{} cannot be read from JSON", field->full_name()));
      }
      if (kind == FieldKind::kMessage && seen.insert(field->message_type()).second)
        open.push_back(field->message_type());
    }
  }
  return absl::OkStatus();
}

}  // namespace invoice::gateway
