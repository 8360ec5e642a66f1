// Parameters of statements and rows of answers, as text: SQL casts (`:id::uuid`, `total::text`), so no type of the
// database is guessed here and no floating point appears. Plain data; not shared between threads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "base/decimal.h"

namespace invoice::store {

// Text that PostgreSQL reads back as the same value.
std::string ToText(std::string_view value);
std::string ToText(const char* value);
std::string ToText(const std::string& value);
std::string ToText(bool value);
std::string ToText(int value);
std::string ToText(int64_t value);
std::string ToText(absl::CivilDay value);
std::string ToText(absl::Time value);  // microseconds, UTC
template <int kDigits>
std::string ToText(base::Fixed<kDigits> value) {
  return value.ToString();
}

// NULL where the text is empty.
inline std::optional<std::string> NullIfEmpty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

// The dates at that instant of the places that are furthest behind and ahead: between them only a time zone decides.
absl::CivilDay EarliestToday(absl::Time now);
absl::CivilDay LatestToday(absl::Time now);

// One named parameter; an empty optional is NULL.
struct Param {
  template <typename T>
  Param(std::string_view param_name, const T& param_value) : name(param_name), value(ToText(param_value)) {}
  template <typename T>
  Param(std::string_view param_name, const std::optional<T>& param_value) : name(param_name) {
    if (param_value) value = ToText(*param_value);
  }
  Param(std::string_view param_name, std::nullopt_t) : name(param_name) {}

  std::string name;
  std::optional<std::string> value;
};
using Params = std::vector<Param>;

// One row. A column that is asked for and is not there, or is NULL or of another form where that is not expected, is a
// broken statement: the process aborts with its name.
class Row {
 public:
  using Columns = std::vector<std::string>;
  Row(const char* statement, std::shared_ptr<const Columns> columns, std::vector<std::optional<std::string>> values);

  bool IsNull(std::string_view column) const;
  const std::string& Text(std::string_view column) const;
  std::optional<std::string> OptionalText(std::string_view column) const;
  int64_t Int(std::string_view column) const;
  bool Bool(std::string_view column) const;
  absl::CivilDay Day(std::string_view column) const;
  std::optional<absl::CivilDay> OptionalDay(std::string_view column) const;
  // Selected as text of a timestamptz in a session whose time zone is UTC.
  absl::Time Time(std::string_view column) const;
  std::optional<absl::Time> OptionalTime(std::string_view column) const;
  template <typename FixedType>
  FixedType Decimal(std::string_view column) const {
    const std::optional<FixedType> value = FixedType::Parse(TrimZeros(Text(column)));
    if (!value) Broken(column);
    return *value;
  }
  template <typename FixedType>
  std::optional<FixedType> OptionalDecimal(std::string_view column) const {
    if (IsNull(column)) return std::nullopt;
    return Decimal<FixedType>(column);
  }

 private:
  const std::optional<std::string>& At(std::string_view column) const;
  [[noreturn]] void Broken(std::string_view column) const;
  static std::string TrimZeros(std::string_view number);

  const char* statement_;
  std::shared_ptr<const Columns> columns_;
  std::vector<std::optional<std::string>> values_;
};
using Rows = std::vector<Row>;

}  // namespace invoice::store
