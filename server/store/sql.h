// A named SQL statement, one of store/sql/*.sql. Its name is in metrics and logs. Plain data.
#pragma once

namespace invoice::store {

struct Sql {
  const char* name;
  const char* text;
};

}  // namespace invoice::store
