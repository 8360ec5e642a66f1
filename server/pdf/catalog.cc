#include "pdf/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "absl/status/status.h"

namespace invoice::pdf {
namespace {

constexpr std::string_view kCatalogStart = "<< /Type /Catalog\n";
constexpr std::string_view kObjectStart = " 0 obj\n";
constexpr std::string_view kTrailer = "trailer\n";
constexpr std::string_view kTableStart = "startxref\n";
constexpr size_t kEntryLength = 20;   // of one object in the cross-reference table
constexpr size_t kOffsetLength = 10;  // the first field of an entry

// What changes, all of it near the end: what a vendor wrote (title, author) stands before it.
struct Places {
  size_t created = 0;  // after "/CreationDate ("
  size_t changed = 0;  // after "/ModDate ("
  size_t catalog = 0;  // after kCatalogStart
  size_t object = 0;   // the catalog is the last one of the file
  size_t table = 0;    // of cross-references
  size_t entry = 0;    // of the catalog, the last one of the table
  size_t start = 0;    // after kTableStart
};

// Goes back from the end of the file, each step a short one.
std::optional<Places> Find(std::string_view pdf) {
  Places at;
  const auto step_back = [pdf](std::string_view mark, size_t& from) {
    const size_t found = pdf.rfind(mark, from);
    from = found;
    return found == std::string_view::npos ? found : found + mark.size();
  };
  size_t from = pdf.size();
  at.start = step_back(kTableStart, from);
  if (at.start == std::string_view::npos) return std::nullopt;
  std::from_chars(pdf.data() + at.start, pdf.data() + pdf.size(), at.table);
  const size_t trailer = pdf.find(kTrailer, at.table);
  if (!pdf.substr(std::min(at.table, pdf.size())).starts_with("xref\n") || trailer > at.start) return std::nullopt;
  at.entry = trailer - kEntryLength;
  from = at.table;
  at.catalog = step_back(kCatalogStart, from);
  if (at.catalog == std::string_view::npos) return std::nullopt;
  from -= kObjectStart.size() + 1;
  at.object = step_back("\n", from);
  at.changed = step_back("/ModDate (", from);
  at.created = step_back("/CreationDate (", from);
  if (at.changed == std::string_view::npos || at.created == std::string_view::npos) return std::nullopt;
  return at;
}

}  // namespace

absl::StatusOr<std::string> CompleteCatalog(std::string pdf, std::string_view language) {
  constexpr std::string_view kDatePrefix = "D:";
  const std::string entries =
      fmt::format("   /Lang ({})\n   /ViewerPreferences << /DisplayDocTitle true >>\n", language);
  const std::optional<Places> at = Find(pdf);
  if (!at) return absl::InternalError("the PDF does not end as cairo writes it");
  const size_t object = at->object + 2 * kDatePrefix.size();
  const size_t table = at->table + 2 * kDatePrefix.size() + entries.size();
  // From the end to the front: what is still to be changed keeps its place.
  pdf.replace(at->start, std::string::npos, fmt::format("{}\n%%EOF\n", table));
  pdf.replace(at->entry, kOffsetLength, fmt::format("{:010}", object));
  pdf.insert(at->catalog, entries);
  pdf.insert(at->changed, kDatePrefix);
  pdf.insert(at->created, kDatePrefix);
  return pdf;
}

}  // namespace invoice::pdf
