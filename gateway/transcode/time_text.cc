#include "gateway/transcode/time_text.h"

#include <charconv>
#include <chrono>

namespace invoice::gateway {
namespace {

constexpr int64_t kSecondsPerDay = 86'400;
constexpr int64_t kMinTimestamp = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr int64_t kMaxTimestamp = 253'402'300'799;  // 9999-12-31T23:59:59Z
constexpr int64_t kMaxDuration = 315'576'000'000;   // about 10,000 years
constexpr int32_t kNanosPerSecond = 1'000'000'000;

char* PutDigits(char* at, uint32_t value, int count) {
  for (int i = count - 1; i >= 0; --i, value /= 10) at[i] = static_cast<char>('0' + value % 10);
  return at + count;
}

// ".5" as ".500": three, six or nine digits; nothing for none.
char* PutNanos(char* at, uint32_t nanos) {
  if (nanos == 0) return at;
  *at++ = '.';
  if (nanos % 1'000'000 == 0) return PutDigits(at, nanos / 1'000'000, 3);
  if (nanos % 1000 == 0) return PutDigits(at, nanos / 1000, 6);
  return PutDigits(at, nanos, 9);
}

// Reads a text from its begin. Every function answers whether it found what it looked for.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool done() const { return text_.empty(); }
  bool Take(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  // One digit up to `most_digits`.
  bool Number(int most_digits, int64_t least, int64_t greatest, int64_t* number) {
    *number = 0;
    int digits = 0;
    for (; digits < most_digits && IsDigit(); ++digits) *number = *number * 10 + TakeDigit();
    return digits > 0 && *number >= least && *number <= greatest;
  }
  // The digits after a point, if there is one.
  bool Fraction(int32_t* nanos) {
    *nanos = 0;
    if (!Take('.')) return true;
    if (!IsDigit()) return false;
    for (int i = 0; i < 9; ++i) *nanos = *nanos * 10 + (IsDigit() ? TakeDigit() : 0);
    while (IsDigit()) TakeDigit();
    return true;
  }

 private:
  bool IsDigit() const { return !text_.empty() && text_.front() >= '0' && text_.front() <= '9'; }
  int TakeDigit() {
    const int digit = text_.front() - '0';
    text_.remove_prefix(1);
    return digit;
  }

  std::string_view text_;
};

bool ReadDay(Reader& reader, int64_t* days) {
  int64_t year = 0;
  int64_t month = 0;
  int64_t day = 0;
  if (!reader.Number(4, 1, 9999, &year) || !reader.Take('-') || !reader.Number(2, 1, 12, &month) || !reader.Take('-') ||
      !reader.Number(2, 1, 31, &day)) {
    return false;
  }
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  *days = std::chrono::sys_days(date).time_since_epoch().count();
  return date.ok();
}

bool ReadOffset(Reader& reader, int64_t* offset) {
  *offset = 0;
  if (reader.Take('Z')) return true;
  const bool behind = reader.Take('-');
  if (!behind && !reader.Take('+')) return false;
  int64_t hours = 0;
  int64_t minutes = 0;
  if (!reader.Number(2, 0, 23, &hours) || !reader.Take(':') || !reader.Number(2, 0, 59, &minutes)) return false;
  *offset = (hours * 60 + minutes) * (behind ? -60 : 60);
  return true;
}

}  // namespace

bool WriteTimestamp(SecondsAndNanos time, JsonOutput* out) {
  if (time.seconds < kMinTimestamp || time.seconds > kMaxTimestamp) return false;
  if (time.nanos < 0 || time.nanos >= kNanosPerSecond) return false;
  const int64_t days = (time.seconds - kMinTimestamp) / kSecondsPerDay + kMinTimestamp / kSecondsPerDay;
  const auto second = static_cast<uint32_t>(time.seconds - days * kSecondsPerDay);
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(static_cast<int>(days)))};
  char text[40];
  char* at = text;
  *at++ = '"';
  at = PutDigits(at, static_cast<uint32_t>(static_cast<int>(date.year())), 4);
  *at++ = '-';
  at = PutDigits(at, static_cast<unsigned>(date.month()), 2);
  *at++ = '-';
  at = PutDigits(at, static_cast<unsigned>(date.day()), 2);
  *at++ = 'T';
  at = PutDigits(at, second / 3600, 2);
  *at++ = ':';
  at = PutDigits(at, second / 60 % 60, 2);
  *at++ = ':';
  at = PutDigits(at, second % 60, 2);
  at = PutNanos(at, static_cast<uint32_t>(time.nanos));
  *at++ = 'Z';
  *at++ = '"';
  out->Raw({text, static_cast<size_t>(at - text)});
  return true;
}

bool WriteDuration(SecondsAndNanos duration, JsonOutput* out) {
  const auto [seconds, nanos] = duration;
  if (seconds < -kMaxDuration || seconds > kMaxDuration) return false;
  if (nanos <= -kNanosPerSecond || nanos >= kNanosPerSecond) return false;
  if ((seconds < 0 && nanos > 0) || (seconds > 0 && nanos < 0)) return false;
  char text[40];
  char* at = text;
  *at++ = '"';
  if (seconds < 0 || nanos < 0) *at++ = '-';
  at = std::to_chars(at, text + sizeof(text), seconds < 0 ? -seconds : seconds).ptr;
  at = PutNanos(at, static_cast<uint32_t>(nanos < 0 ? -nanos : nanos));
  *at++ = 's';
  *at++ = '"';
  out->Raw({text, static_cast<size_t>(at - text)});
  return true;
}

std::optional<SecondsAndNanos> ParseTimestamp(std::string_view text) {
  Reader reader(text);
  int64_t days = 0;
  int64_t hour = 0;
  int64_t minute = 0;
  int64_t second = 0;
  int64_t offset = 0;
  SecondsAndNanos time;
  const bool good = ReadDay(reader, &days) && reader.Take('T') && reader.Number(2, 0, 23, &hour) && reader.Take(':') &&
                    reader.Number(2, 0, 59, &minute) && reader.Take(':') && reader.Number(2, 0, 59, &second) &&
                    reader.Fraction(&time.nanos) && ReadOffset(reader, &offset) && reader.done();
  time.seconds = days * kSecondsPerDay + hour * 3600 + minute * 60 + second - offset;
  if (!good || time.seconds < kMinTimestamp || time.seconds > kMaxTimestamp) return std::nullopt;
  return time;
}

std::optional<SecondsAndNanos> ParseDuration(std::string_view text) {
  constexpr int kMostDigits = 12;
  Reader reader(text);
  SecondsAndNanos duration;
  const bool negative = reader.Take('-');
  const bool good = reader.Number(kMostDigits, 0, kMaxDuration, &duration.seconds) &&
                    reader.Fraction(&duration.nanos) && reader.Take('s') && reader.done();
  if (!good || (duration.seconds == kMaxDuration && duration.nanos != 0)) return std::nullopt;
  if (negative) duration = {-duration.seconds, -duration.nanos};
  return duration;
}

}  // namespace invoice::gateway
