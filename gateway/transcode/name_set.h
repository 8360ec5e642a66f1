// The names that an object has had so far: a short list first, a hash table where there are many. The names must
// outlive it. Not thread safe.
#pragma once

#include <algorithm>
#include <functional>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "gateway/transcode/name_map.h"

namespace invoice::gateway {

class NameSet {
 public:
  // False where it is there already.
  bool Add(std::string_view name) {
    if (!many_.empty()) return many_.insert(name).second;
    if (std::find(few_.begin(), few_.end(), name) != few_.end()) return false;
    few_.push_back(name);
    if (few_.size() == kFew) many_.insert(few_.begin(), few_.end());
    return true;
  }

 private:
  static constexpr size_t kFew = 8;

  absl::InlinedVector<std::string_view, kFew> few_;
  absl::flat_hash_set<std::string_view, NameHash, std::equal_to<>> many_;
};

}  // namespace invoice::gateway
