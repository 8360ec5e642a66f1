// A logo as it is uploaded: it is refused with a reason, or becomes a form that has a size within its place and can be
// drawn on a page.
#include <cairo-pdf.h>
#include <glib.h>

#include <cstdint>
#include <string_view>

#include "pdf/logo.h"
#include "pdf/logo_form.h"
#include "pdf/svg_check.h"
#include "tests/fuzz/gateway/check.h"

namespace {

using invoice::pdf::Logo;

// What GLib complains of is a fault of the one who calls it.
void Complain(const char* domain, GLogLevelFlags, const char* message, void*) {
  std::fprintf(stderr, "%s: %s\n", domain, message);
  std::abort();
}
const GLogFunc kBefore = g_log_set_default_handler(Complain, nullptr);

cairo_status_t Forget(void*, const unsigned char*, unsigned) { return CAIRO_STATUS_SUCCESS; }

cairo_status_t Draw(const Logo& logo) {
  const invoice::pdf::SurfaceHandle page(cairo_pdf_surface_create_for_stream(Forget, nullptr, 612, 792));
  const invoice::pdf::CairoHandle cr(cairo_create(page.get()));
  logo.Draw(cr.get(), 50, 36);
  cairo_show_page(cr.get());
  cairo_surface_finish(page.get());
  return cairo_surface_status(page.get());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto form = invoice::pdf::FormOfLogo(bytes);
  if (!form.ok()) {
    FUZZ_CHECK(absl::IsInvalidArgument(form.status()));
    return 0;
  }
  const auto logo = Logo::Read(form->bytes);
  FUZZ_CHECK(logo.ok());
  constexpr double kRounding = 0.01;
  FUZZ_CHECK((*logo)->width() > 0 && (*logo)->width() <= invoice::pdf::kLogoWidth + kRounding);
  FUZZ_CHECK((*logo)->height() > 0 && (*logo)->height() <= invoice::pdf::kLogoHeight + kRounding);
  FUZZ_CHECK(form->content_type != "image/svg+xml" || !invoice::pdf::FaultOfSvg(bytes));
  FUZZ_CHECK(Draw(**logo) == CAIRO_STATUS_SUCCESS);
  return 0;
}
