#include "base/field_fault.h"

namespace invoice::base {

std::string DescribeFault(std::string_view expected) {
  if (expected.starts_with(kRequired) || expected.starts_with(kUnknownName)) return std::string(expected);
  return "expected " + std::string(expected);
}

}  // namespace invoice::base
