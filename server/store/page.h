// Keyset pages: a cursor of the last row's sort values, so that the last page costs what the first does. Plain data.
#pragma once

#include <string>
#include <vector>

#include "base/limits.h"
#include "store/database.h"

namespace invoice::store {

struct PageRequest {
  int size = base::kDefaultPageSize;
  std::vector<std::string> after;  // empty: from the start
};

template <typename Record>
struct Page {
  std::vector<Record> records;
  std::vector<std::string> next;  // cursor of the next page; empty: this is the last
  int64_t total_size = 0;         // counted up to base::kMaxExactTotal
  bool total_capped = false;
};

// The form in which search compares texts, as fold_text() of the database makes it. A text in ASCII costs no statement.
absl::StatusOr<std::string> FoldText(Transaction& transaction, std::string_view text);

// A LIKE pattern for folded texts that contain `folded`; NULL where it is empty.
std::optional<std::string> ContainsPattern(std::string_view folded);

// Reads a page: `read` makes a record of a row; the rows carry their cursor in the columns cursor_1, cursor_2.
template <typename Record, typename Read>
absl::StatusOr<Page<Record>> ReadPage(Transaction& transaction, const Sql& list, const Sql& count, Params params,
                                      const PageRequest& request, Read read) {
  Params list_params = params;
  list_params.emplace_back("limit", request.size + 1);
  const bool more = request.after.size() == 2;
  list_params.emplace_back("after_1", more ? std::optional(request.after[0]) : std::nullopt);
  list_params.emplace_back("after_2", more ? std::optional(request.after[1]) : std::nullopt);
  absl::StatusOr<Rows> rows = transaction.Query(list, list_params);
  if (!rows.ok()) return rows.status();
  Page<Record> page;
  for (const Row& row : *rows) {
    if (static_cast<int>(page.records.size()) == request.size) break;
    page.records.push_back(read(row));
    page.next = {row.Text("cursor_1"), row.Text("cursor_2")};
  }
  if (static_cast<int>(rows->size()) <= request.size) page.next.clear();
  params.emplace_back("limit", base::kMaxExactTotal + 1);
  absl::StatusOr<std::optional<Row>> counted = transaction.QueryRow(count, params);
  if (!counted.ok()) return counted.status();
  page.total_size = (*counted)->Int("count");
  page.total_capped = page.total_size > base::kMaxExactTotal;
  if (page.total_capped) page.total_size = base::kMaxExactTotal;
  return page;
}

}  // namespace invoice::store
