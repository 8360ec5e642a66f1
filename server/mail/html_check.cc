#include "mail/html_check.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "fmt/format.h"

namespace invoice::mail {
namespace {

// Elements without an end tag that came with HTML 5, which libxml2 takes for ones that have one.
bool IsYoungVoidElement(std::string_view name) {
  constexpr std::string_view kNames[] = {"embed", "source", "track", "wbr"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

// libxml2 reads HTML as leniently as mail readers do: it puts in the tags that are missing, and tells of them as of
// those that are there. Which are there is seen from how far it has read when it tells of them.
class Reader {
 public:
  explicit Reader(std::string_view html) : html_(html) {
    static const bool initialised = (xmlInitParser(), true);
    static_cast<void>(initialised);
  }

  std::string Read() {
    if (html_.empty()) return "";
    const std::unique_ptr<htmlParserCtxt, void (*)(htmlParserCtxtPtr)> context(
        htmlCreateMemoryParserCtxt(html_.data(), static_cast<int>(html_.size())), htmlFreeParserCtxt);
    if (!context) return "HTML that can be read";
    htmlCtxtUseOptions(context.get(), HTML_PARSE_NOIMPLIED | HTML_PARSE_IGNORE_ENC | HTML_PARSE_NONET);
    *context->sax = Handler();
    context->userData = this;
    xmlSwitchEncoding(context.get(), XML_CHAR_ENCODING_UTF8);
    parser_ = context.get();
    htmlParseDocument(parser_);
    return fault_;
  }

 private:
  struct Element {
    std::string name;
    size_t offset = 0;  // of its start tag
    bool written = false;
  };

  static htmlSAXHandler Handler() {
    htmlSAXHandler handler{};
    handler.initialized = XML_SAX2_MAGIC;
    handler.startElement = [](void* self, const xmlChar* name, const xmlChar**) { Self(self).Start(Text(name)); };
    handler.endElement = [](void* self, const xmlChar* name) { Self(self).End(Text(name)); };
    handler.characters = [](void* self, const xmlChar*, int) { Self(self).Pass(); };
    handler.ignorableWhitespace = handler.characters;
    handler.cdataBlock = handler.characters;
    handler.comment = [](void* self, const xmlChar*) { Self(self).Pass(); };
    handler.processingInstruction = [](void* self, const xmlChar*, const xmlChar*) { Self(self).Pass(); };
    handler.internalSubset = [](void* self, const xmlChar*, const xmlChar*, const xmlChar*) { Self(self).Pass(); };
    handler.serror = [](void* self, xmlErrorPtr error) { Self(self).Fault(*error); };
    return handler;
  }

  static Reader& Self(void* self) { return *static_cast<Reader*>(self); }
  static std::string Text(const xmlChar* name) { return reinterpret_cast<const char*>(name); }

  size_t Offset() const {
    const long offset = xmlByteConsumed(parser_);
    return std::min(html_.size(), static_cast<size_t>(std::max(offset, 0L)));
  }
  void Pass() { passed_ = Offset(); }

  // A start tag that is there begins where the last thing ended, blanks left out.
  void Start(std::string name) {
    const size_t begin = html_.find_first_not_of(" \t\r\n", passed_);
    Element element{.name = std::move(name), .offset = begin};
    if (begin != std::string_view::npos && html_[begin] == '<') {
      const std::string written(html_.substr(begin + 1, element.name.size()));
      element.written = absl::EqualsIgnoreCase(written, element.name);
    }
    Pass();
    // It tells of a tag before it has read the end of it.
    if (element.written && html_.substr(passed_).starts_with('/')) ++passed_;
    if (element.written && html_.substr(passed_).starts_with('>')) ++passed_;
    open_.push_back(std::move(element));
  }

  // An end tag that is there was just read, and closes one element only.
  void End(const std::string& name) {
    if (open_.empty() || !fault_.empty()) return;
    const Element element = std::move(open_.back());
    open_.pop_back();
    const htmlElemDesc* known = htmlTagLookup(reinterpret_cast<const xmlChar*>(name.c_str()));
    const bool has_end = (known == nullptr || known->empty == 0) && !IsYoungVoidElement(name);
    const bool closed = Offset() > closed_ && EndsWithEndTag(name);
    if (closed) closed_ = Offset();
    if (element.written && has_end && !closed) {
      Say(fmt::format("every tag closed, in order: {} is not", Name("<", name, element.offset)));
    }
    Pass();
  }

  bool EndsWithEndTag(const std::string& name) const {
    std::string_view read = html_.substr(0, Offset());
    if (!read.ends_with('>')) return false;
    read.remove_suffix(1);
    while (!read.empty() && absl::ascii_isspace(static_cast<unsigned char>(read.back()))) read.remove_suffix(1);
    if (read.size() < name.size() + 2) return false;
    const std::string written(read.substr(read.size() - name.size() - 2));
    return absl::EqualsIgnoreCase(written, "</" + name);
  }

  void Fault(const xmlError& error) {
    if (!fault_.empty()) return;
    // One that closes another element than the innermost has a second name; End() tells of those within.
    if (error.code == XML_ERR_TAG_NAME_MISMATCH && error.str2 == nullptr) {
      const size_t begin = html_.substr(0, Offset()).rfind("</");
      if (begin == std::string_view::npos) return;
      const size_t end = html_.find_first_of("> \t\r\n", begin);
      Say(fmt::format("every tag closed, in order: {} closes nothing there",
                      Name("</", std::string(html_.substr(begin + 2, end - begin - 2)), begin)));
    } else if (error.code == XML_ERR_GT_REQUIRED) {
      Say(fmt::format("every tag ended by >: one in line {} is not", Line(Offset())));
    }
  }

  size_t Line(size_t offset) const {
    return 1 + static_cast<size_t>(std::count(html_.begin(), html_.begin() + static_cast<int64_t>(offset), '\n'));
  }
  // Names are shown only where they can be names of tags.
  std::string Name(std::string_view open, const std::string& name, size_t offset) const {
    const bool shown = !name.empty() && name.size() <= 20 &&
                       std::all_of(name.begin(), name.end(), [](char c) { return absl::ascii_isalnum(c); });
    return fmt::format("{} in line {}", shown ? fmt::format("{}{}>", open, name) : "a tag",
                       Line(std::min(offset, html_.size())));
  }
  // The first fault is enough.
  void Say(std::string fault) {
    fault_ = std::move(fault);
    xmlStopParser(parser_);
  }

  const std::string_view html_;
  htmlParserCtxtPtr parser_ = nullptr;
  std::vector<Element> open_;
  size_t passed_ = 0;  // everything before was told of
  size_t closed_ = 0;  // end of the last end tag
  std::string fault_;
};

}  // namespace

std::string FaultOfHtml(std::string_view html) { return Reader(html).Read(); }

}  // namespace invoice::mail
