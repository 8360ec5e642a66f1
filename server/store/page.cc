#include "store/page.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"

namespace invoice::store {

std::optional<std::string> ContainsPattern(std::string_view q) {
  if (q.empty()) return std::nullopt;
  const std::string escaped = absl::StrReplaceAll(std::string(q), {{"\\", "\\\\"}, {"%", "\\%"}, {"_", "\\_"}});
  return "%" + escaped + "%";
}

}  // namespace invoice::store
