#include "app/back_dating.h"

#include <map>

#include "app/issue.h"
#include "base/status.h"
#include "domain/calendar.h"
#include "domain/numbers.h"

namespace invoice::app {
namespace {

std::string TextOfNewer(const store::NewestDocument& newer) {
  return "the newest document of the number series, " + newer.number + ", is dated " + domain::FormatDate(newer.date);
}

}  // namespace

absl::StatusOr<std::vector<std::optional<store::NewestDocument>>> FindNewer(store::Transaction& transaction,
                                                                            const std::vector<DatedDocument>& documents,
                                                                            bool lock) {
  std::map<std::pair<std::string, std::string>, size_t> places;  // of a series in `series`
  std::vector<store::SeriesDemand> series;
  for (const DatedDocument& document : documents) {
    const auto [place, added] = places.try_emplace({document.vendor->id, document.series_key}, series.size());
    if (added) series.push_back({.vendor_id = document.vendor->id, .series_key = document.series_key});
  }
  std::vector<std::optional<store::NewestDocument>> newer(documents.size());
  if (series.empty()) return newer;
  ASSIGN_OR_RETURN(const auto newest, store::Invoices(transaction).FindNewest(series, lock));
  for (size_t i = 0; i < documents.size(); ++i) {
    const auto& found = newest[places.at({documents[i].vendor->id, documents[i].series_key})];
    if (found && documents[i].date < found->date) newer[i] = found;
  }
  return newer;
}

absl::Status BackDated(const store::NewestDocument& newer) {
  return base::Failure(
      absl::StatusCode::kFailedPrecondition, base::Reason::kBackDated,
      TextOfNewer(newer) + ", and the vendor refuses earlier dates; date this one on or after that day",
      {{"newestDate", domain::FormatDate(newer.date)}, {"newestNumber", newer.number}});
}

domain::Warning BackDatedWarning(const store::NewestDocument& newer) {
  return {std::string(base::ReasonName(base::Reason::kBackDated)), TextOfNewer(newer)};
}

absl::StatusOr<std::vector<domain::Warning>> BackDatedWarnings(store::Transaction& transaction,
                                                               const domain::Vendor& vendor,
                                                               const domain::Customer& customer,
                                                               absl::CivilDay invoice_date) {
  ASSIGN_OR_RETURN(const domain::NumberPattern pattern, PatternOf(vendor, customer));
  const DatedDocument document{.vendor = &vendor,
                               .series_key = pattern.SeriesKey(customer.contract.invoice_prefix, invoice_date),
                               .date = invoice_date};
  ASSIGN_OR_RETURN(const auto newer, FindNewer(transaction, {document}, /*lock=*/false));
  std::vector<domain::Warning> warnings;
  if (newer[0]) warnings.push_back(BackDatedWarning(*newer[0]));
  return warnings;
}

}  // namespace invoice::app
