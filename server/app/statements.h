// The use case of a customer's statement. Thread-safe.
#pragma once

#include <optional>
#include <string>

#include "app/core.h"
#include "app/documents.h"
#include "domain/statement.h"

namespace invoice::app {

class Statements {
 public:
  explicit Statements(Core& core) : core_(core) {}

  // What is open on a day, today in the customer's time zone where none is given. NOT_FOUND where there is no such
  // customer.
  absl::StatusOr<domain::Statement> Get(const std::string& customer_id, std::optional<absl::CivilDay> as_of);
  // The same as a PDF in the customer's language. FAILED_PRECONDITION where it cannot be printed.
  absl::StatusOr<Document> Download(const std::string& customer_id, std::optional<absl::CivilDay> as_of);

 private:
  absl::StatusOr<domain::StatementDocument> Read(const std::string& customer_id, std::optional<absl::CivilDay> as_of);

  Core& core_;
};

}  // namespace invoice::app
