// A replay of any change gets the answer of the first call, whatever became of everything around it meanwhile.
#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "tests/support/plain_sql.h"
#include "tests/unit/rpc/api_fixture.h"

namespace invoice::rpc {
namespace {

constexpr char kCreateApiKey[] = "ApiKeyService/CreateApiKey";
// A PNG of one pixel.
constexpr char kLogo[] =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

class ReplayTest : public ApiTest {
 protected:
  // What a request refers to, made anew for each method.
  std::string Customer() {
    const std::string id = CustomerId(vendor_);
    customers_made_.push_back(id);
    return id;
  }
  Json Period(const std::string& customer) {
    return {{"customerId", customer},
            {"invoiceDate", "2026-11-01"},
            {"periodStart", "2026-10-01"},
            {"periodEnd", "2026-10-31"}};
  }
  Json Invoice(bool send_email = false) {
    Json request = Period(Customer());
    request["sendEmail"] = send_email;
    return Must("InvoiceService/RunManual", request).at("invoice");
  }
  Json Wizard(const std::string& customer) {
    Json request = Period(customer);
    request["lines"] = {{{"description", "Work"}, {"quantity", "1"}, {"unitPrice", "10.50"}}};
    return request;
  }
  Json Draft() {
    Json request = Wizard(Customer());
    request["draft"] = true;
    return Must("InvoiceService/RunWizard", request).at("invoice");
  }
  Json Payment() { return Must("PaymentService/CreatePayment", PaymentRequest(Customer())); }
  Json PaymentRequest(const std::string& customer) {
    return {{"payment", {{"customerId", customer}, {"date", "2026-11-20"}, {"amount", "10.50"}}}};
  }
  // An email in that state.
  std::string Email(const std::string& state) {
    const std::string invoice = Invoice(/*send_email=*/true).at("id");
    sql_->Must("UPDATE emails SET state = '" + state + "', sent_at = now() WHERE invoice_id = '" + invoice + "'");
    return sql_->Cell("SELECT id FROM emails WHERE invoice_id = '" + invoice + "' LIMIT 1");
  }
  Json SmtpConfig(const std::string& vendor_id) {
    return {
        {"vendorId", vendor_id}, {"name", "Mail"}, {"host", "127.0.0.1"}, {"port", 1}, {"fromEmail", "a@example.com"}};
  }
  Json MadeSmtpConfig() {
    const Json made = Must("EmailService/CreateSmtpConfig", {{"smtpConfig", SmtpConfig(VendorId())}});
    configurations_made_.push_back(made.at("id"));
    return made;
  }
  std::string Import(const std::string& method, const std::string& csv) {
    return Must(method, {{"vendorId", vendor_}, {"csv", base::Base64Encode(csv)}}).at("importId");
  }
  std::string InvoicesCsv() {
    return "customer,number,invoiceDate,periodStart,periodEnd,subtotal,total\n" + Customer() +
           ",OLD-1,2026-10-31,2026-10-01,2026-10-31,10.50,10.50\n";
  }
  std::string TimesheetsCsv() {
    return "customer,periodStart,periodEnd,hours,expenses\n" + Customer() + ",2026-10-01,2026-10-31,5,Train=10.50\n";
  }
  std::string CustomersCsv() { return "name,extraFees\nImported,10.50\n"; }
  Json Batch() {
    return {{"mode", "GENERATE_ALL"}, {"runDate", "2026-11-01"}, {"vendorId", vendor_}, {"sendEmail", true}};
  }
  Json TimesheetRequest() {
    return {{"timesheet",
             {{"customerId", Customer()},
              {"periodStart", "2026-10-01"},
              {"hours", "5"},
              {"expenses", {{{"description", "Train"}, {"amount", "10.50"}}}}}}};
  }
  Json Id(const Json& record) { return {{"id", record.at("id")}}; }
  Json IdAndEtag(const Json& record) { return {{"id", record.at("id")}, {"etag", record.at("etag")}}; }
  Json Read(const std::string& method, const std::string& id) { return Must(method, {{"id", id}}); }

  // One request of every method that changes something.
  std::map<std::string, std::function<Json()>> Requests() {
    std::map<std::string, std::function<Json()>> requests;
    AddParties(requests);
    AddDocuments(requests);
    AddEmails(requests);
    AddImports(requests);
    AddApiKeys(requests);
    return requests;
  }
  void AddParties(std::map<std::string, std::function<Json()>>& requests) {
    requests["VendorService/CreateVendor"] = [&]() -> Json {
      return {{"vendor", {{"name", "Another"}, {"email", "another@example.com"}}}};
    };
    requests["VendorService/UpdateVendor"] = [&]() -> Json {
      const Json read = Read("VendorService/GetVendor", vendor_);
      return {{"vendor", {{"id", vendor_}, {"etag", read.at("etag")}, {"phone", "1"}}}};
    };
    requests["VendorService/DeleteVendor"] = [&] { return IdAndEtag(Read("VendorService/GetVendor", vendor_)); };
    requests["VendorService/UndeleteVendor"] = [&] {
      Must("VendorService/DeleteVendor", {{"id", vendor_}});
      return Json{{"id", vendor_}};
    };
    requests["VendorService/UploadLogo"] = [&] { return Json{{"id", vendor_}, {"data", kLogo}}; };
    requests["VendorService/DeleteLogo"] = [&] {
      Must("VendorService/UploadLogo", {{"id", vendor_}, {"data", kLogo}});
      return Json{{"id", vendor_}};
    };
    requests["CustomerService/CreateCustomer"] = [&]() -> Json {
      return {{"customer", {{"vendorId", vendor_}, {"name", "New"}, {"contract", {{"extraFees", "10.50"}}}}}};
    };
    requests["CustomerService/UpdateCustomer"] = [&]() -> Json {
      const Json read = Read("CustomerService/GetCustomer", Customer());
      return {{"customer", {{"id", read.at("id")}, {"etag", read.at("etag")}, {"name", "Other"}}}};
    };
    requests["CustomerService/DeleteCustomer"] = [&] {
      return IdAndEtag(Read("CustomerService/GetCustomer", Customer()));
    };
    requests["CustomerService/UndeleteCustomer"] = [&] {
      const std::string customer = Customer();
      Must("CustomerService/DeleteCustomer", {{"id", customer}});
      return Json{{"id", customer}};
    };
    requests["CustomerService/UpdateContract"] = [&]() -> Json {
      const Json read = Must("CustomerService/GetContract", {{"customerId", Customer()}});
      return {{"contract", {{"customerId", read.at("customerId")}, {"etag", read.at("etag")}, {"extraFees", "10.00"}}}};
    };
    requests["CustomerService/UpdateSchedule"] = [&]() -> Json {
      const Json read = Must("CustomerService/GetSchedule", {{"customerId", Customer()}});
      return {{"schedule", {{"customerId", read.at("customerId")}, {"etag", read.at("etag")}, {"enabled", true}}}};
    };
    requests["CustomerService/PutTimesheet"] = [&] { return TimesheetRequest(); };
    requests["CustomerService/DeleteTimesheet"] = [&]() -> Json {
      const Json put = Must("CustomerService/PutTimesheet", TimesheetRequest());
      return {{"customerId", put.at("customerId")}, {"periodStart", put.at("periodStart")}, {"etag", put.at("etag")}};
    };
    requests["BillingPeriodService/SkipBillingPeriod"] = [&]() -> Json {
      return {{"customerId", Customer()}, {"periodStart", "2026-10-01"}, {"reason", "holiday"}};
    };
    requests["BillingPeriodService/ReopenBillingPeriod"] = [&]() -> Json {
      const Json period = {{"customerId", Customer()}, {"periodStart", "2026-10-01"}};
      Json skip = period;
      skip["reason"] = "holiday";
      Must("BillingPeriodService/SkipBillingPeriod", skip);
      return period;
    };
  }
  void AddDocuments(std::map<std::string, std::function<Json()>>& requests) {
    requests["InvoiceService/RunQuick"] = [&]() -> Json {
      return {{"customerId", Customer()}, {"runDate", "2026-11-01"}, {"totalHours", "5"}};
    };
    requests["InvoiceService/RunWizard"] = [&] { return Wizard(Customer()); };
    requests["InvoiceService/RunManual"] = [&] { return Period(Customer()); };
    requests["InvoiceService/UpdateDraft"] = [&] {
      const Json draft = Draft();
      Json request = Wizard("");
      request.erase("customerId");
      request["id"] = draft.at("id");
      request["etag"] = draft.at("etag");
      return request;
    };
    requests["InvoiceService/IssueDraft"] = [&] { return IdAndEtag(Draft()); };
    requests["InvoiceService/IssueDrafts"] = [&] { return Json{{"ids", {Draft().at("id"), Draft().at("id")}}}; };
    requests["InvoiceService/CancelInvoice"] = [&] {
      Json request = IdAndEtag(Invoice());
      request["reason"] = "wrong";
      return request;
    };
    requests["InvoiceService/MarkInvoiceSent"] = [&] { return IdAndEtag(Invoice()); };
    requests["InvoiceService/CreateCreditNote"] = [&]() -> Json {
      return {{"invoiceId", Invoice().at("id")}, {"reason", "agreed"}};
    };
    requests["InvoiceService/ResendEmail"] = [&] { return Id(Invoice()); };
    requests["PaymentService/CreatePayment"] = [&] { return PaymentRequest(Customer()); };
    requests["PaymentService/CreateInvoicePayment"] = [&]() -> Json {
      return {{"invoiceId", Invoice().at("id")}, {"date", "2026-11-20"}};
    };
    requests["PaymentService/UpdatePayment"] = [&]() -> Json {
      const Json payment = Payment();
      return {{"payment", {{"id", payment.at("id")}, {"etag", payment.at("etag")}, {"notes", "n"}}}};
    };
    requests["PaymentService/ReversePayment"] = [&] {
      Json request = IdAndEtag(Payment());
      request["reason"] = "bounced";
      return request;
    };
    requests["PaymentService/AllocatePayment"] = [&]() -> Json {
      const Json invoice = Invoice();
      const Json payment = Must("PaymentService/CreatePayment", PaymentRequest(invoice.at("customerId")));
      return {{"id", payment.at("id")},
              {"etag", payment.at("etag")},
              {"allocations", {{{"invoiceId", invoice.at("id")}, {"amount", "10.50"}}}}};
    };
    requests["RunService/PlanRun"] = [&] {
      Customer();
      return Batch();
    };
    requests["RunService/CreateRun"] = [&] {
      Customer();
      Json request = Batch();
      request["planHash"] = Must("RunService/PlanRun", Batch()).at("planHash");
      return request;
    };
    requests["RunService/CancelRun"] = [&] { return Id(Must("RunService/CreateRun", Batch())); };
    requests["RunService/ResumeRun"] = [&] {
      const Json run = Must("RunService/CreateRun", Batch());
      Must("RunService/CancelRun", Id(run));
      return Id(run);
    };
  }
  void AddEmails(std::map<std::string, std::function<Json()>>& requests) {
    requests["EmailService/RetryEmail"] = [&] { return Json{{"id", Email("FAILED")}}; };
    requests["EmailService/ReleaseEmail"] = [&] { return Json{{"id", Email("HELD")}}; };
    requests["EmailService/ReleaseEmails"] = [&] {
      Email("HELD");
      return Json{{"recipient", "customer@example.com"}};
    };
    requests["EmailService/CancelEmail"] = [&] { return Json{{"id", Email("QUEUED")}}; };
    requests["EmailService/RecordBounce"] = [&] { return Json{{"id", Email("SENT")}, {"reason", "unknown user"}}; };
    requests["EmailService/CreateSmtpConfig"] = [&] { return Json{{"smtpConfig", SmtpConfig(vendor_)}}; };
    requests["EmailService/UpdateSmtpConfig"] = [&]() -> Json {
      const Json made = MadeSmtpConfig();
      return {{"smtpConfig", {{"id", made.at("id")}, {"etag", made.at("etag")}, {"name", "Other"}}}};
    };
    requests["EmailService/DeleteSmtpConfig"] = [&] { return IdAndEtag(MadeSmtpConfig()); };
    requests["EmailService/UndeleteSmtpConfig"] = [&] {
      const Json made = MadeSmtpConfig();
      Must("EmailService/DeleteSmtpConfig", Id(made));
      return Id(made);
    };
    requests["EmailService/TestSmtpConfig"] = [&] { return Id(MadeSmtpConfig()); };
    requests["EmailService/UpdateEmailTemplate"] = [&]() -> Json {
      const Json read = Must("EmailService/GetEmailTemplate", {{"vendorId", vendor_}});
      return {{"emailTemplate", {{"vendorId", vendor_}, {"etag", read.at("etag")}, {"subject", "Invoice {{number}}"}}}};
    };
  }
  void AddApiKeys(std::map<std::string, std::function<Json()>>& requests) {
    const auto made = [this] {
      return Must("ApiKeyService/CreateApiKey", {{"apiKey", {{"name", "Reporting"}, {"role", "VIEWER"}}}});
    };
    requests[kCreateApiKey] = [&]() -> Json { return {{"apiKey", {{"name", "Reporting"}, {"role", "VIEWER"}}}}; };
    requests["ApiKeyService/UpdateApiKey"] = [made]() -> Json {
      const Json key = made();
      return {{"apiKey", {{"id", key.at("id")}, {"etag", key.at("etag")}, {"name", "Other"}}}};
    };
    requests["ApiKeyService/RevokeApiKey"] = [this, made] { return IdAndEtag(made()); };
  }
  void AddImports(std::map<std::string, std::function<Json()>>& requests) {
    const auto add = [&](const std::string& check, const std::string& execute,
                         const std::function<std::string()>& csv) {
      requests[check] = [this, csv]() -> Json { return {{"vendorId", vendor_}, {"csv", base::Base64Encode(csv())}}; };
      requests[execute] = [this, check, csv] { return Json{{"importId", Import(check, csv())}}; };
    };
    add("CustomerService/ImportCustomers", "CustomerService/ExecuteImport", [&] { return CustomersCsv(); });
    add("InvoiceService/ImportInvoices", "InvoiceService/ExecuteInvoiceImport", [&] { return InvoicesCsv(); });
    add("CustomerService/ImportTimesheets", "CustomerService/ExecuteTimesheetImport", [&] { return TimesheetsCsv(); });
  }

  // Changes all that an answer could depend on; what the call itself has closed already is refused here, which is fine.
  void ChangeTheSurroundings() {
    clock_.Advance(absl::Hours(23));
    Call("VendorService/UndeleteVendor", {{"id", vendor_}});
    for (const std::string& customer : customers_made_) {
      Call("CustomerService/UndeleteCustomer", {{"id", customer}});
      EXPECT_TRUE(SetCurrency(customer, "JPY").ok());
      Call("CustomerService/UpdateContract", {{"contract", {{"customerId", customer}, {"frequency", "WEEKLY"}}}});
      Call("CustomerService/UpdateSchedule", {{"schedule", {{"customerId", customer}, {"billingDay", 7}}}});
      Call("CustomerService/UpdateCustomer",
           {{"customer", {{"id", customer}, {"name", "Renamed"}, {"email", ""}}}, {"updateMask", "name,email"}});
      EXPECT_TRUE(Call("CustomerService/DeleteCustomer", {{"id", customer}}).ok());
    }
    Call("EmailService/UpdateEmailTemplate", {{"emailTemplate", {{"vendorId", vendor_}, {"subject", "Other"}}}});
    for (const std::string& id : configurations_made_) {
      Call("EmailService/UndeleteSmtpConfig", {{"id", id}});
      EXPECT_TRUE(Call("EmailService/DeleteSmtpConfig", {{"id", id}}).ok());
    }
    EXPECT_TRUE(Call("VendorService/UpdateVendor", {{"vendor",
                                                     {{"id", vendor_},
                                                      {"currencyCode", "KWD"},
                                                      {"booksClosedThrough", "2199-12-31"},
                                                      {"refuseBackDating", true}}}})
                    .ok());
    EXPECT_TRUE(Call("VendorService/DeleteVendor", {{"id", vendor_}}).ok());
    customers_made_.clear();
    configurations_made_.clear();
  }

  static std::vector<std::string> Changing() {
    std::vector<std::string> names;
    for (const google::protobuf::ServiceDescriptor* service : InvoiceServices()) {
      for (int i = 0; i < service->method_count(); ++i) {
        const google::protobuf::MethodDescriptor* method = service->method(i);
        const bool changes = method->options().idempotency_level() != google::protobuf::MethodOptions::NO_SIDE_EFFECTS;
        if (changes && !method->server_streaming()) names.push_back(service->name() + "/" + method->name());
      }
    }
    return names;
  }

  std::unique_ptr<test::PlainSql> sql_ = std::make_unique<test::PlainSql>(url_);
  std::string vendor_;
  std::vector<std::string> customers_made_;
  std::vector<std::string> configurations_made_;
};

TEST_F(ReplayTest, EveryChangeIsAnsweredAgainAfterItsSurroundingsChanged) {
  auto requests = Requests();
  // GetReadiness alone has none here, and changes nothing.
  EXPECT_THAT(api_->Missing(), testing::Not(testing::Contains(testing::AnyOfArray(Changing()))));
  for (const std::string& method : Changing()) {
    SCOPED_TRACE(method);
    vendor_ = VendorId();
    if (!requests.contains(method)) {
      ADD_FAILURE() << "a request of the method is missing in Requests()";
      continue;
    }
    const Json request = requests.at(method)();
    const Reply first = Call(method, request, "key-of-" + method);
    EXPECT_TRUE(first.ok()) << request << first;
    EXPECT_FALSE(first.replayed);
    ChangeTheSurroundings();
    const Reply again = Call(method, request, "key-of-" + method);
    if (method == kCreateApiKey) {  // shows a secret once
      EXPECT_EQ(again.reason(), "ALREADY_EXISTS");
      continue;
    }
    EXPECT_TRUE(again.ok()) << again;
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.json, first.json);
    // Without the key the same is a new change, which is refused or done anew.
    EXPECT_FALSE(Call(method, request).replayed);
  }
  std::set<std::string> known;
  for (const std::string& method : Changing()) known.insert(method);
  for (const auto& [method, request] : requests) EXPECT_TRUE(known.contains(method)) << method;
}

}  // namespace
}  // namespace invoice::rpc
