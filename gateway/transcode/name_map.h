// A hash table by names that is asked without making a string. Its hash differs from process to process, so that nobody
// can choose names that collide.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"

namespace invoice::gateway {

struct NameHash {
  using is_transparent = void;
  size_t operator()(std::string_view name) const {
    return absl::Hash<absl::string_view>()(absl::string_view(name.data(), name.size()));
  }
};

template <typename Value>
using NameMap = absl::flat_hash_map<std::string, Value, NameHash, std::equal_to<>>;

}  // namespace invoice::gateway
