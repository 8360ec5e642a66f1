#include "rpc/change.h"
#include "rpc/convert.h"
#include "rpc/convert_payments.h"
#include "rpc/convert_records.h"
#include "rpc/handlers.h"
#include "rpc/list.h"
#include "rpc/update_mask.h"

namespace invoice::rpc {
namespace {

using domain::PaymentRecord;

absl::StatusOr<v1::Payment> CreatePayment(app::Payments& payments, Context& context, const v1::Payment& given) {
  const auto read = [&](const domain::Customer& customer) {
    return PaymentFromProto(given, customer.contract.currency_code);
  };
  return Answer<PaymentRecord>(context, PaymentToProto, [&](const auto& encode) {
    return payments.Create(context.call(), given.customer_id(), read, encode);
  });
}

absl::StatusOr<v1::Payment> CreateForInvoice(app::Payments& payments, Context& context,
                                             const v1::CreateInvoicePaymentRequest& request) {
  app::InvoicePaymentInput input;
  input.invoice_id = request.invoice_id();
  input.date = DateIn(request.date()).value_or(absl::CivilDay());
  if (request.has_amount()) input.amount = request.amount();
  input.method = KindOf<domain::PaymentMethod>(request.method()).value_or(domain::PaymentMethod::kBankTransfer);
  input.reference = request.reference();
  return Answer<PaymentRecord>(context, PaymentToProto, [&](const auto& encode) {
    return payments.CreateForInvoice(context.call(), input, encode);
  });
}

absl::StatusOr<v1::ListPaymentsResponse> ListPayments(app::Payments& payments, const PageTokens& tokens,
                                                      const v1::ListPaymentsRequest& request) {
  ASSIGN_OR_RETURN(const store::PageRequest page, PageOf(tokens, request));
  store::PaymentFilter filter;
  filter.customer_id = request.customer_id();
  filter.vendor_id = request.vendor_id();
  filter.invoice_id = request.invoice_id();
  filter.from = DateIn(request.from());
  filter.to = DateIn(request.to());
  filter.oldest_first = request.order_by() == "date";
  ASSIGN_OR_RETURN(const auto found, payments.List(filter, page));
  v1::ListPaymentsResponse response;
  for (const PaymentRecord& payment : found.records) *response.add_payments() = PaymentToProto(payment);
  SetPage(tokens, request, found, &response);
  return response;
}

absl::StatusOr<v1::Payment> UpdatePayment(app::Payments& payments, Context& context,
                                          const v1::UpdatePaymentRequest& request) {
  const v1::Payment& given = request.payment();
  ASSIGN_OR_RETURN(const UpdateMask mask, UpdateMask::Read(request.update_mask(), given));
  const auto change = [&](PaymentRecord& payment) -> absl::Status {
    v1::Payment merged = PaymentToProto(payment);
    RETURN_IF_ERROR(mask.Merge(given, &merged));
    ApplyPayment(merged, &payment);
    return absl::OkStatus();
  };
  return Answer<PaymentRecord>(context, PaymentToProto, [&](const auto& encode) {
    return payments.Update(context.call(), given.id(), given.etag(), change, encode);
  });
}

absl::StatusOr<v1::Payment> Reverse(app::Payments& payments, Context& context,
                                    const v1::ReversePaymentRequest& request) {
  return Answer<PaymentRecord>(context, PaymentToProto, [&](const auto& encode) {
    return payments.Reverse(context.call(), request.id(), request.etag(), request.reason(), encode);
  });
}

absl::StatusOr<v1::Payment> Allocate(app::Payments& payments, Context& context,
                                     const v1::AllocatePaymentRequest& request) {
  const auto read = [&](const PaymentRecord& payment) {
    return AllocationsFromProto(request.allocations(), payment.currency);
  };
  return Answer<PaymentRecord>(context, PaymentToProto, [&](const auto& encode) {
    return payments.Allocate(context.call(), request.id(), request.etag(), read, encode);
  });
}

}  // namespace

void ServePayments(Api& api, app::Payments& payments, const PageTokens& tokens) {
  api.On("PaymentService/CreatePayment", [&](Context& context, const v1::CreatePaymentRequest& request) {
    return CreatePayment(payments, context, request.payment());
  });
  api.On("PaymentService/CreateInvoicePayment", [&](Context& context, const v1::CreateInvoicePaymentRequest& request) {
    return CreateForInvoice(payments, context, request);
  });
  api.On("PaymentService/GetPayment",
         [&](Context&, const v1::GetPaymentRequest& request) -> absl::StatusOr<v1::Payment> {
           ASSIGN_OR_RETURN(const PaymentRecord payment, payments.Get(request.id()));
           return PaymentToProto(payment);
         });
  api.On("PaymentService/ListPayments",
         [&](Context&, const v1::ListPaymentsRequest& request) { return ListPayments(payments, tokens, request); });
  api.On("PaymentService/UpdatePayment", [&](Context& context, const v1::UpdatePaymentRequest& request) {
    return UpdatePayment(payments, context, request);
  });
  api.On("PaymentService/ReversePayment", [&](Context& context, const v1::ReversePaymentRequest& request) {
    return Reverse(payments, context, request);
  });
  api.On("PaymentService/AllocatePayment", [&](Context& context, const v1::AllocatePaymentRequest& request) {
    return Allocate(payments, context, request);
  });
}

void ServeStatements(Api& api, app::Statements& statements) {
  api.On("CustomerService/GetStatement",
         [&](Context&, const v1::GetStatementRequest& request) -> absl::StatusOr<v1::Statement> {
           ASSIGN_OR_RETURN(const domain::Statement statement,
                            statements.Get(request.customer_id(), DateIn(request.as_of())));
           return StatementToProto(statement);
         });
  api.On("CustomerService/DownloadStatement",
         [&](Context&, const v1::GetStatementRequest& request) -> absl::StatusOr<v1::FileContent> {
           ASSIGN_OR_RETURN(app::Document document,
                            statements.Download(request.customer_id(), DateIn(request.as_of())));
           return FileToProto(std::move(document));
         });
}

}  // namespace invoice::rpc
