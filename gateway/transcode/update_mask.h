// The update mask of a PATCH that sends none: the fields that its body has (AIP-134). Pure.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "gateway/transcode/json_value.h"

namespace invoice::gateway {

// Adds to `mask` (a google.protobuf.FieldMask) the paths of `body`, in proto spelling, but those in `skipped`. A nested
// object gives the paths of its own fields; lists, maps, null and an empty object give their own path. `body` was read
// into `type` without fault.
void FillUpdateMask(const JsonValue& body, const google::protobuf::Descriptor* type,
                    const std::vector<std::string>& skipped, google::protobuf::Message* mask);

}  // namespace invoice::gateway
