#include "app/mail_routes.h"

namespace invoice::app {

absl::StatusOr<std::map<std::string, MailRoute>> MailRoutes::Of(store::Transaction&,
                                                                const std::vector<std::string>& vendor_ids) const {
  std::map<std::string, MailRoute> routes;
  if (!environment_) return routes;
  for (const std::string& vendor_id : vendor_ids) routes.emplace(vendor_id, *environment_);
  return routes;
}

}  // namespace invoice::app
