#include "mail/template.h"

#include "base/limits.h"
#include "base/status.h"
#include "base/text.h"
#include "gmock/gmock.h"
#include "mail/html_check.h"
#include "mail/message.h"

namespace invoice::mail {
namespace {

using testing::HasSubstr;
using testing::Not;

TemplateContext Context() {
  return {.number = "NW-2026-0001",
          .document_name = "Invoice",
          .invoice_date = "Jan 1, 2026",
          .due_date = "Jan 31, 2026",
          .period_start = "Dec 1, 2025",
          .period_end = "Dec 31, 2025",
          .total = "1,234.56",
          .currency_code = "CAD",
          .customer_name = "Contoso \"Quoted\" Ltd.",
          .vendor_name = "Müller & Söhne <GmbH>",
          .purchase_order = "PO 7"};
}

TEST(Template, TheDefaultNamesWhatMattersInEveryLanguage) {
  for (const char* language : {"en", "fr", "de", "es", "tlh"}) {
    const auto mail = RenderTemplate(DefaultTemplate(language, /*credit_note=*/false), Context());
    ASSERT_TRUE(mail.ok()) << mail.status();
    EXPECT_THAT(mail->subject, HasSubstr("NW-2026-0001"));
    for (const std::string& body : {mail->text, mail->html}) {
      for (const char* part : {"NW-2026-0001", "Jan 31, 2026", "Dec 1, 2025", "Dec 31, 2025", "1,234.56 CAD"}) {
        EXPECT_THAT(body, HasSubstr(part)) << language;
      }
      EXPECT_THAT(body, Not(HasSubstr("{{")));
      EXPECT_THAT(body, Not(HasSubstr("$")));
    }
    EXPECT_TRUE(CheckTemplate(DefaultTemplate(language, false)).ok());
    EXPECT_TRUE(CheckTemplate(DefaultTemplate(language, true)).ok());
  }
  EXPECT_THAT(DefaultTemplate("de", false).text, HasSubstr("Rechnung"));
  EXPECT_EQ(DefaultTemplate("tlh", false).text, DefaultTemplate("en", false).text);
  EXPECT_THAT(DefaultTemplate("fr", true).text, Not(HasSubstr("dueDate")));
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
  for (const std::string name : {"number", "documentName", "invoiceDate", "dueDate", "periodStart", "periodEnd",
                                 "total", "currencyCode", "customerName", "vendorName", "purchaseOrder"}) {
    EXPECT_TRUE(CheckTemplate({"s", "{{" + name + "}}", ""}).ok()) << name;
  }
}

TEST(Template, TheSubjectIsOneLineAndBounded) {
  TemplateContext context = Context();
  context.purchase_order = "a\r\nBcc: x@y.z\t\x01";
  EXPECT_EQ(RenderSubject({"{{purchaseOrder}}", "", ""}, context).value(), "a Bcc: x@y.z");
  context.customer_name = std::string(150, 'c') + "ü";
  const std::string subject = RenderSubject({"{{customerName}}{{customerName}}é", "", ""}, context).value();
  EXPECT_EQ(base::CountCodePoints(subject), base::kMaxSubjectCharacters);
  EXPECT_TRUE(base::IsValidUtf8(subject));
  EXPECT_TRUE(subject.ends_with("…"));
}

TEST(Template, RefusesAndNamesWhatIsWrong) {
  const struct {
    MailTemplate mail_template;
    const char* field;
  } rows[] = {
      {{"{{nummer}}", "t", ""}, "subject"},
      {{"s", "{{number", ""}, "textBody"},
      {{"s", "t", "{{}}"}, "htmlBody"},
      {{"s", "t", "{{number}"}, "htmlBody"},
      {{"a\r\nBcc: x@y.z", "t", ""}, "subject"},
      {{"s", "a\x01", ""}, "textBody"},
      {{"s", "t", "\xff"}, "htmlBody"},
      {{std::string(201, 's'), "t", ""}, "subject"},
      {{"s", std::string(20'001, 't'), ""}, "textBody"},
      {{"s", "t", std::string(100'001, 't')}, "htmlBody"},
      {{"s", "{{ {{number}} }}", ""}, "textBody"},
      {{"s", "t", "<p>{{number}}"}, "htmlBody"},
  };
  for (const auto& row : rows) {
    const absl::Status status = CheckTemplate(row.mail_template);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(base::DetailOf(status).fields.at(0).field, row.field);
  }
  EXPECT_TRUE(CheckTemplate({}).ok()) << "empty stands for the built-in texts";
}

TEST(HtmlCheck, AcceptsWhatIsClosedInOrder) {
  for (const char* html :
       {"", "plain", "a < b & c > d", "<p>a<br>b<br/>c<wbr>d<img src=\"a>b\"></p><hr><p></p>", "<P>a</p >",
        "<!-- </b> --><b>x</b>", "<ul>\n<li>{{number}}</li>\n<li><a href=\"https://x/?n={{number}}\">b</a></li></ul>",
        "<!DOCTYPE html>\n<html><head><meta charset=\"latin1\"></head>\n<body>é&nbsp;&euro;</body></html>",
        "<html><head><style>p>a{}</style></head></html>", "<section><p title='<b'>x</p></section>", "text > <b>x</b>",
        "<table><tr><td>1</td></tr></table>"}) {
    EXPECT_EQ(FaultOfHtml(html), "") << html;
  }
}

TEST(HtmlCheck, NamesTheTagAndItsLine) {
  const struct {
    const char* html;
    const char* fault;
  } rows[] = {
      {"<p>a\n<p>b</p>", "<p> in line 1 is not"},
      {"a\n<b><i>x</b></i>", "<i> in line 2 is not"},
      {"<div>x", "<div> in line 1 is not"},
      {"x\n\n</div>", "</div> in line 3 closes nothing"},
      {"<div/>x", "<div> in line 1 is not"},
      {"<b><b>x</b>", "<b> in line 1 is not"},
      {"<ul><li>a<li>b</ul>", "<li> in line 1"},
      {"<p", ">"},
      {"<a href=\"x\">y</a", ">"},
      {"</p>", "</p> in line 1 closes nothing"},
      {"<html><body><p>x</p></body>", "<html>"},
      {"<p>x</p></p>", "</p> in line 1 closes nothing"},
      {"<p><div>y</div></p>", "<p> in line 1 is not"},
  };
  for (const auto& row : rows) EXPECT_THAT(FaultOfHtml(row.html), HasSubstr(row.fault)) << row.html;
}

TEST(HtmlCheck, BearsManyTags) {
  std::string html;
  for (int i = 0; i < 30'000; ++i) html += "<b>";
  EXPECT_THAT(FaultOfHtml(html), HasSubstr("<b>"));
  std::string text = "<p>";
  for (int i = 0; i < 90'000; ++i) text += i % 50 == 0 ? '\n' : 'x';
  EXPECT_EQ(FaultOfHtml(text + "</p>"), "");
}

TEST(Template, TheDefaultBecomesAMessage) {
  const RenderedMail mail = RenderTemplate(DefaultTemplate("en", false), Context()).value();
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
