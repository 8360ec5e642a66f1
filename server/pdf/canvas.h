// The pages of one PDF in memory: areas, rules, texts, numbers and the tags of the document's structure. Places things
// where it is told and decides nothing. One canvas makes one document and belongs to one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "pdf/glyphs.h"
#include "pdf/handles.h"
#include "pdf/logo.h"
#include "pdf/palette.h"
#include "pdf/payment_code.h"
#include "pdf/typesetter.h"

namespace invoice::pdf {

struct PageSize {
  double width = 0;
  double height = 0;
};

inline constexpr PageSize kA4Page{595.276, 841.89};
inline constexpr PageSize kLetterPage{612, 792};

struct DocumentProperties {
  std::string title;
  std::string author;
  std::string language;  // BCP 47
  absl::CivilDay date;   // stands for the times of creation and change, so that the bytes depend on the content alone
};

enum class Align { kLeft, kRight };

class Canvas {
 public:
  // A part of the structure (ISO 32000 standard type: "H1", "P", "TD") that ends with the object.
  class Tag {
   public:
    Tag(Canvas& canvas, const char* type);
    ~Tag();
    Tag(const Tag&) = delete;
    Tag& operator=(const Tag&) = delete;

   private:
    Canvas& canvas_;
    const char* type_;
  };

  Canvas(PageSize size, const DocumentProperties& properties);

  const PageSize& size() const { return size_; }
  void NextPage();
  // Ends the document; nothing may be drawn afterwards.
  absl::StatusOr<std::string> Finish();

  void Area(double x, double y, double width, double height, const Color& color);
  void RoundedArea(double x, double y, double width, double height, double radius, const Color& color);
  void Rule(double x0, double x1, double y, double thickness, const Color& color);
  // One of many: drawn with the others of the page, all in one colour, by EndHairlines.
  void Hairline(double x0, double x1, double y);
  void EndHairlines(const Color& color);

  // `x` is the left or the right edge, `y` the top of the first line.
  void Text(const Paragraph& text, double x, double y, const Color& color, Align align = Align::kLeft);
  void Lines(const Paragraph& text, size_t first, size_t count, double x, double y, const Color& color);
  void Figures(const FigureFont& font, std::string_view text, double right, double baseline, const Color& color);
  // Pictures; the code fills a square of `side` with its quiet zone around it.
  void Picture(const Logo& logo, double x, double y);
  void Code(const QrCode& code, double x, double y, double side);
  // A faint shape across all that the page has, not text: it does not get between the words when they are selected or
  // read out.
  void Watermark(const Paragraph& text);

 private:
  void StartPage();
  // What is drawn next lies above the text that waits, and may have another colour.
  cairo_t* Over();
  void SetColor(const Color& color);
  void DrawLine(const Paragraph::Line& line, double x, double baseline);

  PageSize size_;
  std::string language_;
  std::string bytes_;  // before surface_, which writes to it when it is closed
  struct Segment {
    double x0;
    double x1;
    double y;
  };
  std::vector<Segment> hairlines_;
  SurfaceHandle surface_;
  CairoHandle cr_;
  Color color_;
  GlyphBatch text_;
};

}  // namespace invoice::pdf
