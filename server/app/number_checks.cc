#include "app/number_checks.h"

#include "base/limits.h"
#include "base/status.h"

namespace invoice::app {
namespace {

std::string NumberOf(const domain::NumberPattern& pattern, const BillingCase& billing_case, int64_t sequence) {
  return pattern.Format(billing_case.input.customer->contract.invoice_prefix,
                        billing_case.decision.draft->document.invoice_date, sequence);
}

}  // namespace

absl::Status NumberTaken(const std::string& number) {
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kNumberTaken,
                       "the next number of the series, " + number +
                           ", is in use by another document of the vendor; change the prefix or the pattern",
                       {{"number", number}});
}

// Drafts take no number.
absl::StatusOr<std::vector<NumberChecks::Numbered>> NumberChecks::FindNumbered(BillingBatch& batch) const {
  std::vector<Numbered> numbered;
  for (BillingCase& billing_case : batch.cases) {
    const domain::Customer& customer = *billing_case.input.customer;
    if (!billing_case.decision.draft || !customer.schedule.auto_issue) continue;
    ASSIGN_OR_RETURN(domain::NumberPattern pattern, PatternOf(*billing_case.input.vendor, customer));
    std::string key =
        pattern.SeriesKey(customer.contract.invoice_prefix, billing_case.decision.draft->document.invoice_date);
    numbered.push_back({&billing_case, {customer.vendor_id, std::move(key)}, std::move(pattern)});
  }
  return numbered;
}

absl::Status NumberChecks::ReadSeries(store::Transaction& transaction, const std::vector<Numbered>& numbered) {
  std::vector<store::SeriesDemand> unread;
  for (const Numbered& one : numbered) {
    if (!series_.try_emplace(one.series).second) continue;
    unread.push_back({.vendor_id = one.series.first, .series_key = one.series.second, .count = 1});
  }
  if (unread.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(store::Invoices(transaction).PeekNumbers(unread));
  for (const store::SeriesDemand& read : unread) {
    Series& series = series_[{read.vendor_id, read.series_key}];
    series.counter = series.next = read.first;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::set<std::pair<std::string, std::string>>> NumberChecks::FindTaken(
    store::Transaction& transaction, const std::vector<Numbered>& numbered) {
  std::map<std::string, std::vector<std::string>> wanted;  // by vendor
  std::map<SeriesId, int64_t> next;
  for (const Numbered& one : numbered) {
    const int64_t sequence = series_[one.series].next + next[one.series]++;
    wanted[one.series.first].push_back(NumberOf(one.pattern, *one.billing_case, sequence));
  }
  std::set<std::pair<std::string, std::string>> taken;
  for (const auto& [vendor, numbers] : wanted) {
    ASSIGN_OR_RETURN(const auto found, store::Invoices(transaction).FindNumbers(vendor, numbers));
    for (const std::string& number : found) taken.emplace(vendor, number);
  }
  return taken;
}

absl::StatusOr<bool> NumberChecks::HaveMoved(store::Transaction& transaction, const std::vector<Numbered>& numbered) {
  std::map<SeriesId, store::SeriesDemand> demands;
  for (const Numbered& one : numbered) {
    demands[one.series] = {.vendor_id = one.series.first, .series_key = one.series.second, .count = 1};
  }
  std::vector<store::SeriesDemand> read;
  for (const auto& [id, demand] : demands) read.push_back(demand);
  RETURN_IF_ERROR(store::Invoices(transaction).PeekNumbers(read));
  bool moved = false;
  for (const store::SeriesDemand& demand : read) {
    Series& series = series_[{demand.vendor_id, demand.series_key}];
    moved = moved || demand.first != series.counter;
    series.next += demand.first - series.counter;
    series.counter = demand.first;
  }
  return moved;
}

absl::Status NumberChecks::Refuse(store::Transaction& transaction, BillingBatch& batch) {
  ASSIGN_OR_RETURN(const std::vector<Numbered> numbered, FindNumbered(batch));
  RETURN_IF_ERROR(ReadSeries(transaction, numbered));
  std::set<std::pair<std::string, std::string>> there;
  // Counters and documents are read by two statements: what others issued in between is no collision.
  for (int tries = 0; tries < base::kMaxTransactionTries; ++tries) {
    ASSIGN_OR_RETURN(there, FindTaken(transaction, numbered));
    if (there.empty()) break;
    ASSIGN_OR_RETURN(const bool moved, HaveMoved(transaction, numbered));
    if (!moved) break;
  }
  for (const Numbered& one : numbered) {
    Series& series = series_[one.series];
    domain::BillingDecision& decision = one.billing_case->decision;
    const std::string& vendor = one.series.first;
    std::string number = NumberOf(one.pattern, *one.billing_case, series.next);
    if (series.taken.empty() && (there.contains({vendor, number}) || given_.contains({vendor, number}))) {
      series.taken = number;
    }
    if (!series.taken.empty()) {
      decision = domain::Refused(std::move(decision), NumberTaken(series.taken));
      continue;
    }
    ++series.next;
    given_.emplace(vendor, std::move(number));
  }
  return absl::OkStatus();
}

}  // namespace invoice::app
