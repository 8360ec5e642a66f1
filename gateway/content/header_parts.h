// The values of headers that are lists. Pure.
#pragma once

#include <string_view>

namespace invoice::gateway {

// Names of codings, media types and their parameters have no case.
bool SameName(std::string_view a, std::string_view b);

// Takes the part before the separator off the text, without blanks around it.
std::string_view TakePart(std::string_view* text, char separator);

}  // namespace invoice::gateway
