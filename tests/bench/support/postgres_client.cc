#include "tests/bench/support/postgres_client.h"

#include <stdexcept>

namespace invoice::bench {

PostgresClient::PostgresClient(const std::string& conninfo) : connection_(PQconnectdb(conninfo.c_str())) {
  if (PQstatus(connection_.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(connection_.get()));
}

std::string PostgresClient::Run(const std::string& sql) { return Take(PQexec(connection_.get(), sql.c_str())); }

void PostgresClient::Prepare(const std::string& name, const std::string& sql) {
  Take(PQprepare(connection_.get(), name.c_str(), sql.c_str(), 0, nullptr));
}

std::string PostgresClient::RunPrepared(const std::string& name, const std::vector<std::string>& parameters) {
  std::vector<const char*> values;
  for (const std::string& parameter : parameters) values.push_back(parameter.c_str());
  return Take(PQexecPrepared(connection_.get(), name.c_str(), static_cast<int>(values.size()), values.data(), nullptr,
                             nullptr, 0));
}

std::string PostgresClient::Take(PGresult* result) {
  const std::unique_ptr<PGresult, decltype(&PQclear)> owner(result, &PQclear);
  const ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw std::runtime_error(PQerrorMessage(connection_.get()));
  return PQntuples(result) > 0 && PQnfields(result) > 0 ? PQgetvalue(result, 0, 0) : "";
}

}  // namespace invoice::bench
