// What somebody may have meant by a name that is not known. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace invoice::gateway {

// Letters in lower case, without "_" and "-": "page_size" is "pageSize". Of a long name the first kMaxEchoedNameBytes.
std::string FoldedName(std::string_view name);

// How many letters must be inserted, removed or replaced.
size_t NameDistance(std::string_view left, std::string_view right);

// The one of `known` that is most like `name`: in another case, with a few other letters, or with the name as a part of
// it. Nothing where none is near.
std::optional<std::string> NearestName(std::string_view name, const std::vector<std::string>& known);

// What is said of a field that is not among those known: "unknown field; did you mean csv?", or which fields there are.
std::string UnknownField(std::string_view name, const std::vector<std::string>& known);

// "unknown query parameter; ...", with the names of `known` in place of a message's fields.
std::string UnknownParameter(std::string_view name, const std::vector<std::string>& known);

}  // namespace invoice::gateway
