// The update mask of a PATCH that sends none: the fields that its body has (AIP-134). Not thread safe.
#pragma once

#include <string>
#include <vector>

#include "gateway/transcode/message_table.h"

namespace invoice::gateway {

// A field within nested objects, innermost first.
struct MaskPath {
  const MaskPath* parent = nullptr;
  const FieldTable* field = nullptr;  // null for the body itself
};

// A nested object gives the paths of its own fields; lists, maps, null and an empty object give their own path.
class MaskCollector {
 public:
  // Without the fields of the body in `skipped`.
  explicit MaskCollector(std::vector<const FieldTable*> skipped) : skipped_(std::move(skipped)) {}

  void Add(const MaskPath& path);
  // The content of a google.protobuf.FieldMask, paths in proto spelling.
  const std::string& wire() const { return wire_; }

 private:
  std::vector<const FieldTable*> skipped_;
  std::string wire_;
};

}  // namespace invoice::gateway
