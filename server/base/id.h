// Ids of all rows: UUID version 7 as lower-case text, "0190f5fe-3c2a-7b3e-9c41-5e1d2a3b4c5d". Ordered by time of
// creation, so that keys made one after another lie beside each other in an index. Thread safe.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"

namespace invoice::base {

// A new id. Within one process each id is greater than those made before it, also where the clock stands still or goes
// back.
std::string NewId(const Clock& clock);

// Whether the text is a UUID in its one spelling, 8-4-4-4-12 lower-case hexadecimal digits. Any version: an id that we
// did not make is well formed and simply not found.
bool IsId(std::string_view text);

}  // namespace invoice::base
