// Reads configuration from the environment, once, at start. Every fault is kept and all are reported together; until
// Faults() is OK the values read are not to be used. The structs of each process live beside its main. Not thread safe.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/secret.h"

namespace invoice::base {

// "127.0.0.1:8000", "[::1]:8000".
struct HostPort {
  std::string host;
  int port = 0;
  std::string ToString() const;
  friend bool operator==(const HostPort&, const HostPort&) = default;
};

// A host, or an IPv6 address in brackets, a colon and a port of 0 to 65535.
std::optional<HostPort> ParseHostPort(std::string_view text);

class EnvReader {
 public:
  using Lookup = std::function<std::optional<std::string>(const std::string& name)>;

  // The process environment. A variable set to the empty text counts as not set.
  EnvReader();
  // Another source, for tests.
  explicit EnvReader(Lookup lookup) : lookup_(std::move(lookup)) {}

  // A fault where it is not set.
  std::string Required(const std::string& name);
  std::string Text(const std::string& name, std::string_view fallback = "");
  // A fault where it is not set or shorter than `min_size` bytes.
  Secret RequiredSecret(const std::string& name, size_t min_size = 1);
  Secret OptionalSecret(const std::string& name);
  // An integer of `min` to `max`.
  int64_t Integer(const std::string& name, int64_t fallback, int64_t min, int64_t max);
  // A TCP port, 0 to 65535; 0 asks for a free one.
  int Port(const std::string& name, int fallback);
  HostPort Address(const std::string& name, std::string_view fallback);
  // "true" or "false".
  bool Boolean(const std::string& name, bool fallback);
  // Seconds, 0 to `max`.
  absl::Duration Seconds(const std::string& name, absl::Duration fallback, absl::Duration max);
  // One of `allowed`. An empty fallback makes it required.
  std::string Enum(const std::string& name, std::string_view fallback, std::initializer_list<std::string_view> allowed);
  // A list with commas, blanks around items ignored, empty items left out.
  std::vector<std::string> List(const std::string& name);

  // Adds a fault found by the caller; `expected` never repeats the value.
  void AddFault(const std::string& name, std::string_view expected);

  // OK, or INVALID_ARGUMENT "3 faults in the environment: DATABASE_URL: required; ...", never with a value.
  absl::Status Faults() const;

 private:
  std::optional<std::string> Get(const std::string& name) const;

  Lookup lookup_;
  std::vector<std::string> faults_;
};

}  // namespace invoice::base
