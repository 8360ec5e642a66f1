// All services over a real gRPC server, the use cases and PostgreSQL; methods are called by their names, with JSON.
#pragma once

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/json.h"
#include "rpc/handlers.h"
#include "rpc/server.h"
#include "tests/app/app_fixture.h"

namespace invoice::rpc {

using Json = nlohmann::json;

class ApiTest : public app::AppTest {
 protected:
  explicit ApiTest(app::SmtpPasswords passwords = {}) : AppTest(LocalRoute(), std::move(passwords)) {}

  struct Reply {
    grpc::Status status;
    std::string bytes;
    Json json;
    bool replayed = false;

    bool ok() const { return status.ok(); }
    // "BOOKS_CLOSED"; empty where it is OK.
    std::string reason() const {
      google::rpc::Status details;
      details.ParseFromString(status.error_details());
      for (const auto& any : details.details()) {
        // ErrorInfo has its reason as the first field, of less than 128 bytes.
        if (any.type_url() != "type.googleapis.com/google.rpc.ErrorInfo" || any.value().size() < 2) continue;
        return any.value().substr(2, static_cast<size_t>(any.value()[1]));
      }
      return "";
    }
    friend std::ostream& operator<<(std::ostream& out, const Reply& reply) {
      return out << static_cast<int>(reply.status.error_code()) << " " << reply.reason() << " "
                 << reply.status.error_message();
    }
  };

  void SetUp() override {
    const Door door{.authenticate = [](std::string_view) -> absl::StatusOr<app::Actor> {
                      return app::Actor{.id = "tester", .name = "Tester", .role = app::Role::kAdmin};
                    },
                    .clock = &clock_,
                    .metrics = &metrics_};
    const auto is_time_zone = [this](std::string_view name) { return time_zones_.Find(name).has_value(); };
    api_ = *Api::Create(door, is_time_zone, InvoiceServices());
    ServeApiKeys(*api_, api_keys_, tokens_);
    ServeVendors(*api_, vendors_, tokens_);
    ServeLogos(*api_, logos_);
    ServeCustomers(*api_, customers_, tokens_);
    ServeBillingPeriods(*api_, periods_, tokens_);
    ServeInvoices(*api_, invoices_, tokens_);
    ServeDrafts(*api_, drafts_, invoices_);
    ServeImports(*api_, imports_);
    ServeRuns(*api_, runs_, run_watches_, plans_, tokens_);
    ServeInvoiceLife(*api_, life_, credit_notes_, invoices_);
    ServePayments(*api_, payments_, tokens_);
    ServeStatements(*api_, statements_);
    ServeEmails(*api_, emails_, tokens_);
    ServeSmtpConfigs(*api_, smtp_configurations_, smtp_trials_, tokens_);
    ServeEmailTemplates(*api_, email_templates_);
    server_ = *Server::Start({.listen = {"127.0.0.1", 0}}, *api_);
    channel_ = grpc::CreateChannel("127.0.0.1:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials());
  }

  // "CustomerService/CreateCustomer".
  static const google::protobuf::MethodDescriptor* FindMethod(const std::string& name) {
    for (const google::protobuf::ServiceDescriptor* service : InvoiceServices()) {
      for (int i = 0; i < service->method_count(); ++i) {
        if (service->name() + "/" + service->method(i)->name() == name) return service->method(i);
      }
    }
    return nullptr;
  }

  Reply Call(const std::string& name, const Json& request, const std::string& idempotency_key = "") {
    const google::protobuf::MethodDescriptor* method = FindMethod(name);
    if (method == nullptr) {
      ADD_FAILURE() << "no method " << name;
      return {};
    }
    auto* factory = google::protobuf::MessageFactory::generated_factory();
    const std::unique_ptr<google::protobuf::Message> message(factory->GetPrototype(method->input_type())->New());
    const auto read = google::protobuf::util::JsonStringToMessage(request.dump(), message.get());
    EXPECT_TRUE(read.ok()) << name << " " << request << " " << read.ToString();
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer any");
    if (!idempotency_key.empty()) context.AddMetadata("idempotency-key", idempotency_key);
    const grpc::Slice slice(message->SerializeAsString());
    grpc::GenericStub stub(channel_);
    grpc::CompletionQueue queue;
    const auto call = stub.PrepareUnaryCall(&context, "/invoice.v1." + name, grpc::ByteBuffer(&slice, 1), &queue);
    call->StartCall();
    Reply reply;
    grpc::ByteBuffer answer;
    call->Finish(&answer, &reply.status, &reply);
    void* tag = nullptr;
    bool ok = false;
    EXPECT_TRUE(queue.Next(&tag, &ok) && ok);
    reply.replayed = context.GetServerInitialMetadata().contains("idempotency-replayed");
    if (!reply.ok()) return reply;
    std::vector<grpc::Slice> slices;
    EXPECT_TRUE(answer.Dump(&slices).ok());
    for (const grpc::Slice& part : slices) reply.bytes.append(reinterpret_cast<const char*>(part.begin()), part.size());
    const std::unique_ptr<google::protobuf::Message> read_back(factory->GetPrototype(method->output_type())->New());
    EXPECT_TRUE(read_back->ParseFromString(reply.bytes));
    std::string text;
    EXPECT_TRUE(google::protobuf::util::MessageToJsonString(*read_back, &text).ok());
    reply.json = Json::parse(text);
    return reply;
  }
  Json Must(const std::string& name, const Json& request) {
    const Reply reply = Call(name, request);
    EXPECT_TRUE(reply.ok()) << name << " " << request << ": " << reply;
    return reply.json;
  }

  std::string VendorId() {
    return Must("VendorService/CreateVendor", {{"vendor", {{"name", "Vendor"}, {"email", "vendor@example.com"}}}})
        .value("id", "");
  }
  // Billed by the hour, 10 hours at 100 a month, in CAD.
  std::string CustomerId(const std::string& vendor_id) {
    return Must("CustomerService/CreateCustomer", {{"customer",
                                                    {{"vendorId", vendor_id},
                                                     {"name", "Customer"},
                                                     {"email", "customer@example.com"},
                                                     {"contract", {{"ratePerHour", "100"}, {"defaultHours", "10"}}}}}})
        .value("id", "");
  }
  Reply SetCurrency(const std::string& customer_id, const std::string& code) {
    return Call("CustomerService/UpdateContract",
                {{"contract", {{"customerId", customer_id}, {"currencyCode", code}}}});
  }

  base::Metrics metrics_;
  app::Vendors vendors_{*core_};
  app::Logos logos_{*core_};
  app::Customers customers_{*core_};
  app::Periods periods_{*core_};
  app::Imports imports_{*core_};
  app::Invoices invoices_{*core_};
  app::Drafts drafts_{*core_};
  app::Plans plans_{*core_};
  app::Runs runs_{*core_};
  app::RunWatches run_watches_{*core_};
  app::InvoiceLife life_{*core_};
  app::CreditNotes credit_notes_{*core_};
  app::Payments payments_{*core_};
  app::Statements statements_{*core_};
  app::Emails emails_{*core_};
  app::SmtpConfigurations smtp_configurations_{*core_};
  app::SmtpTrials smtp_trials_{*core_};
  app::ApiKeys api_keys_{*core_};
  app::EmailTemplates email_templates_{*core_};
  PageTokens tokens_{base::Secret("a secret of at least 32 characters"), clock_};
  std::unique_ptr<Api> api_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace invoice::rpc
