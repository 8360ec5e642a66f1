// A file that was checked and waits to be executed: its rows with what is wrong and what should be looked at. Plain
// data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "domain/generation.h"
#include "domain/kinds.h"

namespace invoice::domain {

struct ImportRow {
  int line = 0;                     // of the file, counted from 1
  std::string name;                 // what people know the row by: a customer's name, an invoice's number
  std::string customer;             // id or name of the customer it belongs to; empty for a new customer
  std::string content;              // in the encoding of who read the file
  std::vector<std::string> faults;  // one sentence each; empty: the row can be imported
  std::vector<Warning> warnings;
};

struct ImportRecord {
  std::string id;
  std::string vendor_id;
  ImportKind kind = ImportKind::kCustomers;
  std::vector<ImportRow> rows;
  int faulty_count = 0;
  absl::Time created_at;
  absl::Time expires_at;
  std::optional<absl::Time> executed_at;
};

}  // namespace invoice::domain
