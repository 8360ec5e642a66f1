// A request as text that is the same for all its spellings: the fields that are set, by number, with explicit lengths.
// Proto bytes are not canonical (order, defaults, unknown fields), this is. Pure.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"

namespace invoice::rpc {

// The type's name and its set fields; top-level fields named in `without` are left out. Fields unknown to this build
// are not in it.
std::string CanonicalText(const google::protobuf::Message& message, const std::vector<std::string_view>& without = {});

// SHA-256 of the canonical text, hexadecimal: the digest that an idempotency key is bound to.
std::string Digest(const google::protobuf::Message& message, const std::vector<std::string_view>& without = {});

// The same for a request that may hold a secret (an input-only field, at any depth). Such a one is hashed with `key`:
// whoever reads the stored digest and knows the rest of the request must not be able to try passwords on it.
std::string DigestOfRequest(const google::protobuf::Message& request, const base::Secret& key);

}  // namespace invoice::rpc
