// Templates of vendors on the database: versions, what emails are sent with, previews.
#include "app/email_templates.h"

#include <gmock/gmock.h>

#include "app/delivery.h"
#include "app/emails.h"
#include "base/status.h"
#include "store/jobs.h"
#include "tests/app/app_fixture.h"
#include "tests/app/deliver_one.h"
#include "tests/app/scripted_mailer.h"

namespace invoice::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class EmailTemplatesTest : public AppTest {
 protected:
  EmailTemplates templates() { return EmailTemplates(*core_); }

  absl::StatusOr<Outcome<domain::EmailTemplate>> Update(const std::string& subject, const std::string& text,
                                                        const std::string& html, const std::string& etag = "") {
    return templates().Update(NewCall(), vendor_, etag,
                              [&](domain::EmailTemplate& own) {
                                own.subject = subject;
                                own.text_body = text;
                                own.html_body = html;
                                return absl::OkStatus();
                              },
                              {});
  }

  domain::InvoiceRecord Send() {
    const auto outcome = RunQuick(customer_, absl::CivilDay(2026, 11, 1), NewCall(), /*send_email=*/true);
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    return outcome->result.invoice;
  }

  void Work() {
    std::vector<store::Job> jobs;
    {
      auto transaction = database_.Begin();
      jobs = *store::Jobs(*transaction).Fetch("test", 100, absl::Seconds(30));
      EXPECT_TRUE(transaction->Commit().ok());
    }
    Delivery delivery(*core_, places_, [this] { return std::make_unique<ScriptedMailer>(script_); });
    for (const store::Job& job : jobs) {
      if (job.kind != "SEND_EMAIL") continue;
      EXPECT_EQ(DeliverOne(database_, delivery, job), absl::OkStatus());
    }
  }

  Script script_;
  store::SmtpPlaces places_{url_};
  std::string vendor_ = NewVendor();
  std::string customer_ = NewCustomer(vendor_);
};

TEST_F(EmailTemplatesTest, AnEmailIsSentWithTheVersionItWasQueuedWith) {
  EXPECT_EQ(templates().Get(vendor_)->version, 0);
  EXPECT_FALSE(templates().Get(vendor_)->customized());
  ASSERT_TRUE(Update("First {{number}}", "Text one {{total}} {{currencyCode}}", "").ok());
  const domain::InvoiceRecord invoice = Send();
  EXPECT_EQ(invoice.emails.front().subject, "First " + invoice.document.number);
  EXPECT_EQ(invoice.emails.front().template_version, 1);
  ASSERT_TRUE(Update("Second", "Text two", "<p>two</p>").ok());
  Work();
  ASSERT_EQ(script_.accepted.size(), 1u);
  EXPECT_THAT(script_.accepted[0], HasSubstr("Text one 847.50 CAD"));
  EXPECT_THAT(script_.accepted[0], HasSubstr("First"));
  EXPECT_THAT(script_.accepted[0], Not(HasSubstr("text/html"))) << "a text of one's own without HTML has none";
  const auto again = Invoices(*core_).ResendEmail(NewCall(), invoice.id, "", {});
  EXPECT_EQ(again->result.subject, "Second");
  Work();
  EXPECT_THAT(script_.accepted[1], HasSubstr("text/html"));
}

TEST_F(EmailTemplatesTest, AStaleChangeAndBadTextsAreRefused) {
  const auto first = Update("A", "", "", "0");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->result.version, 1);
  EXPECT_TRUE(absl::IsAborted(Update("B", "", "", "0").status()));
  const auto field_of = [](const absl::Status& status) { return base::DetailOf(status).fields.at(0).field; };
  EXPECT_EQ(field_of(Update("{{nummer}}", "", "").status()), "subject");
  EXPECT_EQ(field_of(Update("", "{{number", "").status()), "textBody");
  EXPECT_EQ(field_of(Update("", "", "<p>x").status()), "htmlBody");
  EXPECT_EQ(templates().Get(vendor_)->subject, "A");
  EXPECT_TRUE(absl::IsNotFound(templates().Get("01900000-0000-7000-8000-000000000001").status()));
  ASSERT_TRUE(Update("", "", "").ok()) << "back to the built-in texts";
  EXPECT_FALSE(templates().Get(vendor_)->customized());
  EXPECT_EQ(Count("email_templates"), 2);
}

TEST_F(EmailTemplatesTest, APreviewFillsInAndSendsNothing) {
  auto change = [](domain::Customer& customer) {
    customer.name = "<b>Müller & Co</b>";
    customer.locale = "de-DE";
    customer.cc_emails = {"cc@example.com"};
    return absl::OkStatus();
  };
  ASSERT_TRUE(Customers(*core_).Update(NewCall(), customer_, "", change, {}).ok());
  const auto outcome = RunQuick(customer_, absl::CivilDay(2026, 11, 1), NewCall());
  const std::string id = outcome->result.invoice.id;
  const auto built_in = templates().Preview(id, {});
  ASSERT_TRUE(built_in.ok()) << built_in.status();
  EXPECT_THAT(built_in->mail.subject, HasSubstr("Rechnung"));
  EXPECT_THAT(built_in->mail.text, HasSubstr("847,50 CAD"));
  EXPECT_THAT(built_in->mail.html, HasSubstr("&lt;b&gt;Müller &amp; Co&lt;/b&gt;"));
  EXPECT_THAT(built_in->recipients, ElementsAre("customer@example.com", "cc@example.com"));
  const auto tried = templates().Preview(id, {.subject = "{{customerName}}", .html_body = "<i>{{dueDate}}</i>"});
  EXPECT_EQ(tried->mail.subject, "<b>Müller & Co</b>");
  EXPECT_THAT(tried->mail.html, HasSubstr("<i>"));
  const auto empty = templates().Preview(id, {.subject = "{{purchaseOrder}}", .text_body = " {{purchaseOrder}}\n"});
  EXPECT_EQ(empty->mail.subject, built_in->mail.subject) << "nothing is left of it for this invoice";
  EXPECT_EQ(empty->mail.text, built_in->mail.text);
  EXPECT_FALSE(templates().Preview(id, {.html_body = "<i>"}).ok());
  EXPECT_EQ(Count("emails"), 0);
}

}  // namespace
}  // namespace invoice::app
