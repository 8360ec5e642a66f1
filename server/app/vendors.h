// Use cases of vendors. Thread-safe.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "app/call.h"
#include "app/core.h"
#include "store/vendors.h"

namespace invoice::app {

// Changes a record in place; what it refuses is the answer of the call. Given by rpc/, which knows the fields of a
// request's mask.
template <typename Record>
using Change = std::function<absl::Status(Record&)>;

// FAILED_PRECONDITION, VENDOR_INACTIVE.
absl::Status CheckActive(const domain::Vendor& vendor);

// FAILED_PRECONDITION, BOOKS_CLOSED, where the vendor's books are closed through that day or a later one; `way_out`
// says what to do instead.
absl::Status CheckBooksOpen(const domain::Vendor& vendor, absl::CivilDay day, std::string_view way_out);

class Vendors {
 public:
  explicit Vendors(Core& core) : core_(core) {}

  // Id, version and times of `vendor` are set here.
  absl::StatusOr<Outcome<domain::Vendor>> Create(const Call& call, domain::Vendor vendor,
                                                 const Encode<domain::Vendor>& encode);
  absl::StatusOr<domain::Vendor> Get(const std::string& id);
  absl::StatusOr<store::Page<domain::Vendor>> List(const store::VendorFilter& filter, const store::PageRequest& page);
  // `etag` empty: whatever the version. ABORTED with STALE_ETAG where it is another.
  absl::StatusOr<Outcome<domain::Vendor>> Update(const Call& call, const std::string& id, const std::string& etag,
                                                 const Change<domain::Vendor>& change,
                                                 const Encode<domain::Vendor>& encode);
  // Delete and undelete. Setting what is already so changes nothing and succeeds.
  absl::StatusOr<Outcome<domain::Vendor>> SetActive(const Call& call, const std::string& id, const std::string& etag,
                                                    bool active, const Encode<domain::Vendor>& encode);

 private:
  Core& core_;
};

}  // namespace invoice::app
