// The path of a google.api.http rule, "/api/v1/customers/{customer.id}/contract:verb", read once at start. Of the
// documented syntax it knows literals, "*", {field}, {field=*} and a verb; patterns over several segments are refused.
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace invoice::gateway {

struct PathTemplate {
  struct Segment {
    bool wildcard = false;
    std::string literal;  // where not a wildcard
    std::string field;    // proto path of the field that a wildcard fills ("customer.id"); empty for a plain "*"
  };

  std::vector<Segment> segments;
  std::string verb;  // without its colon; empty for none
};

// INVALID_ARGUMENT where the text is not of that syntax.
absl::StatusOr<PathTemplate> ParsePathTemplate(std::string_view text);

// The segments and the verb of the path of a request, still percent-encoded. A colon in the last segment begins the
// verb; an encoded one does not. False where the path does not begin with a slash or has an empty segment (also a slash
// at its end).
bool SplitPath(std::string_view path, std::vector<std::string_view>* segments, std::string_view* verb);

}  // namespace invoice::gateway
