#include <google/protobuf/descriptor.h>

#include <initializer_list>

#include "invoice/v1/api_keys.pb.h"
#include "invoice/v1/billing_periods.pb.h"
#include "invoice/v1/customers.pb.h"
#include "invoice/v1/dashboard.pb.h"
#include "invoice/v1/emails.pb.h"
#include "invoice/v1/health.pb.h"
#include "invoice/v1/invoices.pb.h"
#include "invoice/v1/payments.pb.h"
#include "invoice/v1/runs.pb.h"
#include "invoice/v1/vendors.pb.h"
#include "rpc/api.h"

namespace invoice::rpc {

std::vector<const google::protobuf::ServiceDescriptor*> InvoiceServices() {
  std::vector<const google::protobuf::ServiceDescriptor*> services;
  for (const google::protobuf::Descriptor* message :
       {v1::Vendor::descriptor(), v1::ApiKey::descriptor(), v1::Customer::descriptor(),
        v1::ListBillingPeriodsRequest::descriptor(), v1::Invoice::descriptor(), v1::Run::descriptor(),
        v1::Email::descriptor(), v1::GetReadinessRequest::descriptor(), v1::Payment::descriptor(),
        v1::GetStatsRequest::descriptor()}) {
    for (int i = 0; i < message->file()->service_count(); ++i) services.push_back(message->file()->service(i));
  }
  return services;
}

}  // namespace invoice::rpc
