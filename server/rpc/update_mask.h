// The update mask of a PATCH, checked against the resource (AIP-134, AIP-161). Output-only fields, identifiers and the
// etag in a mask are ignored (AIP-203); a field that cannot be changed may be named as long as its value stays the
// same. Immutable; safe to share between threads.
#pragma once

#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/message.h>

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace invoice::rpc {

// Whether the type is one of google.protobuf.* (Timestamp, FieldMask), which counts as one value.
bool IsWellKnown(const google::protobuf::Descriptor* message);

class UpdateMask {
 public:
  // An empty mask means the fields that `resource` carries, "*" alone all of them. INVALID_ARGUMENT on updateMask where
  // a path is unknown, leads through a list, or stands beside "*".
  static absl::StatusOr<UpdateMask> Read(const google::protobuf::FieldMask& mask,
                                         const google::protobuf::Message& resource);

  // Whether the field, by its path in proto spelling ("payment_terms.days"), is to be changed, itself or as a part of
  // what is.
  bool Covers(std::string_view path) const;
  // Nothing to change.
  bool empty() const { return mask_.paths().empty(); }
  // In canonical form: sorted, no path within another one.
  const google::protobuf::FieldMask& proto() const { return mask_; }

  // Replaces the masked fields of `current` by those of `patch`; a masked field that `patch` does not carry is cleared,
  // lists and whole messages are replaced. INVALID_ARGUMENT where that would change an immutable field; `current` is
  // then half changed and must be thrown away. Both are of the type that Read() saw.
  absl::Status Merge(const google::protobuf::Message& patch, google::protobuf::Message* current) const;

 private:
  explicit UpdateMask(google::protobuf::FieldMask mask) : mask_(std::move(mask)) {}
  google::protobuf::FieldMask mask_;
};

}  // namespace invoice::rpc
