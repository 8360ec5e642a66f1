#include "pdf/catalog.h"

#include <fmt/format.h>

#include "absl/status/status.h"

namespace invoice::pdf {
namespace {

constexpr std::string_view kCatalogStart = "<< /Type /Catalog\n";
constexpr std::string_view kObjectStart = " 0 obj\n";
constexpr std::string_view kTrailer = "trailer\n";
constexpr size_t kEntryLength = 20;   // of one object in the cross-reference table
constexpr size_t kOffsetLength = 10;  // the first field of an entry

// The last place of `mark`; what a vendor wrote (title, author) stands before each mark we look for.
size_t Last(const std::string& pdf, std::string_view mark) { return pdf.rfind(mark); }

bool InsertAfter(std::string& pdf, std::string_view mark, std::string_view text) {
  const size_t at = Last(pdf, mark);
  if (at == std::string::npos) return false;
  pdf.insert(at + mark.size(), text);
  return true;
}

// The catalog is the last object of the file and the last entry of the table: its place and the table's are what moved.
bool RepairOffsets(std::string& pdf) {
  const size_t catalog = Last(pdf, kCatalogStart);
  const size_t table = pdf.find("\nxref\n", catalog);
  const size_t trailer = pdf.find(kTrailer, table);
  const size_t start = Last(pdf, "startxref\n");
  if (table == std::string::npos || trailer == std::string::npos || start == std::string::npos) return false;
  const size_t object = pdf.rfind("\n", catalog - kObjectStart.size() - 1) + 1;
  pdf.replace(trailer - kEntryLength, kOffsetLength, fmt::format("{:010}", object));
  pdf.replace(start, std::string::npos, fmt::format("startxref\n{}\n%%EOF\n", table + 1));
  return true;
}

}  // namespace

absl::StatusOr<std::string> CompleteCatalog(std::string pdf, std::string_view language) {
  const std::string entries =
      fmt::format("   /Lang ({})\n   /ViewerPreferences << /DisplayDocTitle true >>\n", language);
  if (!InsertAfter(pdf, "/CreationDate (", "D:") || !InsertAfter(pdf, "/ModDate (", "D:") ||
      !InsertAfter(pdf, kCatalogStart, entries) || !RepairOffsets(pdf)) {
    return absl::InternalError("the PDF does not end as cairo writes it");
  }
  return pdf;
}

}  // namespace invoice::pdf
