// The gateway itself: takes a request, finds who answers it, and sees that there is one answer, one log line and one
// count. Thread safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/metrics.h"
#include "gateway/cors.h"
#include "gateway/forward.h"
#include "gateway/http/exchange.h"
#include "gateway/responder.h"
#include "gateway/transcode/routes.h"
#include "gateway/upstream/upstream.h"

namespace invoice::gateway {

class Gateway {
 public:
  struct Parts {
    std::unique_ptr<Routes> routes;
    Cors cors;
    std::string openapi;  // the document; empty for none
  };

  // `target.backend` and `metrics` must outlive it.
  Gateway(Parts parts, Target target, base::Metrics& metrics);

  void Handle(Exchange& exchange);

 private:
  // What was answered, by its route's template: never by what a client wrote.
  struct Answered {
    std::string_view method;
    std::string_view path;
  };

  Answered Answer(const std::string& request_id, Responder& responder);
  // Pages of the gateway's own. False where the path is none of them.
  bool AnswerPage(const std::string& request_id, Responder& responder);
  void AnswerOptions(const std::vector<std::string>& methods, Responder& responder);
  void Count(const Answered& answered, int status, absl::Duration duration);

  const Parts parts_;
  const Target target_;
  base::Metrics& metrics_;
};

}  // namespace invoice::gateway
