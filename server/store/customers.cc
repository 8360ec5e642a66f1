#include "store/customers.h"

#include <algorithm>

#include "base/limits.h"
#include "base/status.h"
#include "store/copy_rows.h"
#include "store/json.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

domain::Contract ReadContract(const Row& row) {
  domain::Contract contract;
  contract.customer_id = row.Text("id");
  contract.invoice_prefix = row.Text("invoice_prefix");
  contract.number_pattern = row.Text("number_pattern");
  contract.frequency = domain::Parse<domain::Frequency>(row.Text("frequency")).value();
  contract.default_hours = row.OptionalDecimal<domain::Quantity>("default_hours");
  contract.rate_per_hour = row.OptionalDecimal<domain::UnitPrice>("rate_per_hour");
  contract.currency_code = row.Text("currency_code");
  contract.taxes = TaxesFromJson(row.Text("taxes"));
  contract.payment_terms.kind = domain::Parse<domain::PaymentTermsKind>(row.Text("payment_terms_kind")).value();
  contract.payment_terms.days = static_cast<int>(row.Int("payment_terms_days"));
  contract.extra_fees_minor = row.Int("extra_fees_minor");
  contract.extra_fees_label = row.Text("extra_fees_label");
  contract.start_date = row.OptionalDay("start_on");
  contract.end_date = row.OptionalDay("end_on");
  contract.purchase_order = row.Text("purchase_order");
  contract.buyer_reference = row.Text("buyer_reference");
  contract.require_timesheet = row.Bool("require_timesheet");
  contract.partial_periods = domain::Parse<domain::PartialPeriods>(row.Text("partial_periods")).value();
  contract.notes = row.Text("notes");
  contract.version = row.Int("contract_version");
  contract.updated_at = row.Time("contract_updated_at");
  return contract;
}

domain::Customer ReadCustomer(const Row& row) {
  domain::Customer customer;
  customer.id = row.Text("id");
  customer.vendor_id = row.Text("vendor_id");
  customer.name = row.Text("name");
  customer.email = row.Text("email");
  customer.cc_emails = TextsFromJson(row.Text("cc_emails"));
  customer.bcc_emails = TextsFromJson(row.Text("bcc_emails"));
  customer.contractor_name = row.Text("contractor_name");
  customer.service_location = row.Text("service_location");
  customer.locale = row.Text("locale");
  customer.tax_number = row.Text("tax_number");
  customer.address = AddressFromJson(row.Text("address"));
  customer.active = row.Bool("active");
  customer.version = row.Int("version");
  customer.created_at = row.Time("created_at");
  customer.updated_at = row.Time("updated_at");
  customer.contract = ReadContract(row);
  customer.schedule = ReadSchedule(row);
  return customer;
}

Params CustomerColumns(const domain::Customer& customer, absl::Time now) {
  return {{"id", customer.id},
          {"vendor_id", customer.vendor_id},
          {"name", customer.name},
          {"email", customer.email},
          {"cc_emails", ToJson(customer.cc_emails)},
          {"bcc_emails", ToJson(customer.bcc_emails)},
          {"contractor_name", customer.contractor_name},
          {"service_location", customer.service_location},
          {"locale", customer.locale},
          {"tax_number", customer.tax_number},
          {"address", ToJson(customer.address)},
          {"active", customer.active},
          {"now", now}};
}

Params ContractColumns(const domain::Customer& customer, absl::Time now) {
  const domain::Contract& contract = customer.contract;
  return {{"customer_id", customer.id},
          {"vendor_id", customer.vendor_id},
          {"invoice_prefix", contract.invoice_prefix},
          {"number_pattern", contract.number_pattern},
          {"frequency", domain::Name(contract.frequency)},
          {"default_hours", contract.default_hours},
          {"rate_per_hour", contract.rate_per_hour},
          {"currency_code", contract.currency_code},
          {"taxes", ToJson(contract.taxes)},
          {"payment_terms_kind", domain::Name(contract.payment_terms.kind)},
          {"payment_terms_days", contract.payment_terms.days},
          {"extra_fees_minor", contract.extra_fees_minor},
          {"extra_fees_label", contract.extra_fees_label},
          {"start_on", contract.start_date},
          {"end_on", contract.end_date},
          {"purchase_order", contract.purchase_order},
          {"buyer_reference", contract.buyer_reference},
          {"require_timesheet", contract.require_timesheet},
          {"partial_periods", domain::Name(contract.partial_periods)},
          {"notes", contract.notes},
          {"now", now}};
}

Params ScheduleColumns(const domain::Customer& customer, absl::Time now) {
  const domain::Schedule& schedule = customer.schedule;
  const std::optional<domain::Occurrence>& transition = schedule.transition;
  return {{"customer_id", customer.id},
          {"vendor_id", customer.vendor_id},
          {"enabled", schedule.enabled},
          {"auto_send_email", schedule.auto_send_email},
          {"auto_issue", schedule.auto_issue},
          {"time_zone", schedule.time_zone},
          {"billing_weekday", schedule.billing_weekday},
          {"anchor_on", schedule.anchor_date},
          {"billing_day", schedule.billing_day},
          {"missed_run_policy", domain::Name(schedule.missed_run_policy)},
          {"max_catch_up", schedule.max_catch_up},
          {"last_run_on", schedule.last_run_date},
          {"next_run_on", schedule.next_run_date},
          {"handled_through_on", schedule.handled_through},
          {"transition_due_on", transition ? std::optional(transition->due) : std::nullopt},
          {"transition_start_on", transition ? std::optional(transition->period.first) : std::nullopt},
          {"transition_end_on", transition ? std::optional(transition->period.last) : std::nullopt},
          {"now", now}};
}

absl::StatusOr<domain::Customer> OneCustomer(absl::StatusOr<std::optional<Row>> row, const std::string& id) {
  if (!row.ok()) return row.status();
  if (!*row) return base::NotFound("customer", id);
  return ReadCustomer(**row);
}

}  // namespace

domain::Schedule ReadSchedule(const Row& row) {
  domain::Schedule schedule;
  schedule.customer_id = row.Text("id");
  schedule.enabled = row.Bool("enabled");
  schedule.auto_send_email = row.Bool("auto_send_email");
  schedule.auto_issue = row.Bool("auto_issue");
  schedule.time_zone = row.Text("time_zone");
  schedule.billing_weekday = static_cast<int>(row.Int("billing_weekday"));
  schedule.anchor_date = row.Day("anchor_on");
  schedule.billing_day = static_cast<int>(row.Int("billing_day"));
  schedule.missed_run_policy = domain::Parse<domain::MissedRunPolicy>(row.Text("missed_run_policy")).value();
  schedule.max_catch_up = static_cast<int>(row.Int("max_catch_up"));
  schedule.last_run_date = row.OptionalDay("last_run_on");
  schedule.next_run_date = row.OptionalDay("next_run_on");
  schedule.handled_through = row.OptionalDay("handled_through_on");
  if (!row.IsNull("transition_due_on")) {
    schedule.transition = {.due = row.Day("transition_due_on"),
                           .period = {row.Day("transition_start_on"), row.Day("transition_end_on")}};
  }
  schedule.version = row.Int("schedule_version");
  schedule.updated_at = row.Time("schedule_updated_at");
  return schedule;
}

domain::Timesheet ReadTimesheet(const Row& row) {
  domain::Timesheet timesheet;
  timesheet.customer_id = row.Text("customer_id");
  timesheet.period = {row.Day("period_start_on"), row.Day("period_end_on")};
  timesheet.hours = row.Decimal<domain::Quantity>("hours");
  timesheet.currency_code = row.Text("currency_code");
  timesheet.expenses = ExpensesFromJson(row.Text("expenses"));
  timesheet.notes = row.Text("notes");
  timesheet.version = row.Int("version");
  timesheet.updated_at = row.Time("updated_at");
  return timesheet;
}

// The columns in the order of the statements, which then have those of a first version.
absl::Status Customers::InsertAll(const std::vector<domain::Customer>& customers, absl::Time now) {
  CopyRows rows;
  CopyRows contracts;
  CopyRows schedules;
  for (const domain::Customer& customer : customers) {
    Params columns = CustomerColumns(customer, now);
    columns.insert(columns.end(), {{"version", 1}, {"created_at", now}});
    rows.Add(columns);
    columns = ContractColumns(customer, now);
    columns.emplace_back("version", 1);
    contracts.Add(columns);
    columns = ScheduleColumns(customer, now);
    columns.emplace_back("version", 1);
    schedules.Add(columns);
  }
  if (rows.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(transaction_.Copy(sql::kCustomerCopy, rows.text()));
  RETURN_IF_ERROR(transaction_.Copy(sql::kContractCopy, contracts.text()));
  return transaction_.Copy(sql::kScheduleCopy, schedules.text());
}

absl::Status Customers::Update(const domain::Customer& customer, absl::Time now) {
  return transaction_.Execute(sql::kCustomerUpdate, CustomerColumns(customer, now)).status();
}

absl::Status Customers::UpdateContract(const domain::Customer& customer, absl::Time now) {
  return transaction_.Execute(sql::kContractUpdate, ContractColumns(customer, now)).status();
}

absl::Status Customers::UpdateSchedule(const domain::Customer& customer, absl::Time now) {
  return transaction_.Execute(sql::kScheduleUpdate, ScheduleColumns(customer, now)).status();
}

absl::StatusOr<domain::Customer> Customers::Get(const std::string& id) {
  return OneCustomer(transaction_.QueryRow(sql::kCustomerGet, {{"id", id}}), id);
}

absl::StatusOr<domain::Customer> Customers::Lock(const std::string& id) {
  RETURN_IF_ERROR(EnterGates({id}));
  return OneCustomer(transaction_.QueryRow(sql::kCustomerLock, {{"id", id}}), id);
}

absl::Status Customers::EnterGates(const std::vector<std::string>& ids) {
  for (const std::string& id : ids) RETURN_IF_ERROR(transaction_.EnterGate("customer " + id));
  return absl::OkStatus();
}

absl::Status Customers::LockAll(const std::vector<std::string>& ids) {
  return transaction_.Query(sql::kCustomerLockAll, {{"ids", ArrayText(ids)}}).status();
}

absl::StatusOr<std::set<std::string>> Customers::LockFree(const std::vector<std::string>& ids) {
  std::set<std::string> locked;
  if (ids.empty()) return locked;
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kCustomerLockFree, {{"ids", ArrayText(ids)}}));
  for (const Row& row : rows) locked.insert(row.Text("id"));
  return locked;
}

absl::StatusOr<std::map<std::string, int64_t>> Customers::Weights(const std::vector<std::string>& ids,
                                                                  absl::CivilDay day) {
  std::map<std::string, int64_t> weights;
  if (ids.empty()) return weights;
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kCustomerWeights, {{"ids", ArrayText(ids)}, {"day", day}}));
  for (const Row& row : rows) weights[row.Text("customer_id")] = row.Int("bytes");
  return weights;
}

absl::StatusOr<std::vector<domain::Customer>> Customers::GetAll(const std::vector<std::string>& ids) {
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kCustomerGetAll, {{"ids", ArrayText(ids)}}));
  std::vector<domain::Customer> customers;
  customers.reserve(rows.size());
  for (const Row& row : rows) customers.push_back(ReadCustomer(row));
  return customers;
}

absl::StatusOr<Page<domain::Customer>> Customers::List(const CustomerFilter& filter, const PageRequest& page) {
  ASSIGN_OR_RETURN(const std::string q, FoldText(transaction_, filter.q));
  return ReadPage<domain::Customer>(
      transaction_, sql::kCustomerList, sql::kCustomerCount,
      {{"vendor_id", filter.vendor_id.empty() ? std::nullopt : std::optional(filter.vendor_id)},
       {"active", filter.active},
       {"q", ContainsPattern(q)}},
      page, ReadCustomer);
}

absl::StatusOr<std::vector<domain::Customer>> Customers::FindNamed(const std::string& vendor_id,
                                                                   const std::vector<std::string>& names) {
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kCustomerFindNamed, {{"vendor_id", vendor_id},
                                                                                 {"names", ToJson(names)},
                                                                                 {"limit", base::kMaxImportMatches}}));
  std::vector<domain::Customer> customers;
  for (const Row& row : rows) customers.push_back(ReadCustomer(row));
  return customers;
}

absl::StatusOr<std::vector<std::string>> Customers::FindAlike(const std::string& vendor_id,
                                                              const std::vector<std::string>& names,
                                                              const std::vector<std::string>& emails) {
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kCustomerFindAlike, {{"vendor_id", vendor_id},
                                                                                 {"names", ToJson(names)},
                                                                                 {"emails", ToJson(emails)}}));
  std::vector<std::string> texts;
  for (const Row& row : rows) texts.push_back(row.Text("text"));
  return texts;
}

absl::StatusOr<std::vector<domain::Timesheet>> Customers::FindTimesheets(const std::string& customer_id,
                                                                         const domain::Period& period) {
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(sql::kTimesheetFindOverlapping,
                                      {{"customer_id", customer_id}, {"first", period.first}, {"last", period.last}}));
  std::vector<domain::Timesheet> timesheets;
  for (const Row& row : rows) timesheets.push_back(ReadTimesheet(row));
  return timesheets;
}

absl::StatusOr<Page<domain::Customer>> Customers::ListUpcoming(const std::string& vendor_id,
                                                               const PageRequest& request) {
  const bool more = request.after.size() == 2;
  Params params = {{"after_1", more ? request.after[0] : "-infinity"},
                   {"after_2", more ? request.after[1] : "00000000-0000-0000-0000-000000000000"},
                   {"limit", request.size + 1}};
  if (!vendor_id.empty()) params.emplace_back("vendor_id", vendor_id);
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(vendor_id.empty() ? sql::kUpcomingList : sql::kUpcomingListOfVendor, params));
  Page<domain::Customer> page;
  for (const Row& row : rows) {
    if (static_cast<int>(page.records.size()) == request.size) break;
    page.records.push_back(ReadCustomer(row));
    page.next = {row.Text("cursor_1"), row.Text("cursor_2")};
  }
  if (static_cast<int>(rows.size()) <= request.size) page.next.clear();
  ASSIGN_OR_RETURN(const std::optional<Row> counted,
                   transaction_.QueryRow(sql::kUpcomingCount,
                                         {{"vendor_id", NullIfEmpty(vendor_id)}, {"limit", base::kMaxExactTotal + 1}}));
  page.total_capped = counted->Int("count") > base::kMaxExactTotal;
  page.total_size = std::min<int64_t>(counted->Int("count"), base::kMaxExactTotal);
  return page;
}

absl::StatusOr<std::map<std::string, std::vector<domain::Timesheet>>> Customers::FindTimesheets(
    const std::map<std::string, domain::Period>& periods) {
  std::vector<std::string> customer_ids;
  std::vector<absl::CivilDay> firsts;
  std::vector<absl::CivilDay> lasts;
  for (const auto& [customer_id, period] : periods) {
    customer_ids.push_back(customer_id);
    firsts.push_back(period.first);
    lasts.push_back(period.last);
  }
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kTimesheetList, {{"customer_ids", ArrayText(customer_ids)},
                                                                             {"firsts", ArrayText(firsts)},
                                                                             {"lasts", ArrayText(lasts)}}));
  std::map<std::string, std::vector<domain::Timesheet>> timesheets;
  for (const Row& row : rows) timesheets[row.Text("customer_id")].push_back(ReadTimesheet(row));
  return timesheets;
}

absl::StatusOr<Page<domain::Timesheet>> Customers::ListTimesheets(const std::string& customer_id,
                                                                  const PageRequest& page) {
  return ReadPage<domain::Timesheet>(transaction_, sql::kTimesheetPage, sql::kTimesheetCount,
                                     {{"customer_id", customer_id}}, page, ReadTimesheet);
}

absl::Status Customers::DeleteTimesheet(const std::string& customer_id, absl::CivilDay start) {
  return transaction_.Execute(sql::kTimesheetDelete, {{"customer_id", customer_id}, {"period_start_on", start}})
      .status();
}

absl::StatusOr<std::optional<domain::Timesheet>> Customers::FindTimesheet(const std::string& customer_id,
                                                                          absl::CivilDay start) {
  ASSIGN_OR_RETURN(
      const std::optional<Row> row,
      transaction_.QueryRow(sql::kTimesheetGet, {{"customer_id", customer_id}, {"period_start_on", start}}));
  if (!row) return std::optional<domain::Timesheet>();
  return std::optional(ReadTimesheet(*row));
}

absl::Status Customers::PutTimesheet(const std::string& vendor_id, const domain::Timesheet& timesheet, absl::Time now) {
  return transaction_
      .Execute(sql::kTimesheetPut, {{"customer_id", timesheet.customer_id},
                                    {"vendor_id", vendor_id},
                                    {"period_start_on", timesheet.period.first},
                                    {"period_end_on", timesheet.period.last},
                                    {"hours", timesheet.hours},
                                    {"currency_code", timesheet.currency_code},
                                    {"expenses", ToJson(timesheet.expenses)},
                                    {"notes", timesheet.notes},
                                    {"now", now}})
      .status();
}

}  // namespace invoice::store
