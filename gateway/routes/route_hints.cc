#include "gateway/routes/route_hints.h"

#include <algorithm>

#include "gateway/limits.h"
#include "gateway/transcode/nearest.h"

namespace invoice::gateway {
namespace {

// Segments without empty ones, and the verb of the last one with its colon.
std::vector<std::string> PartsOf(std::string_view path) {
  std::vector<std::string> parts;
  path = path.substr(0, kMaxHintedPathBytes);
  while (!path.empty() && parts.size() < kMaxHintedParts) {
    const size_t slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    const size_t colon = segment.find(':');
    if (!segment.substr(0, colon).empty()) parts.push_back(FoldedName(segment.substr(0, colon)));
    if (colon != std::string_view::npos) parts.push_back(FoldedName(segment.substr(colon)));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return parts;
}

// What it costs that a part of the template was left out. The prefix of all routes is left out most easily.
size_t CostOfMissing(const std::string& part) {
  if (part.empty() || part == "api" || part == "v1") return 1;
  return part.size();
}

size_t CostOfOther(const std::string& part, const std::string& asked) {
  const bool verb = part.starts_with(':') || asked.starts_with(':');
  if (part.empty()) return verb ? asked.size() : 0;  // a wildcard takes any segment
  return NameDistance(part, asked);
}

// What it costs that an asked segment is none of the template's: an id of one character too.
size_t CostOfFurther(const std::string& asked) { return std::max<size_t>(asked.size(), 4); }

// The edit distance of two lists of parts.
size_t Cost(const std::vector<std::string>& parts, const std::vector<std::string>& asked) {
  std::vector<size_t> row(parts.size() + 1, 0);
  for (size_t j = 0; j < parts.size(); ++j) row[j + 1] = row[j] + CostOfMissing(parts[j]);
  for (const std::string& segment : asked) {
    size_t diagonal = row[0];
    row[0] += CostOfFurther(segment);
    for (size_t j = 0; j < parts.size(); ++j) {
      const size_t other = diagonal + CostOfOther(parts[j], segment);
      diagonal = row[j + 1];
      row[j + 1] = std::min({other, diagonal + CostOfFurther(segment), row[j] + CostOfMissing(parts[j])});
    }
  }
  return row.back();
}

}  // namespace

RouteHints::RouteHints(std::vector<std::string> paths) {
  for (std::string& path : paths) {
    Hint hint{.path = std::move(path), .parts = {}, .letters = 0};
    hint.parts = PartsOf(hint.path);
    for (std::string& part : hint.parts) {
      if (part.starts_with('{') || part == "*") part.clear();
      hint.letters += part.size();
    }
    if (!hint.parts.empty()) hints_.push_back(std::move(hint));
  }
}

std::optional<std::string> RouteHints::Nearest(std::string_view path) const {
  const std::vector<std::string> asked = PartsOf(path);
  const Hint* nearest = nullptr;
  size_t least = 0;
  for (const Hint& hint : hints_) {
    const size_t cost = Cost(hint.parts, asked);
    if (cost > std::max<size_t>(2, hint.letters / 3) || (nearest != nullptr && cost >= least)) continue;
    nearest = &hint;
    least = cost;
  }
  return nearest == nullptr ? std::nullopt : std::optional(nearest->path);
}

}  // namespace invoice::gateway
