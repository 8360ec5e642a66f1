// How the fault of one field is said to a client. Pure.
#pragma once

#include <string>
#include <string_view>

namespace invoice::base {

// Beginnings of a FieldViolation's `expected` that are said as they are; all other texts follow the word "expected".
inline constexpr std::string_view kRequired = "required";
inline constexpr std::string_view kUnknownName = "unknown ";

// "expected a decimal", "required", "unknown field".
std::string DescribeFault(std::string_view expected);

}  // namespace invoice::base
