// Every migration is tried on data: the rows that were there before it are still right after it, and what it brings
// works. tests/db/migrations/VERSION.before.sql fills the schema as it was (none for a first table), VERSION.after.sql
// raises an exception where something is not as it should be. A migration without its after file fails.
#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/environment.h"
#include "tests/support/postgres.h"

namespace invoice {
namespace {

namespace fs = std::filesystem;

std::string Read(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<fs::path> Migrations() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(test::SourceDir() + "/db/migrations")) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

TEST(MigrationsTest, KeepTheDataThatIsThere) {
  PGconn* connection = PQconnectdb(test::Postgres::Instance().NewEmptyDatabase().c_str());
  ASSERT_EQ(PQstatus(connection), CONNECTION_OK) << PQerrorMessage(connection);
  const auto run = [connection](const std::string& sql) {
    PGresult* result = PQexec(connection, sql.c_str());
    const std::string error = PQresultErrorMessage(result);
    PQclear(result);
    return error;
  };
  ASSERT_EQ(run("SET client_min_messages = warning; CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY)"),
            "");
  const fs::path folder = test::SourceDir() + "/tests/db/migrations";
  for (const fs::path& migration : Migrations()) {
    const std::string version = migration.stem().string().substr(0, migration.stem().string().find('_'));
    SCOPED_TRACE(migration.filename().string());
    const fs::path before = folder / (version + ".before.sql");
    const fs::path after = folder / (version + ".after.sql");
    ASSERT_TRUE(fs::exists(after)) << "a migration needs a test on data: " << after.filename();
    if (fs::exists(before)) {
      ASSERT_EQ(run(Read(before)), "");
    }
    ASSERT_EQ(run(Read(migration)), "");
    ASSERT_EQ(run(Read(after)), "");
  }
  PQfinish(connection);
}

}  // namespace
}  // namespace invoice
