#include "app/dashboard.h"

#include <map>

#include "base/status.h"
#include "domain/billing.h"
#include "domain/generation.h"
#include "domain/schedule.h"
#include "store/customers.h"
#include "store/vendors.h"

namespace invoice::app {
namespace {

absl::CivilMonth ThisMonth(const Core& core) { return absl::ToCivilMonth(core.clock.Now(), absl::UTCTimeZone()); }

// What the invoice would be if it were made today; nothing where that would fail.
std::optional<int64_t> Estimate(const domain::Vendor& vendor, const domain::Customer& customer,
                                const Upcoming& upcoming, std::vector<domain::Timesheet> timesheets) {
  if (!upcoming.period) return std::nullopt;
  const domain::GenerationInput input{
      .mode = domain::RunMode::kScheduled,
      .vendor = vendor,
      .customer = customer,
      .invoice_date = upcoming.due_date,
      .period = *upcoming.period,
      .whole_period = domain::OccurrenceOn(customer.contract.frequency, customer.schedule, upcoming.due_date).period,
      .timesheets = std::move(timesheets)};
  const absl::StatusOr<domain::InvoiceDraft> draft = domain::GenerateInvoice(input);
  if (!draft.ok()) return std::nullopt;
  return draft->document.totals.total_minor;
}

Upcoming UpcomingOf(const domain::Customer& customer) {
  Upcoming upcoming{.customer_id = customer.id,
                    .customer_name = customer.name,
                    .due_date = *customer.schedule.next_run_date,
                    .currency_code = customer.contract.currency_code,
                    .send_email = customer.schedule.auto_send_email};
  upcoming.period =
      domain::Clip(domain::OccurrenceOn(customer.contract.frequency, customer.schedule, upcoming.due_date).period,
                   customer.contract.start_date, customer.contract.end_date);
  return upcoming;
}

// The vendors of a page of customers, which are few.
absl::StatusOr<std::map<std::string, domain::Vendor>> ReadVendors(store::Transaction& transaction,
                                                                  const std::vector<domain::Customer>& customers) {
  std::map<std::string, domain::Vendor> vendors;
  for (const domain::Customer& customer : customers) {
    if (vendors.contains(customer.vendor_id)) continue;
    ASSIGN_OR_RETURN(vendors[customer.vendor_id], store::Vendors(transaction).Get(customer.vendor_id));
  }
  return vendors;
}

}  // namespace

absl::StatusOr<DashboardStats> Dashboard::GetStats(const std::string& vendor_id) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  store::Dashboard dashboard(transaction);
  DashboardStats stats{.as_of = core_.clock.Now()};
  ASSIGN_OR_RETURN(stats.totals, dashboard.Totals(vendor_id, absl::CivilDay(ThisMonth(core_)), stats.as_of));
  ASSIGN_OR_RETURN(stats.counts, dashboard.Counts(vendor_id));
  return stats;
}

absl::StatusOr<store::Page<Upcoming>> Dashboard::ListUpcoming(const std::string& vendor_id,
                                                              const store::PageRequest& request) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  store::Customers customers(transaction);
  ASSIGN_OR_RETURN(store::Page<domain::Customer> found, customers.ListUpcoming(vendor_id, request));
  store::Page<Upcoming> page{
      .next = std::move(found.next), .total_size = found.total_size, .total_capped = found.total_capped};
  std::map<std::string, domain::Period> periods;
  for (const domain::Customer& customer : found.records) {
    page.records.push_back(UpcomingOf(customer));
    if (page.records.back().period) periods[customer.id] = *page.records.back().period;
  }
  ASSIGN_OR_RETURN(auto timesheets, customers.FindTimesheets(periods));
  ASSIGN_OR_RETURN(const auto vendors, ReadVendors(transaction, found.records));
  for (size_t i = 0; i < found.records.size(); ++i) {
    const domain::Customer& customer = found.records[i];
    page.records[i].estimated_total_minor =
        Estimate(vendors.at(customer.vendor_id), customer, page.records[i], std::move(timesheets[customer.id]));
  }
  return page;
}

absl::StatusOr<store::Page<store::ActivityRecord>> Dashboard::ListActivity(const std::string& vendor_id,
                                                                           const store::PageRequest& page) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  return store::Dashboard(transaction).Activity(vendor_id, page);
}

absl::StatusOr<std::vector<store::MonthSum>> Dashboard::GetRevenue(const std::string& vendor_id, int months) {
  const absl::CivilMonth last = ThisMonth(core_);
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  return store::Dashboard(transaction).Revenue(vendor_id, absl::CivilDay(last - (months - 1)), absl::CivilDay(last));
}

absl::StatusOr<int64_t> FoldRollups(Core& core, int limit) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core.database.Begin());
  ASSIGN_OR_RETURN(const int64_t folded, store::Dashboard(transaction).Fold(core.clock.Now(), limit));
  RETURN_IF_ERROR(transaction.Commit());
  return folded;
}

}  // namespace invoice::app
