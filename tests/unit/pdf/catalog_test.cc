#include "pdf/catalog.h"

#include <gmock/gmock.h>

namespace invoice::pdf {
namespace {

// The end of a file as cairo writes it, with the offsets it has.
std::string SmallFile(std::string_view title) {
  std::string pdf = "%PDF-1.5\n";
  const size_t info = pdf.size();
  pdf += "1 0 obj\n<< /Title (" + std::string(title) +
         ")\n   /CreationDate (20261123000000Z)\n   /ModDate (20261123000000Z)\n>>\nendobj\n";
  const size_t catalog = pdf.size();
  pdf += "2 0 obj\n<< /Type /Catalog\n   /Pages 1 0 R\n>>\nendobj\n";
  const size_t table = pdf.size();
  const auto entry = [](size_t offset) {
    std::string digits = std::to_string(offset);
    return std::string(10 - digits.size(), '0') + digits + " 00000 n \n";
  };
  pdf += "xref\n0 3\n0000000000 65535 f \n" + entry(info) + entry(catalog);
  pdf += "trailer\n<< /Size 3\n   /Root 2 0 R\n   /Info 1 0 R\n>>\nstartxref\n" + std::to_string(table) + "\n%%EOF\n";
  return pdf;
}

TEST(CatalogTest, AddsLanguageAndDatePrefixAndKeepsTheOffsetsTrue) {
  const std::string pdf = CompleteCatalog(SmallFile("A"), "en").value();
  EXPECT_THAT(pdf, ::testing::HasSubstr("/Lang (en)"));
  EXPECT_THAT(pdf, ::testing::HasSubstr("/CreationDate (D:20261123000000Z)"));
  EXPECT_THAT(pdf, ::testing::HasSubstr("/ModDate (D:20261123000000Z)"));
  const size_t start = std::stoul(pdf.substr(pdf.rfind("startxref\n") + 10));
  EXPECT_EQ(pdf.substr(start, 5), "xref\n");
  const size_t last_entry = pdf.find("trailer\n") - 20;
  EXPECT_EQ(pdf.substr(std::stoul(pdf.substr(last_entry, 10)), 8), "2 0 obj\n");
}

TEST(CatalogTest, TitleThatLooksLikeTheEndOfTheFileDoesNotConfuseIt) {
  const std::string title = "<< /Type /Catalog\n /ModDate ( /CreationDate ( \nxref\n startxref\n7";
  const std::string pdf = CompleteCatalog(SmallFile(title), "en").value();
  EXPECT_THAT(pdf, ::testing::HasSubstr(title));
  EXPECT_THAT(pdf, ::testing::HasSubstr("<< /Type /Catalog\n   /Lang (en)"));
  EXPECT_THAT(pdf, ::testing::HasSubstr("/ModDate (D:20261123000000Z)"));
}

TEST(CatalogTest, RefusesOtherFiles) {
  EXPECT_FALSE(CompleteCatalog("", "en").ok());
  EXPECT_FALSE(CompleteCatalog("%PDF-1.5\nstartxref\n0\n%%EOF\n", "en").ok());
}

}  // namespace
}  // namespace invoice::pdf
