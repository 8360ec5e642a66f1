#include "pdf/glyphs.h"

#include <algorithm>
#include <utility>

namespace invoice::pdf {
namespace {

// Places that a text has and the page has not: what joiners and the blank at the end of a broken line become.
bool IsDrawn(const PangoGlyphInfo& glyph) { return glyph.glyph != PANGO_GLYPH_EMPTY; }

void AddGlyphs(const PangoGlyphString& glyphs, double x, GlyphRun& run) {
  for (int i = 0; i < glyphs.num_glyphs; ++i) {
    const PangoGlyphInfo& glyph = glyphs.glyphs[i];
    const PangoGlyphGeometry& place = glyph.geometry;
    if (IsDrawn(glyph)) run.glyphs.push_back({glyph.glyph, x + Points(place.x_offset), Points(place.y_offset)});
    x += Points(place.width);
  }
}

void AddClusters(PangoGlyphItem& item, const char* text, GlyphRun& run) {
  PangoGlyphItemIter at;
  for (gboolean more = pango_glyph_item_iter_init_start(&at, &item, text); more;
       more = pango_glyph_item_iter_next_cluster(&at)) {
    // Backwards the end stands before the start.
    const int first = std::min(at.start_glyph, at.end_glyph + 1);
    const int end = std::max(at.start_glyph + 1, at.end_glyph);
    const PangoGlyphInfo* glyphs = item.glyphs->glyphs;
    const auto drawn = std::count_if(glyphs + first, glyphs + end, IsDrawn);
    run.clusters.push_back({at.end_index - at.start_index, static_cast<int>(drawn)});
  }
}

}  // namespace

ScaledFont ScaledFontOf(PangoFont* font) {
  cairo_scaled_font_t* scaled = pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font));
  return {cairo_scaled_font_reference(scaled), cairo_scaled_font_destroy};
}

std::vector<GlyphRun> RunsOf(const PangoLayoutLine& line, const char* text) {
  std::vector<GlyphRun> runs;
  double x = 0;
  for (const GSList* node = line.runs; node != nullptr; node = node->next) {
    auto& item = *static_cast<PangoGlyphItem*>(node->data);
    const PangoAnalysis& analysis = item.item->analysis;
    GlyphRun run{.font = ScaledFontOf(analysis.font),
                 .backward = analysis.level % 2 != 0,
                 .text = std::string(text + item.item->offset, static_cast<size_t>(item.item->length)),
                 .glyphs = {},
                 .clusters = {}};
    AddGlyphs(*item.glyphs, x, run);
    AddClusters(item, text, run);
    x += Points(pango_glyph_string_get_width(item.glyphs));
    runs.push_back(std::move(run));
  }
  return runs;
}

void GlyphBatch::Add(cairo_t* cr, const GlyphRun& run, double x, double baseline) {
  // Backwards the clusters go against the glyphs, which holds inside of one run only.
  if (run.font != pending_.font || run.backward || pending_.backward) {
    Draw(cr);
    pending_.font = run.font;
    pending_.backward = run.backward;
  }
  for (const cairo_glyph_t& glyph : run.glyphs) {
    pending_.glyphs.push_back({glyph.index, x + glyph.x, baseline + glyph.y});
  }
  pending_.clusters.insert(pending_.clusters.end(), run.clusters.begin(), run.clusters.end());
  pending_.text += run.text;
}

void GlyphBatch::Draw(cairo_t* cr) {
  if (pending_.clusters.empty()) return;
  const auto flags = static_cast<cairo_text_cluster_flags_t>(pending_.backward ? CAIRO_TEXT_CLUSTER_FLAG_BACKWARD : 0);
  cairo_set_scaled_font(cr, pending_.font.get());
  cairo_show_text_glyphs(cr, pending_.text.data(), static_cast<int>(pending_.text.size()), pending_.glyphs.data(),
                         static_cast<int>(pending_.glyphs.size()), pending_.clusters.data(),
                         static_cast<int>(pending_.clusters.size()), flags);
  pending_.glyphs.clear();
  pending_.clusters.clear();
  pending_.text.clear();
}

}  // namespace invoice::pdf
