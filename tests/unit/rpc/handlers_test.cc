// The handlers over a real gRPC server, the use cases and PostgreSQL.
#include "rpc/handlers.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include "invoice/v1/billing_periods.grpc.pb.h"
#include "invoice/v1/customers.grpc.pb.h"
#include "invoice/v1/emails.grpc.pb.h"
#include "invoice/v1/health.grpc.pb.h"
#include "invoice/v1/invoices.grpc.pb.h"
#include "invoice/v1/payments.grpc.pb.h"
#include "invoice/v1/runs.grpc.pb.h"
#include "invoice/v1/vendors.grpc.pb.h"
#include "rpc/server.h"
#include "tests/app/app_fixture.h"
#include "tests/unit/domain/vectors.h"

namespace invoice::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class HandlersTest : public app::AppTest {
 protected:
  void SetUp() override {
    const Door door{.authenticate = [](std::string_view) -> absl::StatusOr<app::Actor> {
                      return app::Actor{.id = "tester", .name = "Tester", .role = app::Role::kAdmin};
                    },
                    .clock = &clock_,
                    .metrics = &metrics_};
    const auto is_time_zone = [this](std::string_view name) { return time_zones_.Find(name).has_value(); };
    api_ = *Api::Create(door, is_time_zone, InvoiceServices());
    ServeHealth(*api_, [] { return Readiness{.ready = true, .version = "1", .problems = {"p"}}; });
    ServeVendors(*api_, vendors_, tokens_);
    ServeCustomers(*api_, customers_, tokens_);
    ServeBillingPeriods(*api_, periods_, tokens_);
    ServeInvoices(*api_, invoices_, tokens_);
    ServeRuns(*api_, runs_, run_watches_, plans_, tokens_);
    ServeEmails(*api_, emails_, tokens_);
    server_ = *Server::Start({.listen = {"127.0.0.1", 0}}, *api_);
    channel_ = grpc::CreateChannel("127.0.0.1:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials());
  }

  template <typename Service, typename Stub, typename Request, typename Response>
  grpc::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response, const std::string& idempotency_key = "") {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer any");
    if (!idempotency_key.empty()) context.AddMetadata("idempotency-key", idempotency_key);
    const auto stub = Service::NewStub(channel_);
    const grpc::Status status = ((*stub).*method)(&context, request, response);
    replayed_ = context.GetServerInitialMetadata().contains("idempotency-replayed");
    return status;
  }

  v1::Vendor MakeVendor() {
    v1::CreateVendorRequest request;
    request.mutable_vendor()->set_name("Vendor");
    request.mutable_vendor()->set_email("vendor@example.com");
    request.mutable_vendor()->mutable_address()->set_city("Toronto");
    v1::Vendor vendor;
    const grpc::Status status = Call<v1::VendorService>(&v1::VendorService::Stub::CreateVendor, request, &vendor);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return vendor;
  }

  v1::CreateCustomerRequest CustomerRequest(const std::string& vendor_id, const std::string& name = "Customer") {
    v1::CreateCustomerRequest request;
    v1::Customer* customer = request.mutable_customer();
    customer->set_vendor_id(vendor_id);
    customer->set_name(name);
    customer->set_email("customer@example.com");
    customer->mutable_contract()->set_rate_per_hour("100");
    customer->mutable_contract()->mutable_payment_terms()->set_kind(v1::PaymentTerms::END_OF_MONTH);
    v1::Tax* tax = customer->mutable_contract()->add_taxes();
    tax->set_name("HST");
    tax->set_rate("0.13");
    return request;
  }
  v1::Customer MakeCustomer(const std::string& vendor_id, const std::string& name = "Customer") {
    v1::Customer customer;
    const grpc::Status status = Call<v1::CustomerService>(&v1::CustomerService::Stub::CreateCustomer,
                                                          CustomerRequest(vendor_id, name), &customer);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return customer;
  }

  grpc::Status Quick(const std::string& customer_id, v1::GenerationResponse* response, const std::string& key = "") {
    v1::RunQuickRequest request;
    request.set_customer_id(customer_id);
    request.set_run_date("2026-11-01");
    request.set_total_hours("7.5");
    request.set_send_email(true);
    return Call<v1::InvoiceService>(&v1::InvoiceService::Stub::RunQuick, request, response, key);
  }

  base::Metrics metrics_;
  app::Vendors vendors_{*core_};
  app::Customers customers_{*core_};
  app::Periods periods_{*core_};
  app::Invoices invoices_{*core_};
  app::Plans plans_{*core_};
  app::Runs runs_{*core_};
  app::RunWatches run_watches_{*core_};
  app::Emails emails_{*core_};
  PageTokens tokens_{base::Secret("a secret of at least 32 characters"), clock_};
  std::unique_ptr<Api> api_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  bool replayed_ = false;
};

TEST_F(HandlersTest, ALocaleWithoutWordsIsSavedWithAWarning) {
  v1::CreateVendorRequest request;
  request.mutable_vendor()->set_name("Vendor");
  request.mutable_vendor()->set_email("vendor@example.com");
  request.mutable_vendor()->set_locale("pl-PL");
  v1::Vendor vendor;
  ASSERT_TRUE(Call<v1::VendorService>(&v1::VendorService::Stub::CreateVendor, request, &vendor, "key").ok());
  ASSERT_EQ(vendor.warnings_size(), 1);
  EXPECT_EQ(vendor.warnings(0).code(), "LOCALE_WITHOUT_WORDS");
  v1::Vendor again;
  ASSERT_TRUE(Call<v1::VendorService>(&v1::VendorService::Stub::CreateVendor, request, &again, "key").ok());
  EXPECT_EQ(again.SerializeAsString(), vendor.SerializeAsString());
  // Only the answers to changes have warnings, and an answer can be sent back as it is.
  v1::GetVendorRequest get;
  get.set_id(vendor.id());
  v1::Vendor read;
  ASSERT_TRUE(Call<v1::VendorService>(&v1::VendorService::Stub::GetVendor, get, &read).ok());
  EXPECT_EQ(read.warnings_size(), 0);
  v1::UpdateVendorRequest update;
  *update.mutable_vendor() = read;
  update.mutable_vendor()->set_locale("de-AT");
  ASSERT_TRUE(Call<v1::VendorService>(&v1::VendorService::Stub::UpdateVendor, update, &vendor).ok());
  EXPECT_EQ(vendor.warnings_size(), 0);
  v1::CreateCustomerRequest customer_request = CustomerRequest(vendor.id());
  v1::Customer customer;
  ASSERT_TRUE(Call<v1::CustomerService>(&v1::CustomerService::Stub::CreateCustomer, customer_request, &customer).ok());
  EXPECT_EQ(customer.warnings_size(), 0);
  v1::UpdateCustomerRequest change;
  change.mutable_customer()->set_id(customer.id());
  change.mutable_customer()->set_locale("pt-BR");
  ASSERT_TRUE(Call<v1::CustomerService>(&v1::CustomerService::Stub::UpdateCustomer, change, &customer).ok());
  ASSERT_EQ(customer.warnings_size(), 1);
  EXPECT_EQ(customer.warnings(0).code(), "LOCALE_WITHOUT_WORDS");
}

TEST_F(HandlersTest, AVendorIsCreatedChangedAndDeactivated) {
  const v1::Vendor created = MakeVendor();
  EXPECT_EQ(created.currency_code(), "CAD");
  EXPECT_TRUE(created.active());
  v1::UpdateVendorRequest update;
  update.mutable_vendor()->set_id(created.id());
  update.mutable_vendor()->set_etag(created.etag());
  update.mutable_vendor()->mutable_address()->set_line1("1 Main St");
  v1::Vendor updated;
  ASSERT_TRUE(Call<v1::VendorService>(&v1::VendorService::Stub::UpdateVendor, update, &updated).ok());
  EXPECT_EQ(updated.address().line1(), "1 Main St");
  EXPECT_EQ(updated.address().city(), "Toronto");
  EXPECT_EQ(updated.name(), "Vendor");
  EXPECT_NE(updated.etag(), created.etag());
  EXPECT_EQ(Call<v1::VendorService>(&v1::VendorService::Stub::UpdateVendor, update, &updated).error_code(),
            grpc::StatusCode::ABORTED);
  v1::DeleteVendorRequest remove;
  remove.set_id(created.id());
  v1::Vendor removed;
  ASSERT_TRUE(Call<v1::VendorService>(&v1::VendorService::Stub::DeleteVendor, remove, &removed).ok());
  EXPECT_FALSE(removed.active());
  v1::Customer customer;
  EXPECT_EQ(
      Call<v1::CustomerService>(&v1::CustomerService::Stub::CreateCustomer, CustomerRequest(created.id()), &customer)
          .error_code(),
      grpc::StatusCode::FAILED_PRECONDITION);
}

TEST_F(HandlersTest, ANewCustomerHasTheDefaultsBehindWhatIsGiven) {
  const v1::Customer customer = MakeCustomer(MakeVendor().id());
  EXPECT_EQ(customer.contract().frequency(), v1::Frequency::MONTHLY);
  EXPECT_EQ(customer.contract().currency_code(), "CAD");
  EXPECT_EQ(customer.contract().rate_per_hour(), "100.00");
  EXPECT_EQ(customer.contract().payment_terms().kind(), v1::PaymentTerms::END_OF_MONTH);
  EXPECT_EQ(customer.contract().payment_terms().days(), 0);
  EXPECT_EQ(customer.schedule().billing_day(), 1);
  EXPECT_FALSE(customer.schedule().enabled());
  EXPECT_TRUE(customer.schedule().auto_issue());
  EXPECT_EQ(customer.schedule().anchor_date(), "2026-11-23");
  EXPECT_EQ(customer.contract().customer_id(), customer.id());
}

TEST_F(HandlersTest, FaultsAreNamedAsRestSeesThem) {
  v1::CreateCustomerRequest request = CustomerRequest(MakeVendor().id());
  request.mutable_customer()->mutable_contract()->mutable_taxes(0)->set_rate("0.1234567");
  v1::Customer customer;
  const grpc::Status status = Call<v1::CustomerService>(&v1::CustomerService::Stub::CreateCustomer, request, &customer);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), StartsWith("contract.taxes[0].rate: expected a decimal"));
}

TEST_F(HandlersTest, ContractScheduleAndCustomerChangeByTheirOwnMethods) {
  const v1::Customer customer = MakeCustomer(MakeVendor().id());
  v1::UpdateContractRequest contract;
  contract.mutable_contract()->set_customer_id(customer.id());
  contract.mutable_contract()->set_etag(customer.contract().etag());
  contract.mutable_contract()->set_rate_per_hour("125.5");
  contract.mutable_contract()->set_extra_fees("10.50");
  v1::Contract changed;
  grpc::Status status = Call<v1::CustomerService>(&v1::CustomerService::Stub::UpdateContract, contract, &changed);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(changed.rate_per_hour(), "125.50");
  EXPECT_EQ(changed.extra_fees(), "10.50");
  EXPECT_EQ(changed.taxes_size(), 1);

  v1::UpdateScheduleRequest schedule;
  schedule.mutable_schedule()->set_customer_id(customer.id());
  schedule.mutable_schedule()->set_enabled(true);
  schedule.mutable_schedule()->set_time_zone("America/Toronto");
  schedule.mutable_schedule()->set_billing_day(15);
  v1::Schedule enabled;
  status = Call<v1::CustomerService>(&v1::CustomerService::Stub::UpdateSchedule, schedule, &enabled);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(enabled.next_run_date(), "2026-12-15");

  v1::UpdateCustomerRequest both;
  both.mutable_customer()->set_id(customer.id());
  both.mutable_customer()->mutable_contract()->set_notes("n");
  v1::Customer updated;
  status = Call<v1::CustomerService>(&v1::CustomerService::Stub::UpdateCustomer, both, &updated);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  both.mutable_customer()->clear_contract();
  both.mutable_customer()->set_vendor_id(customer.id());
  status = Call<v1::CustomerService>(&v1::CustomerService::Stub::UpdateCustomer, both, &updated);
  EXPECT_THAT(status.error_message(), StartsWith("vendorId: expected the value it has"));
}

TEST_F(HandlersTest, PagesFollowEachOther) {
  const std::string vendor = MakeVendor().id();
  for (const char* name : {"c", "a", "b"}) MakeCustomer(vendor, name);
  v1::ListCustomersRequest request;
  request.set_vendor_id(vendor);
  request.set_page_size(2);
  v1::ListCustomersResponse first, second;
  ASSERT_TRUE(Call<v1::CustomerService>(&v1::CustomerService::Stub::ListCustomers, request, &first).ok());
  ASSERT_EQ(first.customers_size(), 2);
  EXPECT_EQ(first.customers(0).name(), "a");
  EXPECT_EQ(first.total_size(), 3);
  request.set_page_token(first.next_page_token());
  ASSERT_TRUE(Call<v1::CustomerService>(&v1::CustomerService::Stub::ListCustomers, request, &second).ok());
  ASSERT_EQ(second.customers_size(), 1);
  EXPECT_EQ(second.customers(0).name(), "c");
  EXPECT_EQ(second.next_page_token(), "");
  request.set_q("other");
  EXPECT_EQ(Call<v1::CustomerService>(&v1::CustomerService::Stub::ListCustomers, request, &second).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(HandlersTest, ATimesheetIsKeptForItsPeriod) {
  v1::PutTimesheetRequest put;
  put.mutable_timesheet()->set_customer_id(MakeCustomer(MakeVendor().id()).id());
  put.mutable_timesheet()->set_period_start("2026-11-01");
  put.mutable_timesheet()->set_hours("12.25");
  v1::Timesheet::Expense* expense = put.mutable_timesheet()->add_expenses();
  expense->set_description("Train");
  expense->set_amount("45.5");
  v1::Timesheet kept, read;
  grpc::Status status = Call<v1::CustomerService>(&v1::CustomerService::Stub::PutTimesheet, put, &kept);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(kept.period_end(), "2026-11-30");
  v1::GetTimesheetRequest get;
  get.set_customer_id(put.timesheet().customer_id());
  get.set_period_start("2026-11-01");
  ASSERT_TRUE(Call<v1::CustomerService>(&v1::CustomerService::Stub::GetTimesheet, get, &read).ok());
  EXPECT_EQ(read.expenses(0).amount(), "45.50");
  EXPECT_EQ(read.SerializeAsString(), kept.SerializeAsString());
  get.set_period_start("2026-12-01");
  EXPECT_EQ(Call<v1::CustomerService>(&v1::CustomerService::Stub::GetTimesheet, get, &read).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(HandlersTest, AQuickRunIssuesOnceAndReplays) {
  const v1::Customer customer = MakeCustomer(MakeVendor().id());
  v1::GenerationResponse first, again, other;
  const grpc::Status status = Quick(customer.id(), &first, "key-1");
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(first.invoice().number(), "INV-2026-0001");
  EXPECT_EQ(first.invoice().total(), "847.50");
  EXPECT_EQ(first.invoice().amount_due(), "847.50");
  EXPECT_EQ(first.invoice().period_start(), "2026-10-01");
  EXPECT_EQ(first.invoice().due_date(), "2026-11-30");
  EXPECT_EQ(first.invoice().lines(0).quantity(), "7.5");
  EXPECT_EQ(first.invoice().taxes(0).amount(), "97.50");
  EXPECT_EQ(first.invoice().document_state(), v1::Invoice::PENDING);
  EXPECT_EQ(first.invoice().delivery(), v1::Delivery::QUEUED);
  EXPECT_EQ(first.run().mode(), v1::Run::QUICK);
  EXPECT_FALSE(replayed_);
  ASSERT_TRUE(Quick(customer.id(), &again, "key-1").ok());
  EXPECT_TRUE(replayed_);
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  const grpc::Status refused = Quick(customer.id(), &other);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_THAT(refused.error_message() + refused.error_details(), HasSubstr("INV-2026-0001"));
}

TEST_F(HandlersTest, AnInvoiceIsReadListedDownloadedAndSentAgain) {
  v1::GenerationResponse made;
  ASSERT_TRUE(Quick(MakeCustomer(MakeVendor().id()).id(), &made).ok());
  v1::GetInvoiceRequest get;
  get.set_id(made.invoice().id());
  v1::Invoice invoice;
  ASSERT_TRUE(Call<v1::InvoiceService>(&v1::InvoiceService::Stub::GetInvoice, get, &invoice).ok());
  EXPECT_EQ(invoice.state(), v1::Invoice::ISSUED);
  v1::ListInvoicesRequest list;
  list.set_state(v1::Invoice::ISSUED);
  v1::ListInvoicesResponse listed;
  ASSERT_TRUE(Call<v1::InvoiceService>(&v1::InvoiceService::Stub::ListInvoices, list, &listed).ok());
  EXPECT_EQ(listed.total_size(), 1);
  v1::DownloadInvoiceRequest download;
  download.set_id(invoice.id());
  v1::FileContent file;
  grpc::Status status = Call<v1::InvoiceService>(&v1::InvoiceService::Stub::DownloadInvoice, download, &file);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_THAT(file.data(), StartsWith("%PDF"));
  EXPECT_EQ(file.content_type(), "application/pdf");
  v1::ResendEmailRequest resend;
  resend.set_id(invoice.id());
  resend.set_recipient("other@example.com");
  v1::Email email;
  status = Call<v1::InvoiceService>(&v1::InvoiceService::Stub::ResendEmail, resend, &email);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(email.recipient(), "other@example.com");
  EXPECT_EQ(email.state(), v1::Email::QUEUED);
  v1::ListEmailsRequest emails;
  emails.set_invoice_id(invoice.id());
  v1::ListEmailsResponse sent;
  ASSERT_TRUE(Call<v1::EmailService>(&v1::EmailService::Stub::ListEmails, emails, &sent).ok());
  EXPECT_EQ(sent.total_size(), 2);
}

TEST_F(HandlersTest, ARunKeepsItsResult) {
  const v1::Customer customer = MakeCustomer(MakeVendor().id());
  v1::GenerationResponse made;
  ASSERT_TRUE(Quick(customer.id(), &made).ok());
  v1::GetRunRequest get;
  get.set_id(made.run().id());
  v1::Run run;
  ASSERT_TRUE(Call<v1::RunService>(&v1::RunService::Stub::GetRun, get, &run).ok());
  EXPECT_EQ(run.progress().invoiced(), 1);
  EXPECT_NE(run.state(), v1::Run::STATE_UNSPECIFIED);
  v1::ListRunResultsRequest list;
  list.set_run_id(run.id());
  list.set_outcome(v1::RunResult::INVOICED);
  v1::ListRunResultsResponse results;
  ASSERT_TRUE(Call<v1::RunService>(&v1::RunService::Stub::ListRunResults, list, &results).ok());
  ASSERT_EQ(results.results_size(), 1);
  EXPECT_EQ(results.results(0).customer_id(), customer.id());
  EXPECT_EQ(results.results(0).total(), "847.50");
}

TEST_F(HandlersTest, APreviewCreatesNothing) {
  v1::PreviewInvoiceRequest request;
  request.set_customer_id(MakeCustomer(MakeVendor().id()).id());
  request.set_invoice_date("2026-11-20");
  request.set_period_start("2026-11-01");
  request.set_period_end("2026-11-15");
  v1::LineInput* line = request.add_lines();
  line->set_description("Work");
  line->set_quantity("2");
  line->set_unit_price("99.99");
  line->mutable_discount()->set_amount("9.98");
  v1::PreviewInvoiceResponse response;
  grpc::Status status = Call<v1::InvoiceService>(&v1::InvoiceService::Stub::PreviewInvoice, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.invoice().total(), "190.00");
  EXPECT_EQ(response.invoice().state(), v1::Invoice::DRAFT);
  EXPECT_EQ(response.invoice().id(), "");
  EXPECT_EQ(Count("invoices"), 0);
  line->mutable_discount()->set_amount("9.985");
  status = Call<v1::InvoiceService>(&v1::InvoiceService::Stub::PreviewInvoice, request, &response);
  EXPECT_THAT(status.error_message(), StartsWith("lines[0].discount.amount: expected an amount of CAD"));
}

TEST_F(HandlersTest, ComputedSchedulesAreThoseOfTheVectors) {
  const auto stub = v1::BillingPeriodService::NewStub(channel_);
  for (const domain::VectorRow& row : domain::ReadVectors("schedule.csv")) {
    v1::ComputeScheduleRequest request;
    v1::Frequency::Value frequency;
    ASSERT_TRUE(v1::Frequency::Value_Parse(row.at("frequency"), &frequency));
    request.set_frequency(frequency);
    request.set_billing_weekday(std::stoi(row.at("billing_weekday")));
    request.set_anchor_date(row.at("anchor_date"));
    request.set_billing_day(std::stoi(row.at("billing_day")));
    request.set_after(row.at("after"));
    v1::ComputeScheduleResponse response;
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer any");
    ASSERT_TRUE(stub->ComputeSchedule(&context, request, &response).ok());
    ASSERT_EQ(response.occurrences_size(), 1);
    EXPECT_EQ(response.occurrences(0).due_date(), row.at("next_due")) << domain::ToText(row);
    EXPECT_EQ(response.occurrences(0).period_start(), row.at("period_start")) << domain::ToText(row);
    EXPECT_EQ(response.occurrences(0).period_end(), row.at("period_end")) << domain::ToText(row);
  }
}

TEST_F(HandlersTest, BillingPeriodsShowWhatIsBilled) {
  const v1::Customer customer = MakeCustomer(MakeVendor().id());
  v1::GenerationResponse made;
  ASSERT_TRUE(Quick(customer.id(), &made).ok());
  v1::ListBillingPeriodsRequest request;
  request.set_customer_id(customer.id());
  request.set_past_count(1);
  request.set_upcoming_count(1);
  v1::ListBillingPeriodsResponse response;
  ASSERT_TRUE(
      Call<v1::BillingPeriodService>(&v1::BillingPeriodService::Stub::ListBillingPeriods, request, &response).ok());
  ASSERT_EQ(response.billing_periods_size(), 3);
  EXPECT_EQ(response.billing_periods(0).period_start(), "2026-10-01");
  EXPECT_EQ(response.billing_periods(0).state(), v1::BillingPeriod::INVOICED);
  EXPECT_EQ(response.billing_periods(0).invoice_number(), "INV-2026-0001");
  EXPECT_EQ(response.billing_periods(1).state(), v1::BillingPeriod::OPEN);
  EXPECT_EQ(response.billing_periods(2).state(), v1::BillingPeriod::UPCOMING);
}

TEST_F(HandlersTest, HealthAnswersWithoutAKeyAndTheRestIsNotThereYet) {
  grpc::ClientContext context;
  v1::GetReadinessResponse response;
  ASSERT_TRUE(v1::HealthService::NewStub(channel_)->GetReadiness(&context, {}, &response).ok());
  EXPECT_EQ(response.status(), "ready");
  EXPECT_EQ(response.problems(0), "p");
  v1::CreatePaymentRequest request;
  v1::Payment payment;
  EXPECT_EQ(Call<v1::PaymentService>(&v1::PaymentService::Stub::CreatePayment, request, &payment).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

}  // namespace
}  // namespace invoice::rpc
