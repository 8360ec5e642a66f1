// What stands on every page whatever the document is: the bar of the accent colour, the running head of further pages,
// the foot with the page's number, and the watermark of drafts. It repeats, so it has no
// tag: readers of the text do not hear it. Draws as often as asked.
#pragma once

#include "pdf/canvas.h"
#include "pdf/sheet.h"

namespace invoice::pdf {

class PageFrame {
 public:
  explicit PageFrame(const Sheet& sheet) : sheet_(sheet) {}

  // Of every page but the first, which has the letterhead.
  void DrawRunningHead(Canvas& canvas) const;
  // `page` is counted from 0.
  void DrawFoot(Canvas& canvas, size_t page, size_t pages) const;

 private:
  void DrawWatermark(Canvas& canvas) const;

  const Sheet& sheet_;
};

}  // namespace invoice::pdf
