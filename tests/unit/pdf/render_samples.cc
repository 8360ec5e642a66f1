// render_samples FOLDER [FONT_FOLDER...]: writes every sample document as a PDF, to look at the pages.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "pdf/pango_renderer.h"
#include "tests/unit/pdf/samples.h"

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: render_samples FOLDER [FONT_FOLDER...]\n");
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  auto renderer = invoice::pdf::PangoInvoiceRenderer::Create(std::vector<std::string>(argv + 2, argv + argc));
  if (!renderer.ok()) {
    fmt::print(stderr, "{}\n", renderer.status().ToString());
    return 1;
  }
  std::filesystem::create_directories(folder);
  for (const auto& [name, document] : invoice::pdf::testing::AllSamples()) {
    const absl::StatusOr<std::string> pdf = (*renderer)->Render(document, "");
    if (!pdf.ok()) {
      fmt::print(stderr, "{}: {}\n", name, pdf.status().ToString());
      return 1;
    }
    std::ofstream(folder / (name + ".pdf"), std::ios::binary) << *pdf;
    fmt::print("{} {} bytes\n", name, pdf->size());
  }
  return 0;
}
