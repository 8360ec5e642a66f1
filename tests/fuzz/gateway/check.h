// What a fuzz target promises. A broken promise ends the process, which is what fuzzers look for. Thread safe.
#pragma once

#include <cstdio>
#include <cstdlib>

#define FUZZ_CHECK(promise)                                                      \
  do {                                                                           \
    if (!(promise)) {                                                            \
      std::fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #promise); \
      std::abort();                                                              \
    }                                                                            \
  } while (false)
