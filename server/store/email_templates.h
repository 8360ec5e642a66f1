// Versions of vendors' email templates: written once, never changed. Belongs to the transaction it was made with.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "domain/email_template.h"
#include "store/database.h"

namespace invoice::store {

class EmailTemplates {
 public:
  using Versions = std::set<std::pair<std::string, int64_t>>;  // {vendor, version}

  explicit EmailTemplates(Transaction& transaction) : transaction_(transaction) {}

  // The vendor's latest version; the built-in one, version 0, where it has none.
  absl::StatusOr<domain::EmailTemplate> Latest(const std::string& vendor_id);
  // The same of many, by vendor; those without a version are left out.
  absl::StatusOr<std::map<std::string, domain::EmailTemplate>> LatestOfAll(const std::vector<std::string>& vendor_ids);
  // Certain versions, such as emails were queued with, each of them in the answer; version 0 is the built-in one.
  absl::StatusOr<std::map<std::pair<std::string, int64_t>, domain::EmailTemplate>> GetAll(const Versions& versions);
  // The vendor must be locked by this transaction, so that no version is written twice.
  absl::Status Insert(const domain::EmailTemplate& email_template, absl::Time now);

 private:
  Transaction& transaction_;
};

}  // namespace invoice::store
