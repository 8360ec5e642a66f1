#include "tests/bench/support/books.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace invoice::bench {
namespace {

void SetAddress(v1::Address* address) {
  address->set_line1("200 Example Street, Suite 1400");
  address->set_city("Toronto");
  address->set_region("ON");
  address->set_postal_code("M5J 2J5");
  address->set_country_code("CA");
}

void AddTax(const char* name, const char* rate, const char* registration, v1::Contract* contract) {
  v1::Tax* tax = contract->add_taxes();
  tax->set_name(name);
  tax->set_rate(rate);
  tax->set_registration_number(registration);
  tax->set_category(v1::Tax::STANDARD);
}

}  // namespace

void CheckOk(const grpc::Status& status, const char* call) {
  if (status.ok()) return;
  throw std::runtime_error(
      fmt::format("{}: code {}: {}", call, static_cast<int>(status.error_code()), status.error_message()));
}

Books::Books(const System& system) : system_(system), channel_(system.NewChannel()) {
  v1::CreateVendorRequest request;
  v1::Vendor& vendor = *request.mutable_vendor();
  vendor.set_name("Northwind Consulting Inc.");
  vendor.set_email("accounts@northwind.example");
  vendor.set_currency_code("CAD");
  SetAddress(vendor.mutable_address());
  vendor.mutable_bank()->set_account_number("1234567");
  grpc::ClientContext context;
  system_.Authorize(&context);
  v1::Vendor created;
  CheckOk(v1::VendorService::NewStub(channel_)->CreateVendor(&context, request, &created), "CreateVendor");
  vendor_id_ = created.id();
}

std::string Books::NewCustomer(const std::string& name) const {
  v1::CreateCustomerRequest request;
  v1::Customer& customer = *request.mutable_customer();
  customer.set_vendor_id(vendor_id_);
  customer.set_name(name);
  customer.set_email("ap@customer.example");
  SetAddress(customer.mutable_address());
  v1::Contract& contract = *customer.mutable_contract();
  contract.set_invoice_prefix("NW");
  contract.set_frequency(v1::Frequency::WEEKLY);
  contract.set_rate_per_hour("95.50");
  contract.set_extra_fees("120");
  contract.set_extra_fees_label("Travel");
  AddTax("GST", "0.05", "123456789 RT0001", &contract);
  AddTax("QST", "0.09975", "1023456789 TQ0001", &contract);
  grpc::ClientContext context;
  system_.Authorize(&context);
  v1::Customer created;
  CheckOk(v1::CustomerService::NewStub(channel_)->CreateCustomer(&context, request, &created), "CreateCustomer");
  return created.id();
}

Biller::Biller(const System& system, std::string customer_id)
    : system_(system), stub_(v1::InvoiceService::NewStub(system.NewChannel())), customer_id_(std::move(customer_id)) {}

v1::Invoice Biller::RunQuick() {
  v1::RunQuickRequest request;
  request.set_customer_id(customer_id_);
  request.set_run_date(fmt::format("{:04}-{:02}-{:02}", next_run_.year(), next_run_.month(), next_run_.day()));
  request.set_total_hours("37.5");
  next_run_ += 7;
  grpc::ClientContext context;
  system_.Authorize(&context);
  v1::GenerationResponse response;
  CheckOk(stub_->RunQuick(&context, request, &response), "RunQuick");
  return std::move(*response.mutable_invoice());
}

v1::Invoice Biller::GetInvoice(const std::string& id) {
  v1::GetInvoiceRequest request;
  request.set_id(id);
  grpc::ClientContext context;
  system_.Authorize(&context);
  v1::Invoice invoice;
  CheckOk(stub_->GetInvoice(&context, request, &invoice), "GetInvoice");
  return invoice;
}

}  // namespace invoice::bench
