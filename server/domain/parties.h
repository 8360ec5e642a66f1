// Vendors, customers, contracts, schedules and timesheets as records. Plain data; the rules are in the files beside
// this one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "domain/invoice.h"
#include "domain/kinds.h"
#include "domain/money.h"
#include "domain/schedule.h"

namespace invoice::domain {

struct Vendor {
  std::string id;
  std::string name;
  std::string email;
  std::string phone;
  std::string tax_number;
  std::string default_contractor;
  std::string currency_code = "CAD";
  std::string locale = "en-CA";
  PaperSize paper_size = PaperSize::kLetter;
  std::string accent_color = "#1f4e79";
  std::string logo_sha256;
  std::string archive_email;  // gets a blind copy of every email; empty: none
  Address address;
  BankDetails bank;
  std::string number_pattern = "{PREFIX}-{YYYY}-{SEQ:4}";
  std::string credit_note_pattern = "{PREFIX}-CN-{YYYY}-{SEQ:4}";
  std::optional<absl::CivilDay> books_closed_through;
  bool refuse_back_dating = false;  // no document is dated before the newest of its number series
  bool active = true;
  int64_t version = 1;
  absl::Time created_at;
  absl::Time updated_at;
};

struct Contract {
  std::string customer_id;
  std::string invoice_prefix = "INV";
  std::string number_pattern;  // empty: the vendor's
  Frequency frequency = Frequency::kMonthly;
  std::optional<Quantity> default_hours;
  std::optional<UnitPrice> rate_per_hour;  // without it the contract cannot be billed by the hour
  std::string currency_code;
  std::vector<Tax> taxes;
  PaymentTerms payment_terms;
  int64_t extra_fees_minor = 0;
  std::string extra_fees_label;
  std::optional<absl::CivilDay> start_date;
  std::optional<absl::CivilDay> end_date;
  std::string purchase_order;
  std::string buyer_reference;
  bool require_timesheet = false;
  PartialPeriods partial_periods = PartialPeriods::kFull;  // what a period bills that the dates cut short
  std::string notes;
  int64_t version = 1;
  absl::Time updated_at;
};

struct Schedule {
  std::string customer_id;
  bool enabled = false;
  bool auto_send_email = false;
  bool auto_issue = true;
  std::string time_zone = "UTC";  // an IANA name
  int billing_weekday = 0;        // 0 is Monday
  absl::CivilDay anchor_date;
  int billing_day = 1;  // 1 to 31; the last day in a shorter month
  MissedRunPolicy missed_run_policy = MissedRunPolicy::kCatchUp;
  int max_catch_up = 3;
  std::optional<absl::CivilDay> last_run_date;
  std::optional<absl::CivilDay> next_run_date;
  std::optional<absl::CivilDay> handled_through;  // last day of the last period that a scheduled run took over
  std::optional<Occurrence> transition;  // the days between an old rule and the present one, until they are due
  int64_t version = 1;
  absl::Time updated_at;
};

struct Customer {
  std::string id;
  std::string vendor_id;
  std::string name;
  std::string email;
  std::vector<std::string> cc_emails;
  std::vector<std::string> bcc_emails;
  std::string contractor_name;
  std::string service_location;
  std::string locale;  // empty: the vendor's
  std::string tax_number;
  Address address;
  bool active = true;
  int64_t version = 1;
  absl::Time created_at;
  absl::Time updated_at;
  Contract contract;
  Schedule schedule;
};

struct Expense {
  std::string description;
  int64_t amount_minor = 0;
};

struct Timesheet {
  std::string customer_id;
  Period period;
  Quantity hours;
  std::string currency_code;  // of the expenses: the contract's when they were entered
  std::vector<Expense> expenses;
  std::string notes;
  int64_t version = 1;
  absl::Time updated_at;
};

}  // namespace invoice::domain
