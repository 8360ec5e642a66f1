#include "tests/bench/support/wrk.h"

#include <fmt/format.h>

#include <sstream>
#include <stdexcept>

#include "tests/bench/support/process.h"

namespace invoice::bench {
namespace {

// The word after `label`, or the word before it, in the output's line that has it.
std::string WordOf(const std::string& output, const std::string& label, bool before = false) {
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    const size_t at = line.find(label);
    if (at == std::string::npos) continue;
    std::istringstream words(before ? line : line.substr(at + label.size()));
    std::string word;
    words >> word;
    return word;
  }
  throw std::runtime_error("wrk does not say " + label + ":\n" + output);
}

// "840.00us", "17.02ms" or "1.20s".
double Milliseconds(const std::string& text) {
  size_t digits = 0;
  const double value = std::stod(text, &digits);
  const std::string unit = text.substr(digits);
  if (unit == "us") return value / 1000;
  if (unit == "ms") return value;
  if (unit == "s") return value * 1000;
  throw std::runtime_error("not a duration: " + text);
}

}  // namespace

LoadFigures RunWrk(const LoadPlan& plan, const std::string& folder) {
  Process wrk({"/usr/bin/env", "wrk", "-t1", fmt::format("-c{}", plan.connections), fmt::format("-d{}s", plan.seconds),
               "--timeout", "10s", "--latency", "-H", "Authorization: Bearer " + plan.api_key, "-H",
               "Accept: application/json", fmt::format("http://127.0.0.1:{}{}", plan.port, plan.path)},
              {}, folder + "/wrk.log");
  const int code = wrk.Wait();
  const std::string output = wrk.Log();
  const bool failed = output.find("Non-2xx") != std::string::npos || output.find("Socket errors") != std::string::npos;
  if (code != 0 || failed) throw std::runtime_error("requests failed:\n" + output);
  return {std::stod(WordOf(output, "Requests/sec:")), Milliseconds(WordOf(output, " 99%")),
          std::stod(WordOf(output, " requests in ", /*before=*/true))};
}

}  // namespace invoice::bench
