// Two sides measured against each other in one run: on a machine that does other work too, only what ran at the same
// time can be compared. Each side runs with the same number of clients, in turns, and the medians over the rounds
// count.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace invoice::bench {

struct Plan {
  int clients = 8;
  int rounds = 5;
  std::chrono::milliseconds round{600};   // of each side
  int64_t max_calls_per_client = 20'000;  // in one round
};

// A call of one client, over and over; `client` counts from 0. Calls of different clients run at the same time. It
// throws where the call fails, which ends the benchmark: a refusal must not be counted as a fast answer.
using ClientCall = std::function<void(int client)>;

// Medians over the rounds.
struct Figures {
  double per_second = 0;
  double p50_ms = 0;
  double p95_ms = 0;
  int64_t calls = 0;  // in all rounds
};

struct Comparison {
  Figures subject;
  Figures base;
  double ratio = 0;  // calls per second of the subject over those of the base: the median of the rounds' ratios
};

double Median(std::vector<double> values);

Comparison Compare(const Plan& plan, const ClientCall& subject, const ClientCall& base);

}  // namespace invoice::bench
