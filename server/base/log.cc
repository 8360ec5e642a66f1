#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <memory>
#include <mutex>
#include <type_traits>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/text.h"
#include "fmt/format.h"

namespace invoice::base {
namespace {

std::atomic<Level> log_threshold = Level::kInfo;
thread_local std::string request_id_of_thread;

struct Settings {
  std::string Process() {
    const std::lock_guard lock(mutex);
    return process;
  }

  std::mutex mutex;
  std::string process;
  std::function<void(std::string_view)> sink;
};

// Never destroyed: lines may be written while static objects go away.
Settings& GetSettings() {
  static Settings* settings = new Settings;
  return *settings;
}

spdlog::logger& StderrLogger() {
  static spdlog::logger* logger = [] {
    auto* made = new spdlog::logger("invoice", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->set_level(spdlog::level::trace);
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  return *logger;
}

bool IsPlain(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

void AppendEscaped(std::string& line, std::string_view text) {
  if (std::all_of(text.begin(), text.end(), IsPlain)) {
    line += text;
    return;
  }
  const bool utf8 = IsValidUtf8(text);
  for (const char c : text) {
    const unsigned char byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !utf8)) {
      fmt::format_to(std::back_inserter(line), "\\u{:04x}", byte);
    } else {
      line += c;
    }
  }
}

// Made once a second by each thread, but for the milliseconds. An array, so that it also outlives static objects.
void AppendTime(std::string& line) {
  thread_local int64_t second = -1;
  thread_local std::array<char, 24> text;
  thread_local size_t size = 0;
  const int64_t now_ms = absl::ToUnixMillis(absl::Now());
  if (now_ms / 1000 != second) {
    second = now_ms / 1000;
    const std::string made =
        absl::FormatTime("%E4Y-%m-%d%ET%H:%M:%S", absl::FromUnixSeconds(second), absl::UTCTimeZone());
    size = made.copy(text.data(), text.size());
  }
  line.append(text.data(), size);
  fmt::format_to(std::back_inserter(line), ".{:03}Z", now_ms % 1000);
}

void AppendText(std::string& line, std::string_view key, std::string_view text) {
  fmt::format_to(std::back_inserter(line), ",\"{}\":\"", key);
  AppendEscaped(line, text);
  line += '"';
}

void AppendField(std::string& line, const LogField& field) {
  std::visit(
      [&](const auto& value) {
        using Value = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, std::string>) {
          AppendText(line, field.key, value);
        } else if constexpr (std::is_same_v<Value, double>) {
          // JSON has no infinity and no NaN.
          fmt::format_to(std::back_inserter(line), ",\"{}\":{}", field.key,
                         std::isfinite(value) ? fmt::format("{}", value) : "null");
        } else {
          fmt::format_to(std::back_inserter(line), ",\"{}\":{}", field.key, value);
        }
      },
      field.value.value());
}

}  // namespace

std::string_view LevelName(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "error";
}

std::optional<Level> ParseLevel(std::string_view name) {
  for (const Level level : {Level::kDebug, Level::kInfo, Level::kWarning, Level::kError}) {
    if (LevelName(level) == name) return level;
  }
  return std::nullopt;
}

void Log(Level level, std::string_view event, std::initializer_list<LogField> fields) {
  if (level < log_threshold.load(std::memory_order_relaxed)) return;
  Settings& settings = GetSettings();
  std::string line;
  line.reserve(512);
  line += "{\"time\":\"";
  AppendTime(line);
  fmt::format_to(std::back_inserter(line), "\",\"level\":\"{}\"", LevelName(level));
  if (const std::string process = settings.Process(); !process.empty()) AppendText(line, "process", process);
  AppendText(line, "event", event);
  if (!request_id_of_thread.empty()) AppendText(line, "request_id", request_id_of_thread);
  for (const LogField& field : fields) AppendField(line, field);
  line += '}';
  const std::lock_guard lock(settings.mutex);
  if (settings.sink) {
    settings.sink(line);
  } else {
    StderrLogger().log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
  }
}

void ConfigureLog(Level threshold, std::string_view process) {
  log_threshold = threshold;
  Settings& settings = GetSettings();
  const std::lock_guard lock(settings.mutex);
  settings.process = std::string(process);
}

ScopedRequestId::ScopedRequestId(std::string request_id)
    : previous_(std::exchange(request_id_of_thread, std::move(request_id))) {}
ScopedRequestId::~ScopedRequestId() { request_id_of_thread = std::move(previous_); }

const std::string& CurrentRequestId() { return request_id_of_thread; }

ScopedLogSink::ScopedLogSink(std::function<void(std::string_view)> sink) {
  Settings& settings = GetSettings();
  const std::lock_guard lock(settings.mutex);
  settings.sink = std::move(sink);
}

ScopedLogSink::~ScopedLogSink() {
  Settings& settings = GetSettings();
  const std::lock_guard lock(settings.mutex);
  settings.sink = nullptr;
}

}  // namespace invoice::base
