// The pages as a reader gets them: text by pdftotext, structure by qpdf.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/limits.h"
#include "base/status.h"
#include "locale/locale.h"
#include "pdf/logo_form.h"
#include "pdf/pango_renderer.h"
#include "tests/unit/pdf/files.h"
#include "tests/unit/pdf/peak_memory.h"
#include "tests/unit/pdf/samples.h"

namespace invoice::pdf {
namespace {

using ::testing::HasSubstr;

using testing::LogoFile;
using testing::ReadFile;

std::filesystem::path GoldenFile(const std::string& name) { return testing::SourceFile("golden/" + name + ".txt"); }

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

  static std::string Render(const domain::InvoiceDocument& document, std::string_view logo = "") {
    const absl::StatusOr<std::string> pdf = renderer_->Render(document, logo);
    EXPECT_TRUE(pdf.ok()) << pdf.status();
    return pdf.value_or("");
  }

  static std::string RenderStatement(const domain::StatementDocument& document) {
    const absl::StatusOr<std::string> pdf = renderer_->RenderStatement(document, LogoFile("svg"));
    EXPECT_TRUE(pdf.ok()) << pdf.status();
    return pdf.value_or("");
  }

  static PangoInvoiceRenderer* renderer_;
};

PangoInvoiceRenderer* RendererTest::renderer_ = nullptr;

TEST_F(RendererTest, TextOfEverySampleIsTheGoldenOne) {
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
  std::vector<std::pair<std::string, std::string>> documents;
  for (const auto& [name, document] : testing::AllSamples()) documents.emplace_back(name, Render(document));
  documents.emplace_back("statement", RenderStatement(testing::Statement()));
  documents.emplace_back("two_currencies", RenderStatement(testing::TwoCurrencies()));
  for (const auto& [name, pdf] : documents) {
    const std::string text = TextOf(pdf);
    if (update) std::ofstream(GoldenFile(name), std::ios::binary) << text;
    EXPECT_EQ(text, ReadFile(GoldenFile(name))) << name << ": UPDATE_GOLDEN=1 rewrites the file";
  }
}

TEST_F(RendererTest, EveryFileIsSound) {
  ASSERT_TRUE(Succeeds("command -v qpdf >/dev/null")) << "qpdf (package qpdf) is not installed";
  std::vector<std::pair<std::string, std::string>> documents;
  for (const auto& [name, document] : testing::AllSamples()) documents.emplace_back(name, Render(document));
  for (const char* type : {"png", "jpg", "svg"})
    documents.emplace_back(type, Render(testing::German(), LogoFile(type)));
  documents.emplace_back("statement", RenderStatement(testing::LongStatement()));
  for (const auto& [name, pdf] : documents) {
    const TemporaryFolder folder;
    const std::filesystem::path file = folder.Write(pdf);
    // Exit code 3 stands for warnings; those are faults as well.
    EXPECT_TRUE(Succeeds("qpdf --check " + file.string() + " >" + (folder.path() / "report").string() + " 2>&1"))
        << name << "\n"
        << ReadFile(folder.path() / "report");
  }
}

TEST_F(RendererTest, TitlesAndLabelsStandOnOneLineInEveryLanguage) {
  for (const char* locale : {"en-CA", "fr-FR", "fr-CA", "de-DE", "es-ES", "es-MX"}) {
    const locale::Words& words = locale::Locale::Of(locale).words();
    domain::StatementDocument statement = testing::Statement();
    domain::InvoiceDocument credit_note = testing::CreditNote();
    statement.vendor.locale = credit_note.vendor.locale = locale;
    const std::string text = TextOf(RenderStatement(statement), "-raw");
    EXPECT_THAT(text, HasSubstr(fmt::format("\n{}\n", words.statement)));
    EXPECT_THAT(text, HasSubstr(std::string(words.credited))) << "the longest label of the table is broken";
    EXPECT_THAT(TextOf(Render(credit_note), "-raw"), HasSubstr(fmt::format("\n{}\n", words.credit_note)));
  }
}

TEST_F(RendererTest, AccountNumberStandsOnOneLine) {
  EXPECT_THAT(TextOf(Render(testing::French()), "-raw"), HasSubstr("FR14 2004 1010 0505 0001 3M02 606"));
  EXPECT_THAT(TextOf(Render(testing::German()), "-raw"), HasSubstr("DE89 3704 0044 0532 0130 00"));
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
    EXPECT_LE(pdf.size(), 40'000u);
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

TEST_F(RendererTest, OrdinaryInvoiceWithALogoFitsOnePage) {
  for (const char* type : {"png", "jpg", "svg"}) {
    EXPECT_THAT(TextOf(Render(testing::OnePage(), LogoFile(type))), HasSubstr("Page 1 of 1")) << type;
  }
}

TEST_F(RendererTest, LogosLeaveNoTraceInOtherDocuments) {
  const std::string plain = Render(testing::German());
  const std::string expected = Render(testing::German(), LogoFile("png"));
  for (const char* type : {"jpg", "svg", "png"}) Render(testing::OnePage(), LogoFile(type));
  EXPECT_TRUE(Render(testing::German(), LogoFile("png")) == expected);
  EXPECT_TRUE(Render(testing::German()) == plain);
  EXPECT_FALSE(plain == expected);
}

TEST_F(RendererTest, WhatIsNoLogoIsAFaultOfTheProgram) {
  EXPECT_EQ(renderer_->Render(testing::OnePage(), "no image").status().code(), absl::StatusCode::kInternal);
}

TEST_F(RendererTest, OnlyClearLogosHaveASoftMask) {
  const auto form = [](const std::string& name) {
    return FormOfLogo(ReadFile(testing::SourceFile("images/kinds/" + name))).value().bytes;
  };
  for (const char* name : {"rgba.png", "deep_alpha.png", "palette_alpha.png", "grey_alpha.png"}) {
    EXPECT_TRUE(Contains(Render(testing::OnePage(), form(name)), "/SMask ")) << name;
  }
  for (const char* name : {"rgb.png", "grey.png", "cmyk.jpg", "orientation_6.jpg"}) {
    EXPECT_FALSE(Contains(Render(testing::OnePage(), form(name)), "/SMask ")) << name;
  }
}

TEST_F(RendererTest, PaymentCodeIsReadFromThePage) {
  const TemporaryFolder folder;
  const std::string page = (folder.path() / "page").string();
  ASSERT_TRUE(
      Succeeds("pdftoppm -r 200 -png -singlefile " + folder.Write(Render(testing::German())).string() + " " + page));
  ASSERT_TRUE(Succeeds("zbarimg --quiet --raw " + page + ".png >" + page + ".txt 2>/dev/null"))
      << "no code is found, or zbarimg (package zbar-tools) is not installed";
  EXPECT_THAT(ReadFile(page + ".txt"), ::testing::StartsWith("BCD\n002\n1\nSCT\nCOBADEFFXXX\nHafenlicht Software GmbH\n"
                                                             "DE89370400440532013000\nEUR139902.63\n"));
}

TEST_F(RendererTest, FontsAreTrueTypeAndInTheFile) {
  for (const auto& document : {testing::OnePage(), testing::ArabicCustomer()}) {
    const TemporaryFolder folder;
    const std::string list = (folder.path() / "fonts").string();
    ASSERT_TRUE(Succeeds("pdffonts " + folder.Write(Render(document)).string() + " >" + list));
    std::stringstream lines(ReadFile(list));
    std::string line;
    int fonts = 0;
    for (int i = 0; std::getline(lines, line); ++i) {
      if (i < 2) continue;
      ++fonts;
      EXPECT_THAT(line, HasSubstr("TrueType"));
      EXPECT_THAT(line, ::testing::ContainsRegex("yes +yes +yes"));  // embedded, a subset, text can be selected
    }
    EXPECT_GE(fonts, 2);
  }
}

TEST_F(RendererTest, StructureIsTagged) {
  const std::string pdf = Render(testing::German());
  EXPECT_TRUE(Contains(pdf, "/MarkInfo << /Marked true >>"));
  for (const char* type : {"Document", "H1", "P", "Table", "TR", "TH", "TD", "Figure"}) {
    EXPECT_TRUE(Contains(pdf, std::string("/S /") + type + "\n")) << type;
  }
}

TEST_F(RendererTest, FarEasternNamesHaveTheirFont) {
  const auto renderer = PangoInvoiceRenderer::Create().value();
  const absl::StatusOr<std::string> pdf = renderer->Render(testing::Japanese(), "");
  ASSERT_TRUE(pdf.ok()) << pdf.status();
  EXPECT_THAT(TextOf(*pdf), HasSubstr("日本商事株式会社"));
}

TEST_F(RendererTest, LongStatementsCarryTheirSum) {
  const std::string text = TextOf(RenderStatement(testing::LongStatement()));
  EXPECT_THAT(text, HasSubstr("NWC-2026-1010"));
  EXPECT_THAT(text, HasSubstr("Carried forward"));
  EXPECT_THAT(text, HasSubstr("Brought forward"));
  EXPECT_THAT(text, HasSubstr("The list is cut here"));
}

TEST_F(RendererTest, StatementsRefuseWhatCannotBePrinted) {
  domain::StatementDocument document = testing::Statement();
  document.statement.items[2].number = "\uE123";
  const absl::Status status = renderer_->RenderStatement(document, "").status();
  EXPECT_EQ(base::DetailOf(status).reason, base::Reason::kCharacterNotInFonts);
  EXPECT_EQ(base::DetailOf(status).metadata.at("field"), "items[2].number");
}

// In a process of its own: the peak of this one is that of the other tests.
TEST(RendererMemoryTest, LongestInvoiceTakesLittleMemory) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  constexpr double kMost_mib = 64;
  const auto measure = [] {
    const auto renderer = PangoInvoiceRenderer::Create().value();
    const domain::InvoiceDocument document = testing::ManyLines(base::kMaxLinesPerInvoice);
    const double before_mib = testing::PeakMemory_mib();
    const bool rendered = renderer->Render(document, "").ok();
    const double growth_mib = testing::PeakMemory_mib() - before_mib;
    std::fprintf(stderr, "%.1f MiB", growth_mib);
    std::_Exit(rendered && growth_mib > 0 && growth_mib <= kMost_mib ? 0 : 1);
  };
  EXPECT_EXIT(measure(), ::testing::ExitedWithCode(0), "MiB");
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

TEST_F(RendererTest, WhatIsTooLongIsRefusedBeforeANumberIsSpent) {
  domain::InvoiceDocument breaks = testing::ManyLines(12);
  for (domain::InvoiceLine& line : breaks.lines) line.description = std::string(999, '\n') + "x";
  domain::InvoiceDocument letters = testing::ManyLines(1000);
  for (domain::InvoiceLine& line : letters.lines) line.description = std::string(1000, 'm');
  for (const domain::InvoiceDocument& document : {breaks, letters}) {
    const absl::Status status = renderer_->CheckText(document);
    EXPECT_EQ(base::DetailOf(status).reason, base::Reason::kDocumentTooLong) << status;
  }
  EXPECT_TRUE(renderer_->CheckText(testing::ManyLines(base::kMaxLinesPerInvoice)).ok());
}

TEST_F(RendererTest, WhatTheCheckLetsThroughHasAPage) {
  domain::InvoiceDocument document = testing::ManyLines(400);
  int refused = 0;
  for (const size_t length : {100, 300, 500, 600, 700, 800, 1000}) {
    for (domain::InvoiceLine& line : document.lines) line.description = std::string(length, 'm');
    if (!renderer_->CheckText(document).ok()) {
      ++refused;
    } else {
      EXPECT_TRUE(renderer_->Render(document, testing::LogoFile("png")).ok()) << length;
    }
  }
  EXPECT_GT(refused, 0);
  EXPECT_LT(refused, 7);
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
