// Which path somebody may have meant who asked for one that is not there. Immutable; safe to share between threads.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace invoice::gateway {

class RouteHints {
 public:
  // `paths` are the templates of routes ("/api/v1/invoices/{id}:cancel") and the paths of pages.
  explicit RouteHints(std::vector<std::string> paths);

  // The one of the paths that is most like the asked one, which may be of any length and form; nothing where none is
  // near. What a client wrote is not in it.
  std::optional<std::string> Nearest(std::string_view path) const;

 private:
  struct Hint {
    std::string path;
    std::vector<std::string> parts;  // segments and the verb, folded; empty for a wildcard
    size_t letters = 0;              // of all parts
  };
  std::vector<Hint> hints_;
};

}  // namespace invoice::gateway
