#include "pdf/pango_renderer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <thread>
#include <utility>

#include "base/limits.h"
#include "base/status.h"
#include "pdf/content.h"
#include "pdf/fonts.h"
#include "pdf/layout.h"
#include "pdf/length.h"
#include "pdf/logo.h"
#include "pdf/printable.h"
#include "pdf/statement_content.h"
#include "pdf/typesetter.h"

namespace invoice::pdf {
namespace {

const Content& HeadOf(const Content& content) { return content; }
const Content& HeadOf(const StatementContent& content) { return content.head; }

constexpr int kPagesForALogo = 1;  // that the check does not know of
// Engines that rest: each has fonts, texts and logos in memory.
size_t MostIdle() { return std::max(2U, std::thread::hardware_concurrency()); }

LayoutOptions OptionsOf(const domain::VendorSnapshot& vendor, const Logo* logo) {
  return {.page_size = vendor.paper_size == domain::PaperSize::kA4 ? kA4Page : kLetterPage,
          .palette = PaletteOf(vendor.accent_color),
          .logo = logo};
}

absl::Status CheckLineCount(const domain::InvoiceDocument& document) {
  if (document.lines.size() <= base::kMaxLinesPerInvoice) return absl::OkStatus();
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kDocumentTooLong,
                       fmt::format("the document has more than {} lines", base::kMaxLinesPerInvoice),
                       {{"limit", fmt::format("{}", base::kMaxLinesPerInvoice)}});
}

// Called after CheckPrintable, which knows that the texts are UTF-8.
absl::Status CheckTextWork(const domain::InvoiceDocument& document) {
  if (TextWork(document) <= base::kMaxTextWork) return absl::OkStatus();
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kDocumentTooLong,
                       fmt::format("the texts of the document are longer than {} Latin letters, of which a letter of "
                                   "another script takes four",
                                   base::kMaxTextWork),
                       {{"limit", fmt::format("{}", base::kMaxTextWork)}});
}

}  // namespace

struct PangoInvoiceRenderer::Fonts {
  FontLibrary library;
};

struct PangoInvoiceRenderer::Engine {
  Typesetter type;
  LogoCache logos;
};

// An engine for the time of one call.
class PangoInvoiceRenderer::Lease {
 public:
  explicit Lease(PangoInvoiceRenderer& renderer) : renderer_(renderer), engine_(renderer.TakeEngine()) {}
  ~Lease() { renderer_.GiveBack(std::move(engine_)); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  Typesetter& type() { return engine_->type; }
  LogoCache& logos() { return engine_->logos; }

 private:
  PangoInvoiceRenderer& renderer_;
  std::unique_ptr<Engine> engine_;
};

absl::StatusOr<std::unique_ptr<PangoInvoiceRenderer>> PangoInvoiceRenderer::Create(
    const std::vector<std::string>& font_folders) {
  // Else pango shapes by the language of the environment, and another machine makes other bytes.
  ::setenv("PANGO_LANGUAGE", "en", /*overwrite=*/1);
  ASSIGN_OR_RETURN(FontLibrary library,
                   FontLibrary::Load(font_folders.empty() ? FontLibrary::DefaultFolders() : font_folders));
  auto fonts = std::make_unique<Fonts>(Fonts{std::move(library)});
  return std::unique_ptr<PangoInvoiceRenderer>(new PangoInvoiceRenderer(std::move(fonts)));
}

PangoInvoiceRenderer::PangoInvoiceRenderer(std::unique_ptr<Fonts> fonts) : fonts_(std::move(fonts)) {}

PangoInvoiceRenderer::~PangoInvoiceRenderer() = default;

absl::StatusOr<std::string> PangoInvoiceRenderer::Render(const domain::InvoiceDocument& document,
                                                         std::string_view logo) {
  RETURN_IF_ERROR(CheckLineCount(document));
  RETURN_IF_ERROR(CheckPrintable(document, fonts_->library));
  RETURN_IF_ERROR(CheckTextWork(document));
  return Print(ContentOf(document), document.vendor, document.invoice_date, logo);
}

absl::StatusOr<std::string> PangoInvoiceRenderer::RenderStatement(const domain::StatementDocument& document,
                                                                  std::string_view logo) {
  RETURN_IF_ERROR(CheckPrintable(document, fonts_->library));
  return Print(ContentOf(document), document.vendor, document.statement.as_of, logo);
}

template <typename AnyContent>
absl::StatusOr<std::string> PangoInvoiceRenderer::Print(const AnyContent& content, const domain::VendorSnapshot& vendor,
                                                        absl::CivilDay date, std::string_view logo) {
  const Content& head = HeadOf(content);
  const DocumentProperties properties{
      .title = head.running_head, .author = vendor.name, .language = head.locale.words_tag(), .date = date};
  Lease lease(*this);
  std::shared_ptr<const Logo> picture;
  if (!logo.empty()) {
    absl::StatusOr<std::shared_ptr<const Logo>> read = lease.logos().Get(logo);
    // It was made by this program: nothing that the caller could mend.
    if (!read.ok())
      return absl::InternalError(fmt::format("the stored logo: {}", std::string(read.status().message())));
    picture = *std::move(read);
  }
  // A step that makes this PDF/A-3 with an embedded e-invoice belongs here: it takes and gives the bytes of a whole
  // file. Fonts are TrueType subsets already, and nothing but the watermark of drafts is transparent.
  return LayOut(content, properties, OptionsOf(vendor, picture.get()), lease.type());
}

absl::Status PangoInvoiceRenderer::CheckText(const domain::InvoiceDocument& document) {
  RETURN_IF_ERROR(CheckLineCount(document));
  RETURN_IF_ERROR(CheckPrintable(document, fonts_->library));
  RETURN_IF_ERROR(CheckTextWork(document));
  constexpr int kMost = base::kMaxPdfPages - kPagesForALogo;
  const PageEstimate pages = EstimatePages(document);
  if (pages.most <= kMost) return absl::OkStatus();
  if (pages.least > kMost) return TooManyPages();
  Lease lease(*this);
  const size_t counted = CountPages(ContentOf(document), OptionsOf(document.vendor, nullptr), lease.type());
  return counted <= kMost ? absl::OkStatus() : TooManyPages();
}

absl::Status PangoInvoiceRenderer::CheckField(std::string_view field, std::string_view text, bool several_lines) {
  return CheckPrintableField(field, text, several_lines ? TextKind::kParagraphs : TextKind::kOneLine, fonts_->library);
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
  return std::make_unique<Engine>(Engine{Typesetter(fonts_->library), {}});
}

void PangoInvoiceRenderer::GiveBack(std::unique_ptr<Engine> engine) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < MostIdle()) idle_.push_back(std::move(engine));
}

}  // namespace invoice::pdf
