#include "base/config.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <utility>

#include "base/text.h"
#include "fmt/format.h"
#include "fmt/ranges.h"

namespace invoice::base {
namespace {

constexpr int kMaxPort = 65535;

std::optional<int64_t> ParseInteger(std::string_view text) {
  int64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string HostPort::ToString() const {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

std::optional<HostPort> ParseHostPort(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::optional<int64_t> port = ParseInteger(text.substr(colon + 1));
  if (!port || *port < 0 || *port > kMaxPort) return std::nullopt;
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (host.empty() || (!bracketed && host.find_first_of(":[]") != std::string_view::npos)) return std::nullopt;
  return HostPort{std::string(host), static_cast<int>(*port)};
}

EnvReader::EnvReader()
    : lookup_([](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
      }) {}

std::optional<std::string> EnvReader::Get(const std::string& name) const {
  std::optional<std::string> value = lookup_(name);
  if (value && value->empty()) return std::nullopt;
  return value;
}

void EnvReader::AddFault(const std::string& name, std::string_view expected) {
  faults_.push_back(fmt::format("{}: {}", name, expected));
}

std::string EnvReader::Required(const std::string& name) {
  std::optional<std::string> value = Get(name);
  if (!value) AddFault(name, "required");
  return value.value_or("");
}

std::string EnvReader::Text(const std::string& name, std::string_view fallback) {
  return Get(name).value_or(std::string(fallback));
}

Secret EnvReader::RequiredSecret(const std::string& name, size_t min_size) {
  Secret secret = OptionalSecret(name);
  if (secret.empty()) {
    AddFault(name, "required");
  } else if (secret.Reveal().size() < min_size) {
    AddFault(name, fmt::format("at least {} characters", min_size));
  }
  return secret;
}

Secret EnvReader::OptionalSecret(const std::string& name) { return Secret(Get(name).value_or("")); }

int64_t EnvReader::Integer(const std::string& name, int64_t fallback, int64_t min, int64_t max) {
  const std::optional<std::string> text = Get(name);
  if (!text) return fallback;
  const std::optional<int64_t> value = ParseInteger(*text);
  if (value && *value >= min && *value <= max) return *value;
  AddFault(name, fmt::format("an integer of {} to {}", min, max));
  return fallback;
}

int EnvReader::Port(const std::string& name, int fallback) {
  return static_cast<int>(Integer(name, fallback, 0, kMaxPort));
}

HostPort EnvReader::Address(const std::string& name, std::string_view fallback) {
  const std::optional<HostPort> address = ParseHostPort(Text(name, fallback));
  if (!address) AddFault(name, "host:port");
  return address.value_or(HostPort{});
}

bool EnvReader::Boolean(const std::string& name, bool fallback) {
  return Enum(name, fallback ? "true" : "false", {"true", "false"}) == "true";
}

absl::Duration EnvReader::Seconds(const std::string& name, absl::Duration fallback, absl::Duration max) {
  return absl::Seconds(Integer(name, absl::ToInt64Seconds(fallback), 0, absl::ToInt64Seconds(max)));
}

std::string EnvReader::Enum(const std::string& name, std::string_view fallback,
                            std::initializer_list<std::string_view> allowed) {
  std::string value = Text(name, fallback);
  if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return value;
  AddFault(name, fmt::format("one of {}", fmt::join(allowed, ", ")));
  return std::string(fallback);
}

std::vector<std::string> EnvReader::List(const std::string& name) {
  const std::string text = Text(name);
  std::vector<std::string> items;
  for (std::string_view rest = text; !rest.empty();) {
    const size_t comma = rest.find(',');
    if (const std::string_view item = Trim(rest.substr(0, comma)); !item.empty()) items.emplace_back(item);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  return items;
}

absl::Status EnvReader::Faults() const {
  if (faults_.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format("{} {} in the environment: {}", faults_.size(),
                                                faults_.size() == 1 ? "fault" : "faults", fmt::join(faults_, "; ")));
}

}  // namespace invoice::base
