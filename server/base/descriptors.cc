#include "base/descriptors.h"

#include <sys/resource.h>

#include <algorithm>

namespace invoice::base {

int ReserveDescriptors(int most, int spare) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return most;
  const rlim_t wanted = static_cast<rlim_t>(most) + static_cast<rlim_t>(spare);
  if (limit.rlim_cur < wanted) {
    limit.rlim_cur = std::min(wanted, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
  }
  if (limit.rlim_cur >= wanted) return most;
  const int open = static_cast<int>(limit.rlim_cur);
  return open > 2 * spare ? open - spare : open / 2;
}

}  // namespace invoice::base
