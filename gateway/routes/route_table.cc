#include "gateway/routes/route_table.h"

#include <set>

#include "fmt/format.h"

namespace invoice::gateway {

struct RouteTable::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> wildcard;
  // Verb (empty for none) -> method -> route.
  std::map<std::string, std::map<std::string, const Route*, std::less<>>, std::less<>> ends;
};

struct RouteTable::Search {
  std::string_view method;
  std::vector<std::string_view> segments;
  std::string_view verb;
  std::vector<std::string> taken;
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
    std::unique_ptr<Node>& next = segment.wildcard ? node->wildcard : node->literals[segment.literal];
    if (next == nullptr) next = std::make_unique<Node>();
    node = next.get();
  }
  if (!node->ends[path.verb].try_emplace(std::string(method), route).second) {
    return absl::AlreadyExistsError(fmt::format("two routes for the same {} path", method));
  }
  return absl::OkStatus();
}

RouteTable::Match RouteTable::Find(std::string_view method, std::string_view path) const {
  Search search;
  search.method = method;
  if (!SplitPath(path, &search.segments, &search.verb)) return {};
  Walk(*root_, search, 0);
  if (search.match.route == nullptr) {
    search.collecting = true;
    Walk(*root_, search, 0);
    search.match.allowed.assign(search.allowed.begin(), search.allowed.end());
  }
  return std::move(search.match);
}

void RouteTable::Walk(const Node& node, Search& search, size_t depth) {
  if (depth == search.segments.size()) {
    const auto end = node.ends.find(search.verb);
    if (end == node.ends.end()) return;
    if (search.collecting) {
      for (const auto& [method, route] : end->second) search.allowed.insert(method);
      return;
    }
    const auto found = end->second.find(search.method);
    if (found != end->second.end()) search.match = {found->second, search.taken, {}};
    return;
  }
  const auto literal = node.literals.find(search.segments[depth]);
  if (literal != node.literals.end()) Walk(*literal->second, search, depth + 1);
  if (search.match.route != nullptr || node.wildcard == nullptr) return;
  search.taken.emplace_back(search.segments[depth]);
  Walk(*node.wildcard, search, depth + 1);
  search.taken.pop_back();
}

}  // namespace invoice::gateway
