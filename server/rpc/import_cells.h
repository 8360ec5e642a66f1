// Cells of a CSV file as fields of a message. A column is called after the field it fills; what is no single text has a
// documented form: lists are separated by ";", taxes, payment terms and expenses as protos/invoice/v1/customers.proto
// says. Pure.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "csv/table.h"
#include "domain/import_record.h"

namespace invoice::rpc {

// "" as the path: the customer of the row, which is no field.
struct ImportColumn {
  const char* name;  // in the header
  const char* path;  // of the field, from the message downwards: "contract.rate_per_hour"
  bool required = false;
};
using ImportColumns = std::vector<ImportColumn>;

csv::Columns HeaderOf(const ImportColumns& columns);

// Fills the message from the cells that are not empty, and says in `row` which cells are not of the form of their
// field.
void FillFromCells(const ImportColumns& columns, const csv::Table& table, const csv::Row& cells,
                   google::protobuf::Message* message, domain::ImportRow* row);

}  // namespace invoice::rpc
