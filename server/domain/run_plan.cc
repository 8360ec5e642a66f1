#include "domain/run_plan.h"

#include <algorithm>

#include "domain/calendar.h"
#include "fmt/format.h"

namespace invoice::domain {
namespace {

const InvoiceLine* HoursLine(const InvoiceDocument& document) {
  const auto found = std::find_if(document.lines.begin(), document.lines.end(),
                                  [](const InvoiceLine& line) { return line.unit == Unit::kHour; });
  return found == document.lines.end() ? nullptr : &*found;
}

std::string Money(int64_t amount_minor, const std::string& currency_code) {
  const Currency currency = Currency::Find(currency_code).value_or(Currency());
  return FormatAmount(amount_minor, currency) + " " + currency_code;
}

std::string PlanTextOf(const Period& period) { return FormatDate(period.first) + "/" + FormatDate(period.last); }

// By contents: a timesheet that is deleted and entered anew has the version of another one. Each text comes with its
// length, so that no two timesheets have the same text.
std::string PlanTextOf(const Timesheet& timesheet) {
  std::string text =
      fmt::format("{} {} {}\n", PlanTextOf(timesheet.period), timesheet.hours.ToString(), timesheet.currency_code);
  for (const Expense& expense : timesheet.expenses) {
    text += fmt::format("{} {} {}\n", expense.amount_minor, expense.description.size(), expense.description);
  }
  return text + fmt::format("{} {}\n", timesheet.notes.size(), timesheet.notes);
}

std::string NotBilledText(const Period& days) {
  if (days.first == days.last) return fmt::format("The day {} before it is not billed.", FormatDate(days.first));
  return fmt::format("The days {} to {} before it are not billed.", FormatDate(days.first), FormatDate(days.last));
}

}  // namespace

PlanItem ItemOf(const BillingInput& input, const BillingDecision& decision, bool send_email) {
  PlanItem item;
  item.customer_id = input.customer->id;
  item.vendor_id = input.customer->vendor_id;
  item.customer_name = input.customer->name;
  item.outcome = decision.outcome;
  item.reason = decision.reason;
  item.message = decision.message;
  item.period = decision.period;
  if (!decision.draft) return item;
  const InvoiceDocument& document = decision.draft->document;
  const InvoiceLine* hours = HoursLine(document);
  item.hours = hours == nullptr ? Quantity() : hours->quantity;
  item.currency_code = document.currency.code();
  item.total_minor = document.totals.total_minor;
  item.send_email = send_email;
  return item;
}

std::string PlanText(const BillingInput& input, const PlanItem& item, std::string_view mail) {
  const Customer& customer = *input.customer;
  std::string timesheets;
  for (const Timesheet& timesheet : input.facts.timesheets) timesheets += PlanTextOf(timesheet);
  return fmt::format("{}\n{} {} {} {}\n{} {}\n{}\n{} {}\n{} {}\n{}", item.customer_id, customer.version,
                     customer.contract.version, customer.schedule.version, input.vendor->version, Name(item.outcome),
                     item.reason, item.period ? PlanTextOf(*item.period) : std::string(), item.total_minor.value_or(0),
                     item.currency_code, item.send_email, mail, timesheets);
}

std::vector<std::string> DifferencesFrom(const std::optional<PreviousInvoice>& previous, const PlanItem& item,
                                         const BillingDecision& decision) {
  std::vector<std::string> differences;
  if (!decision.draft || !item.total_minor) return differences;
  if (!previous) return {"There is no invoice of an earlier period to compare with."};
  if (previous->currency_code != item.currency_code) {
    differences.push_back(fmt::format("The currency was {} and is {}.", previous->currency_code, item.currency_code));
  } else if (previous->total_minor != *item.total_minor) {
    differences.push_back(fmt::format("The total was {} and is {}.",
                                      Money(previous->total_minor, previous->currency_code),
                                      Money(*item.total_minor, item.currency_code)));
  }
  const InvoiceLine* hours = HoursLine(decision.draft->document);
  if (hours != nullptr && previous->hours && *previous->hours != hours->quantity) {
    differences.push_back(
        fmt::format("The hours were {} and are {}.", previous->hours->ToString(), hours->quantity.ToString()));
  }
  if (hours != nullptr && previous->rate && *previous->rate != hours->unit_price) {
    differences.push_back(
        fmt::format("The rate per hour was {} and is {}.", previous->rate->ToString(), hours->unit_price.ToString()));
  }
  if (item.period && item.period->first != previous->billed_through + 1) {
    differences.push_back(NotBilledText({previous->billed_through + 1, item.period->first - 1}));
  }
  return differences;
}

void AddTotal(std::vector<RunTotal>& totals, std::string_view currency_code, int64_t total_minor, int count) {
  const auto found = std::find_if(totals.begin(), totals.end(),
                                  [&](const RunTotal& total) { return total.currency_code == currency_code; });
  if (found == totals.end()) {
    totals.push_back({std::string(currency_code), count, total_minor});
    return;
  }
  found->count += count;
  found->total_minor += total_minor;
}

}  // namespace invoice::domain
