// The log: one JSON object a line on stderr, written at once.
//   base::Log(base::Level::kInfo, "listening", {{"address", "127.0.0.1:50051"}, {"port", 50051}});
//   {"time":"2026-10-01T08:30:00.123Z","level":"info","process":"serve","event":"listening","address":"127.0.0.1:50051",...}
// Control characters and bytes that are not UTF-8 are escaped, so no value can forge a line. Secrets must not be passed
// in. Thread safe.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace invoice::base {

enum class Level { kDebug, kInfo, kWarning, kError };

// "debug", "info", "warning", "error".
std::string_view LevelName(Level level);
std::optional<Level> ParseLevel(std::string_view name);

// A small value of a log line.
class LogValue {
 public:
  LogValue(std::string text) : value_(std::move(text)) {}         // NOLINT: conversion is the point
  LogValue(std::string_view text) : value_(std::string(text)) {}  // NOLINT
  LogValue(const char* text) : value_(std::string(text)) {}       // NOLINT
  LogValue(bool flag) : value_(flag) {}                           // NOLINT
  LogValue(double number) : value_(number) {}                     // NOLINT
  template <std::integral Number>
  requires(!std::same_as<Number, bool>) LogValue(Number number) : value_(static_cast<int64_t>(number)) {}  // NOLINT

  const std::variant<std::string, int64_t, bool, double>& value() const { return value_; }

 private:
  std::variant<std::string, int64_t, bool, double> value_;
};

struct LogField {
  std::string_view key;  // a plain name; not escaped
  LogValue value;
};

// Writes a line where `level` is at or above the threshold. `event` is a short fixed text; what varies goes into
// fields.
void Log(Level level, std::string_view event, std::initializer_list<LogField> fields = {});

// Sets the threshold (default info) and the text of "process" in each line. Once, at start.
void ConfigureLog(Level threshold, std::string_view process);

// While it lives, each line of this thread carries "request_id". Scopes may nest; the inner one wins.
class ScopedRequestId {
 public:
  explicit ScopedRequestId(std::string request_id);
  ~ScopedRequestId();
  ScopedRequestId(const ScopedRequestId&) = delete;
  ScopedRequestId& operator=(const ScopedRequestId&) = delete;

 private:
  std::string previous_;
};

// The request id of this thread, empty outside of a scope.
const std::string& CurrentRequestId();

// While it lives, lines (without the line feed) go to `sink` instead of stderr, for tests. One at a time.
class ScopedLogSink {
 public:
  explicit ScopedLogSink(std::function<void(std::string_view line)> sink);
  ~ScopedLogSink();
  ScopedLogSink(const ScopedLogSink&) = delete;
  ScopedLogSink& operator=(const ScopedLogSink&) = delete;
};

}  // namespace invoice::base
