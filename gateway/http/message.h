// HTTP messages as the rest of the gateway sees them: whole, plain, without a foreign type. Plain data.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace invoice::gateway {

using Headers = std::vector<std::pair<std::string, std::string>>;

// All values of a header, by its name in any case.
std::vector<std::string_view> HeaderValues(const Headers& headers, std::string_view name);
// The first value, or the empty text.
std::string_view HeaderValue(const Headers& headers, std::string_view name);

// A request that HTTP itself forbids; the gateway only has to say so.
struct HttpFault {
  int status = 400;
  std::string message;
};

struct HttpRequest {
  std::string method;
  std::string path;   // percent-encoded, without the query
  std::string query;  // percent-encoded, without the "?"
  Headers headers;
  std::string body;
  std::string client_address;      // without the port
  std::optional<HttpFault> fault;  // then body is empty, and perhaps all else
};

struct HttpResponse {
  int status = 200;
  Headers headers;
  std::string body;
  std::string_view fixed_headers = {};  // further ones as they go over the wire; of static storage
};

}  // namespace invoice::gateway
