// Bodies in a content coding. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/content/content_coding.h"

namespace invoice::gateway {

enum class Effort : uint8_t {
  kFast,   // for each answer
  kSmall,  // for what is compressed once
};

// Nothing where the body would not become smaller, and for kIdentity. Takes less than a megabyte of memory beside the
// result with kFast.
std::optional<std::string> Compress(Coding coding, Effort effort, std::string_view body);

}  // namespace invoice::gateway
