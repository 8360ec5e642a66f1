#include "tests/unit/pdf/peak_memory.h"

#include <sys/resource.h>

namespace invoice::pdf::testing {

double PeakMemory_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace invoice::pdf::testing
