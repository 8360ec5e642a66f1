// A statement from its texts to its pages: the letterhead, one table after the other, a closing remark. Used once.
#pragma once

#include <vector>

#include "pdf/canvas.h"
#include "pdf/grid.h"
#include "pdf/letterhead.h"
#include "pdf/page_frame.h"
#include "pdf/page_plan.h"
#include "pdf/sheet.h"
#include "pdf/statement_content.h"

namespace invoice::pdf {

class StatementLayout {
 public:
  // Both outlive the layout.
  StatementLayout(const StatementContent& content, const Sheet& sheet);

  size_t page_count() const { return pages_.size(); }
  void Draw(Canvas& canvas);

 private:
  // What stands on one page of one table.
  struct Part {
    size_t grid = 0;
    bool first = false;
    PagePlan plan;
  };
  struct Page {
    std::vector<Part> parts;
    bool has_remark = false;
  };

  void Place(size_t grid);
  void PlaceRemark();
  PlanInput Measure(const Grid& grid) const;
  void DrawPart(Canvas& canvas, const Part& part) const;

  const StatementContent& content_;
  const Sheet& sheet_;
  const PageFrame frame_;
  const Letterhead letterhead_;
  std::vector<Grid> grids_;
  Paragraph remark_;
  std::vector<Page> pages_;
  double y_ = 0;  // where the next thing begins on the last page
  double remark_y_ = 0;
};

}  // namespace invoice::pdf
