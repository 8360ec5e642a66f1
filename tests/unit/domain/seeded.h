// Random numbers of a property test. Each binary prints its seed; INVOICE_SEED repeats a run.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace invoice::domain {

inline std::mt19937_64 Seeded() {
  static const uint64_t seed = [] {
    const char* given = std::getenv("INVOICE_SEED");
    const uint64_t chosen = given != nullptr ? std::stoull(given) : std::random_device{}();
    std::printf("INVOICE_SEED=%llu\n", static_cast<unsigned long long>(chosen));
    return chosen;
  }();
  return std::mt19937_64(seed);
}

}  // namespace invoice::domain
