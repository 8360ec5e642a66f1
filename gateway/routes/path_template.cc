#include "gateway/routes/path_template.h"

#include <algorithm>

#include "fmt/format.h"

namespace invoice::gateway {
namespace {

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

bool IsName(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), IsNameCharacter); }

bool ParseSegment(std::string_view text, PathTemplate::Segment* segment) {
  if (text == "*") {
    segment->wildcard = true;
    return true;
  }
  if (text.size() > 2 && text.front() == '{' && text.back() == '}') {
    text = text.substr(1, text.size() - 2);
    if (text.ends_with("=*")) text.remove_suffix(2);
    segment->wildcard = true;
    segment->field = std::string(text);
    return IsName(text);
  }
  segment->literal = std::string(text);
  return IsName(text);
}

}  // namespace

absl::StatusOr<PathTemplate> ParsePathTemplate(std::string_view text) {
  std::vector<std::string_view> segments;
  std::string_view verb;
  PathTemplate parsed;
  bool good = SplitPath(text, &segments, &verb) && (verb.empty() || IsName(verb));
  for (const std::string_view segment : segments) {
    good = good && ParseSegment(segment, &parsed.segments.emplace_back());
  }
  if (!good) return absl::InvalidArgumentError(fmt::format("bad path template: {}", text));
  parsed.verb = std::string(verb);
  return parsed;
}

bool SplitPath(std::string_view path, std::vector<std::string_view>* segments, std::string_view* verb) {
  if (!path.starts_with('/')) return false;
  path.remove_prefix(1);
  const size_t last = path.rfind('/') + 1;  // 0 where there is one segment only
  if (const size_t colon = path.find(':', last); colon != std::string_view::npos) {
    *verb = path.substr(colon + 1);
    if (verb->empty()) return false;
    path = path.substr(0, colon);
  }
  for (;;) {
    const size_t slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    if (segment.empty()) return false;
    segments->push_back(segment);
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace invoice::gateway
