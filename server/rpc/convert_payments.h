// Payments and statements as messages of the API, and payments from it. Pure.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "domain/payment_record.h"
#include "domain/statement.h"
#include "invoice/v1/customers.pb.h"
#include "invoice/v1/payments.pb.h"

namespace invoice::rpc {

v1::Payment PaymentToProto(const domain::PaymentRecord& payment);
v1::Statement StatementToProto(const domain::Statement& statement);

// INVALID_ARGUMENT on allocations[i].amount where an amount has more decimals than the currency.
absl::StatusOr<std::vector<domain::PaymentAllocation>> AllocationsFromProto(
    const google::protobuf::RepeatedPtrField<v1::PaymentAllocation>& allocations, domain::Currency currency);
// `contract_currency` is the currency where the payment names none.
absl::StatusOr<domain::PaymentRecord> PaymentFromProto(const v1::Payment& message,
                                                       const std::string& contract_currency);
// What may change of a recorded payment.
void ApplyPayment(const v1::Payment& message, domain::PaymentRecord* payment);

}  // namespace invoice::rpc
