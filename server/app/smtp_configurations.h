// Use cases of SMTP configurations, but for their test. Thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/call.h"
#include "app/core.h"
#include "base/secret.h"
#include "domain/smtp_configuration.h"
#include "store/smtp_configurations.h"

namespace invoice::app {

// A configuration with what a request says of its password: none keeps the one that is there, an empty one removes it.
struct SmtpConfigurationChange {
  domain::SmtpConfiguration configuration;
  std::optional<base::Secret> password;
};

class SmtpConfigurations {
 public:
  using Record = domain::SmtpConfiguration;

  explicit SmtpConfigurations(Core& core) : core_(core) {}

  // Id, version and times are set here. NOT_FOUND where the vendor is unknown, ALREADY_EXISTS where there is an active
  // one, FAILED_PRECONDITION where there is a password and no key to seal it with.
  absl::StatusOr<Outcome<Record>> Create(const Call& call, const SmtpConfigurationChange& given,
                                         const Encode<Record>& encode);
  absl::StatusOr<Record> Get(const std::string& id);
  absl::StatusOr<store::Page<Record>> List(const store::SmtpConfigurationFilter& filter,
                                           const store::PageRequest& page);
  // Ends a pause. `etag` empty: whatever the version.
  absl::StatusOr<Outcome<Record>> Update(const Call& call, const std::string& id, const std::string& etag,
                                         const std::function<absl::Status(SmtpConfigurationChange&)>& change,
                                         const Encode<Record>& encode);
  // Delete and undelete. Setting what is already so changes nothing and succeeds.
  absl::StatusOr<Outcome<Record>> SetActive(const Call& call, const std::string& id, const std::string& etag,
                                            bool active, const Encode<Record>& encode);

 private:
  // Seals the password that was given, if any.
  absl::Status SealInto(const std::optional<base::Secret>& password, Record& configuration) const;

  Core& core_;
};

}  // namespace invoice::app
