"""The main job by REST: an accountant issues an invoice, gets the PDF, and the customer has it in the mailbox."""

import datetime
import decimal
import hashlib
import re
import subprocess
import tempfile
import unittest

from process import wait_until
from stack import StackCase


def pdf_text(pdf):
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        return subprocess.run(["pdftotext", "-layout", file.name, "-"], capture_output=True, text=True, timeout=30, check=True).stdout


class MainJobTest(StackCase):
    def setUp(self):
        # The first of the present month bills the month before, and is not yet overdue.
        self.run_date = datetime.datetime.now(datetime.timezone.utc).date().replace(day=1)
        self.period_end = self.run_date - datetime.timedelta(days=1)
        self.period_start = self.period_end.replace(day=1)

    def test_an_invoice_is_issued_stored_as_pdf_and_mailed(self):
        vendor = self.api.new_vendor(taxNumber="BN 98765")
        customer = self.api.new_customer(vendor["id"])
        self.assert_defaults_of_a_new_customer(customer)

        answer = self.api.run_quick(customer["id"], str(self.run_date), "7.5", sendEmail=True)
        self.assertEqual(answer.status, 200, answer)
        run, invoice = answer.json()["run"], answer.json()["invoice"]
        self.assert_amounts(invoice)

        invoice = wait_until(lambda: self.sent_invoice(invoice["id"]), "the email is sent", 60)
        self.assertEqual(invoice["state"], "SENT")
        self.assertEqual(invoice["documentState"], "STORED")

        pdf = self.api.get(f"/api/v1/invoices/{invoice['id']}/pdf")
        self.assert_download(pdf, invoice)
        self.assert_pdf_names_what_matters(pdf_text(pdf.body), invoice, customer)
        first = self.assert_mail(pdf.body, invoice)
        email = self.assert_email_record(invoice, first)
        self.assert_run(run, invoice, customer)
        self.assert_period_is_invoiced(customer, invoice)

        again = self.api.ok("POST", f"/api/v1/invoices/{invoice['id']}:resendEmail", {})
        self.assertEqual((again["resendOf"], again["resendNumber"]), (email["id"], 1))
        wait_until(lambda: self.stack.mailbox.count() == 2, "the second mail arrives", 30)
        second = [mail for mail in self.stack.mailbox.mails() if mail.message_id != first.message_id]
        self.assertEqual(len(second), 1, "a resend is a message of its own")
        self.assertEqual(second[0].attachments(), first.attachments())

    def test_invoices_are_filtered_and_paged(self):
        vendor = self.api.new_vendor(name="Paging Vendor")
        customers = [self.api.new_customer(vendor["id"], name=f"Pager {i}") for i in range(2)]
        numbers = []
        for customer in customers:
            for month in (3, 4, 5):
                answer = self.api.run_quick(customer["id"], f"2025-{month:02}-01")
                self.assertEqual(answer.status, 200, answer)
                numbers.append(answer.json()["invoice"]["number"])

        def listed(query):
            return self.api.ok("GET", f"/api/v1/invoices?vendorId={vendor['id']}&{query}")

        everything = listed("")
        self.assertEqual(everything["totalSize"], 6)
        self.assertCountEqual([invoice["number"] for invoice in everything["invoices"]], numbers)
        dates = [invoice["invoiceDate"] for invoice in everything["invoices"]]
        self.assertEqual(dates, sorted(dates, reverse=True), "newest first unless asked otherwise")
        self.assertEqual(listed(f"customerId={customers[0]['id']}")["totalSize"], 3)
        self.assertEqual(listed("from=2025-04-01&to=2025-04-30")["totalSize"], 2)
        self.assertEqual(listed(f"q={numbers[0].lower()}")["invoices"][0]["number"], numbers[0])
        self.assertEqual(listed("state=OVERDUE")["totalSize"], 6, "all of them were due long ago")
        self.assertEqual(listed("state=PAID")["totalSize"], 0)

        for order in ("invoiceDate", "invoiceDate%20desc"):
            paged, token = [], ""
            while True:
                page = listed(f"pageSize=4&orderBy={order}&pageToken={token}")
                paged += page["invoices"]
                token = page.get("nextPageToken", "")
                if not token:
                    break
                self.assertEqual(len(page["invoices"]), 4)
            self.assertCountEqual([invoice["number"] for invoice in paged], numbers, "every invoice once over the pages")
            dates = [invoice["invoiceDate"] for invoice in paged]
            self.assertEqual(dates, sorted(dates, reverse=order.endswith("desc")))

    # --- the parts ----------------------------------------------------------------------------------------------------

    def assert_defaults_of_a_new_customer(self, customer):
        contract, schedule = customer["contract"], customer["schedule"]
        self.assertEqual((contract["frequency"], contract["currencyCode"]), ("MONTHLY", "CAD"))
        self.assertEqual(contract["paymentTerms"], {"kind": "NET", "days": 30})
        self.assertNotIn("ratePerHour", contract)
        self.assertEqual((schedule["billingDay"], schedule["enabled"]), (1, False))

    def assert_amounts(self, invoice):
        self.assertEqual((invoice["periodStart"], invoice["periodEnd"]), (str(self.period_start), str(self.period_end)))
        self.assertEqual(invoice["dueDate"], str(self.run_date + datetime.timedelta(days=30)))
        line = invoice["lines"][0]
        self.assertEqual((line["quantity"], line["unit"], line["amount"]), ("7.5", "HOUR", "941.25"))
        self.assertEqual(decimal.Decimal(line["unitPrice"]), decimal.Decimal("125.5"))
        self.assertEqual((invoice["subtotal"], invoice["taxTotal"], invoice["total"]), ("941.25", "122.36", "1063.61"))
        self.assertEqual(invoice["amountDue"], "1063.61")
        self.assertEqual(invoice["taxes"][0]["registrationNumber"], "123456789 RT0001")
        self.assertEqual(invoice["number"], f"INV-{self.run_date.year}-0001")

    def sent_invoice(self, invoice_id):
        invoice = self.api.ok("GET", f"/api/v1/invoices/{invoice_id}")
        return invoice if invoice["delivery"] == "SENT" else None

    def assert_download(self, pdf, invoice):
        self.assertEqual(pdf.status, 200)
        self.assertEqual(pdf.headers["Content-Type"], "application/pdf")
        self.assertIn(f"{invoice['number']}.pdf", pdf.headers["Content-Disposition"])
        self.assertEqual(pdf.body[:5], b"%PDF-")
        self.assertEqual(hashlib.sha256(pdf.body).hexdigest(), invoice["documentSha256"])
        self.assertEqual(self.api.get(f"/api/v1/invoices/{invoice['id']}/pdf").body, pdf.body, "the same bytes for ever")

    def assert_pdf_names_what_matters(self, text, invoice, customer):
        words = re.sub(r"\s+", " ", text)
        for expected in (invoice["number"], "Northwind Analytics Inc.", "100 King Street West", "BN 98765", customer["name"],
                         "1 Harbour Road", "123456789 RT0001", "7.5", "941.25", "122.36", "1,063.61", "CAD", "HST"):
            self.assertIn(expected, words)
        # The description of the line has the period.
        self.assertIn(f"{self.period_start} – {self.period_end}", words)

    def assert_mail(self, pdf, invoice):
        mails = self.stack.mailbox.mails()
        self.assertEqual(len(mails), 1)
        mail = mails[0]
        self.assertEqual([address.addr_spec for address in mail.message["To"].addresses], ["payables@contoso.example.com"])
        self.assertIn(invoice["number"], mail.subject)
        self.assertIn("1063.61", mail.text().replace(",", ""))
        self.assertEqual(mail.message["Reply-To"].addresses[0].addr_spec, "billing@northwind.example.com")
        self.assertEqual(mail.attachments(), [(f"{invoice['number']}.pdf", "application/pdf", hashlib.sha256(pdf).hexdigest())])
        return mail

    def assert_email_record(self, invoice, mail):
        emails = self.api.ok("GET", f"/api/v1/emails?invoiceId={invoice['id']}")["emails"]
        self.assertEqual([email["state"] for email in emails], ["SENT"])
        email = self.api.ok("GET", f"/api/v1/emails/{emails[0]['id']}")
        self.assertIn(email["id"], mail.message_id, "the Message-ID comes from the email's id")
        self.assertEqual(email["messageId"].strip("<>"), mail.message_id.strip("<>"))
        self.assertEqual(email["invoiceNumber"], invoice["number"])
        self.assertEqual((email["recipient"], email["attemptCount"]), ("payables@contoso.example.com", 1))
        attempt = email["attempts"][0]
        self.assertEqual((attempt["number"], attempt["replyCode"], attempt["outcome"]), (1, 250, "ACCEPTED"))
        self.assertIn("RCPT TO:<payables@contoso.example.com>", attempt["transcript"])
        self.assertNotIn("JVBERi0", attempt["transcript"], "the message itself is left out")
        return email

    def assert_run(self, run, invoice, customer):
        kept = self.api.ok("GET", f"/api/v1/runs/{run['id']}")
        self.assertEqual((kept["mode"], kept["state"], kept["actor"]), ("QUICK", "SUCCEEDED", "e2e"))
        self.assertEqual(kept["totals"], run["totals"])
        self.assertEqual((kept["progress"]["total"], kept["progress"]["invoiced"]), (1, 1))
        self.assertIn(run["id"], [listed["id"] for listed in self.api.ok("GET", "/api/v1/runs")["runs"]])
        results = self.api.ok("GET", f"/api/v1/runs/{run['id']}/results")["results"]
        self.assertEqual(len(results), 1)
        self.assertEqual(
            (results[0]["outcome"], results[0]["invoiceNumber"], results[0]["customerName"], results[0]["total"]),
            ("INVOICED", invoice["number"], customer["name"], "1063.61"))

    def assert_period_is_invoiced(self, customer, invoice):
        periods = self.api.ok("GET", f"/api/v1/customers/{customer['id']}/billingPeriods")["billingPeriods"]
        billed = [period for period in periods if period["periodStart"] == str(self.period_start)]
        self.assertEqual(len(billed), 1, periods)
        self.assertEqual(
            (billed[0]["state"], billed[0]["invoiceId"], billed[0]["invoiceNumber"], billed[0]["periodEnd"]),
            ("INVOICED", invoice["id"], invoice["number"], str(self.period_end)))
        today = str(datetime.datetime.now(datetime.timezone.utc).date())
        for period in periods:
            if period["periodStart"] <= today <= period["periodEnd"]:
                self.assertEqual(period["state"], "OPEN")


if __name__ == "__main__":
    unittest.main(verbosity=2)
