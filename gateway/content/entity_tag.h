// Entity tags and the conditions that name them (RFC 9110, sections 8.8.3 and 13.1). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "gateway/content/content_coding.h"

namespace invoice::gateway {

// The strong tag of a body in a coding: `"v1"`, `"v1-gzip"`, `"v1-br"`. Empty where the text cannot stand in a tag.
std::string EntityTag(std::string_view version, Coding coding);

// The same tag for the body in another coding.
std::string EntityTagIn(Coding coding, std::string_view tag);

// The version of If-Match: `"v1"` and `"v1-gzip"` are v1; "*", and no header, are the empty text. INVALID_ARGUMENT for
// a weak tag, several tags, and what is no tag.
absl::StatusOr<std::string_view> VersionOf(const std::vector<std::string_view>& if_match);

// Whether If-None-Match names the tag, by the weak comparison, or is "*". An entry that is no tag ends the list.
bool Names(const std::vector<std::string_view>& if_none_match, std::string_view tag);

}  // namespace invoice::gateway
