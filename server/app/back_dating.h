// Documents that are dated before the newest one of their number series. Not a use case: only app/ calls it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "domain/generation.h"
#include "domain/parties.h"
#include "store/database.h"
#include "store/invoices.h"

namespace invoice::app {

// A document that is to get a number.
struct DatedDocument {
  const domain::Vendor* vendor = nullptr;
  std::string series_key;
  absl::CivilDay date;
};

// One answer for each document, in their order: the newest document of its series where that is dated after it.
// `lock`: the series are held until the end of the transaction, in the order of TakeNumbers(), so that no newer
// document comes in between.
absl::StatusOr<std::vector<std::optional<store::NewestDocument>>> FindNewer(store::Transaction& transaction,
                                                                            const std::vector<DatedDocument>& documents,
                                                                            bool lock);

// FAILED_PRECONDITION, BACK_DATED {newestDate, newestNumber}.
absl::Status BackDated(const store::NewestDocument& newer);
// The same as a warning.
domain::Warning BackDatedWarning(const store::NewestDocument& newer);

// The warning about a draft, which gets no number yet.
absl::StatusOr<std::vector<domain::Warning>> BackDatedWarnings(store::Transaction& transaction,
                                                               const domain::Vendor& vendor,
                                                               const domain::Customer& customer,
                                                               absl::CivilDay invoice_date);

}  // namespace invoice::app
