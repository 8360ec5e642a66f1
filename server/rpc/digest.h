// A request as text that is the same for all its spellings: the fields that are set, by number, with explicit lengths.
// Proto bytes are not canonical (order, defaults, unknown fields), this is. Pure.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>
#include <vector>

namespace invoice::rpc {

// The type's name and its set fields; top-level fields named in `without` are left out. Fields unknown to this build
// are not in it.
std::string CanonicalText(const google::protobuf::Message& message, const std::vector<std::string_view>& without = {});

// SHA-256 of the canonical text, hexadecimal: the digest that an idempotency key is bound to.
std::string Digest(const google::protobuf::Message& message, const std::vector<std::string_view>& without = {});

}  // namespace invoice::rpc
