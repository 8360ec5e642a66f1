#include "gateway/transcode/error_info.h"

#include <google/protobuf/unknown_field_set.h>

#include <utility>

namespace invoice::gateway {
namespace {

using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;

constexpr int kReason = 1;
constexpr int kDomain = 2;
constexpr int kMetadata = 3;
constexpr int kKey = 1;
constexpr int kValue = 2;

std::string TextOf(const UnknownFieldSet& fields, int number) {
  std::string text;
  for (int i = 0; i < fields.field_count(); ++i) {
    const UnknownField& field = fields.field(i);
    if (field.number() == number && field.type() == UnknownField::TYPE_LENGTH_DELIMITED)
      text = field.length_delimited();
  }
  return text;
}

}  // namespace

google::protobuf::Any PackErrorInfo(const ErrorInfo& info) {
  UnknownFieldSet fields;
  fields.AddLengthDelimited(kReason, info.reason);
  fields.AddLengthDelimited(kDomain, info.domain);
  for (const auto& [key, value] : info.metadata) {
    UnknownFieldSet entry;
    entry.AddLengthDelimited(kKey, key);
    entry.AddLengthDelimited(kValue, value);
    entry.SerializeToString(fields.AddLengthDelimited(kMetadata));
  }
  google::protobuf::Any detail;
  detail.set_type_url(kErrorInfoUrl);
  fields.SerializeToString(detail.mutable_value());
  return detail;
}

std::optional<ErrorInfo> UnpackErrorInfo(const google::protobuf::Any& detail) {
  UnknownFieldSet fields;
  if (detail.type_url() != kErrorInfoUrl || !fields.ParseFromString(detail.value())) return std::nullopt;
  ErrorInfo info{TextOf(fields, kReason), TextOf(fields, kDomain), {}};
  for (int i = 0; i < fields.field_count(); ++i) {
    const UnknownField& field = fields.field(i);
    if (field.number() != kMetadata || field.type() != UnknownField::TYPE_LENGTH_DELIMITED) continue;
    UnknownFieldSet entry;
    if (!entry.ParseFromString(field.length_delimited())) return std::nullopt;
    info.metadata[TextOf(entry, kKey)] = TextOf(entry, kValue);
  }
  return info;
}

}  // namespace invoice::gateway
