// Glyphs on their way to the page, with the text they stand for. cairo's cost of a page goes by the number of calls
// that draw text, so that runs of one font are put together: a row of a table, an address. Plain data and its drawing.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pdf/handles.h"

namespace invoice::pdf {

inline double Points(int pango_units) { return static_cast<double>(pango_units) / PANGO_SCALE; }

using ScaledFont = std::shared_ptr<cairo_scaled_font_t>;
ScaledFont ScaledFontOf(PangoFont* font);

// Points from the beginning of the baseline. Clusters say which bytes of the text belong to which glyphs.
struct GlyphRun {
  ScaledFont font;
  bool backward = false;  // the text goes from right to left
  std::string text;       // UTF-8
  std::vector<cairo_glyph_t> glyphs;
  std::vector<cairo_text_cluster_t> clusters;
};

// The runs of a line that pango has shaped from `text`.
std::vector<GlyphRun> RunsOf(const PangoLayoutLine& line, const char* text);

// Collects runs of one font and draws them in one call, with the colour that is set then.
class GlyphBatch {
 public:
  // Draws what was collected where the run cannot join it.
  void Add(cairo_t* cr, const GlyphRun& run, double x, double baseline);
  void Draw(cairo_t* cr);

 private:
  GlyphRun pending_;
};

}  // namespace invoice::pdf
