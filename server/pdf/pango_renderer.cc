#include "pdf/pango_renderer.h"

#include <fmt/format.h>

#include <utility>

#include "base/limits.h"
#include "base/status.h"
#include "pdf/content.h"
#include "pdf/fonts.h"
#include "pdf/layout.h"
#include "pdf/printable.h"
#include "pdf/typesetter.h"

namespace invoice::pdf {

struct PangoInvoiceRenderer::Fonts {
  FontLibrary library;
};

struct PangoInvoiceRenderer::Engine {
  Typesetter type;
};

// An engine for the time of one call.
class PangoInvoiceRenderer::Lease {
 public:
  explicit Lease(PangoInvoiceRenderer& renderer) : renderer_(renderer), engine_(renderer.TakeEngine()) {}
  ~Lease() { renderer_.GiveBack(std::move(engine_)); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  Typesetter& type() { return engine_->type; }

 private:
  PangoInvoiceRenderer& renderer_;
  std::unique_ptr<Engine> engine_;
};

absl::StatusOr<std::unique_ptr<PangoInvoiceRenderer>> PangoInvoiceRenderer::Create(
    const std::vector<std::string>& font_folders) {
  ASSIGN_OR_RETURN(FontLibrary library,
                   FontLibrary::Load(font_folders.empty() ? FontLibrary::DefaultFolders() : font_folders));
  auto fonts = std::make_unique<Fonts>(Fonts{std::move(library)});
  return std::unique_ptr<PangoInvoiceRenderer>(new PangoInvoiceRenderer(std::move(fonts)));
}

PangoInvoiceRenderer::PangoInvoiceRenderer(std::unique_ptr<Fonts> fonts) : fonts_(std::move(fonts)) {}

PangoInvoiceRenderer::~PangoInvoiceRenderer() = default;

absl::StatusOr<std::string> PangoInvoiceRenderer::Render(const domain::InvoiceDocument& document,
                                                         std::string_view /*logo*/) {
  if (document.lines.size() > base::kMaxLinesPerInvoice) {
    return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kDocumentTooLong,
                         fmt::format("the document has more than {} lines", base::kMaxLinesPerInvoice),
                         {{"limit", fmt::format("{}", base::kMaxLinesPerInvoice)}});
  }
  RETURN_IF_ERROR(CheckText(document));
  const Content content = ContentOf(document);
  const DocumentProperties properties{.title = content.running_head,
                                      .author = document.vendor.name,
                                      .language = content.locale.tag(),
                                      .date = document.invoice_date};
  const LayoutOptions options{.page_size = document.vendor.paper_size == domain::PaperSize::kA4 ? kA4Page : kLetterPage,
                              .palette = PaletteOf(document.vendor.accent_color)};
  Lease lease(*this);
  return LayOut(content, properties, options, lease.type());
}

absl::Status PangoInvoiceRenderer::CheckText(const domain::InvoiceDocument& document) {
  return CheckPrintable(document, fonts_->library);
}

absl::StatusOr<std::string> PangoInvoiceRenderer::RenderStatement(const domain::StatementDocument& /*document*/,
                                                                  std::string_view /*logo*/) {
  return absl::UnimplementedError("statements are not rendered yet");
}

absl::Status PangoInvoiceRenderer::CheckField(std::string_view field, std::string_view text, bool several_lines) {
  return CheckPrintableField(field, text, several_lines ? TextKind::kParagraphs : TextKind::kOneLine, fonts_->library);
}

absl::StatusOr<std::string> PangoInvoiceRenderer::CheckLogo(std::string_view /*bytes*/) {
  return absl::UnimplementedError("logos are not read yet");
}

std::unique_ptr<PangoInvoiceRenderer::Engine> PangoInvoiceRenderer::TakeEngine() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Engine> engine = std::move(idle_.back());
      idle_.pop_back();
      return engine;
    }
  }
  return std::make_unique<Engine>(Engine{Typesetter(fonts_->library)});
}

void PangoInvoiceRenderer::GiveBack(std::unique_ptr<Engine> engine) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(engine));
}

}  // namespace invoice::pdf
