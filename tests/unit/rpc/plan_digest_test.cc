// What a plan's hash stands for: every field of every record that decides what is billed, to whom and with what texts.
#include "base/encoding.h"
#include "base/secret.h"
#include "invoice/v1/annotations.pb.h"
#include "invoice/v1/customers.pb.h"
#include "invoice/v1/emails.pb.h"
#include "invoice/v1/vendors.pb.h"
#include "tests/unit/rpc/api_fixture.h"

namespace invoice::rpc {
namespace {

// Whether a changed field must be a changed hash.
enum class Counts { kAlways, kWhereEmailIsSent };

struct Field {
  Json value;  // another one than the record has
  Counts counts = Counts::kAlways;
};
using Fields = std::map<std::string, Field>;

class PlanDigestTest : public ApiTest {
 protected:
  PlanDigestTest() : ApiTest(Keys()) {}

  static app::SmtpPasswords Keys() {
    const base::Secret text(base::Base64Encode(std::string(32, 'k')));
    return app::SmtpPasswords(base::KeyRing(base::SealingKey::FromBase64(text).value()));
  }

  // A vendor with its own configuration, and a customer with a timesheet.
  void NewWorld() {
    vendor_ = VendorId();
    customer_ = CustomerId(vendor_);
    Must("CustomerService/PutTimesheet", {{"timesheet", Timesheet()}});
    configuration_ = Must("EmailService/CreateSmtpConfig", {{"smtpConfig", SmtpConfig(vendor_)}}).at("id");
  }
  Json Timesheet() {
    return {{"customerId", customer_},
            {"periodStart", "2026-10-01"},
            {"periodEnd", "2026-10-31"},
            {"hours", "5"},
            {"expenses", {{{"description", "Train"}, {"amount", "10.50"}}}},
            {"notes", "n"}};
  }
  static Json SmtpConfig(const std::string& vendor_id) {
    return {{"vendorId", vendor_id}, {"name", "Mail"},  {"host", "mail.example.com"},
            {"username", "u"},       {"password", "p"}, {"fromEmail", "from@example.com"}};
  }
  std::string Hash(bool send_email = true) {
    return Must("RunService/PlanRun",
                {{"mode", "GENERATE_ALL"}, {"runDate", "2026-11-01"}, {"vendorId", vendor_}, {"sendEmail", send_email}})
        .at("planHash");
  }

  // Whether a client can set the field by an update.
  static bool IsWritable(const google::protobuf::FieldDescriptor& field) {
    const v1::FieldRules& rules = field.options().GetExtension(v1::rules);
    return !rules.output_only() && !rules.identifier() && !rules.immutable() && rules.format() != v1::FieldRules::ETAG;
  }

  // Changes each field of the message by itself, in a world of its own.
  void ExpectCounted(const google::protobuf::Descriptor* message, const Fields& fields,
                     const std::function<void(const std::string& field, const Json& value)>& change) {
    for (int i = 0; i < message->field_count(); ++i) {
      const google::protobuf::FieldDescriptor& descriptor = *message->field(i);
      const std::string name = descriptor.json_name();
      SCOPED_TRACE(message->name() + "." + name);
      if (!IsWritable(descriptor)) {
        EXPECT_FALSE(fields.contains(name)) << "it cannot be written";
        continue;
      }
      ASSERT_TRUE(fields.contains(name)) << "say whether it decides what is billed, to whom and with what texts";
      const Field& field = fields.at(name);
      if (field.value.is_null()) continue;  // a record of its own
      NewWorld();
      const std::string sent = Hash(true);
      const std::string kept = Hash(false);
      ASSERT_EQ(Hash(true), sent) << "the same books, the same hash";
      change(name, field.value);
      EXPECT_NE(Hash(true), sent);
      EXPECT_EQ(Hash(false) != kept, field.counts == Counts::kAlways);
      const Reply run = Call("RunService/CreateRun", {{"mode", "GENERATE_ALL"},
                                                      {"runDate", "2026-11-01"},
                                                      {"vendorId", vendor_},
                                                      {"sendEmail", true},
                                                      {"planHash", sent}});
      EXPECT_EQ(run.reason(), "PLAN_CHANGED") << run;
    }
  }
  // By a method Update... with a mask.
  auto Update(const std::string& method, const std::string& part, const Json& identifier) {
    return [=, this](const std::string& field, const Json& value) {
      Json record = identifier;
      for (auto& [key, id] : record.items()) {
        if (id == "customer") id = customer_;
        if (id == "vendor") id = vendor_;
        if (id == "configuration") id = configuration_;
      }
      record[field] = value;
      Must(method, {{part, record}, {"updateMask", field}});
    };
  }

  std::string vendor_;
  std::string customer_;
  std::string configuration_;
};

TEST_F(PlanDigestTest, CountsTheCustomer) {
  ExpectCounted(v1::Customer::descriptor(),
                {{"name", {"Other"}},
                 {"email", {"other@example.com"}},
                 {"ccEmails", {Json::array({"cc@example.com"})}},
                 {"bccEmails", {Json::array({"bcc@example.com"})}},
                 {"address", {{{"city", "Toronto"}}}},
                 {"contractorName", {"Smith"}},
                 {"serviceLocation", {"Here"}},
                 {"locale", {"fr-CA"}},
                 {"taxNumber", {"1"}},
                 {"contract", {nullptr}},
                 {"schedule", {nullptr}}},
                Update("CustomerService/UpdateCustomer", "customer", {{"id", "customer"}}));
}

TEST_F(PlanDigestTest, CountsTheContract) {
  ExpectCounted(v1::Contract::descriptor(),
                {{"invoicePrefix", {"X"}},
                 {"numberPattern", {"{PREFIX}-{SEQ:6}"}},
                 {"frequency", {"WEEKLY"}},
                 {"defaultHours", {"11"}},
                 {"ratePerHour", {"120"}},
                 {"currencyCode", {"EUR"}},
                 {"taxes", {Json::array({{{"name", "HST"}, {"rate", "0.13"}}})}},
                 {"paymentTerms", {{{"kind", "END_OF_MONTH"}}}},
                 {"extraFees", {"1"}},
                 {"extraFeesLabel", {"Fees"}},
                 {"startDate", {"2026-10-02"}},
                 {"endDate", {"2026-10-30"}},
                 {"purchaseOrder", {"PO"}},
                 {"buyerReference", {"BR"}},
                 {"requireTimesheet", {true}},
                 {"notes", {"note"}},
                 {"partialPeriods", {"PRORATE_DAYS"}}},
                Update("CustomerService/UpdateContract", "contract", {{"customerId", "customer"}}));
}

TEST_F(PlanDigestTest, CountsTheSchedule) {
  ExpectCounted(v1::Schedule::descriptor(),
                {{"enabled", {true}},
                 {"autoSendEmail", {true}},
                 {"autoIssue", {false}},
                 {"timeZone", {"Asia/Tokyo"}},
                 {"billingWeekday", {3}},
                 {"anchorDate", {"2026-10-07"}},
                 {"billingDay", {9}},
                 {"missedRunPolicy", {"HOLD"}},
                 {"maxCatchUp", {5}}},
                Update("CustomerService/UpdateSchedule", "schedule", {{"customerId", "customer"}}));
}

TEST_F(PlanDigestTest, CountsTheVendor) {
  ExpectCounted(v1::Vendor::descriptor(),
                {{"name", {"Other"}},
                 {"email", {"other@example.com"}},
                 {"phone", {"1"}},
                 {"address", {{{"city", "Toronto"}}}},
                 {"taxNumber", {"1"}},
                 {"defaultContractor", {"Smith"}},
                 {"currencyCode", {"EUR"}},
                 {"locale", {"fr-CA"}},
                 {"paperSize", {"A4"}},
                 {"bank", {{{"bankName", "Bank"}}}},
                 {"numberPattern", {"{PREFIX}-{SEQ:6}"}},
                 {"creditNotePattern", {"{PREFIX}-C-{SEQ:6}"}},
                 {"accentColor", {"#000000"}},
                 {"booksClosedThrough", {"2026-01-31"}},
                 {"archiveEmail", {"archive@example.com"}},
                 {"refuseBackDating", {true}}},
                Update("VendorService/UpdateVendor", "vendor", {{"id", "vendor"}}));
}

TEST_F(PlanDigestTest, CountsTheTimesheet) {
  ExpectCounted(v1::Timesheet::descriptor(),
                {{"periodEnd", {"2026-10-30"}},
                 {"hours", {"6"}},
                 {"expenses", {Json::array({{{"description", "Taxi"}, {"amount", "10.50"}}})}},
                 {"notes", {"other"}}},
                [&](const std::string& field, const Json& value) {
                  Json timesheet = Timesheet();
                  timesheet[field] = value;
                  Must("CustomerService/PutTimesheet", {{"timesheet", timesheet}});
                });
}

TEST_F(PlanDigestTest, CountsTheEmailTemplateWhereEmailIsSent) {
  ExpectCounted(v1::EmailTemplate::descriptor(),
                {{"subject", {"Pay {{number}}", Counts::kWhereEmailIsSent}},
                 {"textBody", {"Pay {{number}}", Counts::kWhereEmailIsSent}},
                 {"htmlBody", {"<p>Pay {{number}}</p>", Counts::kWhereEmailIsSent}}},
                Update("EmailService/UpdateEmailTemplate", "emailTemplate", {{"vendorId", "vendor"}}));
}

TEST_F(PlanDigestTest, CountsTheSmtpConfigurationWhereEmailIsSent) {
  constexpr Counts kSent = Counts::kWhereEmailIsSent;
  ExpectCounted(v1::SmtpConfig::descriptor(),
                {{"name", {"Other", kSent}},
                 {"host", {"other.example.com", kSent}},
                 {"port", {2525, kSent}},
                 {"security", {"TLS", kSent}},
                 {"username", {"other", kSent}},
                 {"password", {"other", kSent}},
                 {"fromEmail", {"other@example.com", kSent}},
                 {"fromName", {"Other", kSent}},
                 {"verifyCertificate", {false, kSent}},
                 {"unknownPolicy", {"HOLD", kSent}},
                 {"maxEmailsPerRun", {7, kSent}},
                 {"maxEmailsPerRecipientPerDay", {7, kSent}},
                 {"maxConnections", {7, kSent}},
                 {"maxEmailsPerMinute", {7, kSent}}},
                Update("EmailService/UpdateSmtpConfig", "smtpConfig", {{"id", "configuration"}}));
}

TEST_F(PlanDigestTest, CountsTheConfigurationThatWouldSendAndNoOther) {
  NewWorld();
  const std::string own = Hash();
  const std::string other_vendor = VendorId();
  const std::string others = Must("EmailService/CreateSmtpConfig", {{"smtpConfig", SmtpConfig(other_vendor)}}).at("id");
  Must("EmailService/UpdateEmailTemplate", {{"emailTemplate", {{"vendorId", other_vendor}, {"subject", "Other"}}}});
  EXPECT_EQ(Hash(), own) << "another vendor's";
  const std::string global = Must("EmailService/CreateSmtpConfig", {{"smtpConfig", SmtpConfig("")}}).at("id");
  EXPECT_EQ(Hash(), own) << "the vendor has its own";
  Must("EmailService/DeleteSmtpConfig", {{"id", configuration_}});
  const std::string by_global = Hash();
  EXPECT_NE(by_global, own);
  Must("EmailService/UpdateSmtpConfig", {{"smtpConfig", {{"id", configuration_}, {"name", "Old"}}}});
  EXPECT_EQ(Hash(), by_global) << "it is not active";
  Must("EmailService/UpdateSmtpConfig", {{"smtpConfig", {{"id", global}, {"fromName", "Other"}}}});
  EXPECT_NE(Hash(), by_global);
  Must("EmailService/DeleteSmtpConfig", {{"id", global}});
  const std::string by_environment = Hash();
  EXPECT_NE(by_environment, by_global);
  Must("EmailService/UndeleteSmtpConfig", {{"id", global}});
  EXPECT_NE(Hash(), by_environment);
}

TEST_F(PlanDigestTest, CountsTheLogo) {
  NewWorld();
  const std::string before = Hash(false);
  Must("VendorService/UploadLogo",
       {{"id", vendor_},
        {"data", "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="}});
  EXPECT_NE(Hash(false), before);
}

}  // namespace
}  // namespace invoice::rpc
