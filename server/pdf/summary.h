// What closes the table: the payment box at the left, the totals at the right. Stands on one page. Measures itself when
// made.
#pragma once

#include <vector>

#include "pdf/canvas.h"
#include "pdf/sheet.h"

namespace invoice::pdf {

class Summary {
 public:
  explicit Summary(const Sheet& sheet);

  double height() const { return height_; }
  // Long payment instructions do not fit the box and are a closing text of their own.
  bool holds_instructions() const { return holds_instructions_; }
  // So do the details of totals, why a tax is not charged, where they would be higher than a page.
  bool holds_details() const { return holds_details_; }
  void Draw(Canvas& canvas, double y) const;

 private:
  struct Total {
    Paragraph label;
    Paragraph detail;  // empty: none
    const std::string* amount = nullptr;
    double height = 0;
  };
  struct Payment {
    Paragraph label;
    Paragraph value;
    double height = 0;
  };

  void MeasureTotals();
  void MeasureRows();
  void MeasurePayment();
  TextStyle PaymentStyle(double value_width) const;
  void DrawTotals(Canvas& canvas, double y) const;
  void DrawPayment(Canvas& canvas, double y) const;
  void DrawEntries(Canvas& canvas, double y) const;
  void DrawCode(Canvas& canvas, double y) const;

  const Sheet& sheet_;
  std::vector<Total> totals_;
  Paragraph total_label_;
  Paragraph total_value_;
  double total_bar_height_ = 0;
  double totals_height_ = 0;
  Paragraph payment_heading_;
  std::vector<Payment> payment_;
  Paragraph instructions_;
  Paragraph code_caption_;  // empty: no code
  double label_width_ = 0;
  bool holds_instructions_ = true;
  bool holds_details_ = true;
  double payment_height_ = 0;
  double height_ = 0;
};

}  // namespace invoice::pdf
