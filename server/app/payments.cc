#include "app/payments.h"

#include <algorithm>
#include <utility>

#include "app/once.h"
#include "app/today.h"
#include "app/vendors.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/status.h"
#include "domain/calendar.h"
#include "store/customers.h"
#include "store/invoices.h"
#include "store/json.h"
#include "store/vendors.h"

namespace invoice::app {
namespace {

using domain::PaymentAllocation;
using domain::PaymentRecord;
using PaymentAnswer = absl::StatusOr<PaymentRecord>;

std::string AuditTextOfPayment(const PaymentRecord& payment) {
  std::vector<std::string> texts = {domain::FormatDate(payment.date),
                                    domain::FormatAmount(payment.amount_minor, payment.currency),
                                    std::string(payment.currency.code()),
                                    std::string(domain::Name(payment.method)),
                                    payment.reference,
                                    payment.notes,
                                    payment.reverse_reason};
  for (const PaymentAllocation& allocation : payment.allocations) {
    texts.push_back(allocation.invoice_number + " " + domain::FormatAmount(allocation.amount_minor, payment.currency));
  }
  return store::ToJson(texts);
}

absl::Status CheckPaymentDate(absl::CivilDay date, absl::CivilDay today) {
  if (date <= today + base::kMaxPaymentDateAhead_days) return absl::OkStatus();
  return base::InvalidField("date", "a day that is not in the future");
}

absl::Status CheckRecorded(const PaymentRecord& payment, std::string_view way_out) {
  if (!payment.reversed_at) return absl::OkStatus();
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kInvalidState,
                       "the payment is REVERSED: " + std::string(way_out), {{"state", "REVERSED"}});
}

// The customer and then the payment, in the order in which everybody locks them.
absl::StatusOr<PaymentRecord> LockWithCustomer(store::Transaction& transaction, const std::string& id,
                                               domain::Customer* customer) {
  store::Payments payments(transaction);
  ASSIGN_OR_RETURN(const PaymentRecord seen, payments.Get(id));
  ASSIGN_OR_RETURN(*customer, store::Customers(transaction).Lock(seen.customer_id));
  return payments.Lock(id);
}

// What is done to a payment counts from the day on which it is done, on the customer's calendar.
absl::Status CheckToday(store::Transaction& transaction, const domain::Customer& customer, absl::CivilDay today,
                        std::string_view way_out) {
  ASSIGN_OR_RETURN(const domain::Vendor vendor, store::Vendors(transaction).Share(customer.vendor_id));
  return CheckBooksOpen(vendor, today, way_out);
}

// Checks the allocations against the invoices as they are now, locked, and adds them.
absl::Status AddAllocations(const Core& core, store::Transaction& transaction, const PaymentRecord& payment,
                            const std::vector<PaymentAllocation>& allocations, absl::CivilDay today) {
  RETURN_IF_ERROR(domain::CheckRequest(allocations, domain::UnappliedAmount(payment)));
  if (payment.allocations.size() + allocations.size() > base::kMaxAllocationsPerPayment) {
    return base::InvalidField(
        "allocations", "no more than " + std::to_string(base::kMaxAllocationsPerPayment) + " invoices of one payment");
  }
  std::vector<std::string> ids;
  for (const PaymentAllocation& allocation : allocations) ids.push_back(allocation.invoice_id);
  store::Payments payments(transaction);
  ASSIGN_OR_RETURN(const std::vector<domain::PayableInvoice> invoices, payments.LockPayable(ids));
  RETURN_IF_ERROR(domain::CheckAllocations(payment, allocations, invoices, today));
  for (const PaymentAllocation& allocation : allocations) {
    RETURN_IF_ERROR(payments.Allocate(core.clock, {.payment_id = payment.id,
                                                   .vendor_id = payment.vendor_id,
                                                   .customer_id = payment.customer_id,
                                                   .invoice_id = allocation.invoice_id,
                                                   .amount_minor = allocation.amount_minor}));
  }
  return absl::OkStatus();
}

// Writes a new payment with the allocations that are asked for; the customer is locked.
absl::StatusOr<PaymentRecord> Record(Core& core, store::Transaction& transaction, const Call& call,
                                     const domain::Customer& customer, PaymentRecord payment) {
  ASSIGN_OR_RETURN(const absl::CivilDay today, LocalToday(core, customer.schedule.time_zone));
  RETURN_IF_ERROR(CheckPaymentDate(payment.date, today));
  ASSIGN_OR_RETURN(const domain::Vendor vendor, store::Vendors(transaction).Share(customer.vendor_id));
  RETURN_IF_ERROR(CheckBooksOpen(vendor, payment.date, "date the payment after that"));
  if (payment.amount_minor > base::kMaxAmount_minor) return base::AmountOverflow("amount");
  payment.id = base::NewId(core.clock);
  payment.vendor_id = customer.vendor_id;
  payment.customer_id = customer.id;
  const std::vector<PaymentAllocation> asked = std::exchange(payment.allocations, {});
  store::Payments payments(transaction);
  RETURN_IF_ERROR(payments.Insert(payment, core.clock.Now()));
  RETURN_IF_ERROR(AddAllocations(core, transaction, payment, asked, today));
  ASSIGN_OR_RETURN(PaymentRecord created, payments.Get(payment.id));
  RETURN_IF_ERROR(Audit(core, transaction, call,
                        {payment.vendor_id, "create", "payment", payment.id, "", AuditTextOfPayment(created)}));
  return created;
}

absl::StatusOr<PaymentRecord> FinishChange(Core& core, store::Transaction& transaction, const Call& call,
                                           const PaymentRecord& before, const char* action) {
  ASSIGN_OR_RETURN(PaymentRecord after, store::Payments(transaction).Get(before.id));
  RETURN_IF_ERROR(
      Audit(core, transaction, call,
            {before.vendor_id, action, "payment", before.id, AuditTextOfPayment(before), AuditTextOfPayment(after)}));
  return after;
}

// What the payment of one invoice comes to, and how much of it the invoice takes.
absl::Status SetAmounts(const InvoicePaymentInput& input, const domain::PayableInvoice& invoice,
                        PaymentRecord* payment) {
  const int64_t open_minor = domain::OpenAmount(invoice.facts);
  payment->currency = invoice.currency;
  payment->amount_minor = open_minor;
  if (input.amount) {
    const std::optional<int64_t> amount = domain::ParseAmount(*input.amount, invoice.currency);
    if (!amount) {
      return base::InvalidField("amount", "an amount of " + std::string(invoice.currency.code()) + " with at most " +
                                              std::to_string(invoice.currency.digits()) + " decimals");
    }
    payment->amount_minor = *amount;
  } else if (open_minor == 0) {
    return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kInvalidState,
                         "nothing of the invoice is open; give the amount that was paid, it stays unapplied",
                         {{"invoiceId", invoice.id}});
  }
  const int64_t allocated_minor = std::min(open_minor, payment->amount_minor);
  if (allocated_minor > 0) payment->allocations = {{.invoice_id = invoice.id, .amount_minor = allocated_minor}};
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Outcome<PaymentRecord>> Payments::Create(const Call& call, const std::string& customer_id,
                                                        const ReadWith<PaymentRecord, domain::Customer>& read,
                                                        const Encode<PaymentRecord>& encode) {
  return Once<PaymentRecord>(core_, call, encode, [&](store::Transaction& transaction) -> PaymentAnswer {
    ASSIGN_OR_RETURN(const domain::Customer customer, store::Customers(transaction).Lock(customer_id));
    ASSIGN_OR_RETURN(PaymentRecord payment, read(customer));
    return Record(core_, transaction, call, customer, std::move(payment));
  });
}

absl::StatusOr<Outcome<PaymentRecord>> Payments::CreateForInvoice(const Call& call, const InvoicePaymentInput& input,
                                                                  const Encode<PaymentRecord>& encode) {
  return Once<PaymentRecord>(core_, call, encode, [&](store::Transaction& transaction) -> PaymentAnswer {
    ASSIGN_OR_RETURN(const domain::InvoiceRecord seen, store::Invoices(transaction).Get(input.invoice_id));
    ASSIGN_OR_RETURN(const domain::Customer customer, store::Customers(transaction).Lock(seen.customer_id));
    RETURN_IF_ERROR(
        store::Vendors(transaction).Share(customer.vendor_id).status());  // before the invoice, as everywhere
    ASSIGN_OR_RETURN(const auto invoices, store::Payments(transaction).LockPayable({input.invoice_id}));
    ASSIGN_OR_RETURN(const absl::CivilDay today, LocalToday(core_, customer.schedule.time_zone));
    RETURN_IF_ERROR(domain::CheckPayable(invoices.front(), today));
    PaymentRecord payment{.date = input.date, .method = input.method, .reference = input.reference};
    RETURN_IF_ERROR(SetAmounts(input, invoices.front(), &payment));
    return Record(core_, transaction, call, customer, std::move(payment));
  });
}

absl::StatusOr<PaymentRecord> Payments::Get(const std::string& id) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  return store::Payments(transaction).Get(id);
}

absl::StatusOr<store::Page<PaymentRecord>> Payments::List(const store::PaymentFilter& filter,
                                                          const store::PageRequest& page) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  return store::Payments(transaction).List(filter, page);
}

absl::StatusOr<Outcome<PaymentRecord>> Payments::Update(const Call& call, const std::string& id,
                                                        const std::string& etag,
                                                        const std::function<absl::Status(PaymentRecord&)>& change,
                                                        const Encode<PaymentRecord>& encode) {
  return Once<PaymentRecord>(core_, call, encode, [&](store::Transaction& transaction) -> PaymentAnswer {
    store::Payments payments(transaction);
    ASSIGN_OR_RETURN(const PaymentRecord before, payments.Lock(id));
    RETURN_IF_ERROR(CheckEtag(etag, before.version));
    RETURN_IF_ERROR(CheckRecorded(before, "it stays as it was; record a new payment"));
    PaymentRecord changed = before;
    RETURN_IF_ERROR(change(changed));
    RETURN_IF_ERROR(payments.Update(changed, core_.clock.Now()));
    return FinishChange(core_, transaction, call, before, "update");
  });
}

absl::StatusOr<Outcome<PaymentRecord>> Payments::Reverse(const Call& call, const std::string& id,
                                                         const std::string& etag, const std::string& reason,
                                                         const Encode<PaymentRecord>& encode) {
  return Once<PaymentRecord>(core_, call, encode, [&](store::Transaction& transaction) -> PaymentAnswer {
    store::Payments payments(transaction);
    domain::Customer customer;
    ASSIGN_OR_RETURN(const PaymentRecord before, LockWithCustomer(transaction, id, &customer));
    RETURN_IF_ERROR(CheckEtag(etag, before.version));
    RETURN_IF_ERROR(CheckRecorded(before, "there is nothing left to reverse"));
    ASSIGN_OR_RETURN(const absl::CivilDay today, LocalToday(core_, customer.schedule.time_zone));
    RETURN_IF_ERROR(CheckToday(transaction, customer, today, "reverse the payment after that"));
    std::vector<std::string> ids;
    for (const PaymentAllocation& allocation : before.allocations) ids.push_back(allocation.invoice_id);
    RETURN_IF_ERROR(payments.LockPayable(ids).status());
    for (const PaymentAllocation& allocation : before.allocations) {
      RETURN_IF_ERROR(payments.Allocate(core_.clock, {.payment_id = id,
                                                      .vendor_id = before.vendor_id,
                                                      .customer_id = before.customer_id,
                                                      .invoice_id = allocation.invoice_id,
                                                      .amount_minor = -allocation.amount_minor,
                                                      .reason = "REVERSED"}));
    }
    RETURN_IF_ERROR(payments.Reverse(id, reason, core_.clock.Now()));
    return FinishChange(core_, transaction, call, before, "reverse");
  });
}

absl::StatusOr<Outcome<PaymentRecord>> Payments::Allocate(const Call& call, const std::string& id,
                                                          const std::string& etag, const ReadAllocations& read,
                                                          const Encode<PaymentRecord>& encode) {
  return Once<PaymentRecord>(core_, call, encode, [&](store::Transaction& transaction) -> PaymentAnswer {
    domain::Customer customer;
    ASSIGN_OR_RETURN(const PaymentRecord before, LockWithCustomer(transaction, id, &customer));
    RETURN_IF_ERROR(CheckEtag(etag, before.version));
    RETURN_IF_ERROR(CheckRecorded(before, "it pays nothing any more; record a new payment"));
    ASSIGN_OR_RETURN(const std::vector<PaymentAllocation> allocations, read(before));
    ASSIGN_OR_RETURN(const absl::CivilDay today, LocalToday(core_, customer.schedule.time_zone));
    RETURN_IF_ERROR(CheckToday(transaction, customer, today, "allocate the payment after that"));
    RETURN_IF_ERROR(AddAllocations(core_, transaction, before, allocations, today));
    return FinishChange(core_, transaction, call, before, "allocate");
  });
}

}  // namespace invoice::app
