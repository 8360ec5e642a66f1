#include "store/row.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/limits.h"
#include "fmt/format.h"

namespace invoice::store {

std::string ToText(std::string_view value) { return std::string(value); }
std::string ToText(const char* value) { return value; }
std::string ToText(const std::string& value) { return value; }
std::string ToText(bool value) { return value ? "true" : "false"; }
std::string ToText(int value) { return std::to_string(value); }
std::string ToText(int64_t value) { return std::to_string(value); }
std::string ToText(absl::CivilDay value) {
  return fmt::format("{:04}-{:02}-{:02}", value.year(), value.month(), value.day());
}
std::string ToText(absl::Time value) { return absl::FormatTime("%Y-%m-%dT%H:%M:%E6S+00", value, absl::UTCTimeZone()); }

absl::CivilDay EarliestToday(absl::Time now) {
  return absl::ToCivilDay(now - base::kFurthestZoneBehind, absl::UTCTimeZone());
}

absl::CivilDay LatestToday(absl::Time now) {
  return absl::ToCivilDay(now + base::kFurthestZoneAhead, absl::UTCTimeZone());
}

Row::Row(const char* statement, std::shared_ptr<const Columns> columns, std::vector<std::optional<std::string>> values)
    : statement_(statement), columns_(std::move(columns)), values_(std::move(values)) {}

const std::optional<std::string>& Row::At(std::string_view column) const {
  const auto found = std::find(columns_->begin(), columns_->end(), column);
  if (found == columns_->end()) Broken(column);
  return values_[found - columns_->begin()];
}

void Row::Broken(std::string_view column) const {
  std::fprintf(stderr, "statement %s: column %.*s is missing or not of the expected form\n", statement_,
               static_cast<int>(column.size()), column.data());
  std::abort();
}

bool Row::IsNull(std::string_view column) const { return !At(column).has_value(); }

const std::string& Row::Text(std::string_view column) const {
  const std::optional<std::string>& value = At(column);
  if (!value) Broken(column);
  return *value;
}

std::optional<std::string> Row::OptionalText(std::string_view column) const { return At(column); }

int64_t Row::Int(std::string_view column) const {
  const std::string& text = Text(column);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) Broken(column);
  return value;
}

bool Row::Bool(std::string_view column) const {
  const std::string& text = Text(column);
  if (text == "true" || text == "t" || text == "1") return true;
  if (text == "false" || text == "f" || text == "0") return false;
  Broken(column);
}

absl::CivilDay Row::Day(std::string_view column) const {
  absl::CivilDay day;
  if (!absl::ParseCivilTime(Text(column), &day)) Broken(column);
  return day;
}

std::optional<absl::CivilDay> Row::OptionalDay(std::string_view column) const {
  if (IsNull(column)) return std::nullopt;
  return Day(column);
}

absl::Time Row::Time(std::string_view column) const {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime("%Y-%m-%d %H:%M:%E*S+00", Text(column), &time, &error)) Broken(column);
  return time;
}

std::optional<absl::Time> Row::OptionalTime(std::string_view column) const {
  if (IsNull(column)) return std::nullopt;
  return Time(column);
}

std::string Row::TrimZeros(std::string_view number) {
  if (number.find('.') == std::string_view::npos) return std::string(number);
  number.remove_suffix(number.size() - 1 - number.find_last_not_of('0'));
  if (number.ends_with('.')) number.remove_suffix(1);
  return std::string(number);
}

}  // namespace invoice::store
