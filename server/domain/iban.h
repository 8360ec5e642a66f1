// International bank account numbers (ISO 13616). Pure.
#pragma once

#include <string>
#include <string_view>

namespace invoice::domain {

// As it is kept: without blanks, in capitals.
std::string CompactIban(std::string_view text);

// Whether it has the form of one, 15 to 34 characters that begin with a country, and the right check digits.
bool IsIban(std::string_view compact);

}  // namespace invoice::domain
