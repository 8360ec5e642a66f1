#include "tests/unit/pdf/peak_memory.h"

#include <fstream>
#include <string>

namespace invoice::pdf::testing {

// Not getrusage(): its peak is inherited from the process that started this one.
double PeakMemory_mib() {
  std::ifstream status("/proc/self/status");
  std::string word;
  double kib = 0;
  while (status >> word) {
    if (word == "VmHWM:") status >> kib;
  }
  return kib / 1024;
}

}  // namespace invoice::pdf::testing
