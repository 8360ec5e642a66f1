#include "store/page.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "base/status.h"
#include "base/text.h"
#include "store/statements.h"

namespace invoice::store {

absl::StatusOr<std::string> FoldText(Transaction& transaction, std::string_view text) {
  const std::string trimmed(base::TrimBlanks(text));
  const bool is_ascii = std::all_of(trimmed.begin(), trimmed.end(), [](unsigned char c) { return c < 0x80; });
  if (is_ascii) return absl::AsciiStrToLower(trimmed);
  ASSIGN_OR_RETURN(const std::optional<Row> row, transaction.QueryRow(sql::kTextFold, {{"text", trimmed}}));
  return row->Text("folded");
}

std::optional<std::string> ContainsPattern(std::string_view folded) {
  if (folded.empty()) return std::nullopt;
  const std::string escaped = absl::StrReplaceAll(std::string(folded), {{"\\", "\\\\"}, {"%", "\\%"}, {"_", "\\_"}});
  return "%" + escaped + "%";
}

}  // namespace invoice::store
