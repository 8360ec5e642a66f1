#include "store/run_json.h"

#include "base/json.h"

namespace invoice::store {

using Json = nlohmann::json;

std::string RunTotalsToJson(const std::vector<domain::RunTotal>& totals) {
  Json list = Json::array();
  for (const domain::RunTotal& total : totals) {
    list.push_back(
        {{"currency_code", total.currency_code}, {"count", total.count}, {"total_minor", total.total_minor}});
  }
  return list.dump();
}

std::vector<domain::RunTotal> RunTotalsFromJson(const std::string& text) {
  std::vector<domain::RunTotal> totals;
  const Json list = Json::parse(text);
  for (const Json& total : list) {
    totals.push_back({.currency_code = total.at("currency_code"),
                      .count = total.at("count"),
                      .total_minor = total.at("total_minor")});
  }
  return totals;
}

}  // namespace invoice::store
