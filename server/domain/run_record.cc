#include "domain/run_record.h"

#include <array>

namespace invoice::domain {
namespace {

constexpr std::array<std::string_view, 6> kStates = {"PENDING", "RUNNING",   "SUCCEEDED",
                                                     "FAILED",  "CANCELLED", "STOPPED"};
constexpr std::array<std::string_view, 4> kOutcomes = {"INVOICED", "SKIPPED", "HELD", "FAILED"};

constexpr std::array<std::string_view, 4> kChunkStates = {"PENDING", "DONE", "CANCELLED", "FAILED"};

template <typename Kind, size_t kSize>
std::optional<Kind> FindRunKind(const std::array<std::string_view, kSize>& names, std::string_view name) {
  for (size_t i = 0; i < kSize; ++i) {
    if (names[i] == name) return static_cast<Kind>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view Name(RunState state) { return kStates[static_cast<size_t>(state)]; }
std::string_view Name(RunOutcome outcome) { return kOutcomes[static_cast<size_t>(outcome)]; }
std::string_view Name(RunChunkState state) { return kChunkStates[static_cast<size_t>(state)]; }
std::optional<RunChunkState> ParseRunChunkState(std::string_view name) {
  return FindRunKind<RunChunkState>(kChunkStates, name);
}
std::optional<RunState> ParseRunState(std::string_view name) { return FindRunKind<RunState>(kStates, name); }
std::optional<RunOutcome> ParseRunOutcome(std::string_view name) { return FindRunKind<RunOutcome>(kOutcomes, name); }

}  // namespace invoice::domain
