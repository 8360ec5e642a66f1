#include "rpc/update_mask.h"

#include <google/protobuf/util/field_mask_util.h>

#include <memory>
#include <vector>

#include "base/status.h"
#include "fmt/format.h"
#include "invoice/v1/annotations.pb.h"

namespace invoice::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::util::FieldMaskUtil;

const v1::FieldRules& RulesOf(const FieldDescriptor* field) { return field->options().GetExtension(v1::rules); }

// Set by the server, the name of the resource, or a condition rather than content.
bool IsIgnored(const FieldDescriptor* field) {
  return RulesOf(field).output_only() || RulesOf(field).identifier() || RulesOf(field).format() == v1::FieldRules::ETAG;
}

void AddPopulated(const Message& message, const std::string& prefix, FieldMask* mask) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (IsIgnored(field)) continue;
    const std::string path = prefix + field->name();
    if (field->message_type() != nullptr && !field->is_repeated() && !IsWellKnown(field->message_type())) {
      const Message& child = message.GetReflection()->GetMessage(message, field);
      std::vector<const FieldDescriptor*> inner;
      child.GetReflection()->ListFields(child, &inner);
      if (!inner.empty()) {
        AddPopulated(child, path + ".", mask);
        continue;
      }
    }
    mask->add_paths(path);
  }
}

void AddAll(const Descriptor* descriptor, FieldMask* mask) {
  for (int i = 0; i < descriptor->field_count(); ++i) {
    if (!IsIgnored(descriptor->field(i))) mask->add_paths(descriptor->field(i)->name());
  }
}

absl::Status BadMask() { return base::InvalidField("updateMask", "paths of fields of the resource, or \"*\" alone"); }

// Adds the path unless it is ignored; refuses what is no path through single messages.
absl::Status AddPath(const Descriptor* descriptor, const std::string& path, FieldMask* mask) {
  const bool has_empty_part = path.empty() || path.front() == '.' || path.back() == '.' || path.find("..") != path.npos;
  std::vector<const FieldDescriptor*> fields;
  if (has_empty_part || !FieldMaskUtil::GetFieldDescriptors(descriptor, path, &fields)) return BadMask();
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i + 1 < fields.size() && fields[i]->is_repeated()) return BadMask();
    if (IsIgnored(fields[i])) return absl::OkStatus();
  }
  mask->add_paths(path);
  return absl::OkStatus();
}

std::string JsonPath(const std::vector<const FieldDescriptor*>& fields) {
  std::string path;
  for (const FieldDescriptor* field : fields) path += (path.empty() ? "" : ".") + field->json_name();
  return path;
}

void MergePath(const std::string& path, const Message& patch, Message* current) {
  FieldMask one;
  one.add_paths(path);
  FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(patch, one, options, current);
}

// The path's content alone, for comparison.
std::string ContentAt(const std::string& path, const Message& message) {
  const std::unique_ptr<Message> only(message.New());
  MergePath(path, message, only.get());
  return only->SerializeAsString();
}

}  // namespace

bool IsWellKnown(const Descriptor* message) { return message->full_name().rfind("google.protobuf.", 0) == 0; }

absl::StatusOr<UpdateMask> UpdateMask::Read(const FieldMask& mask, const Message& resource) {
  FieldMask wanted;
  if (mask.paths().empty()) {
    AddPopulated(resource, "", &wanted);
  } else if (mask.paths_size() == 1 && mask.paths(0) == "*") {
    AddAll(resource.GetDescriptor(), &wanted);
  } else {
    for (const std::string& path : mask.paths()) RETURN_IF_ERROR(AddPath(resource.GetDescriptor(), path, &wanted));
  }
  FieldMask canonical;
  FieldMaskUtil::ToCanonicalForm(wanted, &canonical);
  return UpdateMask(std::move(canonical));
}

bool UpdateMask::Covers(std::string_view path) const {
  return FieldMaskUtil::IsPathInFieldMask(std::string(path), mask_);
}

absl::Status UpdateMask::Merge(const Message& patch, Message* current) const {
  std::vector<base::FieldViolation> violations;
  for (const std::string& path : mask_.paths()) {
    std::vector<const FieldDescriptor*> fields;
    FieldMaskUtil::GetFieldDescriptors(patch.GetDescriptor(), path, &fields);
    if (!RulesOf(fields.back()).immutable()) {
      MergePath(path, patch, current);
      continue;
    }
    const std::string wanted = ContentAt(path, patch);
    if (!wanted.empty() && wanted != ContentAt(path, *current)) {
      violations.push_back({JsonPath(fields), "the value it has: it cannot be changed"});
    }
  }
  if (!violations.empty()) return base::InvalidFields(std::move(violations));
  return absl::OkStatus();
}

}  // namespace invoice::rpc
