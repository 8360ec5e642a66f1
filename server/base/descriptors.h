// How many of its descriptors a process may give to clients.
#pragma once

namespace invoice::base {

// Raises the soft limit of open descriptors as far as `most` connections and `spare` other descriptors need it and the
// hard limit allows it. Returns how many connections then fit: `most`, or less where descriptors are few.
int ReserveDescriptors(int most, int spare);

}  // namespace invoice::base
