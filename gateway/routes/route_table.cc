#include "gateway/routes/route_table.h"

#include <map>
#include <set>
#include <utility>

#include "fmt/format.h"

namespace invoice::gateway {
namespace {

constexpr std::string_view kAnyMethod = "*";

// The part of the path that the variable takes; all segments are parts of one text.
std::string_view Text(const std::vector<std::string_view>& segments, const PathTemplate::Variable& variable) {
  const size_t end = variable.rest ? segments.size() : variable.end;
  if (variable.begin == end) return {};
  const char* const first = segments[variable.begin].data();
  const std::string_view last = segments[end - 1];
  return {first, static_cast<size_t>(last.data() + last.size() - first)};
}

}  // namespace

struct RouteTable::End {
  const Route* route = nullptr;
  std::vector<PathTemplate::Variable> variables;
};

struct RouteTable::Node {
  using Methods = std::map<std::string, End, std::less<>>;

  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> one;
  std::unique_ptr<Node> rest;
  std::map<std::string, Methods, std::less<>> ends;  // by the verb, empty for none
};

struct RouteTable::Search {
  std::string_view method;
  std::vector<std::string_view> segments;
  std::string_view verb;
  bool collecting = false;  // the methods that the path has, instead of the route
  std::set<std::string> allowed;
  Match match;
};

RouteTable::RouteTable() : root_(std::make_unique<Node>()) {}
RouteTable::~RouteTable() = default;
RouteTable::RouteTable(RouteTable&&) noexcept = default;
RouteTable& RouteTable::operator=(RouteTable&&) noexcept = default;

absl::Status RouteTable::Add(const PathTemplate& path, std::string_view method, const Route* route) {
  Node* node = root_.get();
  for (const PathTemplate::Segment& segment : path.segments) {
    std::unique_ptr<Node>* next = nullptr;
    switch (segment.kind) {
      case PathTemplate::Kind::kLiteral:
        next = &node->literals[segment.literal];
        break;
      case PathTemplate::Kind::kOne:
        next = &node->one;
        break;
      case PathTemplate::Kind::kRest:
        next = &node->rest;
        break;
    }
    if (*next == nullptr) *next = std::make_unique<Node>();
    node = next->get();
  }
  if (!node->ends[path.verb].try_emplace(std::string(method), End{route, path.variables}).second) {
    return absl::AlreadyExistsError(fmt::format("two routes for {} and the same pattern", method));
  }
  return absl::OkStatus();
}

RouteTable::Match RouteTable::Find(std::string_view method, std::string_view path) const {
  Search search;
  search.method = method;
  if (!SplitPath(path, &search.segments, &search.verb)) return {};
  if (method != "OPTIONS") Walk(*root_, search, 0);
  if (search.match.route == nullptr) {
    search.collecting = true;
    Walk(*root_, search, 0);
    search.match.allowed.assign(search.allowed.begin(), search.allowed.end());
  }
  return std::move(search.match);
}

void RouteTable::Walk(const Node& node, Search& search, size_t depth) {
  if (depth == search.segments.size()) {
    Arrive(node, search);
  } else {
    const auto literal = node.literals.find(search.segments[depth]);
    if (literal != node.literals.end()) Walk(*literal->second, search, depth + 1);
    if (search.match.route == nullptr && node.one != nullptr) Walk(*node.one, search, depth + 1);
  }
  if (search.match.route == nullptr && node.rest != nullptr) Arrive(*node.rest, search);
}

// The path ends here.
void RouteTable::Arrive(const Node& node, Search& search) {
  const auto methods = node.ends.find(search.verb);
  if (methods == node.ends.end()) return;
  if (search.collecting) {
    for (const auto& [method, end] : methods->second) {
      if (method == kAnyMethod) {
        search.allowed.insert({"DELETE", "GET", "PATCH", "POST", "PUT"});
      } else {
        search.allowed.insert(method);
      }
    }
    return;
  }
  auto found = methods->second.find(search.method);
  if (found == methods->second.end() && search.method == "HEAD") found = methods->second.find("GET");
  if (found == methods->second.end()) found = methods->second.find(kAnyMethod);
  if (found == methods->second.end()) return;
  search.match.route = found->second.route;
  for (const PathTemplate::Variable& variable : found->second.variables) {
    search.match.variables.push_back(Text(search.segments, variable));
  }
}

}  // namespace invoice::gateway
