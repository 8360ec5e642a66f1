// Totals of runs and plans in jsonb columns. Pure.
#pragma once

#include <string>
#include <vector>

#include "domain/run_record.h"

namespace invoice::store {

std::string RunTotalsToJson(const std::vector<domain::RunTotal>& totals);
std::vector<domain::RunTotal> RunTotalsFromJson(const std::string& text);

}  // namespace invoice::store
