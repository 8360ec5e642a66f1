// Which web origins may use the API from a browser (CORS). Keys travel in a header, never in cookies, so credentials
// are not allowed for. Immutable; safe to share between threads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "gateway/http/message.h"

namespace invoice::gateway {

class Cors {
 public:
  // "https://console.example.com", with a port where it is not the usual one, or "*" alone for every origin.
  // INVALID_ARGUMENT says what is expected.
  static absl::StatusOr<Cors> Create(std::vector<std::string> origins);

  // The headers of every answer to this request.
  void AddTo(const HttpRequest& request, Headers* headers) const;
  // Whether a browser asks beforehand.
  static bool IsPreflight(const HttpRequest& request);
  // The further headers of the answer to a preflight of a path with these methods.
  void AddPreflight(const HttpRequest& request, std::string_view methods, Headers* headers) const;

 private:
  explicit Cors(std::vector<std::string> origins) : origins_(std::move(origins)) {}
  bool Allows(std::string_view origin) const;

  std::vector<std::string> origins_;
};

}  // namespace invoice::gateway
