#include "pdf/typesetter.h"

#include <pango/pangofc-fontmap.h>

#include <algorithm>
#include <utility>

namespace invoice::pdf {
namespace {

constexpr size_t kLongestKept = 200;  // bytes of a text
constexpr size_t kMostKept = 256;     // texts of one generation: a few hundred kilobytes

FontDescriptionHandle Describe(const TextStyle& style) {
  FontDescriptionHandle description(pango_font_description_new());
  pango_font_description_set_family_static(description.get(), kFontFamilies);
  pango_font_description_set_weight(description.get(),
                                    style.face == Face::kBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_font_description_set_absolute_size(description.get(), style.size * PANGO_SCALE);
  return description;
}

// No hinting and no rounding: a page is not a screen, and the same text has the same width everywhere.
FontOptionsHandle PrintOptions() {
  FontOptionsHandle options(cairo_font_options_create());
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
  return options;
}

// Optional ligatures off: one glyph for "fi" would need a font of its own in the file and break the search for words.
// The ligatures that a script requires are another feature and stay.
AttributesHandle Features() {
  AttributesHandle attributes(pango_attr_list_new());
  pango_attr_list_insert(attributes.get(), pango_attr_font_features_new("liga=0"));
  // A hyphen where a long address or number is broken would be taken for a part of it.
  pango_attr_list_insert(attributes.get(), pango_attr_insert_hyphens_new(FALSE));
  return attributes;
}

}  // namespace

Paragraph::Paragraph(PangoLayout* layout) {
  auto shaped = std::make_shared<Shaped>();
  shaped->unknown_glyphs = pango_layout_get_unknown_glyphs_count(layout);
  const LineIteratorHandle at(pango_layout_get_iter(layout));
  const char* text = pango_layout_get_text(layout);
  do {
    PangoRectangle extents;
    pango_layout_iter_get_line_extents(at.get(), nullptr, &extents);
    shaped->lines.push_back({.runs = RunsOf(*pango_layout_iter_get_line_readonly(at.get()), text),
                             .top = Points(extents.y),
                             .bottom = Points(extents.y + extents.height),
                             .baseline = Points(pango_layout_iter_get_baseline(at.get())),
                             .width = Points(extents.width)});
    shaped->width = std::max(shaped->width, shaped->lines.back().width);
  } while (pango_layout_iter_next_line(at.get()));
  shaped_ = std::move(shaped);
}

const std::vector<Paragraph::Line>& Paragraph::lines() const {
  static const std::vector<Line> kNone;
  return empty() ? kNone : shaped_->lines;
}

FigureFont::FigureFont(PangoContext* context, const PangoFontDescription* description)
    : font_(ScaledFontOf(GObjectHandle<PangoFont>(pango_context_load_font(context, description)).get())) {
  const GObjectHandle<PangoLayout> layout(pango_layout_new(context));
  pango_layout_set_font_description(layout.get(), description);
  const auto load = [&](char character) {
    pango_layout_set_text(layout.get(), &character, 1);
    const PangoLayoutLine* line = pango_layout_get_line_readonly(layout.get(), 0);
    const auto* run = static_cast<const PangoGlyphItem*>(line->runs->data);
    const PangoGlyphInfo& glyph = run->glyphs->glyphs[0];
    figures_[static_cast<unsigned char>(character)] = {glyph.glyph, Points(glyph.geometry.width), character};
  };
  for (const char character : kCharacters) load(character);
  load(' ');
  constexpr double kNarrow = 0.7;
  figures_[' '].advance *= kNarrow;
}

const FigureFont::Figure& FigureFont::Next(std::string_view& text) const {
  constexpr std::pair<std::string_view, char> kSeparators[] = {{"\u00a0", ' '}, {"\u202f", ' '}, {"\u2019", '\''}};
  for (const auto& [separator, plain] : kSeparators) {
    if (!text.starts_with(separator)) continue;
    text.remove_prefix(separator.size());
    return figures_[static_cast<unsigned char>(plain)];
  }
  const auto character = static_cast<unsigned char>(text.front());
  text.remove_prefix(1);
  return figures_[character % figures_.size()];
}

double FigureFont::Width(std::string_view text) const {
  double width = 0;
  while (!text.empty()) width += Next(text).advance;
  return width;
}

GlyphRun FigureFont::Shape(std::string_view text) const {
  GlyphRun run{.font = font_, .text = {}, .glyphs = {}, .clusters = {}};
  run.glyphs.reserve(text.size());
  run.clusters.reserve(text.size());
  double x = 0;
  while (!text.empty()) {
    const Figure& figure = Next(text);
    run.glyphs.push_back({figure.glyph, x, 0});
    run.clusters.push_back({1, 1});
    run.text += figure.text;
    x += figure.advance;
  }
  return run;
}

Typesetter::Typesetter(const FontLibrary& fonts)
    : font_map_(pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT)) {
  pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(font_map_.get()), fonts.config());
  pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(font_map_.get()), 72);
  context_.reset(pango_font_map_create_context(font_map_.get()));
  pango_cairo_context_set_font_options(context_.get(), PrintOptions().get());
  pango_context_set_round_glyph_positions(context_.get(), FALSE);
  // Not the language of the process: it would change the choice of glyphs.
  pango_context_set_language(context_.get(), pango_language_from_string("en"));
  features_ = Features();
  pango_context_set_base_dir(context_.get(), PANGO_DIRECTION_LTR);
}

size_t Typesetter::HashOfKey::operator()(const ShapeKey& key) const {
  const auto mix = [](size_t hash, size_t more) { return hash * 31 + more; };
  size_t hash = std::hash<std::string>()(key.text);
  hash = mix(hash, std::hash<double>()(key.style.size + (key.style.face == Face::kBold ? 1000 : 0)));
  return mix(hash, std::hash<double>()(key.wrap_width + (key.one_line ? 10000 : 0)));
}

Paragraph Typesetter::Shape(std::string_view text, const TextStyle& style, double wrap_width) {
  return ShapeCounted({.text = std::string(text), .style = style, .wrap_width = wrap_width, .one_line = false});
}

Paragraph Typesetter::ShapeLine(std::string_view text, const TextStyle& style, double width) {
  return ShapeCounted({.text = std::string(text), .style = style, .wrap_width = width, .one_line = true});
}

Paragraph Typesetter::ShapeToFit(std::string_view text, std::span<const TextStyle> styles, double width) {
  Paragraph paragraph;
  for (const TextStyle& style : styles) {
    paragraph = Shape(text, style, width);
    if (paragraph.lines().size() == 1) break;
  }
  return paragraph;
}

Paragraph Typesetter::ShapeCounted(ShapeKey key) {
  Paragraph paragraph = ShapeKept(std::move(key));
  unknown_glyphs_ += paragraph.unknown_glyphs();
  return paragraph;
}

Paragraph Typesetter::ShapeKept(ShapeKey key) {
  if (key.text.size() > kLongestKept) return ShapeNew(key);
  const auto young = young_.find(key);
  if (young != young_.end()) return young->second;
  const auto old = old_.find(key);
  Paragraph paragraph = old != old_.end() ? old->second : ShapeNew(key);
  if (young_.size() >= kMostKept) {
    old_ = std::move(young_);
    young_.clear();
  }
  young_.emplace(std::move(key), paragraph);
  return paragraph;
}

Paragraph Typesetter::ShapeNew(const ShapeKey& key) {
  GObjectHandle<PangoLayout> layout = NewLayout(key.style);
  if (key.one_line) {
    pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
    pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
  }
  if (key.wrap_width > 0) {
    pango_layout_set_width(layout.get(), static_cast<int>(key.wrap_width * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  }
  pango_layout_set_text(layout.get(), key.text.data(), static_cast<int>(key.text.size()));
  return Paragraph(layout.get());
}

GObjectHandle<PangoLayout> Typesetter::NewLayout(const TextStyle& style) {
  GObjectHandle<PangoLayout> layout(pango_layout_new(context_.get()));
  pango_layout_set_font_description(layout.get(), Loaded(style).description.get());
  pango_layout_set_attributes(layout.get(), features_.get());
  return layout;
}

const Typesetter::LoadedStyle& Typesetter::Loaded(const TextStyle& style) {
  for (const auto& loaded : styles_) {
    if (loaded->style == style) return *loaded;
  }
  auto loaded = std::make_unique<LoadedStyle>();
  loaded->style = style;
  loaded->description = Describe(style);
  loaded->figures = std::make_unique<FigureFont>(context_.get(), loaded->description.get());
  const FontMetricsHandle metrics(pango_context_get_metrics(context_.get(), loaded->description.get(), nullptr));
  loaded->ascent = Points(pango_font_metrics_get_ascent(metrics.get()));
  loaded->descent = Points(pango_font_metrics_get_descent(metrics.get()));
  styles_.push_back(std::move(loaded));
  return *styles_.back();
}

}  // namespace invoice::pdf
