// The health pages: whether this process lives, and whether the whole system can do its work. The only part of the
// gateway that names a service. Stateless.
#pragma once

#include "gateway/responder.h"
#include "gateway/upstream/upstream.h"

namespace invoice::gateway {

// GET /health: answered without asking anybody.
void AnswerHealth(Responder& responder);

// GET /health/ready: what the backend says, 200 or 503, within base::kReadinessWait.
void AnswerReadiness(Backend& backend, const ResponderPtr& responder);

}  // namespace invoice::gateway
