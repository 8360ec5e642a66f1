// A connection for tests that look at the database, or change it, with plain SQL.
#pragma once

#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <string>

namespace invoice::test {

class PlainSql {
 public:
  // A busy server may not answer in time; it is asked again.
  explicit PlainSql(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
    for (int tries = 1; tries < kMaxTries && PQstatus(connection_) != CONNECTION_OK; ++tries) PQreset(connection_);
    EXPECT_EQ(PQstatus(connection_), CONNECTION_OK) << PQerrorMessage(connection_);
  }
  ~PlainSql() { PQfinish(connection_); }
  PlainSql(const PlainSql&) = delete;
  PlainSql& operator=(const PlainSql&) = delete;

  // The server's complaint; empty where the statement succeeded.
  std::string Try(const std::string& sql) {
    PGresult* result = PQexec(connection_, sql.c_str());
    // Without a connection there is no result.
    const std::string error = result == nullptr ? PQerrorMessage(connection_) : PQresultErrorMessage(result);
    PQclear(result);
    return error;
  }
  void Must(const std::string& sql) { ASSERT_EQ(Try(sql), "") << sql; }
  // The first cell of the answer; empty where it is NULL or there is no row.
  std::string Cell(const std::string& sql) {
    PGresult* result = PQexec(connection_, sql.c_str());
    EXPECT_NE(result, nullptr) << PQerrorMessage(connection_);
    EXPECT_STREQ(PQresultErrorMessage(result), "") << sql;
    const std::string cell = PQntuples(result) == 0 ? "" : PQgetvalue(result, 0, 0);
    PQclear(result);
    return cell;
  }

 private:
  static constexpr int kMaxTries = 5;
  PGconn* connection_;
};

}  // namespace invoice::test
