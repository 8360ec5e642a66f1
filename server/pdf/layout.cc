#include "pdf/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/limits.h"
#include "base/status.h"
#include "pdf/letterhead.h"
#include "pdf/page_frame.h"
#include "pdf/page_plan.h"
#include "pdf/sheet.h"
#include "pdf/statement_layout.h"
#include "pdf/summary.h"
#include "pdf/table.h"

namespace invoice::pdf {
namespace {

constexpr double kSectionWidth = 460;  // longer lines are hard to read
constexpr double kBeforeSection = 10;

// A closing text with its heading, ready to be broken over pages.
struct ClosingText {
  Paragraph heading;
  Paragraph text;
};

class Layout {
 public:
  Layout(const Content& content, const LayoutOptions& options, Typesetter& type)
      : content_(content),
        sheet_{.type = type,
               .content = content,
               .palette = options.palette,
               .logo = options.logo,
               .width = options.page_size.width,
               .height = options.page_size.height},
        frame_(sheet_),
        letterhead_(sheet_),
        table_(sheet_),
        summary_(sheet_) {
    ShapeSections();
    pages_ = PlanPages(Measure());
  }

  size_t page_count() const { return pages_.size(); }

  void Draw(Canvas& canvas) {
    for (size_t page = 0; page < pages_.size(); ++page) {
      if (page > 0) canvas.NextPage();
      DrawPage(canvas, page);
    }
  }

 private:
  void ShapeSections();
  PlanInput Measure() const;
  void DrawPage(Canvas& canvas, size_t page);
  void DrawTable(Canvas& canvas, const PagePlan& plan);
  void DrawSection(Canvas& canvas, const Chunk& chunk);

  const Content& content_;
  const Sheet sheet_;
  const PageFrame frame_;
  const Letterhead letterhead_;
  const Table table_;
  const Summary summary_;
  std::vector<ClosingText> sections_;
  std::vector<PagePlan> pages_;
};

void Layout::ShapeSections() {
  const double width = std::min(kSectionWidth, sheet_.inner_width() - 2 * kPanelPadding);
  const auto shape = [&](std::string_view heading, std::string_view text) {
    sections_.push_back(
        {.heading = sheet_.type.Shape(heading, kSmallBoldStyle), .text = sheet_.type.Shape(text, kBodyStyle, width)});
  };
  if (!summary_.holds_instructions())
    shape(content_.locale.words().payment_instructions, content_.payment_instructions);
  for (const TotalRow& total : content_.totals) {
    if (!summary_.holds_details() && !total.detail.empty()) shape(total.label, total.detail);
  }
  for (const Section& section : content_.sections) shape(section.heading, section.text);
}

PlanInput Layout::Measure() const {
  PlanInput input{.first_top = letterhead_.bottom(),
                  .next_top = kNextTop,
                  .bottom = sheet_.height - kBottom,
                  .table_header = table_.header_height(),
                  .carry = table_.carry_height(),
                  .summary = summary_.height(),
                  .rows = table_.Rows(),
                  .sections = {}};
  for (const ClosingText& section : sections_) {
    FlowBlock block{.before = kBeforeSection + section.heading.height(), .after = 0, .lines = {}};
    for (const Paragraph::Line& line : section.text.lines()) block.lines.push_back(line.bottom - line.top);
    input.sections.push_back(std::move(block));
  }
  return input;
}

void Layout::DrawPage(Canvas& canvas, size_t page) {
  const PagePlan& plan = pages_[page];
  if (page == 0) {
    letterhead_.Draw(canvas);
  } else {
    frame_.DrawRunningHead(canvas);
  }
  if (plan.table_header_y) DrawTable(canvas, plan);
  if (plan.summary_y) summary_.Draw(canvas, *plan.summary_y);
  for (const Chunk& chunk : plan.sections) DrawSection(canvas, chunk);
  frame_.DrawFoot(canvas, page, pages_.size());
}

void Layout::DrawTable(Canvas& canvas, const PagePlan& plan) {
  const locale::Words& labels = content_.locale.words();
  const Canvas::Tag tag(canvas, "Table");
  table_.DrawHeader(canvas, *plan.table_header_y);
  if (plan.brought_forward) table_.DrawCarry(canvas, labels.brought_forward, *plan.brought_forward);
  for (const Chunk& chunk : plan.rows) table_.DrawRows(canvas, chunk);
  if (plan.carried_forward) table_.DrawCarry(canvas, labels.carried_forward, *plan.carried_forward);
  canvas.EndHairlines(sheet_.palette.hairline);
}

void Layout::DrawSection(Canvas& canvas, const Chunk& chunk) {
  const ClosingText& section = sections_[chunk.index];
  const double x = sheet_.left() + kPanelPadding;
  if (chunk.first_line == 0) {
    const Canvas::Tag tag(canvas, "H2");
    canvas.Text(section.heading, x, chunk.y + kBeforeSection - 2, sheet_.palette.accent_text);
  }
  const Canvas::Tag tag(canvas, "P");
  canvas.Lines(section.text, chunk.first_line, chunk.line_count, x, chunk.y + kBeforeSection + section.heading.height(),
               sheet_.palette.ink);
}

// Both kinds of layout are drawn in the same way.
template <typename AnyLayout>
absl::StatusOr<std::string> DrawAll(AnyLayout& layout, const DocumentProperties& properties,
                                    const LayoutOptions& options, const Typesetter& type, int unknown_before) {
  if (layout.page_count() > base::kMaxPdfPages) return TooManyPages();
  Canvas canvas(options.page_size, properties);
  layout.Draw(canvas);
  if (type.unknown_glyphs() != unknown_before) {
    return absl::InternalError("a text that passed the check has glyphs that no font has");
  }
  return canvas.Finish();
}

}  // namespace

absl::Status TooManyPages() {
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kDocumentTooLong,
                       fmt::format("the document has more than {} pages", base::kMaxPdfPages),
                       {{"limit", fmt::format("{}", base::kMaxPdfPages)}});
}

size_t CountPages(const Content& content, const LayoutOptions& options, Typesetter& type) {
  return Layout(content, options, type).page_count();
}

absl::StatusOr<std::string> LayOut(const Content& content, const DocumentProperties& properties,
                                   const LayoutOptions& options, Typesetter& type) {
  const int unknown_before = type.unknown_glyphs();
  Layout layout(content, options, type);
  return DrawAll(layout, properties, options, type, unknown_before);
}

absl::StatusOr<std::string> LayOut(const StatementContent& content, const DocumentProperties& properties,
                                   const LayoutOptions& options, Typesetter& type) {
  const int unknown_before = type.unknown_glyphs();
  const Sheet sheet{.type = type,
                    .content = content.head,
                    .palette = options.palette,
                    .logo = options.logo,
                    .width = options.page_size.width,
                    .height = options.page_size.height};
  StatementLayout layout(content, sheet);
  return DrawAll(layout, properties, options, type, unknown_before);
}

}  // namespace invoice::pdf
