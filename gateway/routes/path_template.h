// The path of a google.api.http rule, "/api/v1/customers/{customer.id}/contract:verb", read once at start: literals,
// "*", "**", {field}, {field=segments} and a verb, as google/api/http.proto describes them. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace invoice::gateway {

struct PathTemplate {
  enum class Kind : uint8_t {
    kLiteral,
    kOne,   // "*": any one segment
    kRest,  // "**": all segments that are left, also none; always the last
  };

  struct Segment {
    Kind kind = Kind::kLiteral;
    std::string literal;  // of kLiteral
  };

  // The field that some of the segments fill.
  struct Variable {
    std::string field;  // its proto path ("customer.id")
    size_t begin = 0;   // its first segment
    size_t end = 0;     // behind its last one
    bool rest = false;  // its last one is "**"
    // Whether it may take several segments.
    bool multi() const { return rest || end - begin > 1; }
  };

  std::vector<Segment> segments;
  std::vector<Variable> variables;
  std::string verb;  // without its colon; empty for none
};

// INVALID_ARGUMENT where the text is not of that syntax.
absl::StatusOr<PathTemplate> ParsePathTemplate(std::string_view text);

// The segments and the verb of the path of a request, still percent-encoded. A colon in the last segment begins the
// verb; an encoded one does not. "/" has no segments. False where the path does not begin with a slash or has an empty
// segment (also a slash at its end).
bool SplitPath(std::string_view path, std::vector<std::string_view>* segments, std::string_view* verb);

}  // namespace invoice::gateway
