// Pages that stay the same while the gateway runs: the OpenAPI document, and the viewer that shows it in a browser.
// Plain data.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "gateway/http/message.h"

namespace invoice::gateway {

struct StaticPage {
  std::string path;
  std::string content_type;
  std::string body;
  Headers headers;  // in place of those that every answer has
};

// GET /api/openapi.json.
StaticPage OpenApiPage(std::string document);

// GET /api/docs, also with a slash at its end: Swagger UI over that document, with its script and style from `folder`,
// which is npm's swagger-ui-dist. INVALID_ARGUMENT where a file is missing.
absl::StatusOr<std::vector<StaticPage>> ApiDocsPages(const std::string& folder);

// GET / and GET /api: where the API, its description and its health are. `pages` are the other ones.
std::vector<StaticPage> IndexPages(const std::vector<StaticPage>& pages);

// The whole file; INVALID_ARGUMENT names the one that cannot be read or is empty.
absl::StatusOr<std::string> ReadFile(const std::string& name);

}  // namespace invoice::gateway
