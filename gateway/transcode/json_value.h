// A JSON text as a small tree, read strictly: RFC 8259 to the letter, at most base::kMaxJsonDepth levels and
// kMaxJsonValues values, no name twice in an object. Numbers stay as they are written. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace invoice::gateway {

struct JsonValue {
  enum class Kind { kNull, kBoolean, kNumber, kString, kArray, kObject };

  Kind kind = Kind::kNull;
  bool boolean = false;
  std::string text;                // of a string, or a number as written
  std::vector<JsonValue> items;    // of an array, or the values of an object
  std::vector<std::string> names;  // of an object, one for each item

  static JsonValue String(std::string text) { return {Kind::kString, false, std::move(text), {}, {}}; }
  static JsonValue Boolean(bool value) { return {Kind::kBoolean, value, {}, {}, {}}; }
};

// INVALID_ARGUMENT says what is wrong and at which byte; it never repeats the text.
absl::StatusOr<JsonValue> ParseJson(std::string_view text);

}  // namespace invoice::gateway
