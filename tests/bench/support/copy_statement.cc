#include "tests/bench/support/copy_statement.h"

#include <fmt/format.h>

#include <sstream>

namespace invoice::bench {

std::string CopyStatement(PostgresClient& client, const std::string& table, const std::string& source,
                          const std::vector<std::pair<std::string, std::string>>& changed, const std::string& alias) {
  std::istringstream names(
      client.Run(fmt::format("SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = "
                             "'{}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
                             table)));
  std::string columns;
  std::string values;
  for (std::string name; names >> name;) {
    std::string value = alias.empty() ? name : alias + "." + name;
    for (const auto& [column, expression] : changed) {
      if (column == name) value = expression;
    }
    columns += (columns.empty() ? "" : ", ") + name;
    values += (values.empty() ? "" : ", ") + value;
  }
  return fmt::format("INSERT INTO {} ({}) SELECT {} FROM {}", table, columns, values, source);
}

}  // namespace invoice::bench
