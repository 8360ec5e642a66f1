// Rows of imports: CSV files that were checked and wait to be executed. Belongs to the transaction it was made with.
#pragma once

#include <string>

#include "domain/import_record.h"
#include "store/database.h"

namespace invoice::store {

class Imports {
 public:
  explicit Imports(Transaction& transaction) : transaction_(transaction) {}

  // With its rows.
  absl::Status Insert(const domain::ImportRecord& import);
  // Holds the import until the end of the transaction; without its rows. NOT_FOUND where there is none.
  absl::StatusOr<domain::ImportRecord> Lock(const std::string& id);
  // In the order of the file.
  absl::StatusOr<std::vector<domain::ImportRow>> Rows(const std::string& id);
  absl::Status SetExecuted(const std::string& id, absl::Time now);
  // Deletes at most `limit` imports that nobody can execute any more.
  absl::Status Expire(absl::Time now, int64_t limit);

 private:
  Transaction& transaction_;
};

}  // namespace invoice::store
