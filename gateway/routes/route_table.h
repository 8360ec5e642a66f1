// All routes of the API as a tree of path segments: built once at start, then frozen. It knows paths and methods; what
// a route means is in gateway/routes/routes.h. Immutable after the last Add(); then safe to share between threads.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "gateway/routes/path_template.h"

namespace invoice::gateway {

struct Route;

class RouteTable {
 public:
  // What a path and method lead to. Where `route` is null, `allowed` names the methods that the path has: none means
  // that there is no such path.
  struct Match {
    const Route* route = nullptr;
    std::vector<std::string_view> variables;  // parts of the path in the order of the template, percent-encoded
    std::vector<std::string> allowed;
  };

  RouteTable();
  ~RouteTable();
  RouteTable(RouteTable&&) noexcept;
  RouteTable& operator=(RouteTable&&) noexcept;

  // The method "*" takes every method that the path does not have by itself. ALREADY_EXISTS where a route of the same
  // shape, verb and method is there. The route must outlive the table.
  absl::Status Add(const PathTemplate& path, std::string_view method, const Route* route);

  // Segment by segment a literal goes before "*", and "*" before "**"; a wildcard is tried where what goes before it
  // leads to nothing. HEAD is GET where the path has no HEAD. OPTIONS has no route.
  Match Find(std::string_view method, std::string_view path) const;

 private:
  struct Node;
  struct Search;
  struct End;
  static void Walk(const Node& node, Search& search, size_t depth);
  static void Arrive(const Node& node, Search& search);

  std::unique_ptr<Node> root_;
};

}  // namespace invoice::gateway
