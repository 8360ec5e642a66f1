// Use cases of a vendor's logo, and the way of its file to the printed page. Thread-safe.
#pragma once

#include <string>

#include "app/call.h"
#include "app/core.h"
#include "app/documents.h"
#include "domain/parties.h"

namespace invoice::app {

class Logos {
 public:
  explicit Logos(Core& core) : core_(core) {}

  // INVALID_ARGUMENT on the field "data" where the bytes are no logo that can be printed. Documents that are issued
  // from now on show it.
  absl::StatusOr<Outcome<domain::Vendor>> Upload(const Call& call, const std::string& vendor_id,
                                                 const std::string& bytes, const Encode<domain::Vendor>& encode);
  // NOT_FOUND where the vendor has none.
  absl::StatusOr<Document> Get(const std::string& vendor_id);

 private:
  Core& core_;
};

// The file of a logo as it was uploaded; an empty one where `sha256` is empty. Must not be called within a transaction.
absl::StatusOr<LogoFiles::File> LogoFileOf(Core& core, const std::string& sha256);

}  // namespace invoice::app
