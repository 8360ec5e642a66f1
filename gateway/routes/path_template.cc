#include "gateway/routes/path_template.h"

#include <algorithm>

#include "fmt/format.h"

namespace invoice::gateway {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsIdentCharacter(char c) { return IsLetter(c) || IsDigit(c) || c == '_'; }
// What RFC 3986 lets stand unencoded.
bool IsLiteralCharacter(char c) { return IsIdentCharacter(c) || c == '-' || c == '.' || c == '~'; }

// Reads the grammar in google/api/http.proto from left to right.
class TemplateParser {
 public:
  TemplateParser(std::string_view text, PathTemplate* parsed) : rest_(text), parsed_(*parsed) {}

  // Template = "/" Segments [ Verb ]
  bool Template() {
    if (!Take("/") || !Segments(/*in_variable=*/false)) return false;
    if (Take(":")) {
      parsed_.verb = std::string(TakeWhile(IsLiteralCharacter));
      if (parsed_.verb.empty()) return false;
    }
    return rest_.empty();
  }

 private:
  // Segments = Segment { "/" Segment }
  bool Segments(bool in_variable) {
    do {
      if (!Segment(in_variable)) return false;
    } while (Take("/"));
    return true;
  }

  // Segment = "*" | "**" | LITERAL | Variable
  bool Segment(bool in_variable) {
    if (!in_variable && Take("{")) return Variable();
    PathTemplate::Segment& segment = parsed_.segments.emplace_back();
    if (Take("**")) {
      segment.kind = PathTemplate::Kind::kRest;
    } else if (Take("*")) {
      segment.kind = PathTemplate::Kind::kOne;
    } else {
      segment.literal = std::string(TakeWhile(IsLiteralCharacter));
      return !segment.literal.empty();
    }
    return true;
  }

  // Variable = "{" FieldPath [ "=" Segments ] "}"
  bool Variable() {
    PathTemplate::Variable variable;
    variable.begin = parsed_.segments.size();
    do {
      const std::string_view ident = TakeWhile(IsIdentCharacter);
      if (ident.empty() || IsDigit(ident.front())) return false;
      variable.field += (variable.field.empty() ? "" : ".") + std::string(ident);
    } while (Take("."));
    if (!Take("=")) {
      parsed_.segments.push_back({PathTemplate::Kind::kOne, {}});
    } else if (!Segments(/*in_variable=*/true)) {
      return false;
    }
    variable.end = parsed_.segments.size();
    variable.rest = parsed_.segments.back().kind == PathTemplate::Kind::kRest;
    parsed_.variables.push_back(std::move(variable));
    return Take("}");
  }

  bool Take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  std::string_view TakeWhile(bool (*good)(char)) {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), good);
    const std::string_view taken = rest_.substr(0, static_cast<size_t>(end - rest_.begin()));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view rest_;
  PathTemplate& parsed_;
};

}  // namespace

absl::StatusOr<PathTemplate> ParsePathTemplate(std::string_view text) {
  PathTemplate parsed;
  if (!TemplateParser(text, &parsed).Template()) {
    return absl::InvalidArgumentError(fmt::format("bad path template: {}", text));
  }
  for (size_t i = 0; i + 1 < parsed.segments.size(); ++i) {
    if (parsed.segments[i].kind == PathTemplate::Kind::kRest) {
      return absl::InvalidArgumentError(fmt::format("bad path template: {}: nothing but a verb may follow **", text));
    }
  }
  return parsed;
}

bool SplitPath(std::string_view path, std::vector<std::string_view>* segments, std::string_view* verb) {
  if (!path.starts_with('/')) return false;
  path.remove_prefix(1);
  if (path.empty()) return true;
  const size_t last = path.rfind('/') + 1;  // 0 where there is one segment only
  if (const size_t colon = path.find(':', last); colon != std::string_view::npos) {
    *verb = path.substr(colon + 1);
    if (verb->empty()) return false;
    path = path.substr(0, colon);
  }
  for (;;) {
    const size_t slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    if (segment.empty()) return false;
    segments->push_back(segment);
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace invoice::gateway
