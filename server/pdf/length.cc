#include "pdf/length.h"

#include <algorithm>
#include <string_view>

namespace invoice::pdf {
namespace {

// Points and characters of text in body size: the widest letters and the highest lines of any font, and the narrowest
// and lowest.
struct Measure {
  double line_height;
  double row_padding;
  int row_characters;      // in a line of a description
  int section_characters;  // in a line of a closing text
  double page_height;      // for what flows
};
constexpr Measure kWidest{
    .line_height = 18, .row_padding = 14, .row_characters = 12, .section_characters = 40, .page_height = 560};
constexpr Measure kNarrowest{
    .line_height = 9, .row_padding = 6, .row_characters = 200, .section_characters = 300, .page_height = 720};
constexpr int kMostOtherPages = 4;  // letterhead, totals and payment, and what does not fill its page

int CodePoints(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

int LinesOf(std::string_view text, int characters) {
  const auto breaks = static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  return 1 + breaks + CodePoints(text) / characters;
}

double HeightOf(const domain::InvoiceDocument& document, const Measure& measure) {
  int lines = 0;
  double padding = 0;
  for (const domain::InvoiceLine& line : document.lines) {
    lines += LinesOf(line.description, measure.row_characters);
    if (!line.tax_names.empty()) ++lines;
    for (const std::string& name : line.tax_names) lines += LinesOf(name, measure.row_characters) - 1;
    padding += measure.row_padding;
  }
  for (const std::string* text :
       {&document.notes, &document.duplicate_reason, &document.credit_reason, &document.vendor.bank.instructions}) {
    lines += LinesOf(*text, measure.section_characters);
  }
  for (const domain::TaxAmount& tax : document.taxes) {
    lines += LinesOf(tax.tax.exemption_reason, measure.section_characters);
  }
  return lines * measure.line_height + padding;
}

}  // namespace

PageEstimate EstimatePages(const domain::InvoiceDocument& document) {
  return {.least = static_cast<int>(HeightOf(document, kNarrowest) / kNarrowest.page_height),
          .most = kMostOtherPages + static_cast<int>(HeightOf(document, kWidest) / kWidest.page_height)};
}

}  // namespace invoice::pdf
