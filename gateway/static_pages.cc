#include "gateway/static_pages.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "base/secret.h"
#include "base/status.h"
#include "fmt/format.h"
#include "gateway/content/compress.h"
#include "gateway/content/entity_tag.h"
#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

constexpr char kPage[] = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Invoice Enterprise API</title>
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
)";

constexpr char kStart[] = R"(SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  docExpansion: 'none',
  validatorUrl: null,
});
)";

// Unlike data, the viewer runs in the browser: only what comes from here, and the styles that Swagger UI writes by
// itself.
Headers ViewerHeaders() {
  return {{"Content-Security-Policy",
           "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"},
          {"Cache-Control", "public, max-age=3600"}};
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file || text.empty()) return absl::InvalidArgumentError(fmt::format("cannot read {}", name));
  return text;
}

PreparedPage::PreparedPage(const StaticPage& page) : page_(page) {
  const std::string version = base::Sha256Hex(page.body);
  forms_.push_back({Coding::kIdentity, {}, EntityTag(version, Coding::kIdentity)});
  if (!IsCompressible(page.content_type)) return;
  for (const Coding coding : {Coding::kGzip, Coding::kBrotli}) {
    std::optional<std::string> smaller = Compress(coding, Effort::kSmall, page.body);
    if (smaller) forms_.push_back({coding, *std::move(smaller), EntityTag(version, coding)});
  }
}

const PreparedPage::Form& PreparedPage::FormFor(const HttpRequest& request) const {
  const CodingChoice choice = ChooseCoding(HeaderValues(request.headers, "Accept-Encoding"));
  if (page_.body.size() < kMinCompressedBytes && !choice.identity_refused) return forms_.front();
  const auto form =
      std::find_if(forms_.begin(), forms_.end(), [&](const Form& known) { return known.coding == choice.coding; });
  return form == forms_.end() ? forms_.front() : *form;
}

void PreparedPage::Answer(Responder& responder) const {
  const Form& form = FormFor(responder.request());
  Headers headers = page_.headers;
  headers.emplace_back("ETag", form.tag);
  if (forms_.size() > 1) headers.emplace_back("Vary", "Accept-Encoding");
  const bool whole = form.coding == Coding::kIdentity;
  if (!whole) headers.emplace_back("Content-Encoding", NameOf(form.coding));
  responder.SendTagged(page_.content_type, whole ? page_.body : form.body, std::move(headers));
}

StaticPage OpenApiPage(std::string document) {
  return {"/api/openapi.json", "application/json", std::move(document), {}};
}

std::vector<StaticPage> IndexPages(const std::vector<StaticPage>& pages) {
  const auto has = [&](std::string_view path) {
    return std::any_of(pages.begin(), pages.end(), [&](const StaticPage& page) { return page.path == path; });
  };
  std::string body = R"({"name":"Invoice Enterprise","api":"/api/v1")";
  if (has("/api/docs")) body += R"(,"docs":"/api/docs")";
  if (has("/api/openapi.json")) body += R"(,"openapi":"/api/openapi.json")";
  body += R"(,"health":"/health","readiness":"/health/ready"})";
  std::vector<StaticPage> index;
  for (const char* path : {"/", "/api", "/api/", "/api/v1", "/api/v1/"}) {
    index.push_back({path, "application/json", body, {}});
  }
  return index;
}

absl::StatusOr<std::vector<StaticPage>> ApiDocsPages(const std::string& folder) {
  ASSIGN_OR_RETURN(std::string script, ReadFile(folder + "/swagger-ui-bundle.js"));
  ASSIGN_OR_RETURN(std::string style, ReadFile(folder + "/swagger-ui.css"));
  const char* const type = "text/javascript; charset=utf-8";
  return std::vector<StaticPage>{
      {"/api/docs", "text/html; charset=utf-8", kPage, ViewerHeaders()},
      {"/api/docs/", "text/html; charset=utf-8", kPage, ViewerHeaders()},
      {"/api/docs/start.js", type, kStart, ViewerHeaders()},
      {"/api/docs/swagger-ui-bundle.js", type, std::move(script), ViewerHeaders()},
      {"/api/docs/swagger-ui.css", "text/css; charset=utf-8", std::move(style), ViewerHeaders()},
  };
}

}  // namespace invoice::gateway
