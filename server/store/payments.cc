#include "store/payments.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_join.h"
#include "base/id.h"
#include "base/json.h"
#include "base/status.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

using Json = nlohmann::json;

domain::PaymentRecord ReadPayment(const Row& row) {
  domain::PaymentRecord payment;
  payment.id = row.Text("id");
  payment.vendor_id = row.Text("vendor_id");
  payment.customer_id = row.Text("customer_id");
  payment.date = row.Day("paid_on");
  payment.amount_minor = row.Int("amount_minor");
  payment.currency = domain::Currency::Find(row.Text("currency_code")).value();
  payment.method = domain::Parse<domain::PaymentMethod>(row.Text("method")).value();
  payment.reference = row.Text("reference");
  payment.notes = row.Text("notes");
  for (const Json& j : Json::parse(row.Text("allocations"))) {
    payment.allocations.push_back(
        {.invoice_id = j.at("invoiceId"), .invoice_number = j.at("number"), .amount_minor = j.at("amountMinor")});
  }
  payment.allocated_minor = row.Int("allocated_minor");
  payment.reversed_at = row.OptionalTime("reversed_at");
  payment.reverse_reason = row.Text("reverse_reason");
  payment.created_at = row.Time("created_at");
  payment.updated_at = row.Time("updated_at");
  payment.version = row.Int("version");
  return payment;
}

domain::PayableInvoice ReadPayable(const Row& row) {
  return {.id = row.Text("id"),
          .customer_id = row.Text("customer_id"),
          .number = row.Text("number"),
          .currency = domain::Currency::Find(row.Text("currency_code")).value(),
          .kind = domain::Parse<domain::DocumentKind>(row.Text("kind")).value(),
          .facts = {.issued = row.Bool("issued"),
                    .cancelled = row.Bool("cancelled"),
                    .sent = row.Bool("sent"),
                    .total_minor = row.Int("total_minor"),
                    .paid_minor = row.Int("paid_minor"),
                    .credited_minor = row.Int("credited_minor"),
                    .due_date = row.Day("due_on")}};
}

absl::StatusOr<domain::PaymentRecord> OnePayment(absl::StatusOr<std::optional<Row>> row, const std::string& id) {
  if (!row.ok()) return row.status();
  if (!*row) return base::NotFound("payment", id);
  return ReadPayment(**row);
}

}  // namespace

absl::Status Payments::Insert(const domain::PaymentRecord& payment, absl::Time now) {
  return transaction_
      .Execute(sql::kPaymentInsert, {{"id", payment.id},
                                     {"vendor_id", payment.vendor_id},
                                     {"customer_id", payment.customer_id},
                                     {"paid_on", payment.date},
                                     {"amount_minor", payment.amount_minor},
                                     {"currency_code", payment.currency.code()},
                                     {"method", domain::Name(payment.method)},
                                     {"reference", payment.reference},
                                     {"notes", payment.notes},
                                     {"now", now}})
      .status();
}

absl::Status Payments::Allocate(const base::Clock& clock, const AllocationChange& change) {
  return transaction_
      .Execute(sql::kPaymentAllocationInsert, {{"id", base::NewId(clock)},
                                               {"payment_id", change.payment_id},
                                               {"vendor_id", change.vendor_id},
                                               {"customer_id", change.customer_id},
                                               {"invoice_id", change.invoice_id},
                                               {"amount_minor", change.amount_minor},
                                               {"reason", change.reason},
                                               {"now", clock.Now()}})
      .status();
}

absl::Status Payments::Update(const domain::PaymentRecord& payment, absl::Time now) {
  return transaction_
      .Execute(sql::kPaymentUpdate, {{"id", payment.id},
                                     {"method", domain::Name(payment.method)},
                                     {"reference", payment.reference},
                                     {"notes", payment.notes},
                                     {"now", now}})
      .status();
}

absl::Status Payments::Reverse(const std::string& id, const std::string& reason, absl::Time now) {
  return transaction_.Execute(sql::kPaymentReverse, {{"id", id}, {"reason", reason}, {"now", now}}).status();
}

absl::StatusOr<domain::PaymentRecord> Payments::Get(const std::string& id) {
  return OnePayment(transaction_.QueryRow(sql::kPaymentGet, {{"id", id}}), id);
}

absl::StatusOr<domain::PaymentRecord> Payments::Lock(const std::string& id) {
  RETURN_IF_ERROR(transaction_.EnterGate("payment " + id));
  return OnePayment(transaction_.QueryRow(sql::kPaymentLock, {{"id", id}}), id);
}

absl::StatusOr<Page<domain::PaymentRecord>> Payments::List(const PaymentFilter& filter, const PageRequest& page) {
  return ReadPage<domain::PaymentRecord>(
      transaction_, filter.oldest_first ? sql::kPaymentListOldest : sql::kPaymentListNewest, sql::kPaymentCount,
      {{"customer_id", NullIfEmpty(filter.customer_id)},
       {"vendor_id", NullIfEmpty(filter.vendor_id)},
       {"invoice_id", NullIfEmpty(filter.invoice_id)},
       {"from_on", filter.from},
       {"to_on", filter.to}},
      page, ReadPayment);
}

absl::StatusOr<std::vector<domain::PaidPart>> Payments::LockPartsOf(const std::string& invoice_id) {
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kPaymentLockOfInvoice, {{"invoice_id", invoice_id}}));
  std::vector<std::pair<absl::CivilDay, domain::PaidPart>> dated;
  for (const Row& row : rows) {
    if (row.Int("paid_minor") > 0) dated.push_back({row.Day("paid_on"), {row.Text("id"), row.Int("paid_minor")}});
  }
  std::stable_sort(dated.begin(), dated.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<domain::PaidPart> parts;
  for (auto& [day, part] : dated) parts.push_back(std::move(part));
  return parts;
}

absl::StatusOr<std::vector<domain::PayableInvoice>> Payments::LockPayable(const std::vector<std::string>& ids) {
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(sql::kInvoiceLockPayable, {{"ids", "{" + absl::StrJoin(ids, ",") + "}"}}));
  std::map<std::string, domain::PayableInvoice> found;
  for (const Row& row : rows) found.emplace(row.Text("id"), ReadPayable(row));
  std::vector<domain::PayableInvoice> invoices;
  for (const std::string& id : ids) {
    const auto invoice = found.find(id);
    if (invoice == found.end()) return base::NotFound("invoice", id);
    invoices.push_back(invoice->second);
  }
  return invoices;
}

}  // namespace invoice::store
