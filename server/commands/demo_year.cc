#include "commands/demo_year.h"

#include <algorithm>

#include "app/credit_notes.h"
#include "app/customers.h"
#include "app/drafts.h"
#include "app/invoice_life.h"
#include "app/invoices.h"
#include "app/payments.h"
#include "app/periods.h"
#include "app/runs.h"
#include "app/vendors.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/status.h"
#include "commands/demo_mail.h"
#include "commands/demo_parties.h"
#include "domain/billing.h"
#include "domain/states.h"
#include "store/jobs.h"

namespace invoice::commands {
namespace {

using Json = nlohmann::json;

constexpr int kMonths = 12;
constexpr int kDaysBefore = 3;  // the parties are created so long before the first due date
constexpr int kChunk = 50;
constexpr int kMostRuns = 50;  // of one instant
constexpr absl::Duration kChunkLease = absl::Minutes(1);
constexpr absl::Duration kDay = absl::Hours(24);
constexpr absl::Duration kNextMorning = absl::Hours(33);  // runs begin at midnight of the customer

app::Call SeedCall() {
  return {.actor = {.id = "system", .name = "seed", .role = app::Role::kAdmin}, .method = "seed"};
}

// The first instant of the demo: some days before the month of `now`, a year earlier.
absl::Time BeginOf(absl::Time now) {
  const absl::CivilMonth month = absl::ToCivilMonth(now, absl::UTCTimeZone()) - kMonths;
  return absl::FromCivil(absl::CivilDay(month) - kDaysBefore, absl::UTCTimeZone()) + absl::Hours(9);
}

absl::Status WorkElsewhere() {
  return absl::FailedPreconditionError(
      "a worker or a scheduler has taken part of the demo data; stop both and begin with an empty database");
}

// The entries of a list in the plan of a customer, which lives as long as the plan.
const Json& EntriesOf(const Json& plan, const char* name) {
  static const Json kNone = Json::array();
  const auto found = plan.find(name);
  return found == plan.end() ? kNone : *found;
}

// Hours and travel costs that differ from month to month.
domain::Timesheet TimesheetFor(const std::string& customer_id, absl::CivilMonth month) {
  const int number = static_cast<int>(month.year() * 12 + month.month());
  domain::Timesheet timesheet{.customer_id = customer_id,
                              .period = {absl::CivilDay(month), absl::CivilDay(month + 1) - 1},
                              .hours = domain::Quantity::FromUnits((112 + number * 7 % 23) * 10'000 + 5'000),
                              .expenses = {},
                              .notes = ""};
  if (number % 2 == 0) {
    timesheet.expenses.push_back({.description = "Bahnfahrt Berlin–Köln und zurück", .amount_minor = 14'860});
  }
  return timesheet;
}

}  // namespace

struct DemoYear::Client {
  const Json* plan = nullptr;
  std::string id;
  domain::ScheduleRule rule;
  absl::TimeZone zone;
  absl::CivilDay today;               // at the end of the year
  std::string latest;                 // the latest invoice, which is left to be emailed; empty: none
  std::vector<std::string> deferred;  // invoices that the next payment pays too
};

struct DemoYear::Bill {
  Client* client = nullptr;
  std::string id;
  const Json* event = nullptr;  // of the story; none: an ordinary invoice
};

DemoYear::DemoYear(const app::Core& core, absl::Time now, std::string database_url)
    : now_(now),
      database_url_(std::move(database_url)),
      clock_(BeginOf(now)),
      core_{core.database, clock_, core.time_zones, core.renderer, core.flights, core.mail_routes, core.logo_drawer},
      work_(core_, kChunk),
      scheduling_(core_, work_) {}

DemoYear::~DemoYear() = default;

DemoYear::Turn DemoYear::TurnOf(const std::string& name) {
  static const std::map<std::string, Turn> kTurns = {{"UNPAID", Turn::kUnpaid},
                                                     {"PAID_IN_PART", Turn::kPaidInPart},
                                                     {"PAID_TOO_MUCH", Turn::kPaidTooMuch},
                                                     {"PAID_AND_REVERSED", Turn::kPaidAndReversed},
                                                     {"PAID_WITH_NEXT", Turn::kPaidWithNext},
                                                     {"CREDITED_IN_PART", Turn::kCreditedInPart},
                                                     {"CREDITED_AND_BILLED_AGAIN", Turn::kCreditedAndBilledAgain},
                                                     {"CANCELLED_AND_BILLED_AGAIN", Turn::kCancelledAndBilledAgain}};
  return kTurns.at(name);
}

absl::Status DemoYear::Make(const Json& data) {
  RETURN_IF_ERROR(CreateParties(data));
  RETURN_IF_ERROR(Walk());
  clock_.Set(now_);
  RETURN_IF_ERROR(SendLatest());
  return EnableEmails();
}

// --- parties ---------------------------------------------------------------------------------------------------------

absl::Status DemoYear::CreateParties(const Json& data) {
  app::Vendors vendors(core_);
  for (const Json& plan : data.at("vendors")) {
    ASSIGN_OR_RETURN(const app::Outcome<domain::Vendor> vendor, vendors.Create(SeedCall(), DemoVendor(plan), {}));
    for (const Json& customer : plan.at("customers")) {
      RETURN_IF_ERROR(CreateCustomer(vendor.result.id, customer));
    }
  }
  return absl::OkStatus();
}

absl::Status DemoYear::CreateCustomer(const std::string& vendor_id, const Json& plan) {
  auto client = std::make_unique<Client>();
  client->plan = &plan;
  client->zone = core_.time_zones.Find(plan.at("timeZone").get<std::string>()).value();
  client->today = DayOf(*client, now_);
  app::Customers customers(core_);
  const auto read = [&](domain::Customer customer) -> absl::StatusOr<domain::Customer> {
    FillDemoCustomer(plan, client->today, customer);
    return customer;
  };
  ASSIGN_OR_RETURN(const app::Outcome<domain::Customer> created, customers.Create(SeedCall(), vendor_id, read, {}));
  client->id = created.result.id;
  client->rule = domain::RuleOf(created.result);
  if (created.result.contract.require_timesheet) PlanTimesheets(*client);
  PlanSkips(*client);
  PlanAdvance(*client);
  clients_.push_back(std::move(client));
  return absl::OkStatus();
}

// Each month gets its timesheet on its last day, but for the last one, whose period waits for it.
void DemoYear::PlanTimesheets(Client& client) {
  const absl::CivilMonth last(client.today);
  for (absl::CivilMonth month = last - kMonths - 2; month < last - 1; ++month) {
    if (absl::CivilDay(month + 1) <= DayOf(client, clock_.Now())) continue;  // never billed
    const absl::Time time = NoonOf(client, absl::CivilDay(month + 1) - 1);
    At(std::max(time, clock_.Now()), [this, &client, month] { return PutTimesheet(client, month); });
  }
}

void DemoYear::PlanSkips(Client& client) {
  for (const Json& skip : EntriesOf(*client.plan, "skips")) {
    const absl::CivilMonth due = absl::CivilMonth(client.today) - skip.at("monthsAgo").get<int>();
    At(NoonOf(client, absl::CivilDay(due) - 2), [this, &client, due, reason = skip.at("reason").get<std::string>()] {
      return app::Periods(core_).Skip(SeedCall(), client.id, absl::CivilDay(due - 1), reason, {}).status();
    });
  }
}

void DemoYear::PlanAdvance(Client& client) {
  if (!client.plan->contains("advance")) return;
  const int days_ago = client.plan->at("advance").at("daysAgo");
  At(NoonOf(client, client.today - days_ago), [this, &client] { return PayInAdvance(client); });
}

absl::Status DemoYear::PutTimesheet(const Client& client, absl::CivilMonth month) {
  const auto read = [&](const domain::Customer& customer) -> absl::StatusOr<domain::Timesheet> {
    return TimesheetFor(customer.id, month);
  };
  return app::Customers(core_).PutTimesheet(SeedCall(), client.id, "", read, {}).status();
}

absl::Status DemoYear::PayInAdvance(const Client& client) {
  const Json& advance = client.plan->at("advance");
  const auto read = [&](const domain::Customer& customer) -> absl::StatusOr<domain::PaymentRecord> {
    domain::PaymentRecord payment;
    payment.customer_id = customer.id;
    payment.date = DayOf(client, clock_.Now());
    payment.currency = domain::Currency::Find(customer.contract.currency_code).value();
    payment.amount_minor = domain::ParseAmount(advance.at("amount").get<std::string>(), payment.currency).value();
    payment.reference = advance.at("reference");
    return payment;
  };
  return app::Payments(core_).Create(SeedCall(), client.id, read, {}).status();
}

// --- the year --------------------------------------------------------------------------------------------------------

absl::Status DemoYear::Walk() {
  for (;;) {
    const absl::Time step = agenda_.empty() ? absl::InfiniteFuture() : agenda_.begin()->first;
    const absl::Time next = std::max(std::min(step, next_due_), clock_.Now());
    if (next > now_) return absl::OkStatus();
    clock_.Set(next);
    if (next_due_ <= next) RETURN_IF_ERROR(RunScheduler());
    while (!agenda_.empty() && agenda_.begin()->first <= next) {
      const Step due = std::move(agenda_.begin()->second);
      agenda_.erase(agenda_.begin());
      RETURN_IF_ERROR(due());
    }
  }
}

absl::Status DemoYear::RunScheduler() {
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(const app::SchedulingRound round, scheduling_.TakeDue());
    if (!round.led) return WorkElsewhere();
    more = round.taken > 0;
    next_due_ = round.next.value_or(absl::InfiniteFuture());
  }
  RETURN_IF_ERROR(WorkChunks());
  RETURN_IF_ERROR(scheduling_.NoteOverdue(base::kOverdueBatch).status());
  return FollowRuns();
}

absl::Status DemoYear::WorkChunks() {
  std::vector<store::Job> jobs;
  {
    ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
    ASSIGN_OR_RETURN(jobs, store::Jobs(transaction).FetchKind("seed", "RUN_CHUNK", kMostRuns, kChunkLease));
    RETURN_IF_ERROR(transaction.Commit());
  }
  for (const store::Job& job : jobs) RETURN_IF_ERROR(work_.Work(job));
  return absl::OkStatus();
}

// What is to become of the invoices of the runs that were made since it last looked.
absl::Status DemoYear::FollowRuns() {
  app::Runs runs(core_);
  ASSIGN_OR_RETURN(const store::Page<domain::RunRecord> page,
                   runs.List({.mode = domain::RunMode::kScheduled}, {.size = kMostRuns}));
  const std::string before = last_run_id_;
  for (const domain::RunRecord& run : page.records) {
    if (run.id <= before) continue;
    last_run_id_ = std::max(last_run_id_, run.id);
    if (run.state != domain::RunState::kSucceeded) return WorkElsewhere();
    ASSIGN_OR_RETURN(const store::Page<domain::RunResult> results,
                     runs.ListResults(run.id, domain::RunOutcome::kInvoiced, {.size = base::kMaxPageSize}));
    for (const domain::RunResult& result : results.records) {
      const auto client = std::find_if(clients_.begin(), clients_.end(),
                                       [&](const auto& each) { return each->id == result.customer_id; });
      if (client == clients_.end()) return WorkElsewhere();
      Follow(**client, result.invoice_id, run.run_date);
    }
  }
  return absl::OkStatus();
}

void DemoYear::Follow(Client& client, const std::string& invoice_id, absl::CivilDay date) {
  Bill bill{.client = &client, .id = invoice_id, .event = nullptr};
  const bool is_latest = domain::NextDue(client.rule, date) > client.today;
  if (is_latest && client.plan->contains("latest")) {
    client.latest = invoice_id;
    return;
  }
  absl::Duration wait = absl::ZeroDuration();
  if (!client.plan->value("autoIssue", true)) {
    wait = kNextMorning;
    After(wait, [this, bill] { return IssueDraft(bill); });
  }
  const auto months_ago = absl::CivilMonth(client.today) - absl::CivilMonth(date);
  for (const Json& event : EntriesOf(*client.plan, "story")) {
    if (event.at("monthsAgo") == months_ago) bill.event = &event;
  }
  FollowIssued(bill, bill.event ? TurnOf(bill.event->at("turn")) : Turn::kNone, wait);
}

void DemoYear::FollowIssued(const Bill& bill, Turn turn, absl::Duration wait) {
  if (turn == Turn::kCancelledAndBilledAgain)
    return After(wait + absl::Hours(9), [this, bill] { return Cancel(bill); });
  After(wait + kNextMorning, [this, bill] { return HandOver(bill); });
  switch (turn) {
    case Turn::kUnpaid:
    case Turn::kCancelledAndBilledAgain:
      return;
    case Turn::kPaidWithNext:
      bill.client->deferred.push_back(bill.id);
      return;
    case Turn::kCreditedAndBilledAgain:
      return After(wait + 5 * kDay, [this, bill] { return Credit(bill, /*in_part=*/false); });
    case Turn::kCreditedInPart:
      After(wait + 8 * kDay, [this, bill] { return Credit(bill, /*in_part=*/true); });
      break;
    case Turn::kNone:
    case Turn::kPaidInPart:
    case Turn::kPaidTooMuch:
    case Turn::kPaidAndReversed:
      break;
  }
  const int days = bill.client->plan->at("pays").at("afterDays");
  After(wait + days * kDay + absl::Hours(11), [this, bill, turn] { return Pay(bill, turn); });
}

// --- steps of one invoice --------------------------------------------------------------------------------------------

absl::Status DemoYear::IssueDraft(const Bill& bill) {
  return app::Drafts(core_).Issue(SeedCall(), bill.id, "", false, {}).status();
}

absl::Status DemoYear::HandOver(const Bill& bill) {
  const std::string note = bill.client->plan->at("handedOver");
  return app::InvoiceLife(core_).MarkSent(SeedCall(), {.id = bill.id, .etag = "", .text = note}, {}).status();
}

absl::Status DemoYear::Pay(const Bill& bill, Turn turn) {
  Client& client = *bill.client;
  std::vector<std::string> ids = std::exchange(client.deferred, {});
  ids.push_back(bill.id);
  domain::PaymentRecord payment;
  payment.customer_id = client.id;
  payment.date = DayOf(client, clock_.Now());
  payment.method =
      domain::Parse<domain::PaymentMethod>(client.plan->at("pays").at("method").get<std::string>()).value();
  for (const std::string& id : ids) {
    ASSIGN_OR_RETURN(const domain::InvoiceRecord invoice, app::Invoices(core_).Get(id));
    payment.currency = invoice.document.currency;
    const int64_t open_minor = domain::OpenAmount(domain::FactsOf(invoice));
    const int64_t part_minor = turn == Turn::kPaidInPart ? open_minor / 5 * 2 : open_minor;
    payment.allocations.push_back({.invoice_id = id, .invoice_number = "", .amount_minor = part_minor});
    payment.amount_minor += part_minor;
    if (!payment.reference.empty()) payment.reference += ", ";
    payment.reference += invoice.document.number;
  }
  if (turn == Turn::kPaidTooMuch) payment.amount_minor += bill.event->at("excessMinor").get<int64_t>();
  const auto read = [&](const domain::Customer&) -> absl::StatusOr<domain::PaymentRecord> { return payment; };
  ASSIGN_OR_RETURN(const auto paid, app::Payments(core_).Create(SeedCall(), client.id, read, {}));
  if (turn != Turn::kPaidAndReversed) return absl::OkStatus();
  After(4 * kDay, [this, id = paid.result.id, reason = bill.event->at("reason").get<std::string>()] {
    return Reverse(id, reason);
  });
  After(9 * kDay, [this, bill] { return Pay(bill, Turn::kNone); });
  return absl::OkStatus();
}

absl::Status DemoYear::Reverse(const std::string& payment_id, const std::string& reason) {
  return app::Payments(core_).Reverse(SeedCall(), payment_id, "", reason, {}).status();
}

absl::Status DemoYear::Cancel(const Bill& bill) {
  const std::string reason = bill.event->at("reason");
  ASSIGN_OR_RETURN(const auto cancelled,
                   app::InvoiceLife(core_).Cancel(SeedCall(), {.id = bill.id, .etag = "", .text = reason}, {}));
  return BillAgain(bill, cancelled.result.document.period);
}

absl::Status DemoYear::Credit(const Bill& bill, bool in_part) {
  app::CreditNoteInput input{.invoice_id = bill.id, .reason = bill.event->at("reason")};
  if (in_part) input.lines.push_back({.line = 1, .quantity = DemoQuantity(bill.event->at("hours"))});
  ASSIGN_OR_RETURN(const auto note, app::CreditNotes(core_).Create(SeedCall(), input, {}));
  // The note itself goes the way of its invoice.
  After(absl::Hours(1),
        [this, note_bill = Bill{bill.client, note.result.invoice.id, nullptr}] { return HandOver(note_bill); });
  return in_part ? absl::OkStatus() : BillAgain(bill, note.result.invoice.document.period);
}

// A new invoice for days that were taken back; it goes the ordinary way.
absl::Status DemoYear::BillAgain(const Bill& bill, const domain::Period& period) {
  app::ManualInput input{.customer_id = bill.client->id,
                         .invoice_date = DayOf(*bill.client, clock_.Now()),
                         .period = period,
                         .send_email = false};
  if (bill.event->contains("hoursAgain")) input.hours = DemoQuantity(bill.event->at("hoursAgain"));
  ASSIGN_OR_RETURN(const auto run, app::Invoices(core_).RunManual(SeedCall(), input, {}));
  FollowIssued({.client = bill.client, .id = run.result.invoice.id, .event = nullptr}, Turn::kNone,
               absl::ZeroDuration());
  return absl::OkStatus();
}

// --- the present -----------------------------------------------------------------------------------------------------

// The latest invoices are emailed now. First those that are refused, while no other email is queued; the worker sends
// the rest.
absl::Status DemoYear::SendLatest() {
  app::Invoices invoices(core_);
  for (const std::string_view what : {"REFUSED", "EMAILED"}) {
    for (const auto& client : clients_) {
      if (client->latest.empty() || client->plan->at("latest").get<std::string>() != what) continue;
      RETURN_IF_ERROR(invoices.ResendEmail(SeedCall(), client->latest, "", {}).status());
    }
    if (what == "REFUSED") RETURN_IF_ERROR(RefuseQueuedEmails(core_, database_url_));
  }
  return absl::OkStatus();
}

// From now on the schedules email what they bill.
absl::Status DemoYear::EnableEmails() {
  app::Customers customers(core_);
  for (const auto& client : clients_) {
    const auto enable = [](domain::Schedule& schedule) {
      schedule.auto_send_email = true;
      return absl::OkStatus();
    };
    RETURN_IF_ERROR(customers.UpdateSchedule(SeedCall(), client->id, "", enable, {}).status());
  }
  return absl::OkStatus();
}

absl::CivilDay DemoYear::DayOf(const Client& client, absl::Time time) const {
  return absl::ToCivilDay(time, client.zone);
}

absl::Time DemoYear::NoonOf(const Client& client, absl::CivilDay day) const {
  return absl::FromCivil(absl::CivilHour(day.year(), day.month(), day.day(), 12), client.zone);
}

}  // namespace invoice::commands
