#include "invoice/v1/health.pb.h"
#include "rpc/handlers.h"

namespace invoice::rpc {

void ServeHealth(Api& api, std::function<Readiness()> readiness) {
  api.On("HealthService/GetReadiness",
         [readiness = std::move(readiness)](
             Context&, const v1::GetReadinessRequest&) -> absl::StatusOr<v1::GetReadinessResponse> {
           const Readiness now = readiness();
           v1::GetReadinessResponse response;
           response.set_status(now.ready ? "ready" : "not_ready");
           response.set_version(now.version);
           response.set_database(now.database);
           response.set_redis(now.redis);
           response.set_migrations(now.migrations);
           for (const std::string& problem : now.problems) response.add_problems(problem);
           return response;
         });
}

}  // namespace invoice::rpc
