// Shapes texts into lines of glyphs, and numbers into aligned figures. One typesetter belongs to one thread at a time;
// what it shapes must not outlive it. Costs a few milliseconds to make and is meant to be kept: fonts, sizes and
// figures stay loaded.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pdf/fonts.h"
#include "pdf/glyphs.h"
#include "pdf/handles.h"

namespace invoice::pdf {

enum class Face { kRegular, kBold };

struct TextStyle {
  Face face = Face::kRegular;
  double size = 9;  // points
  friend bool operator==(const TextStyle&, const TextStyle&) = default;
};

// A text broken into lines, in points from its upper left corner. Every line begins at the left edge, also where it is
// written from right to left: the blocks of a page stay aligned. Copies share the shaped text.
class Paragraph {
 public:
  struct Line {
    std::vector<GlyphRun> runs;
    double top;
    double bottom;
    double baseline;
    double width;
  };

  Paragraph() = default;
  explicit Paragraph(PangoLayout* layout);

  bool empty() const { return shaped_ == nullptr; }
  const std::vector<Line>& lines() const;
  double width() const { return empty() ? 0 : shaped_->width; }
  double height() const { return empty() ? 0 : shaped_->lines.back().bottom; }
  double first_baseline() const { return empty() ? 0 : shaped_->lines.front().baseline; }
  // Glyphs that no font has; printed they would be boxes.
  int unknown_glyphs() const { return empty() ? 0 : shaped_->unknown_glyphs; }

 private:
  struct Shaped {
    std::vector<Line> lines;  // at least one
    double width = 0;
    int unknown_glyphs = 0;
  };
  std::shared_ptr<const Shaped> shaped_;
};

// The figures of one style with equal advances, drawn without a shaper: a long table is mostly numbers.
class FigureFont {
 public:
  static constexpr std::string_view kCharacters = "0123456789.,-'";

  FigureFont(PangoContext* context, const PangoFontDescription* description);

  // `text` holds kCharacters and what languages put between groups of digits alone: spaces that do not break, and the
  // typographic apostrophe. Spaces are narrow and come out as ordinary ones where text is selected.
  double Width(std::string_view text) const;
  GlyphRun Shape(std::string_view text) const;

 private:
  struct Figure {
    unsigned long glyph = 0;
    double advance = 0;
    char text = 0;  // as it is selected
  };
  // The figure at the beginning of `text`, which is cut off.
  const Figure& Next(std::string_view& text) const;
  ScaledFont font_;
  std::array<Figure, 128> figures_{};
};

class Typesetter {
 public:
  explicit Typesetter(const FontLibrary& fonts);

  // Breaks at line breaks of the text and, where `wrap_width` is positive, at words (inside of words only where one
  // alone is too wide). Short texts are kept for a while: the invoices of a run share a vendor, terms and often lines.
  Paragraph Shape(std::string_view text, const TextStyle& style, double wrap_width = 0);
  // One line, cut with an ellipsis where it is wider: only for repetitions of what stands elsewhere in full.
  Paragraph ShapeLine(std::string_view text, const TextStyle& style, double width);

  // In the first of the styles in which the text stands on one line of `width`, else wrapped in the last.
  Paragraph ShapeToFit(std::string_view text, std::span<const TextStyle> styles, double width);

  // The unknown glyphs of all paragraphs given out so far, of the kept ones with each use.
  int unknown_glyphs() const { return unknown_glyphs_; }

  const FigureFont& Figures(const TextStyle& style) { return *Loaded(style).figures; }
  double Ascent(const TextStyle& style) { return Loaded(style).ascent; }
  double LineHeight(const TextStyle& style) { return Loaded(style).ascent + Loaded(style).descent; }

 private:
  struct LoadedStyle {
    TextStyle style;
    FontDescriptionHandle description;
    std::unique_ptr<FigureFont> figures;
    double ascent = 0;
    double descent = 0;
  };
  // A text with all that decides its shape.
  struct ShapeKey {
    std::string text;
    TextStyle style;
    double wrap_width = 0;
    bool one_line = false;
    friend bool operator==(const ShapeKey&, const ShapeKey&) = default;
  };
  struct HashOfKey {
    size_t operator()(const ShapeKey& key) const;
  };
  const LoadedStyle& Loaded(const TextStyle& style);
  Paragraph ShapeNew(const ShapeKey& key);
  Paragraph ShapeKept(ShapeKey key);
  Paragraph ShapeCounted(ShapeKey key);
  GObjectHandle<PangoLayout> NewLayout(const TextStyle& style);

  GObjectHandle<PangoFontMap> font_map_;
  GObjectHandle<PangoContext> context_;
  AttributesHandle features_;
  std::vector<std::unique_ptr<LoadedStyle>> styles_;
  // What was asked for lately; when the younger generation is full, it replaces the older one.
  std::unordered_map<ShapeKey, Paragraph, HashOfKey> young_;
  std::unordered_map<ShapeKey, Paragraph, HashOfKey> old_;
  int unknown_glyphs_ = 0;
};

}  // namespace invoice::pdf
