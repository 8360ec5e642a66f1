#include "tests/bench/support/row_copier.h"

#include <fmt/format.h>

#include <utility>

#include "base/clock.h"
#include "base/id.h"
#include "tests/bench/support/copy_statement.h"

namespace invoice::bench {
namespace {

std::string DayText(absl::CivilDay day) { return fmt::format("{:04}-{:02}-{:02}", day.year(), day.month(), day.day()); }

std::string NewId() {
  static const base::SystemClock clock;
  return base::NewId(clock);
}

}  // namespace

RowCopier::RowCopier(const std::string& conninfo, const v1::Invoice& model, std::string customer_id)
    : client_(conninfo), customer_id_(std::move(customer_id)) {
  PrepareAll(model);
}

void RowCopier::PrepareCopy(const std::string& table, const std::string& where,
                            const std::vector<std::pair<std::string, std::string>>& changed) {
  client_.Prepare(table, CopyStatement(client_, table, table + " WHERE " + where, changed));
}

void RowCopier::PrepareAll(const v1::Invoice& model) {
  const std::string of_invoice = fmt::format("invoice_id = '{}'", model.id());
  client_.Prepare("lock_customer", "SELECT 1 FROM customers WHERE id = $1::uuid FOR UPDATE");
  client_.Prepare("lock_vendor", fmt::format("SELECT 1 FROM vendors WHERE id = '{}' FOR SHARE", model.vendor_id()));
  client_.Prepare("take_number",
                  fmt::format("UPDATE number_series SET last_sequence = last_sequence + 1 WHERE (vendor_id, "
                              "series_key) = (SELECT vendor_id, series_key FROM invoices WHERE id = '{}') "
                              "RETURNING last_sequence",
                              model.id()));
  PrepareCopy("runs", fmt::format("id = '{}'", model.run_id()), {{"id", "$1::uuid"}});
  PrepareCopy(
      "period_claims", of_invoice,
      {{"invoice_id", "$1::uuid"}, {"customer_id", "$2::uuid"}, {"days", "daterange($3::date, $4::date, '[]')"}});
  PrepareCopy("invoices", fmt::format("id = '{}'", model.id()),
              {{"id", "$1::uuid"},
               {"run_id", "$2::uuid"},
               {"customer_id", "$3::uuid"},
               {"sequence", "$4::bigint"},
               {"number", "'FLOOR-' || $4::bigint"},
               {"period_start_on", "$5::date"},
               {"period_end_on", "$6::date"},
               {"created_in", "pg_current_xact_id()"}});
  PrepareCopy("invoice_lines", of_invoice, {{"invoice_id", "$1::uuid"}});
  PrepareCopy("invoice_taxes", of_invoice, {{"invoice_id", "$1::uuid"}});
  PrepareCopy("jobs", fmt::format("subject_id = '{}'", model.id()), {{"id", "$2::uuid"}, {"subject_id", "$1::uuid"}});
  PrepareCopy("run_results", of_invoice,
              {{"run_id", "$2::uuid"}, {"customer_id", "$3::uuid"}, {"invoice_id", "$1::uuid"}});
  PrepareCopy("audit_events", fmt::format("resource_id = '{}'", model.id()),
              {{"id", "$2::uuid"}, {"resource_id", "$1::uuid"}, {"written_in", "pg_current_xact_id()"}});
}

void RowCopier::WriteNext() {
  const std::string invoice_id = NewId();
  const std::string run_id = NewId();
  const std::string first = DayText(next_period_);
  const std::string last = DayText(next_period_ + 6);
  next_period_ += 7;
  client_.Run("BEGIN");
  client_.RunPrepared("lock_customer", {customer_id_});
  client_.RunPrepared("lock_vendor", {});
  client_.RunPrepared("runs", {run_id});
  client_.RunPrepared("period_claims", {invoice_id, customer_id_, first, last});
  const std::string sequence = client_.RunPrepared("take_number", {});
  client_.RunPrepared("invoices", {invoice_id, run_id, customer_id_, sequence, first, last});
  client_.RunPrepared("invoice_lines", {invoice_id});
  client_.RunPrepared("invoice_taxes", {invoice_id});
  client_.RunPrepared("jobs", {invoice_id, NewId()});
  client_.RunPrepared("run_results", {invoice_id, run_id, customer_id_});
  client_.RunPrepared("audit_events", {invoice_id, NewId()});
  client_.Run("COMMIT");
}

}  // namespace invoice::bench
