#include "rpc/convert_payments.h"

#include <algorithm>

#include "app/once.h"
#include "domain/payments.h"
#include "fmt/format.h"
#include "rpc/convert.h"

namespace invoice::rpc {

v1::Payment PaymentToProto(const domain::PaymentRecord& payment) {
  v1::Payment message;
  const domain::Currency currency = payment.currency;
  message.set_id(payment.id);
  message.set_vendor_id(payment.vendor_id);
  message.set_customer_id(payment.customer_id);
  message.set_date(DateText(payment.date));
  message.set_amount(domain::FormatAmount(payment.amount_minor, currency));
  message.set_currency_code(std::string(currency.code()));
  message.set_method(EnumOf<v1::Payment::Method>(domain::Name(payment.method)));
  message.set_reference(payment.reference);
  message.set_notes(payment.notes);
  for (const domain::PaymentAllocation& allocation : payment.allocations) {
    v1::PaymentAllocation* added = message.add_allocations();
    added->set_invoice_id(allocation.invoice_id);
    added->set_amount(domain::FormatAmount(allocation.amount_minor, currency));
    added->set_invoice_number(allocation.invoice_number);
  }
  message.set_unapplied_amount(domain::FormatAmount(domain::UnappliedAmount(payment), currency));
  message.set_state(payment.reversed_at ? v1::Payment::REVERSED : v1::Payment::RECORDED);
  message.set_reverse_reason(payment.reverse_reason);
  if (payment.reversed_at) *message.mutable_reverse_time() = TimeOf(*payment.reversed_at);
  message.set_etag(app::Etag(payment.version));
  *message.mutable_create_time() = TimeOf(payment.created_at);
  *message.mutable_update_time() = TimeOf(payment.updated_at);
  return message;
}

v1::Statement StatementToProto(const domain::Statement& statement) {
  v1::Statement message;
  message.set_customer_id(statement.customer_id);
  message.set_as_of(DateText(statement.as_of));
  message.set_truncated(statement.truncated);
  for (const domain::StatementItem& item : statement.items) {
    v1::Statement::Item* added = message.add_items();
    added->set_invoice_id(item.invoice_id);
    added->set_number(item.number);
    added->set_invoice_date(DateText(item.invoice_date));
    added->set_due_date(DateText(item.due_date));
    added->set_currency_code(std::string(item.currency.code()));
    added->set_total(domain::FormatAmount(item.total_minor, item.currency));
    added->set_amount_paid(domain::FormatAmount(item.paid_minor, item.currency));
    added->set_credited_total(domain::FormatAmount(item.credited_minor, item.currency));
    added->set_amount_due(domain::FormatAmount(item.open_minor, item.currency));
    added->set_days_overdue(std::max(0, item.days_overdue));
  }
  for (const domain::StatementTotal& total : statement.totals) {
    v1::Statement::Total* added = message.add_totals();
    const domain::Currency currency = total.currency;
    added->set_currency_code(std::string(currency.code()));
    added->set_amount_due(domain::FormatAmount(total.open_minor, currency));
    added->set_not_due(domain::FormatAmount(total.not_due_minor, currency));
    added->set_overdue_1_to_30(domain::FormatAmount(total.overdue_1_30_minor, currency));
    added->set_overdue_31_to_60(domain::FormatAmount(total.overdue_31_60_minor, currency));
    added->set_overdue_61_to_90(domain::FormatAmount(total.overdue_61_90_minor, currency));
    added->set_overdue_over_90(domain::FormatAmount(total.overdue_over_90_minor, currency));
    added->set_unapplied_credit(domain::FormatAmount(total.unapplied_minor, currency));
    added->set_balance(domain::FormatAmount(total.open_minor - total.unapplied_minor, currency));
  }
  return message;
}

absl::StatusOr<std::vector<domain::PaymentAllocation>> AllocationsFromProto(
    const google::protobuf::RepeatedPtrField<v1::PaymentAllocation>& allocations, domain::Currency currency) {
  std::vector<domain::PaymentAllocation> result;
  for (const v1::PaymentAllocation& allocation : allocations) {
    const std::string path = fmt::format("allocations[{}].amount", result.size());
    ASSIGN_OR_RETURN(const int64_t amount, AmountIn(allocation.amount(), currency, path));
    result.push_back({.invoice_id = allocation.invoice_id(), .amount_minor = amount});
  }
  return result;
}

absl::StatusOr<domain::PaymentRecord> PaymentFromProto(const v1::Payment& message,
                                                       const std::string& contract_currency) {
  domain::PaymentRecord payment;
  const std::string& code = message.currency_code().empty() ? contract_currency : message.currency_code();
  ASSIGN_OR_RETURN(payment.currency, CurrencyIn(code, "currencyCode"));
  payment.customer_id = message.customer_id();
  payment.date = DateIn(message.date()).value_or(absl::CivilDay());
  ASSIGN_OR_RETURN(payment.amount_minor, AmountIn(message.amount(), payment.currency, "amount"));
  ASSIGN_OR_RETURN(payment.allocations, AllocationsFromProto(message.allocations(), payment.currency));
  ApplyPayment(message, &payment);
  return payment;
}

void ApplyPayment(const v1::Payment& message, domain::PaymentRecord* payment) {
  payment->method = KindOf<domain::PaymentMethod>(message.method()).value_or(domain::PaymentMethod::kBankTransfer);
  payment->reference = message.reference();
  payment->notes = message.notes();
}

}  // namespace invoice::rpc
