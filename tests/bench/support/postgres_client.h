// A connection to PostgreSQL that does nothing but send prepared statements: what the database itself costs. One thread
// at a time. Every failure throws.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <vector>

namespace invoice::bench {

class PostgresClient {
 public:
  explicit PostgresClient(const std::string& conninfo);

  // A statement without parameters, or several; the first cell of the answer, empty where there is none.
  std::string Run(const std::string& sql);

  void Prepare(const std::string& name, const std::string& sql);
  std::string RunPrepared(const std::string& name, const std::vector<std::string>& parameters);

 private:
  struct Close {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };

  std::string Take(PGresult* result);

  std::unique_ptr<PGconn, Close> connection_;
};

}  // namespace invoice::bench
