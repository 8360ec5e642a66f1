// Documents whose fields are as long as may be saved: everything is on the page.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "pdf/pango_renderer.h"
#include "tests/unit/pdf/files.h"
#include "tests/unit/pdf/samples.h"

namespace invoice::pdf {
namespace {

using ::testing::HasSubstr;

std::string Repeat(const std::string& unit, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += unit;
  return text;
}

// What pdftotext says of the words with their boxes.
std::string Words(const std::string& pdf) {
  std::string folder = (std::filesystem::temp_directory_path() / "invoice-limits-XXXXXX").string();
  const std::filesystem::path path = mkdtemp(folder.data());
  std::ofstream(path / "document.pdf", std::ios::binary) << pdf;
  EXPECT_EQ(std::system(("pdftotext -bbox " + path.string() + "/document.pdf " + path.string() + "/words").c_str()), 0);
  std::string words = testing::ReadFile(path / "words");
  std::filesystem::remove_all(path);
  return words;
}

// The lowest edge of a word, of all pages.
double Lowest(const std::string& words) {
  constexpr std::string_view kEdge = "yMax=\"";
  double lowest = 0;
  for (size_t at = words.find(kEdge); at != std::string::npos; at = words.find(kEdge, at + 1)) {
    lowest = std::max(lowest, std::strtod(words.c_str() + at + kEdge.size(), nullptr));
  }
  return lowest;
}

class LimitsTest : public ::testing::TestWithParam<std::tuple<std::string, domain::PaperSize>> {
 protected:
  static void SetUpTestSuite() {
    renderer_ = PangoInvoiceRenderer::Create({"/usr/share/fonts/truetype"}).value().release();
  }
  static void TearDownTestSuite() { delete renderer_; }

  static std::string Render(const domain::InvoiceDocument& document) {
    const absl::StatusOr<std::string> pdf = renderer_->Render(document, "");
    EXPECT_TRUE(pdf.ok()) << pdf.status();
    return Words(pdf.value_or(""));
  }

  domain::InvoiceDocument Document() const {
    domain::InvoiceDocument document = testing::OnePage();
    document.vendor.paper_size = std::get<1>(GetParam());
    return document;
  }
  double PageHeight() const { return std::get<1>(GetParam()) == domain::PaperSize::kLetter ? 792 : 842; }

  static inline PangoInvoiceRenderer* renderer_ = nullptr;
};

TEST_P(LimitsTest, EveryPartyFieldIsOnThePage) {
  domain::InvoiceDocument document = Document();
  const std::string& unit = std::get<0>(GetParam());
  const int most = 200 / static_cast<int>(unit == "wide " ? unit.size() : 1);
  const std::string text = Repeat(unit, most);
  document.vendor.name = text;
  document.customer.name = text;
  for (domain::Address* address : {&document.vendor.address, &document.customer.address}) {
    address->line1 = text;
    address->line2 = text;
    address->city = text.substr(0, text.size() / 2 / unit.size() * unit.size());
    address->region = address->city;
  }
  document.contractor_name = text;
  document.service_location = text;
  document.purchase_order = text.substr(0, text.size() / 2 / unit.size() * unit.size());
  document.buyer_reference = document.purchase_order;
  const std::string words = Render(document);
  EXPECT_LE(Lowest(words), PageHeight() - 10);
  EXPECT_THAT(words, HasSubstr(">25,361.78<")) << "the amount is there";
}

TEST_P(LimitsTest, TheTotalOfTenTaxesWithReasonsIsOnThePage) {
  domain::InvoiceDocument document = Document();
  const domain::TaxAmount tax = document.taxes.at(0);
  document.taxes.clear();
  for (int i = 0; i < 10; ++i) {
    document.taxes.push_back(tax);
    document.taxes.back().tax.name = "Tax " + std::to_string(i);
    document.taxes.back().tax.exemption_reason =
        Repeat(std::get<0>(GetParam()), 500 / static_cast<int>(std::get<0>(GetParam()).size()));
  }
  const std::string words = Render(document);
  EXPECT_LE(Lowest(words), PageHeight() - 10);
}

INSTANTIATE_TEST_SUITE_P(All, LimitsTest,
                         ::testing::Combine(::testing::Values("wide ", "\xe6\xbc\xa2"),
                                            ::testing::Values(domain::PaperSize::kLetter, domain::PaperSize::kA4)));

}  // namespace
}  // namespace invoice::pdf
