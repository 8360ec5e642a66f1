"""Emails by REST against real mail servers: who gets them with what headers, what is held and released, what people do with those whose
way ended, and what vendors make of them: templates and logos."""

import base64
import email
import email.policy
import os
import threading
import unittest
import urllib.parse

from mail_servers import MailServer
from process import wait_until
from stack import SOURCE_DIR, StackCase

EMAILS = "/api/v1/emails"
UNKNOWN_ID = "01900000-0000-7000-8000-000000000000"
TO = "payables@contoso.example.com"


def image(name):
    with open(os.path.join(SOURCE_DIR, "tests/unit/pdf/images", name), "rb") as file:
        return file.read()


class EmailsTest(StackCase):
    catches_mail = False

    def setUp(self):
        self.server = MailServer()
        self.addCleanup(self.server.stop)

    # --- helpers ------------------------------------------------------------------------------------------------------

    def vendor(self, config=None, **fields):
        """A vendor whose emails go to the test's mail server."""
        vendor = self.api.new_vendor(**fields)
        self.api.ok("POST", "/api/v1/smtpConfigs", {
            "vendorId": vendor["id"], "name": "Test", "host": "127.0.0.1", "port": self.server.port, "security": "NONE",
            "fromEmail": "billing@northwind.example.com", **(config or {})})
        return vendor

    def bill(self, customer, run_date="2025-03-01", send=True):
        answer = self.api.run_quick(customer["id"], run_date, sendEmail=send)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()["invoice"]

    def invoice(self, invoice_id):
        return self.api.ok("GET", f"/api/v1/invoices/{invoice_id}")

    def emails(self, invoice_id, **filters):
        query = "".join(f"&{name}={value}" for name, value in filters.items())
        return self.api.ok("GET", f"{EMAILS}?invoiceId={invoice_id}{query}")["emails"]

    def wait(self, email_id, state):
        return wait_until(
            lambda: found if (found := self.api.ok("GET", f"{EMAILS}/{email_id}"))["state"] == state else None, f"the email is {state}")

    def act(self, email_id, action, body=None):
        return self.api.post(f"{EMAILS}/{email_id}:{action}", body or {})

    def refused(self, answer, status, code=400, *fields):
        self.assertEqual((answer.status, answer.error["status"]), (code, status), answer)
        self.assertEqual(set(answer.fields), set(fields), answer)
        return answer

    def messages(self, count):
        """The messages that the server took: envelope recipient and parsed message."""
        wait_until(lambda: len(self.server.messages) >= count, f"{count} messages")
        self.assertEqual(len(self.server.messages), count)
        return {to[0]: email.message_from_string(content, policy=email.policy.default) for _, to, content in self.server.messages}

    # --- recipients ---------------------------------------------------------------------------------------------------

    def test_each_recipient_gets_a_message_and_the_blind_ones_are_in_no_header(self):
        vendor = self.vendor(archiveEmail="archive@northwind.example.com")
        customer = self.api.new_customer(
            vendor["id"], ccEmails=["cc@contoso.example.com", TO.upper()], bccEmails=["bcc@contoso.example.com", "CC@contoso.example.com"])
        invoice = self.bill(customer)
        messages = self.messages(4)
        self.assertEqual(set(messages), {TO, "cc@contoso.example.com", "bcc@contoso.example.com", "archive@northwind.example.com"})
        for message in messages.values():
            self.assertIn(TO, message["To"])
            self.assertEqual(message["Cc"], "cc@contoso.example.com")
            self.assertIsNone(message["Bcc"])
            headers = "\n".join(f"{name}: {value}" for name, value in message.items() if name not in ("X-RcptTo",))
            self.assertNotIn("bcc@contoso", headers)
            self.assertNotIn("archive@", headers)
            self.assertIn(invoice["number"], message["Subject"])
        roles = {found["recipient"]: found["role"] for found in self.emails(invoice["id"])}
        self.assertEqual(roles, {TO: "TO", "cc@contoso.example.com": "CC", "bcc@contoso.example.com": "BCC",
                                 "archive@northwind.example.com": "ARCHIVE"})
        first = next(found for found in self.emails(invoice["id"]) if found["role"] == "TO")

        again = self.api.ok("POST", f"/api/v1/invoices/{invoice['id']}:resendEmail", {"recipient": "boss@contoso.example.com"})
        self.assertEqual((again["resendOf"], again["resendNumber"]), (first["id"], 1))
        messages = self.messages(6)
        self.assertEqual(messages["boss@contoso.example.com"]["To"], "boss@contoso.example.com")
        self.assertIsNone(messages["boss@contoso.example.com"]["Cc"])
        third = self.api.ok("POST", f"/api/v1/invoices/{invoice['id']}:resendEmail", {})
        self.assertEqual((third["resendOf"], third["resendNumber"], third["recipient"]), (first["id"], 2, TO))
        self.messages(10)

    def test_one_bad_address_of_a_list_is_named(self):
        vendor = self.vendor()
        for field in ("ccEmails", "bccEmails"):
            answer = self.api.post("/api/v1/customers", {
                "vendorId": vendor["id"], "name": "Contoso", field: ["good@example.com", "bad\r\nBcc: x@example.com"]})
            self.refused(answer, "INVALID_ARGUMENT", 400, f"{field}[1]")
        self.refused(self.api.patch(f"/api/v1/vendors/{vendor['id']}", {"archiveEmail": "nobody"}), "INVALID_ARGUMENT", 400, "archiveEmail")

    def test_international_domains_are_sent_in_a_labels_and_shown_as_typed(self):
        vendor = self.vendor({"fromEmail": "rechnung@bücher.example"}, email="post@straße.example", archiveEmail="archiv@bücher.example")
        typed, wire = "ap@BÜCHER.example", "ap@xn--bcher-kva.example"
        customer = self.api.new_customer(vendor["id"], email=typed, ccEmails=[wire, "kopie@почта.рф"])
        self.assertEqual(customer["email"], typed)
        invoice = self.bill(customer)
        messages = self.messages(3)
        self.assertEqual(set(messages), {wire, "kopie@xn--80a1acny.xn--p1ai", "archiv@xn--bcher-kva.example"}, "one mailbox, one email")
        for message in messages.values():
            self.assertIn(wire, message["To"])
            self.assertIn("rechnung@xn--bcher-kva.example", message["From"])
            self.assertIn("post@xn--strae-oqa.example", message["Reply-To"])
            self.assertTrue(message["Message-Id"].endswith("@xn--strae-oqa.example>"), message["Message-Id"])
        self.assertEqual({found["recipient"] for found in self.emails(invoice["id"])}, {typed, "kopie@почта.рф", "archiv@bücher.example"})
        for spelling in (typed, typed.lower(), wire, wire.upper(), "ap@bu\u0308cher.example"):
            found = self.emails(invoice["id"], recipient=urllib.parse.quote(spelling))
            self.assertEqual([email["recipient"] for email in found], [typed], spelling)

    def test_the_longest_address_of_a_vendor_gets_its_emails_sent(self):
        label = "b" * 63
        longest = f"a@{label}.{label}.{label}.{'b' * 60}"
        vendor = self.vendor({"fromEmail": longest}, email=longest)
        self.bill(self.api.new_customer(vendor["id"], email=longest))
        message = self.messages(1)[longest]
        self.assertTrue(message["Message-Id"].endswith(longest[1:] + ">"), message["Message-Id"])
        answer = self.api.patch(f"/api/v1/vendors/{vendor['id']}", {"email": "aaa" + longest})
        self.refused(answer, "INVALID_ARGUMENT", 400, "email")

    # --- guards -------------------------------------------------------------------------------------------------------

    def test_a_run_is_held_beyond_its_limit_until_a_person_releases_it(self):
        vendor = self.vendor({"maxEmailsPerRun": 2})
        for number in range(5):
            self.api.new_customer(vendor["id"], name=f"Customer {number}", email=f"c{number}@example.com",
                                  contract={"defaultHours": "10"})
        run = self.api.ok("POST", "/api/v1/runs", {"mode": "GENERATE_ALL", "runDate": "2025-03-01", "vendorId": vendor["id"],
                                                   "sendEmail": True})
        held = wait_until(lambda: found if len(found := self.held(vendor)) == 3 else None, "three are held")
        self.messages(2)
        self.assertIn("maxEmailsPerRun", held[0]["problem"])
        self.assertEqual(self.invoice(held[0]["invoiceId"])["delivery"], "HELD")

        self.refused(self.api.post(f"{EMAILS}:release", {}), "INVALID_ARGUMENT", 400, "runId", "recipient")
        self.refused(self.act(held[0]["id"], "retry"), "FAILED_PRECONDITION")
        self.assertEqual(self.act(held[0]["id"], "release").json()["state"], "QUEUED")
        self.wait(held[0]["id"], "SENT")
        cancelled = self.act(held[1]["id"], "cancel")
        self.assertEqual((cancelled.status, cancelled.json()["state"]), (200, "CANCELLED"), cancelled)
        key = {"Idempotency-Key": f"release-{run['id']}"}
        for replayed in (None, "true"):
            answer = self.api.post(f"{EMAILS}:release", {"runId": run["id"]}, key)
            self.assertEqual(answer.json(), {"releasedCount": 1, "remainingCount": 0})
            self.assertEqual(answer.headers.get("Idempotency-Replayed"), replayed)
        self.wait(held[2]["id"], "SENT")
        self.messages(4)
        self.assertEqual(self.invoice(held[2]["invoiceId"])["delivery"], "SENT")
        self.assertEqual(self.invoice(held[1]["invoiceId"]).get("delivery"), "NONE")

    def held(self, vendor):
        return self.api.ok("GET", f"{EMAILS}?vendorId={vendor['id']}&state=HELD")["emails"][::-1]

    def test_an_address_gets_no_more_than_its_limit_in_a_day(self):
        vendor = self.vendor({"maxEmailsPerRecipientPerDay": 2})
        customer = self.api.new_customer(vendor["id"])
        invoices = [self.bill(customer, f"2025-0{month}-01") for month in range(1, 5)]
        self.messages_of(2)
        held = self.held(vendor)
        self.assertEqual([found["invoiceId"] for found in held], [invoice["id"] for invoice in invoices[2:]])
        self.assertIn("maxEmailsPerRecipientPerDay", held[0]["problem"])
        answer = self.api.ok("POST", f"{EMAILS}:release", {"recipient": TO.upper()})
        self.assertEqual(answer, {"releasedCount": 2, "remainingCount": 0})
        self.messages_of(4)

    def test_an_address_is_counted_whatever_the_spelling_of_its_domain(self):
        vendor = self.vendor({"maxEmailsPerRecipientPerDay": 2})
        for spelling in ("ap@bücher.example", "ap@xn--bcher-kva.example", "AP@BÜCHER.EXAMPLE"):
            self.bill(self.api.new_customer(vendor["id"], email=spelling))
        self.messages_of(2)
        self.assertEqual([found["recipient"] for found in self.held(vendor)], ["AP@BÜCHER.EXAMPLE"])
        answer = self.api.ok("POST", f"{EMAILS}:release", {"recipient": "ap@xn--bcher-kva.example"})
        self.assertEqual(answer, {"releasedCount": 1, "remainingCount": 0})
        self.messages_of(3)

    def messages_of(self, count):
        wait_until(lambda: len(self.server.messages) == count, f"{count} messages")

    # --- what people do -----------------------------------------------------------------------------------------------

    def test_a_failed_email_is_retried_as_the_same_message(self):
        vendor = self.vendor()
        customer = self.api.new_customer(vendor["id"])
        self.server.refused_recipients.add(TO)
        found = self.emails(self.bill(customer)["id"])[0]
        failed = self.wait(found["id"], "FAILED")
        self.assertEqual(failed["attempts"][0]["replyCode"], 550)
        self.assertEqual(self.invoice(found["invoiceId"])["delivery"], "FAILED")
        self.server.refused_recipients.clear()
        answers = [None] * 4

        def retry(number):
            answers[number] = self.act(found["id"], "retry")

        threads = [threading.Thread(target=retry, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(answer.status for answer in answers), [200, 400, 400, 400], answers)
        sent = self.wait(found["id"], "SENT")
        self.assertEqual((sent["messageId"], len(sent["attempts"])), (failed["messageId"], 2))
        self.assertEqual(self.messages(1)[TO]["Message-ID"], failed["messageId"])
        self.assertEqual(self.invoice(found["invoiceId"])["delivery"], "SENT")

    def test_a_bounce_is_recorded_and_may_be_retried(self):
        customer = self.api.new_customer(self.vendor()["id"])
        found = self.emails(self.bill(customer)["id"])[0]
        self.wait(found["id"], "SENT")
        self.refused(self.act(found["id"], "recordBounce", {"reason": ""}), "INVALID_ARGUMENT", 400, "reason")
        for reason in ("x" * 1001, "a\x1b[31m"):
            self.refused(self.act(found["id"], "recordBounce", {"reason": reason}), "INVALID_ARGUMENT", 400, "reason")
        bounced = self.act(found["id"], "recordBounce", {"reason": "550 5.2.2\r\n\tmailbox full\n"}).json()
        self.assertEqual((bounced["state"], bounced["problem"]), ("BOUNCED", "550 5.2.2 mailbox full"))
        self.assertEqual(self.invoice(found["invoiceId"])["delivery"], "BOUNCED")
        self.refused(self.act(found["id"], "recordBounce", {"reason": "again"}), "FAILED_PRECONDITION")
        self.assertEqual(self.act(found["id"], "retry").json()["state"], "QUEUED")
        self.wait(found["id"], "SENT")
        self.messages_of(2)
        self.assertEqual(self.invoice(found["invoiceId"])["delivery"], "SENT")
        for action in ("retry", "release", "cancel", "recordBounce"):
            self.refused(self.act(UNKNOWN_ID, action, {"reason": "x"} if action == "recordBounce" else {}), "NOT_FOUND", 404)
        viewer = self.stack.api(self.stack.create_api_key("viewer", "VIEWER"))
        self.assertEqual(viewer.post(f"{EMAILS}/{found['id']}:retry", {}).status, 403)

    # --- templates ----------------------------------------------------------------------------------------------------

    def test_a_vendor_writes_its_own_emails(self):
        vendor = self.vendor()
        path = f"/api/v1/vendors/{vendor['id']}/emailTemplate"
        built_in = self.api.ok("GET", path)
        self.assertEqual((built_in.get("subject"), built_in.get("customized"), "updateTime" in built_in), ("", False, False), built_in)
        changed = self.api.ok("PATCH", path, {
            "etag": built_in["etag"], "subject": "{{documentName}} {{ number }} for {{customerName}}",
            "textBody": "{{total}} {{currencyCode}} by {{dueDate}}, order {{purchaseOrder}}.\n",
            "htmlBody": "<p>{{customerName}}<br>{{periodStart}} &ndash; {{periodEnd}}</p>"})
        self.assertTrue(changed["customized"])
        self.refused(self.api.patch(path, {"etag": built_in["etag"], "subject": "late"}), "ABORTED", 409)
        customer = self.api.new_customer(vendor["id"], name="Müller & <b>Söhne</b>")
        invoice = self.bill(customer)
        message = self.messages(1)[TO]
        self.assertEqual(message["Subject"], f"Invoice {invoice['number']} for Müller & <b>Söhne</b>")
        self.assertIn("1,063.61 CAD by ", message.get_body(("plain",)).get_content())
        self.assertIn("Müller &amp; &lt;b&gt;Söhne&lt;/b&gt;<br>", message.get_body(("html",)).get_content())

        preview = self.api.ok("POST", f"{EMAILS}:preview", {"invoiceId": invoice["id"], "subject": "Try {{number}}"})
        self.assertEqual((preview["subject"], preview["recipients"]), (f"Try {invoice['number']}", [TO]))
        self.assertIn("order .", preview["textBody"])
        self.assertEqual(self.api.ok("PATCH", f"{path}?updateMask=subject", {})["subject"], "")
        self.messages_of(1)

    def test_faulty_templates_are_refused_with_the_field_and_what_was_expected(self):
        vendor = self.vendor()
        invoice = self.bill(self.api.new_customer(vendor["id"]), send=False)
        path = f"/api/v1/vendors/{vendor['id']}/emailTemplate"
        for field, text, expected in (
                ("subject", "{{nummer}}", "customerName"),
                ("subject", "{{number", "}}"),
                ("subject", "a\r\nBcc: x@example.com", ""),
                ("subject", "s" * 201, "200"),
                ("textBody", "{{}}", "currencyCode"),
                ("textBody", "t" * 20001, "20"),
                ("htmlBody", "<p>{{number}}", "<p> in line 1"),
                ("htmlBody", "x\n<b><i>x</b></i>", "<i> in line 2"),
                ("htmlBody", "x</div>", "</div> in line 1"),
                ("htmlBody", "<p>{{customer.name}}</p>", "vendorName"),
                ("htmlBody", "h" * 100001, "100")):
            for answer in (self.api.patch(path, {field: text}),
                           self.api.post(f"{EMAILS}:preview", {"invoiceId": invoice["id"], field: text})):
                self.refused(answer, "INVALID_ARGUMENT", 400, field)
                self.assertIn(expected, answer.fields[field].replace(",", ""))
        self.assertFalse(self.api.ok("GET", path).get("customized"))
        self.refused(self.api.get(f"/api/v1/vendors/{UNKNOWN_ID}/emailTemplate"), "NOT_FOUND", 404)
        self.refused(self.api.post(f"{EMAILS}:preview", {"invoiceId": UNKNOWN_ID}), "NOT_FOUND", 404)

    def test_the_built_in_text_speaks_the_customers_language(self):
        vendor = self.vendor()
        for locale, subject, total in (("de-DE", "Rechnung", "1.063,61"), ("fr-CA", "Facture", "1\u00a0063,61"), ("es-MX", "Factura", "1,063.61"),
                                       ("en-CA", "Invoice", "1,063.61")):
            customer = self.api.new_customer(vendor["id"], locale=locale)
            preview = self.api.ok("POST", f"{EMAILS}:preview", {"invoiceId": self.bill(customer, send=False)["id"]})
            self.assertTrue(preview["subject"].startswith(subject), preview["subject"])
            for body in (preview["textBody"], preview["htmlBody"]):
                self.assertIn(f"{total} CAD", body)

    # --- what is printed ----------------------------------------------------------------------------------------------

    def upload(self, vendor, data):
        return self.api.post(f"/api/v1/vendors/{vendor['id']}:uploadLogo", {"data": base64.b64encode(data).decode()})

    def test_a_logo_is_kept_as_it_is_and_printed(self):
        vendor = self.vendor()
        self.refused(self.api.get(f"/api/v1/vendors/{vendor['id']}/logo"), "NOT_FOUND", 404)
        customer = self.api.new_customer(vendor["id"])
        plain = self.api.get(f"/api/v1/invoices/{self.bill(customer, '2025-01-01', send=False)['id']}/pdf").body
        for month, (name, media) in enumerate((("logo.png", "image/png"), ("logo.jpg", "image/jpeg"), ("logo.svg", "image/svg+xml")), 2):
            answer = self.upload(vendor, image(name))
            self.assertEqual(answer.status, 200, answer)
            logo = self.api.get(f"/api/v1/vendors/{vendor['id']}/logo")
            self.assertEqual((logo.status, logo.body, logo.headers["Content-Type"]), (200, image(name), media))
            invoice = self.bill(customer, f"2025-0{month}-01", send=False)
            printed = self.api.get(f"/api/v1/invoices/{invoice['id']}/pdf").body
            self.assertTrue(printed.startswith(b"%PDF"))
            self.assertNotEqual(len(printed), len(plain))
        self.assertEqual(self.api.ok("PATCH", f"/api/v1/vendors/{vendor['id']}", {"phone": "1"})["logoSha256"],
                         answer.json()["logoSha256"], "a change of the vendor keeps the logo")
        statement = self.api.get(f"/api/v1/customers/{customer['id']}/statement/pdf?asOf=2025-12-31")
        self.assertEqual((statement.status, statement.headers["Content-Type"]), (200, "application/pdf"))
        self.assertTrue(statement.body.startswith(b"%PDF"))
        self.assertIn("statement-2025-12-31.pdf", statement.headers["Content-Disposition"])
        self.refused(self.api.get(f"/api/v1/customers/{UNKNOWN_ID}/statement/pdf"), "NOT_FOUND", 404)

    def test_what_is_no_logo_is_refused(self):
        vendor = self.vendor()
        svg = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">{}</svg>'
        for data in (b"", b"no image", b"GIF89a" + bytes(20), image("logo.png")[:100], bytes(1024 * 1024 + 1),
                     svg.format('<image width="9" height="9" xlink:href="file:///etc/hostname"/>').encode(),
                     svg.format('<script>alert(1)</script>').encode(),
                     b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + svg.format("<text>&x;</text>").encode()):
            self.refused(self.upload(vendor, data), "INVALID_ARGUMENT", 400, "data")
        self.refused(self.api.get(f"/api/v1/vendors/{vendor['id']}/logo"), "NOT_FOUND", 404)

    def test_texts_that_no_font_has_are_refused_when_they_are_saved(self):
        vendor = self.vendor()
        customer = self.api.new_customer(vendor["id"])
        unknown = "\uf8d0"
        self.refused(self.api.patch(f"/api/v1/vendors/{vendor['id']}", {"address": {"city": unknown}}), "INVALID_ARGUMENT", 400, "address.city")
        self.refused(self.api.patch(f"/api/v1/customers/{customer['id']}", {"serviceLocation": unknown}), "INVALID_ARGUMENT", 400,
                     "serviceLocation")
        self.refused(self.api.patch(f"/api/v1/customers/{customer['id']}/contract", {"notes": f"a\n{unknown}"}), "INVALID_ARGUMENT", 400, "notes")
        self.refused(self.api.post("/api/v1/customers", {"vendorId": vendor["id"], "name": "Łódź", "contract": {"purchaseOrder": unknown}}),
                     "INVALID_ARGUMENT", 400, "contract.purchaseOrder")


if __name__ == "__main__":
    unittest.main()
