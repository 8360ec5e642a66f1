// Rows of SMTP configurations, with the pause that each is in. Belongs to the transaction it was made with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/smtp_configuration.h"
#include "store/database.h"
#include "store/page.h"

namespace invoice::store {

struct SmtpConfigurationFilter {
  std::optional<bool> active;
  std::string vendor_id;  // empty: of all vendors, and global ones
};

// A password that another key than the wanted one has sealed.
struct OutdatedPassword {
  std::string configuration_id;
  domain::SealedPassword password;
};

class SmtpConfigurations {
 public:
  explicit SmtpConfigurations(Transaction& transaction) : transaction_(transaction) {}

  absl::Status Insert(const domain::SmtpConfiguration& configuration, absl::Time now);
  // Writes all columns and the next version; the row must be locked by this transaction. The pause is not a column.
  absl::Status Update(const domain::SmtpConfiguration& configuration, absl::Time now);
  // NOT_FOUND where there is none.
  absl::StatusOr<domain::SmtpConfiguration> Get(const std::string& id);
  absl::StatusOr<domain::SmtpConfiguration> Lock(const std::string& id);
  // By name. `page.after` is {name, id} of the last row seen.
  absl::StatusOr<Page<domain::SmtpConfiguration>> List(const SmtpConfigurationFilter& filter, const PageRequest& page);
  // The active ones of these vendors, and the global one.
  absl::StatusOr<std::vector<domain::SmtpConfiguration>> OfVendors(const std::vector<std::string>& vendor_ids);

  // Passwords that another key than `key_id` has sealed, by id after `after` (empty: from the first), at most `limit`;
  // locked, without those that another rotation has locked.
  absl::StatusOr<std::vector<OutdatedPassword>> LockOutdated(const std::string& key_id, const std::string& after,
                                                             int limit);
  // How many passwords another key than `key_id` has sealed.
  absl::StatusOr<int64_t> CountOutdated(const std::string& key_id);
  // The same password under another key; the version stays.
  absl::Status Reseal(const std::string& id, const domain::SealedPassword& password);

 private:
  Transaction& transaction_;
};

// For the audit trail. Of the password it says `password` only: "none", "set" or "changed".
std::string ToJson(const domain::SmtpConfiguration& configuration, const std::string& password);

}  // namespace invoice::store
