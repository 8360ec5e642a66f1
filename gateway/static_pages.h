// Pages that stay the same while the gateway runs: the OpenAPI document, and the viewer that shows it in a browser.
// Immutable; safe to share between threads.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "gateway/content/content_coding.h"
#include "gateway/http/message.h"
#include "gateway/responder.h"

namespace invoice::gateway {

struct StaticPage {
  std::string path;
  std::string content_type;
  std::string body;
  Headers headers;  // in place of those that every answer has
};

// A page with its entity tags and its compressed forms, which are made once.
class PreparedPage {
 public:
  // `page` must outlive it.
  explicit PreparedPage(const StaticPage& page);

  void Answer(Responder& responder) const;

 private:
  struct Form {
    Coding coding = Coding::kIdentity;
    std::string body;  // but for kIdentity
    std::string tag;
  };
  const Form& FormFor(const HttpRequest& request) const;

  const StaticPage& page_;
  std::vector<Form> forms_;  // as it is, and those that are smaller
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
