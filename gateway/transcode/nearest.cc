#include "gateway/transcode/nearest.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

constexpr size_t kFar = 1000;

// Smaller is nearer. A name within another one is near, but less so than a slip of the keyboard.
size_t Farness(std::string_view name, std::string_view known) {
  constexpr size_t kMinPart = 3;
  const size_t distance = NameDistance(name, known);
  if (distance <= std::max(name.size(), known.size()) / 3) return distance;
  const std::string_view shorter = name.size() < known.size() ? name : known;
  const std::string_view longer = name.size() < known.size() ? known : name;
  const bool part = shorter.size() >= kMinPart && longer.find(shorter) != std::string_view::npos;
  return part ? kMaxEchoedNameBytes + distance : kFar;
}

std::string Hint(std::string_view name, const std::vector<std::string>& known) {
  if (const std::optional<std::string> nearest = NearestName(name, known)) {
    return fmt::format("; did you mean {}?", *nearest);
  }
  if (known.empty()) return "";
  const size_t shown = std::min(known.size(), kMaxNamesInHint);
  const std::vector<std::string> names(known.begin(), known.begin() + static_cast<std::ptrdiff_t>(shown));
  return fmt::format("; known: {}{}", fmt::join(names, ", "), shown < known.size() ? ", ..." : "");
}

}  // namespace

std::string FoldedName(std::string_view name) {
  std::string folded;
  for (const char c : name.substr(0, kMaxEchoedNameBytes)) {
    if (c >= 'A' && c <= 'Z') {
      folded += static_cast<char>(c - 'A' + 'a');
    } else if (c != '_' && c != '-') {
      folded += c;
    }
  }
  return folded;
}

size_t NameDistance(std::string_view left, std::string_view right) {
  std::vector<size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (size_t i = 0; i < left.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < right.size(); ++j) {
      const size_t replaced = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

std::optional<std::string> NearestName(std::string_view name, const std::vector<std::string>& known) {
  const std::string folded = FoldedName(name);
  size_t least = kFar;
  std::optional<std::string> nearest;
  for (const std::string& candidate : known) {
    const size_t farness = Farness(folded, FoldedName(candidate));
    if (farness >= least) continue;
    least = farness;
    nearest = candidate;
  }
  return nearest;
}

std::string UnknownField(std::string_view name, const std::vector<std::string>& known) {
  return "unknown field" + Hint(name, known);
}

std::string UnknownParameter(std::string_view name, const std::vector<std::string>& known) {
  return "unknown query parameter" + Hint(name, known);
}

}  // namespace invoice::gateway
