#include "pdf/length.h"

#include <glib.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

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

// Calls `visit` with each text that a person may write as long as they like.
template <typename Visit>
void ForEachLongText(const domain::InvoiceDocument& document, const Visit& visit) {
  for (const domain::InvoiceLine& line : document.lines) {
    visit(line.description);
    for (const std::string& name : line.tax_names) visit(name);
  }
  visit(document.notes);
  visit(document.duplicate_reason);
  visit(document.credit_reason);
  visit(document.vendor.bank.instructions);
  for (const domain::TaxAmount& tax : document.taxes) visit(tax.tax.exemption_reason);
}

// European letters and signs, which the main font has (tools/fonts/cut_fonts.py), are 0.
gunichar GroupOf(gunichar character) {
  constexpr std::pair<gunichar, gunichar> kMain[] = {
      {0, 0x024F}, {0x1E00, 0x1EFF}, {0x2000, 0x206F}, {0x20A0, 0x20CF}, {0x2100, 0x218F}};
  constexpr gunichar kBlock = 128;
  for (const auto& [first, last] : kMain) {
    if (character >= first && character <= last) return 0;
  }
  return 1 + character / kBlock;
}

bool IsMark(gunichar character) {
  const GUnicodeType type = g_unichar_type(character);
  return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK || type == G_UNICODE_SPACING_MARK;
}

// A neighbour of another script or font begins a new piece of text to shape, which costs as much as some letters.
int64_t WorkOf(std::string_view text) {
  constexpr int64_t kOfOtherScript = 4;
  constexpr int64_t kOfChange = 3;
  int64_t work = 0;
  gunichar group = 0;
  const char* end = text.data() + text.size();
  for (const char* at = text.data(); at < end;) {
    if (static_cast<unsigned char>(*at) < 0x80) {
      work += group == 0 ? 1 : 1 + kOfChange;
      group = 0;
      ++at;
      continue;
    }
    const gunichar character = g_utf8_get_char(at);
    const bool is_mark = IsMark(character);
    const gunichar own = is_mark ? group : GroupOf(character);
    work += own == 0 && !is_mark ? 1 : kOfOtherScript;
    if (own != group) work += kOfChange;
    group = own;
    at = g_utf8_next_char(at);
  }
  return work;
}

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

int64_t TextWork(const domain::InvoiceDocument& document) {
  int64_t work = 0;
  ForEachLongText(document, [&work](std::string_view text) { work += WorkOf(text); });
  return work;
}

PageEstimate EstimatePages(const domain::InvoiceDocument& document) {
  return {.least = static_cast<int>(HeightOf(document, kNarrowest) / kNarrowest.page_height),
          .most = kMostOtherPages + static_cast<int>(HeightOf(document, kWidest) / kWidest.page_height)};
}

}  // namespace invoice::pdf
