// The head of the first page: who sends, what it is, who gets it, and the panel of dates and references. Measures
// itself when made, in smaller letters where it would be higher than the page; draws as often as asked.
#pragma once

#include <vector>

#include "pdf/canvas.h"
#include "pdf/sheet.h"

namespace invoice::pdf {

class Letterhead {
 public:
  explicit Letterhead(const Sheet& sheet);

  // Where the rest of the first page begins.
  double bottom() const { return bottom_; }
  void Draw(Canvas& canvas) const;

 private:
  struct Pair {
    Paragraph label;
    Paragraph value;
    double height = 0;
  };

  void Measure();
  TextStyle Scaled(const TextStyle& style) const { return {style.face, style.size * scale_}; }
  void MeasureSender();
  void MeasureDetails();
  void DrawSender(Canvas& canvas) const;
  void DrawCustomer(Canvas& canvas) const;
  void DrawDetails(Canvas& canvas) const;

  const Sheet& sheet_;
  double scale_ = 1;  // of the letters
  Paragraph title_;
  Paragraph number_;
  Paragraph vendor_name_;
  Paragraph vendor_lines_;
  Paragraph customer_label_;
  Paragraph customer_name_;
  Paragraph customer_lines_;
  std::vector<Pair> details_;
  Pair amount_due_;
  double vendor_top_ = 0;   // below the logo
  double label_width_ = 0;  // of the panel
  double parties_top_ = 0;
  double panel_height_ = 0;
  double bottom_ = 0;
};

}  // namespace invoice::pdf
