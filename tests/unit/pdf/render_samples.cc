// render_samples FOLDER LOGO_FOLDER [FONT_FOLDER...]: writes every sample document as a PDF, to look at the pages.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "pdf/pango_renderer.h"
#include "tests/unit/pdf/files.h"
#include "tests/unit/pdf/samples.h"

namespace {

using invoice::pdf::PangoInvoiceRenderer;
namespace samples = invoice::pdf::testing;

std::vector<std::pair<std::string, absl::StatusOr<std::string>>> RenderAll(PangoInvoiceRenderer& renderer,
                                                                           const std::filesystem::path& logos) {
  std::vector<std::pair<std::string, absl::StatusOr<std::string>>> documents;
  for (const auto& [name, document] : samples::AllSamples())
    documents.emplace_back(name, renderer.Render(document, ""));
  for (const char* type : {"svg", "png", "jpg"}) {
    const std::string logo = samples::ReadFile(logos / (std::string("logo.") + type));
    documents.emplace_back(std::string("logo_") + type, renderer.Render(samples::OnePage(), logo));
  }
  documents.emplace_back("japanese", renderer.Render(samples::Japanese(), ""));
  documents.emplace_back("statement",
                         renderer.RenderStatement(samples::Statement(), samples::ReadFile(logos / "logo.svg")));
  for (const char* locale : {"fr-FR", "de-DE", "es-ES"}) {
    invoice::domain::StatementDocument statement = samples::Statement();
    statement.vendor.locale = locale;
    documents.emplace_back(std::string("statement_") + locale, renderer.RenderStatement(statement, ""));
  }
  documents.emplace_back("two_currencies", renderer.RenderStatement(samples::TwoCurrencies(), ""));
  documents.emplace_back("long_statement", renderer.RenderStatement(samples::LongStatement(), ""));
  return documents;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: render_samples FOLDER LOGO_FOLDER [FONT_FOLDER...]\n");
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  auto renderer = invoice::pdf::PangoInvoiceRenderer::Create(std::vector<std::string>(argv + 3, argv + argc));
  if (!renderer.ok()) {
    fmt::print(stderr, "{}\n", renderer.status().ToString());
    return 1;
  }
  std::filesystem::create_directories(folder);
  for (const auto& [name, pdf] : RenderAll(**renderer, argv[2])) {
    if (!pdf.ok()) {
      fmt::print(stderr, "{}: {}\n", name, pdf.status().ToString());
      return 1;
    }
    std::ofstream(folder / (name + ".pdf"), std::ios::binary) << *pdf;
    fmt::print("{} {} bytes\n", name, pdf->size());
  }
  return 0;
}
