// The gateway itself: takes a request, finds who answers it, and sees that there is one answer, one log line and one
// count. Thread safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/metrics.h"
#include "gateway/cors.h"
#include "gateway/credentials.h"
#include "gateway/forward.h"
#include "gateway/http/exchange.h"
#include "gateway/request_metrics.h"
#include "gateway/responder.h"
#include "gateway/static_pages.h"
#include "gateway/transcode/route_hints.h"
#include "gateway/transcode/routes.h"
#include "gateway/upstream/upstream.h"

namespace invoice::gateway {

class Gateway {
 public:
  struct Parts {
    std::unique_ptr<Routes> routes;
    Cors cors;
    std::vector<StaticPage> pages;
  };

  // `target.backend` and `metrics` must outlive it.
  Gateway(Parts parts, Target target, base::Metrics& metrics);
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  // Returns at once; the answer comes when it is there. All exchanges must be over before the gateway goes.
  void Handle(std::shared_ptr<Exchange> exchange);

 private:
  using Page = std::function<void(const ResponderPtr& responder)>;

  void Answer(const ResponderPtr& responder);
  void AnswerPage(const Page& page, const ResponderPtr& responder);
  void AnswerOptions(const std::vector<std::string>& methods, Responder& responder);
  // One log line and one count, by the route's template: never by what a client wrote.
  void Report(const Responder& responder, absl::Duration duration);

  const Parts parts_;
  const RouteHints hints_;
  const Credentials credentials_;
  const Target target_;
  RequestMetrics metrics_;
  std::map<std::string, Page, std::less<>> pages_;  // of the gateway's own, by their path
};

}  // namespace invoice::gateway
