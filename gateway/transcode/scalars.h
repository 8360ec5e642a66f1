// Single values of proto3's JSON mapping into wire bytes: numbers, texts, bytes, booleans, enums, instants, durations
// and field masks. Pure.
#pragma once

#include <string_view>

#include "gateway/transcode/json_input.h"
#include "gateway/transcode/message_table.h"
#include "gateway/transcode/wire.h"

namespace invoice::gateway {

// A value of JSON that is no object and no list; `text` is of a text or a number.
struct JsonScalar {
  JsonKind kind = JsonKind::kNull;
  std::string_view text;
};

// A value that came as text, in a path or a query.
JsonScalar TextValue(const FieldTable& field, std::string_view text);

// Appends the value of a scalar field with its tag; nothing where it is the default that absence means. Without a tag,
// as in a packed list, the default is written too. False where the value is not what ExpectedOf() says; integers may be
// numbers or texts, enums names or known numbers.
bool AppendScalar(const FieldTable& field, JsonScalar value, bool with_tag, WireAppender* out);

// The same for the content of a Timestamp, Duration or FieldMask, by its form.
bool AppendTextForm(MessageForm form, JsonScalar value, WireAppender* out);

// "a 32-bit integer": what a field of one value takes, and a message of such a form.
std::string_view ExpectedOf(const FieldTable& field);
std::string_view ExpectedOf(MessageForm form);

}  // namespace invoice::gateway
