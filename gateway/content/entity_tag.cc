#include "gateway/content/entity_tag.h"

#include <algorithm>

#include "base/status.h"
#include "base/text.h"
#include "fmt/format.h"
#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

// Tags of ours are ASCII; others are passed over.
bool IsTagCharacter(char c) { return c > 0x20 && c < 0x7f && c != '"'; }

bool IsTagText(std::string_view text) { return std::all_of(text.begin(), text.end(), IsTagCharacter); }

absl::Status Refused(std::string_view expected) {
  return base::Failure(absl::StatusCode::kInvalidArgument, base::Reason::kInvalidField,
                       fmt::format("the header If-Match must be {}", expected));
}

}  // namespace

std::string EntityTag(std::string_view version, Coding coding) {
  if (version.empty() || !IsTagText(version)) return {};
  return EntityTagIn(coding, fmt::format("\"{}\"", version));
}

std::string EntityTagIn(Coding coding, std::string_view tag) {
  const std::string_view name = NameOf(coding);
  if (name.empty() || tag.size() < 2) return std::string(tag);
  return fmt::format("{}-{}\"", tag.substr(0, tag.size() - 1), name);
}

absl::StatusOr<std::string_view> VersionOf(const std::vector<std::string_view>& if_match) {
  if (if_match.empty()) return std::string_view();
  std::string_view tag = base::Trim(if_match.front());
  if (if_match.size() > 1 || tag.size() > kMaxMetadataValueBytes) return Refused("one tag in quotes");
  if (tag == "*") return std::string_view();
  if (tag.starts_with("W/")) return Refused("a strong tag: a weak one matches nothing");
  const bool quoted = tag.size() > 2 && tag.front() == '"' && tag.back() == '"';
  if (!quoted || !IsTagText(tag.substr(1, tag.size() - 2))) return Refused("one tag in quotes, as ETag gave it, or *");
  tag = tag.substr(1, tag.size() - 2);
  for (const Coding coding : {Coding::kGzip, Coding::kBrotli}) {
    const std::string suffix = fmt::format("-{}", NameOf(coding));
    if (tag.size() > suffix.size() && tag.ends_with(suffix)) return tag.substr(0, tag.size() - suffix.size());
  }
  return tag;
}

bool Names(const std::vector<std::string_view>& if_none_match, std::string_view tag) {
  for (std::string_view list : if_none_match) {
    if (base::Trim(list) == "*") return true;
    while (!list.empty()) {
      list = base::Trim(list);
      if (list.starts_with(',')) {
        list.remove_prefix(1);
        continue;
      }
      if (list.starts_with("W/")) list.remove_prefix(2);
      const size_t end = list.starts_with('"') ? list.find('"', 1) : std::string_view::npos;
      if (end == std::string_view::npos) break;
      if (list.substr(0, end + 1) == tag) return true;
      list.remove_prefix(end + 1);
    }
  }
  return false;
}

}  // namespace invoice::gateway
