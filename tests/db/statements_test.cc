// Every statement of store/sql is one that PostgreSQL understands against the migrated schema, run as the application
// role.
#include "store/statements.h"

#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/postgres.h"

namespace invoice::store {
namespace {

// Named parameters as PostgreSQL numbers them; casts (::text) stay.
std::string Numbered(const std::string& text) {
  std::vector<std::string> names;
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ':' && i + 1 < text.size() && text[i + 1] == ':') {
      out += "::";
      ++i;
    } else if (text[i] == ':' && i + 1 < text.size() && std::isalpha(static_cast<unsigned char>(text[i + 1]))) {
      size_t end = i + 1;
      while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_')) ++end;
      names.push_back(text.substr(i + 1, end - i - 1));
      const auto first = std::find(names.begin(), names.end(), names.back());
      out += "$" + std::to_string(first - names.begin() + 1);
      if (first != names.end() - 1) names.pop_back();
      i = end - 1;
    } else {
      out += text[i];
    }
  }
  return out;
}

class StatementTest : public testing::TestWithParam<const Sql*> {
 protected:
  static void SetUpTestSuite() {
    connection_ = PQconnectdb(invoice::test::Postgres::Instance().NewDatabase().c_str());
    ASSERT_EQ(PQstatus(connection_), CONNECTION_OK) << PQerrorMessage(connection_);
  }
  static void TearDownTestSuite() { PQfinish(connection_); }
  static PGconn* connection_;
};
PGconn* StatementTest::connection_ = nullptr;

TEST_P(StatementTest, IsPreparedAgainstTheSchema) {
  // COPY cannot be prepared: it is run, without rows.
  if (std::string_view(GetParam()->text).starts_with("COPY")) {
    PQclear(PQexec(connection_, GetParam()->text));
    EXPECT_EQ(PQputCopyEnd(connection_, nullptr), 1) << PQerrorMessage(connection_);
    while (PGresult* copied = PQgetResult(connection_)) {
      EXPECT_EQ(PQresultStatus(copied), PGRES_COMMAND_OK) << PQerrorMessage(connection_);
      PQclear(copied);
    }
    return;
  }
  PGresult* result = PQprepare(connection_, "", Numbered(GetParam()->text).c_str(), 0, nullptr);
  EXPECT_EQ(PQresultStatus(result), PGRES_COMMAND_OK) << PQerrorMessage(connection_);
  PQclear(result);
}

INSTANTIATE_TEST_SUITE_P(All, StatementTest, testing::ValuesIn(sql::All()),
                         [](const testing::TestParamInfo<const Sql*>& info) { return std::string(info.param->name); });

}  // namespace
}  // namespace invoice::store
