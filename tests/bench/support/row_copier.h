// The floor under RunQuick: a client that writes the same rows as an issued invoice by prepared SQL alone, one
// transaction for each, with the same locks. No server can be faster than this with one statement for a table. One
// thread at a time.
#pragma once

#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "invoice/v1/invoices.pb.h"
#include "tests/bench/support/postgres_client.h"

namespace invoice::bench {

class RowCopier {
 public:
  // `model` is an invoice that the server made; its rows are what every transaction writes, with other ids, numbers and
  // days.
  RowCopier(const std::string& conninfo, const v1::Invoice& model, std::string customer_id);

  // The rows of the next week's invoice, committed.
  void WriteNext();

 private:
  void PrepareCopy(const std::string& table, const std::string& where,
                   const std::vector<std::pair<std::string, std::string>>& changed);
  void PrepareAll(const v1::Invoice& model);

  PostgresClient client_;
  const std::string customer_id_;
  absl::CivilDay next_period_{1990, 1, 1};
};

}  // namespace invoice::bench
