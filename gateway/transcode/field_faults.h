// What is wrong with the fields of one request: paths in JSON spelling and what was expected there. Names that a client
// made up are cut and cleaned, values never appear. Not thread safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "base/status.h"

namespace invoice::gateway {

// A place in a JSON document: a chain of names and indexes on the stack, made into a text only where something is
// wrong.
struct JsonPath {
  const JsonPath* parent = nullptr;
  std::string_view name;  // of a field; empty for an entry of a list
  int index = -1;

  // "contract.taxes[1].rate"; empty for the whole document.
  std::string ToString() const;
};

class FieldFaults {
 public:
  void Add(const JsonPath& path, std::string_view expected) {
    if (!full()) Add(path.ToString(), expected);
  }
  void Add(std::string path, std::string_view expected);

  bool empty() const { return faults_.empty(); }
  // No more is taken up: reading on is in vain.
  bool full() const;
  // OK where there is none.
  absl::Status ToStatus() const;

 private:
  std::vector<base::FieldViolation> faults_;
};

// A name from outside as it may appear in an error: cut, and with a question mark for each character of ASCII that
// names of fields do not have, and for each other one that is a blank or controls how the text is shown.
std::string PrintableName(std::string_view name);

}  // namespace invoice::gateway
