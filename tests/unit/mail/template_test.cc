#include "mail/template.h"

#include "gmock/gmock.h"
#include "mail/message.h"

namespace invoice::mail {
namespace {

using testing::HasSubstr;
using testing::Not;

TemplateContext Context() {
  TemplateContext context;
  context.number = "NW-2026-0001";
  context.vendor_name = "Müller & Söhne <GmbH>";
  context.customer_name = "Contoso \"Quoted\" Ltd.";
  context.invoice_date = "2026-01-01";
  context.due_date = "2026-01-31";
  context.period = "2025-12-01 to 2025-12-31";
  context.total = "1,234.56 CAD";
  context.document = "Invoice";
  return context;
}

TEST(Template, TheDefaultNamesWhatMatters) {
  const auto mail = RenderTemplate(DefaultTemplate(), Context());
  ASSERT_TRUE(mail.ok()) << mail.status();
  EXPECT_EQ(mail->subject, "Invoice NW-2026-0001 from Müller & Söhne <GmbH>");
  for (const std::string& body : {mail->text, mail->html}) {
    for (const char* part : {"NW-2026-0001", "2026-01-31", "2025-12-01 to 2025-12-31", "1,234.56 CAD"}) {
      EXPECT_THAT(body, HasSubstr(part));
    }
    EXPECT_THAT(body, Not(HasSubstr("{{")));
  }
}

TEST(Template, EscapesValuesInHtmlOnly) {
  const auto mail =
      RenderTemplate({"{{vendorName}}", "{{vendorName}}", "<p>{{ vendorName }} {{customerName}}'</p>"}, Context());
  ASSERT_TRUE(mail.ok());
  EXPECT_EQ(mail->text, "Müller & Söhne <GmbH>");
  EXPECT_EQ(mail->html, "<p>Müller &amp; Söhne &lt;GmbH&gt; Contoso &quot;Quoted&quot; Ltd.'</p>");
}

TEST(Template, AValueIsNotReadAsATemplateAgain) {
  TemplateContext context = Context();
  context.number = "{{total}}";
  const auto mail = RenderTemplate({"s", "{{number}}", ""}, context);
  ASSERT_TRUE(mail.ok());
  EXPECT_EQ(mail->text, "{{total}}");
}

TEST(Template, KnowsEveryVariableOfTheList) {
  for (const std::string_view name : TemplateVariables()) {
    EXPECT_TRUE(CheckTemplate({"s", "{{" + std::string(name) + "}}", ""}).ok()) << name;
  }
}

TEST(Template, RefusesAndNamesWhatIsWrong) {
  const struct {
    MailTemplate mail_template;
    const char* field;
  } rows[] = {
      {{"{{nummer}}", "t", ""}, "subject"},
      {{"s", "{{number", ""}, "text"},
      {{"s", "t", "{{}}"}, "html"},
      {{"s", "t", "{{number}"}, "html"},
      {{"", "t", ""}, "subject"},
      {{"s", " \n", ""}, "text"},
      {{"a\r\nBcc: x@y.z", "t", ""}, "subject"},
      {{"s", "a\x01", ""}, "text"},
      {{"s", "t", "\xff"}, "html"},
      {{std::string(501, 's'), "t", ""}, "subject"},
      {{"s", "{{ {{number}} }}", ""}, "text"},
  };
  for (const auto& row : rows) {
    const absl::Status status = CheckTemplate(row.mail_template);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), HasSubstr(row.field));
  }
}

TEST(Template, TheDefaultBecomesAMessage) {
  const RenderedMail mail = RenderTemplate(DefaultTemplate(), Context()).value();
  MailMessage message;
  message.from = {"Vendor", "a@b.ca"};
  message.to = {"Customer", "c@d.ca"};
  message.subject = mail.subject;
  message.text_body = mail.text;
  message.html_body = mail.html;
  message.message_id = "<1@b.ca>";
  EXPECT_TRUE(BuildMime(message).ok());
}

}  // namespace
}  // namespace invoice::mail
