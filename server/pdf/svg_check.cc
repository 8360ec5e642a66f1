#include "pdf/svg_check.h"

#include <fmt/format.h>
#include <glib.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "base/limits.h"

namespace invoice::pdf {
namespace {

constexpr std::string_view kSvgNamespace = "http://www.w3.org/2000/svg";
// What is left out: images, text, filters, masks, patterns and markers (each repeats or blends its content), scripts.
constexpr std::array<std::string_view, 21> kElements{
    "svg",    "g",        "defs",  "symbol",   "use",      "path",           "rect",
    "circle", "ellipse",  "line",  "polyline", "polygon",  "linearGradient", "radialGradient",
    "stop",   "clipPath", "title", "desc",     "metadata", "style",          "switch"};
// Long path data is work like many short ones.
constexpr size_t kBytesOfOneShape = 100;

bool Contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), g_ascii_tolower);
  return lower;
}

std::string_view LocalName(std::string_view name) { return name.substr(name.find(':') + 1); }

constexpr std::string_view kBlanks = " \t\r\n\f";

std::string_view WithoutLeadingBlanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(kBlanks), text.size()));
}

// Comments may stand between any two tokens and would hide words from the checks. In a string there are none.
std::string WithoutComments(std::string_view css) {
  std::string text;
  char quote = 0;
  for (size_t i = 0; i < css.size();) {
    if (quote == 0 && css.substr(i).starts_with("/*")) {
      i = std::min(css.find("*/", i + 2), css.size() - 2) + 2;
      text += ' ';
      continue;
    }
    const char c = css[i++];
    if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == quote || c == '\n' || c == '\r' || c == '\f') {
      quote = 0;
    }
    text += c;
  }
  return text;
}

// The name in "( '#name' )", where nothing else stands between the brackets.
std::optional<std::string_view> ReferenceIn(std::string_view text) {
  text = WithoutLeadingBlanks(text);
  const std::string_view quote = text.substr(0, text.starts_with('"') || text.starts_with('\'') ? 1 : 0);
  text.remove_prefix(quote.size());
  const size_t end = text.find_first_of("'\"()* \t\r\n\f");
  if (!text.starts_with('#') || end == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(1, end - 1);
  text.remove_prefix(end);
  if (!text.starts_with(quote) || !WithoutLeadingBlanks(text.substr(quote.size())).starts_with(')'))
    return std::nullopt;
  return name;
}

// Whether a style gives a property a value that does something; "color-interpolation-filters" is not "filter".
bool Sets(std::string_view css, std::string_view property) {
  for (size_t at = css.find(property); at != std::string_view::npos; at = css.find(property, at + 1)) {
    const bool begins = at == 0 || (css[at - 1] != '-' && !g_ascii_isalnum(css[at - 1]));
    const size_t colon = css.find_first_not_of(kBlanks, at + property.size());
    if (!begins || colon == std::string_view::npos || css[colon] != ':') continue;
    const size_t start = std::min(css.find_first_not_of(kBlanks, colon + 1), css.size());
    const std::string_view value = css.substr(start, css.find_first_of(" \t\r\n\f;!}", start) - start);
    if (value != "none" && value != "normal") return true;
  }
  return false;
}

class Scan {
 public:
  std::optional<std::string> Run(std::string_view svg) {
    constexpr GMarkupParser kParser{.start_element = Start, .end_element = End, .text = Text, .passthrough = Other};
    const std::unique_ptr<GMarkupParseContext, decltype(&g_markup_parse_context_free)> context(
        g_markup_parse_context_new(&kParser, static_cast<GMarkupParseFlags>(0), this, nullptr),
        g_markup_parse_context_free);
    // Without a place for errors: GLib complains aloud where one of its own meets another.
    const bool parsed =
        g_markup_parse_context_parse(context.get(), svg.data(), static_cast<gssize>(svg.size()), nullptr) &&
        g_markup_parse_context_end_parse(context.get(), nullptr);
    if (fault_) return fault_;
    if (!parsed) return "that is well-formed XML in UTF-8";
    CheckWork();
    return fault_;
  }

 private:
  struct Element {
    std::vector<size_t> children;
    std::vector<std::string> references;
    int64_t own = 1;
    std::optional<int64_t> weight;
  };

  static void Start(GMarkupParseContext*, const char* name, const char** keys, const char** values, void* scan,
                    GError** error) {
    static_cast<Scan*>(scan)->OnStart(name, keys, values, error);
  }
  static void End(GMarkupParseContext*, const char*, void* scan, GError**) { static_cast<Scan*>(scan)->OnEnd(); }
  static void Text(GMarkupParseContext*, const char* text, size_t length, void* scan, GError**) {
    auto* self = static_cast<Scan*>(scan);
    if (self->style_sheet_) self->style_sheet_->append(text, length);
  }
  static void Other(GMarkupParseContext*, const char* text, size_t length, void* scan, GError** error) {
    static_cast<Scan*>(scan)->OnOther({text, length}, error);
  }

  void Refuse(std::string fault, GError** error) {
    if (!fault_) fault_ = std::move(fault);
    if (error != nullptr && *error == nullptr) *error = g_error_new_literal(G_MARKUP_ERROR, G_MARKUP_ERROR_PARSE, "");
  }

  void OnStart(std::string_view name, const char** keys, const char** values, GError** error) {
    // Other prefixes are notes of the drawing program; none of them may stand for SVG itself (see CheckAttribute).
    const bool ours = name == LocalName(name) || name.starts_with("svg:");
    const bool known = std::find(kElements.begin(), kElements.end(), LocalName(name)) != kElements.end();
    if (LocalName(name) == "include" || (ours && !known)) {
      return Refuse(fmt::format("without the element {}", name.substr(0, 40)), error);
    }
    if (style_sheet_) return Refuse("with plain rules of style", error);
    if (LocalName(name) == "style") style_sheet_.emplace();
    if (open_.empty() && LocalName(name) != "svg") return Refuse("whose root is the element svg", error);
    if (open_.size() >= static_cast<size_t>(base::kMaxLogoDepth)) return Refuse("that is not nested so deeply", error);
    if (!open_.empty()) elements_[open_.back()].children.push_back(elements_.size());
    open_.push_back(elements_.size());
    elements_.emplace_back();
    for (; *keys != nullptr; ++keys, ++values) CheckAttribute(*keys, *values, error);
  }

  // Comes for elements, too, that were refused at their start. An error given to GLib here would not end the parsing.
  void OnEnd() {
    if (fault_) return;
    open_.pop_back();
    // A style sheet is read as a whole: comments and sections divide its text anywhere.
    if (style_sheet_) CheckStyle(*style_sheet_, references_of_all_, nullptr);
    style_sheet_.reset();
  }

  void OnOther(std::string_view text, GError** error) {
    constexpr std::string_view kSection = "<![CDATA[";
    constexpr std::string_view kSectionEnd = "]]>";
    if (text.starts_with("<!--")) return;
    if (text.starts_with(kSection)) {
      text.remove_suffix(kSectionEnd.size());
      if (style_sheet_) style_sheet_->append(text.substr(kSection.size()));
      return;
    }
    if (text.starts_with("<!DOCTYPE")) {
      // The parser that draws may see the end of it elsewhere where another "<" stands inside.
      if (text.find_first_of("[<", 1) != std::string_view::npos) Refuse("without definitions of entities", error);
      return;
    }
    if (!text.starts_with("<?xml ")) return Refuse("without processing instructions", error);
    const size_t encoding = text.find("encoding");
    if (encoding == std::string_view::npos) return;
    const std::string value = Lower(text.substr(encoding + std::string_view("encoding").size()));
    if (!value.starts_with("=\"utf-8\"") && !value.starts_with("='utf-8'")) Refuse("in UTF-8", error);
  }

  void CheckAttribute(std::string_view key, std::string_view value, GError** error) {
    Element& element = elements_.back();
    element.own += static_cast<int64_t>(value.size() / kBytesOfOneShape);
    if (key.starts_with("xmlns:") && key != "xmlns:svg" && value == kSvgNamespace) {
      return Refuse("with its usual namespaces", error);
    }
    if (key == "id" || key == "xml:id") ids_.emplace(value, elements_.size() - 1);
    if (LocalName(key) == "href") {
      if (!value.starts_with('#')) return Refuse("that refers to nothing outside the file", error);
      element.references.emplace_back(value.substr(1));
    }
    // Escapes are letters in a value of style. Notes of drawing programs hold paths of files.
    if (key == LocalName(key) && Contains(value, "\\") && Contains(value, "(")) {
      return Refuse("with plain rules of style", error);
    }
    if (key == "style") return CheckStyle(value, element.references, error);
    if (key == "filter" && value != "none") return Refuse("without filters", error);
    if (key == "stroke-dasharray" && value != "none") return Refuse("without dashed lines", error);
    CheckUrls(value, element.references, error);
  }

  void CheckStyle(std::string_view text, std::vector<std::string>& references, GError** error) {
    const std::string css = Lower(WithoutComments(text));
    if (Contains(text, "\\") || Contains(text, "@")) return Refuse("with plain rules of style", error);
    if (Sets(css, "filter")) return Refuse("without filters", error);
    if (Sets(css, "stroke-dasharray")) return Refuse("without dashed lines", error);
    if (Sets(css, "mix-blend-mode")) return Refuse("without blending", error);
    CheckUrls(text, references, error);
  }

  void CheckUrls(std::string_view text, std::vector<std::string>& references, GError** error) {
    constexpr std::string_view kUrl = "url(";
    const std::string lower = Lower(text);
    for (size_t at = lower.find(kUrl); at != std::string::npos; at = lower.find(kUrl, at + 1)) {
      const std::optional<std::string_view> name = ReferenceIn(text.substr(at + kUrl.size()));
      if (!name) return Refuse("that refers to nothing outside the file", error);
      references.emplace_back(*name);
    }
  }

  // What it takes to draw the element with all that it uses; nothing where that has no end.
  std::optional<int64_t> WeightOf(size_t index, int depth) {
    Element& element = elements_[index];
    if (element.weight) return element.weight;
    if (depth > 2 * base::kMaxLogoDepth) return std::nullopt;
    int64_t weight = element.own * of_all_;
    const auto add = [&](size_t part) {
      const std::optional<int64_t> more = WeightOf(part, depth + 1);
      if (more) weight = std::min<int64_t>(weight + *more, 2 * base::kMaxLogoShapes);
      return more.has_value();
    };
    for (const size_t child : element.children) {
      if (!add(child)) return std::nullopt;
    }
    for (const std::string& reference : element.references) {
      const auto target = ids_.find(reference);
      if (target != ids_.end() && !add(target->second)) return std::nullopt;
    }
    element.weight = weight;
    return weight;
  }

  void CheckWork() {
    // A rule of a style sheet may add its clip to every element.
    int64_t of_all = 1;
    for (const std::string& reference : references_of_all_) {
      const auto target = ids_.find(reference);
      if (target != ids_.end()) of_all += WeightOf(target->second, 0).value_or(base::kMaxLogoShapes);
    }
    of_all_ = std::min<int64_t>(of_all, base::kMaxLogoShapes);
    for (Element& element : elements_) element.weight.reset();
    const std::optional<int64_t> all = elements_.empty() ? std::nullopt : WeightOf(0, 0);
    if (!all) {
      Refuse("whose parts do not contain each other", nullptr);
    } else if (*all > base::kMaxLogoShapes) {
      Refuse(fmt::format("of at most {} shapes", base::kMaxLogoShapes), nullptr);
    }
  }

  std::vector<Element> elements_;
  std::vector<size_t> open_;
  std::map<std::string, size_t, std::less<>> ids_;
  std::optional<std::string> style_sheet_;  // of the element that is open
  std::vector<std::string> references_of_all_;
  int64_t of_all_ = 1;
  std::optional<std::string> fault_;
};

}  // namespace

std::optional<std::string> FaultOfSvg(std::string_view svg) { return Scan().Run(svg); }

}  // namespace invoice::pdf
