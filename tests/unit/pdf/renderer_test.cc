// The pages as a reader gets them: text by pdftotext, structure by qpdf.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/limits.h"
#include "base/status.h"
#include "pdf/pango_renderer.h"
#include "tests/unit/pdf/samples.h"

namespace invoice::pdf {
namespace {

using ::testing::HasSubstr;

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::filesystem::path GoldenFile(const std::string& name) {
  const char* source = std::getenv("INVOICE_SOURCE_DIR");
  const std::filesystem::path root = source == nullptr ? std::filesystem::current_path() : source;
  return root / "tests/unit/pdf/golden" / (name + ".txt");
}

// A folder that goes away with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "invoice-pdf-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path Write(const std::string& pdf) const {
    const std::filesystem::path file = path_ / "document.pdf";
    std::ofstream(file, std::ios::binary) << pdf;
    return file;
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Not a matcher: a failed one would print the whole file.
bool Contains(const std::string& pdf, std::string_view part) { return pdf.find(part) != std::string::npos; }

bool Succeeds(const std::string& command) { return std::system(command.c_str()) == 0; }

std::string TextOf(const std::string& pdf, const std::string& options = "-layout") {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.Write(pdf);
  const std::filesystem::path text = folder.path() / "text";
  EXPECT_TRUE(Succeeds("pdftotext " + options + " " + file.string() + " " + text.string()));
  return ReadFile(text);
}

class RendererTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    renderer_ = PangoInvoiceRenderer::Create({"/usr/share/fonts/truetype/noto", "/usr/share/fonts/truetype/dejavu"})
                    .value()
                    .release();
  }
  static void TearDownTestSuite() { delete renderer_; }

  static std::string Render(const domain::InvoiceDocument& document) {
    const absl::StatusOr<std::string> pdf = renderer_->Render(document, "");
    EXPECT_TRUE(pdf.ok()) << pdf.status();
    return pdf.value_or("");
  }

  static PangoInvoiceRenderer* renderer_;
};

PangoInvoiceRenderer* RendererTest::renderer_ = nullptr;

TEST_F(RendererTest, TextOfEverySampleIsTheGoldenOne) {
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
  for (const auto& [name, document] : testing::AllSamples()) {
    const std::string text = TextOf(Render(document));
    if (update) std::ofstream(GoldenFile(name), std::ios::binary) << text;
    EXPECT_EQ(text, ReadFile(GoldenFile(name))) << name << ": UPDATE_GOLDEN=1 rewrites the file";
  }
}

TEST_F(RendererTest, EveryFileIsSound) {
  ASSERT_TRUE(Succeeds("command -v qpdf >/dev/null")) << "qpdf (package qpdf) is not installed";
  for (const auto& [name, document] : testing::AllSamples()) {
    const TemporaryFolder folder;
    const std::filesystem::path file = folder.Write(Render(document));
    // Exit code 3 stands for warnings; those are faults as well.
    EXPECT_TRUE(Succeeds("qpdf --check " + file.string() + " >" + (folder.path() / "report").string() + " 2>&1"))
        << name << "\n"
        << ReadFile(folder.path() / "report");
  }
}

TEST_F(RendererTest, TextReadsInOrderWithExactTotals) {
  const std::string text = TextOf(Render(testing::OnePage()), "-raw");
  size_t at = 0;
  for (const char* part :
       {"Northwind Consulting Inc.", "Invoice", "NWC-2026-0042", "Maple Ridge Logistics Ltd.", "Oct 1–31, 2026",
        "Architecture review", "Tolls and parking", "22,444.05", "2,917.73", "CAD 25,361.78", "Page 1 of 1"}) {
    const size_t found = text.find(part, at);
    ASSERT_NE(found, std::string::npos) << part << " is missing or too early in\n" << text;
    at = found;
  }
}

TEST_F(RendererTest, OrdinaryInvoiceFitsOnePage) {
  for (const auto paper : {domain::PaperSize::kLetter, domain::PaperSize::kA4}) {
    domain::InvoiceDocument document = testing::OnePage();
    document.vendor.paper_size = paper;
    const std::string pdf = Render(document);
    EXPECT_THAT(TextOf(pdf), HasSubstr("Page 1 of 1"));
    EXPECT_LE(pdf.size(), 60'000u);
  }
}

TEST_F(RendererTest, PaperIsTheVendors) {
  domain::InvoiceDocument document = testing::Minimal();
  EXPECT_TRUE(Contains(Render(document), "/MediaBox [ 0 0 612 792 ]"));
  document.vendor.paper_size = domain::PaperSize::kA4;
  EXPECT_TRUE(Contains(Render(document), "/MediaBox [ 0 0 595.276 841.89 ]"));
}

TEST_F(RendererTest, SameDocumentGivesTheSameBytesInEveryRendererAndThread) {
  const domain::InvoiceDocument document = testing::ArabicCustomer();
  const std::string expected = Render(document);
  // Other documents in between must not leave a trace.
  Render(testing::LongAmounts());
  EXPECT_TRUE(Render(document) == expected);
  constexpr int kThreads = 2;
  std::string bytes[kThreads];
  std::vector<std::thread> threads;
  for (std::string& result : bytes) {
    threads.emplace_back([&result, &document] {
      for (int i = 0; i < 5; ++i) result = renderer_->Render(document, "").value_or("");
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& result : bytes) EXPECT_TRUE(result == expected);
  const auto other =
      PangoInvoiceRenderer::Create({"/usr/share/fonts/truetype/noto", "/usr/share/fonts/truetype/dejavu"}).value();
  EXPECT_TRUE(other->Render(document, "").value() == expected);
}

TEST_F(RendererTest, PropertiesComeFromTheDocument) {
  const std::string pdf = Render(testing::OnePage());
  EXPECT_TRUE(Contains(pdf, "/CreationDate (D:20261101000000Z"));
  EXPECT_TRUE(Contains(pdf, "/ModDate (D:20261101000000Z"));
  EXPECT_TRUE(Contains(pdf, "/Lang (en-CA)"));
  EXPECT_TRUE(Contains(pdf, "/Title (Invoice NWC-2026-0042)"));
  EXPECT_TRUE(Contains(pdf, "/Author (Northwind Consulting Inc.)"));
}

TEST_F(RendererTest, LongTablesCarryHeadAndSum) {
  const std::string text = TextOf(Render(testing::ManyLines(120)));
  EXPECT_THAT(text, HasSubstr("Shift 1,"));
  EXPECT_THAT(text, HasSubstr("Shift 120,"));
  EXPECT_THAT(text, HasSubstr("Carried forward"));
  EXPECT_THAT(text, HasSubstr("Brought forward"));
  EXPECT_THAT(text, HasSubstr("Page 5 of 5"));
}

TEST_F(RendererTest, RefusesTextThatCannotBePrinted) {
  domain::InvoiceDocument document = testing::OnePage();
  document.customer.name = "日本商事株式会社";
  const absl::Status status = renderer_->Render(document, "").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(base::DetailOf(status).metadata.at("field"), "customer.name");
  EXPECT_EQ(renderer_->CheckText(document), status);
}

TEST_F(RendererTest, BoundsTheLengthOfADocument) {
  EXPECT_THAT(TextOf(Render(testing::ManyLines(base::kMaxLinesPerInvoice))), HasSubstr("Shift 2000,"));
  const absl::Status status = renderer_->Render(testing::ManyLines(base::kMaxLinesPerInvoice + 1), "").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(base::DetailOf(status).reason, base::Reason::kDocumentTooLong);
}

TEST_F(RendererTest, RefusesMorePagesThanAFileMayHave) {
  domain::InvoiceDocument document = testing::ManyLines(base::kMaxLinesPerInvoice);
  for (domain::InvoiceLine& line : document.lines) line.description = std::string(1000, 'm');
  const absl::Status status = renderer_->Render(document, "").status();
  EXPECT_EQ(base::DetailOf(status).reason, base::Reason::kDocumentTooLong);
}

TEST_F(RendererTest, HardTextsNeverBecomeBoxes) {
  domain::InvoiceDocument document = testing::OnePage();
  document.lines[0].description = "e\u0301 \u200b\u00ad\ufe0f می\u200cخواهم ก็ हिन्दी ✓ ☃ 😀 \u00a0\u202f\u2009|";
  document.lines[1].description = "";
  document.notes = "tab\there\r\nnext\n\n\nend";
  EXPECT_TRUE(renderer_->Render(document, "").ok());
}

TEST_F(RendererTest, DocumentWithoutLinesHasAPage) {
  domain::InvoiceDocument document = testing::Minimal();
  document.lines.clear();
  EXPECT_THAT(TextOf(Render(document)), HasSubstr("Page 1 of 1"));
}

}  // namespace
}  // namespace invoice::pdf
