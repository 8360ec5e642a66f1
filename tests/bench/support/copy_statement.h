// Statements that write copies of rows.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/bench/support/postgres_client.h"

namespace invoice::bench {

// INSERT INTO table SELECT all its columns, but other expressions for some, FROM `source`, whose first table is the
// same one with the alias that its columns need. The columns come from the catalogue, so that a later migration changes
// nothing here; generated ones are left out.
std::string CopyStatement(PostgresClient& client, const std::string& table, const std::string& source,
                          const std::vector<std::pair<std::string, std::string>>& changed,
                          const std::string& alias = "");

}  // namespace invoice::bench
