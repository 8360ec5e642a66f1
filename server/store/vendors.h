// Rows of vendors. Belongs to the transaction it was made with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/parties.h"
#include "store/database.h"
#include "store/page.h"

namespace invoice::store {

struct VendorFilter {
  std::optional<bool> active;
  std::string q;  // part of the name; empty: all
};

class Vendors {
 public:
  explicit Vendors(Transaction& transaction) : transaction_(transaction) {}

  absl::Status Insert(const domain::Vendor& vendor, absl::Time now);
  // Writes all columns and the next version; the row must be locked by this transaction.
  absl::Status Update(const domain::Vendor& vendor, absl::Time now);
  // NOT_FOUND where there is none.
  absl::StatusOr<domain::Vendor> Get(const std::string& id);
  absl::StatusOr<domain::Vendor> Lock(const std::string& id);
  // Keeps the vendor from being changed until the end of the transaction, without keeping other readers out.
  absl::StatusOr<domain::Vendor> Share(const std::string& id);
  // Those that are there, in the order of their ids; `share` keeps them from being changed as Share() does.
  absl::StatusOr<std::vector<domain::Vendor>> GetAll(const std::vector<std::string>& ids, bool share);
  // By name. `page.after` is {lower-case name, id} of the last row seen.
  absl::StatusOr<Page<domain::Vendor>> List(const VendorFilter& filter, const PageRequest& page);

 private:
  Transaction& transaction_;
};

}  // namespace invoice::store
