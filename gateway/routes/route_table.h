// All routes of the API as a tree of path segments: built once at start, then frozen. It knows paths and methods; what
// a route means is in gateway/routes/routes.h. Immutable after the last Add(); then safe to share between threads.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
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
    std::vector<std::string> variables;  // the segments that wildcards took, in their order, percent-encoded
    std::vector<std::string> allowed;
  };

  RouteTable();
  ~RouteTable();
  RouteTable(RouteTable&&) noexcept;
  RouteTable& operator=(RouteTable&&) noexcept;

  // ALREADY_EXISTS where a route of the same shape, verb and method is there. The route must outlive the table.
  absl::Status Add(const PathTemplate& path, std::string_view method, const Route* route);

  // A literal goes before a wildcard; a wildcard is tried where the literal leads to nothing.
  Match Find(std::string_view method, std::string_view path) const;

 private:
  struct Node;
  struct Search;
  static void Walk(const Node& node, Search& search, size_t depth);

  std::unique_ptr<Node> root_;
};

}  // namespace invoice::gateway
