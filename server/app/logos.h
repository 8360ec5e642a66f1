// Use cases of a vendor's logo, and the way of its file to the printed page. Thread-safe.
#pragma once

#include <functional>
#include <string>

#include "app/call.h"
#include "app/core.h"
#include "app/documents.h"
#include "domain/parties.h"

namespace invoice::app {

class Logos {
 public:
  explicit Logos(Core& core) : core_(core) {}

  // INVALID_ARGUMENT on the field "data" where the bytes are no logo that can be printed, or take too much to be drawn.
  // Documents that are issued from now on show it.
  absl::StatusOr<Outcome<domain::Vendor>> Upload(const Call& call, const std::string& vendor_id,
                                                 const std::string& bytes, const Encode<domain::Vendor>& encode);
  // Documents that are issued from now on have none. Succeeds where there is none already.
  absl::StatusOr<Outcome<domain::Vendor>> Remove(const Call& call, const std::string& vendor_id,
                                                 const Encode<domain::Vendor>& encode);
  // As it was uploaded. NOT_FOUND where the vendor has none.
  absl::StatusOr<Document> Get(const std::string& vendor_id);

 private:
  // Writes the logo's name to the vendor after `store` has stored what it stands for.
  absl::StatusOr<Outcome<domain::Vendor>> Set(const Call& call, const std::string& vendor_id, const std::string& sha256,
                                              const std::function<absl::Status(store::Transaction&)>& store,
                                              const Encode<domain::Vendor>& encode);

  Core& core_;
};

// The form of a logo that documents print; an empty file where `sha256` is empty or the logo of a time before forms
// cannot be drawn. Must not be called within a transaction.
absl::StatusOr<LogoFiles::File> LogoFileOf(Core& core, const std::string& sha256);

}  // namespace invoice::app
