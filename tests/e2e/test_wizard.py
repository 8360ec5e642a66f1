"""Invoices made by hand over REST: the wizard with all it takes, its preview, drafts, exact dates; and all that it refuses."""

import base64
import unittest

from stack import StackCase

WIZARD, PREVIEW, MANUAL = "/api/v1/invoices:runWizard", "/api/v1/invoices:preview", "/api/v1/invoices:runManual"
GST = {"name": "GST", "rate": "0.05", "registrationNumber": "123 RT0001"}
VAT = {"name": "VAT", "rate": "0.19"}


class WizardTest(StackCase):
    clock = "2026-04-10T09:00:00Z"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        try:
            # What a refused call writes must not be mixed with what the worker writes.
            cls.stack.processes["worker"].stop()
        except BaseException:
            cls.failed = True
            cls._clean_up()
            raise

    def setUp(self):
        self.vendor = self.api.new_vendor(name=self.id().rsplit(".", 1)[1])
        self.customer = self.api.new_customer(self.vendor["id"])

    def request(self, **changes):
        """One line of 10 hours at 100.00 without tax for March; None leaves a field out."""
        request = {
            "customerId": self.customer["id"], "invoiceDate": "2026-04-08", "periodStart": "2026-03-01", "periodEnd": "2026-03-31",
            "lines": [self.line()], **changes,
        }
        return {name: value for name, value in request.items() if value is not None}

    @staticmethod
    def line(**changes):
        return {"description": "Consulting", "quantity": "10", "unit": "HOUR", "unitPrice": "100.00", **changes}

    def refused(self, answer, code, status, reason, *fields):
        self.assertEqual(answer.status, code, answer)
        self.assertEqual((answer.error["code"], answer.error["status"], answer.reason), (code, status, reason), answer)
        self.assertEqual(set(answer.fields), set(fields), answer)
        return answer


    # --- what it takes ------------------------------------------------------------------------------------------------

    def test_lines_discounts_and_taxes_come_to_the_cent_and_the_preview_says_the_same(self):
        request = self.request(
            lines=[
                self.line(discount={"percent": "10"}, taxNames=["GST"]),
                self.line(description="Licences", quantity="3", unit="PIECE", unitPrice="33.3333", discount={"amount": "5.50"},
                          taxNames=["VAT"]),
                self.line(description="Hosting\nall regions", quantity="1", unit="MONTH", unitPrice="250.005"),
            ],
            discount={"percent": "10"}, taxes=[GST, VAT], paymentTerms={"kind": "NET", "days": 10},
            notes="Thank you.\nPlease quote the number.", purchaseOrder="PO 4711", buyerReference="Dept 7")
        before = self.stack.postgres.counts()
        preview = self.api.ok("POST", PREVIEW, {**request, "includeDocument": True})
        self.assertEqual(base64.b64decode(preview["document"], validate=True)[:4], b"%PDF")
        self.assertEqual((preview["invoice"]["id"], preview["invoice"]["number"], preview["invoice"]["state"]), ("", "", "DRAFT"))
        self.assertEqual(preview["warnings"], [])
        self.assertEqual(self.api.ok("POST", PREVIEW, request)["document"], "")
        self.assertEqual(self.stack.postgres.counts(), before, "a preview writes nothing")

        made = self.api.ok("POST", WIZARD, request)
        invoice = made["invoice"]
        self.assertEqual((invoice["state"], invoice["mode"], invoice["number"]), ("ISSUED", "WIZARD", "INV-2026-0001"))
        self.assertEqual((made["run"]["mode"], made["run"]["state"], made["run"]["id"]), ("WIZARD", "SUCCEEDED", invoice["runId"]))
        self.assertEqual([(line["amount"], line["discountTotal"], line["unit"], line["taxNames"]) for line in invoice["lines"]], [
            ("900.00", "100.00", "HOUR", ["GST"]), ("94.50", "5.50", "PIECE", ["VAT"]), ("250.01", "0.00", "MONTH", [])])
        self.assertEqual((invoice["subtotal"], invoice["discountTotal"], invoice["taxableTotal"]), ("1244.51", "124.45", "1120.06"))
        # The discount is spread 90.00, 9.45 and 25.00 over the three kinds of lines.
        self.assertEqual([(tax["name"], tax["base"], tax["amount"]) for tax in invoice["taxes"]],
                         [("GST", "1035.01", "51.75"), ("VAT", "310.06", "58.91")])
        self.assertEqual((invoice["taxTotal"], invoice["total"], invoice["amountDue"]), ("110.66", "1230.72", "1230.72"))
        self.assertEqual(invoice["notes"], "Thank you.\nPlease quote the number.")
        self.assertEqual((invoice["dueDate"], invoice["purchaseOrder"], invoice["buyerReference"]), ("2026-04-18", "PO 4711", "Dept 7"))
        for field in ("lines", "taxes", "subtotal", "discountTotal", "taxableTotal", "taxTotal", "total", "dueDate", "notes"):
            self.assertEqual(preview["invoice"][field], invoice[field], field)
        self.assertEqual(self.api.get(f"/api/v1/invoices/{invoice['id']}/pdf").body[:5], b"%PDF-")

    def test_a_document_discount_can_be_an_amount(self):
        invoice = self.api.ok("POST", WIZARD, self.request(discount={"amount": "250.00"}, taxes=[GST]))["invoice"]
        self.assertEqual((invoice["discountTotal"], invoice["taxTotal"], invoice["total"]), ("250.00", "37.50", "787.50"))

    def test_what_should_be_looked_at_is_named(self):
        made = self.api.ok("POST", WIZARD, self.request(currencyCode="JPY", lines=[self.line(unitPrice="0")]))
        self.assertCountEqual([warning["code"] for warning in made["warnings"]],
                              ["CONTRACT_TAXES_NOT_APPLIED", "OTHER_CURRENCY", "ZERO_TOTAL"])
        self.assertEqual((made["invoice"]["currencyCode"], made["invoice"]["total"], made["invoice"]["taxes"]), ("JPY", "0", []))

    def test_a_period_is_billed_twice_only_on_purpose(self):
        first = self.api.ok("POST", WIZARD, self.request())["invoice"]
        before = self.stack.postgres.counts()
        answer = self.api.post(WIZARD, self.request(periodStart="2026-03-31", periodEnd="2026-04-05"))
        self.refused(answer, 409, "ALREADY_EXISTS", "PERIOD_ALREADY_INVOICED")
        self.assertEqual((answer.metadata["number"], answer.metadata["invoiceId"]), (first["number"], first["id"]))
        self.assertIn(first["number"], answer.error["message"])
        without = self.api.post(WIZARD, self.request(allowDuplicate=True))
        self.refused(without, 400, "INVALID_ARGUMENT", "INVALID_FIELD", "duplicateReason")
        warned = self.api.ok("POST", PREVIEW, self.request(taxes=[GST]))["warnings"]
        self.assertEqual([warning["code"] for warning in warned], ["PERIOD_ALREADY_INVOICED"])
        self.assertIn(first["number"], warned[0]["message"])
        self.assertEqual(self.stack.postgres.counts(), before, "something was written")

        beside = self.api.ok("POST", WIZARD, self.request(
            periodEnd="2026-04-05", allowDuplicate=True, duplicateReason="the first one was for the other office"))["invoice"]
        self.assertEqual((beside["number"], beside["duplicateReason"]), ("INV-2026-0002", "the first one was for the other office"))
        self.assertEqual(self.api.ok("GET", f"/api/v1/invoices/{first['id']}")["state"], "ISSUED")
        # It has the days that nobody had.
        for day, owner in (("2026-03-31", first), ("2026-04-01", beside)):
            answer = self.api.post(WIZARD, self.request(periodStart=day, periodEnd=day))
            self.assertEqual((answer.status, answer.metadata.get("number")), (409, owner["number"]), answer)

    def test_a_draft_is_changed_and_issued_and_then_stands(self):
        made = self.api.ok("POST", WIZARD, self.request(draft=True, taxes=[GST]))
        draft = made["invoice"]
        path = f"/api/v1/invoices/{draft['id']}"
        self.assertEqual((draft["state"], draft["number"], draft["total"]), ("DRAFT", "", "1050.00"))
        self.assertEqual(self.api.get(f"{path}/pdf").body[:5], b"%PDF-")
        other = self.api.post(WIZARD, self.request())
        self.refused(other, 409, "ALREADY_EXISTS", "PERIOD_ALREADY_INVOICED")
        self.assertEqual(other.metadata["invoiceId"], draft["id"])
        self.assertIn(draft["id"], other.error["message"])

        content = {name: value for name, value in self.request().items() if name != "customerId"}
        content.update(periodEnd="2026-03-20", lines=[self.line(quantity="2")], taxes=[VAT], notes="changed")
        changed = self.api.ok("PUT", path, {**content, "etag": draft["etag"]})["invoice"]
        self.assertEqual((changed["id"], changed["state"], changed["total"]), (draft["id"], "DRAFT", "238.00"))
        self.assertEqual((changed["periodEnd"], changed["notes"]), ("2026-03-20", "changed"))
        self.assertNotEqual(changed["etag"], draft["etag"])
        self.refused(self.api.call("PUT", path, {**content, "etag": draft["etag"]}), 409, "ABORTED", "STALE_ETAG")
        self.refused(self.api.post(f"{path}:issue", {"etag": draft["etag"]}), 409, "ABORTED", "STALE_ETAG")

        # The days that the draft let go are free.
        rest = self.api.ok("POST", WIZARD, self.request(periodStart="2026-03-21"))["invoice"]
        self.assertEqual(rest["number"], "INV-2026-0001", "a draft takes no number")
        issued = self.api.ok("POST", f"{path}:issue", {"etag": changed["etag"]})
        self.assertEqual((issued["state"], issued["number"], issued["total"]), ("ISSUED", "INV-2026-0002", "238.00"))
        self.assertTrue(issued["issueTime"])

        before = self.stack.postgres.counts()
        for answer in (self.api.post(f"{path}:issue", {}), self.api.call("PUT", path, content)):
            self.refused(answer, 400, "FAILED_PRECONDITION", "INVALID_STATE")
            self.assertEqual(answer.metadata["state"], "ISSUED")
            self.assertIn("credit note", answer.error["message"])
        self.assertEqual(self.stack.postgres.counts(), before, "something was written")
        self.assertEqual(self.api.ok("GET", path), issued)

    def test_a_cancelled_draft_is_not_issued_and_frees_its_days(self):
        draft = self.api.ok("POST", WIZARD, self.request(draft=True))["invoice"]
        path = f"/api/v1/invoices/{draft['id']}"
        self.assertEqual(self.api.ok("POST", f"{path}:cancel", {"reason": "not wanted"})["state"], "CANCELLED")
        answer = self.refused(self.api.post(f"{path}:issue", {}), 400, "FAILED_PRECONDITION", "INVALID_STATE")
        self.assertEqual(answer.metadata["state"], "CANCELLED")
        self.assertEqual(self.api.ok("POST", WIZARD, self.request())["invoice"]["number"], "INV-2026-0001")

    def test_a_manual_run_takes_the_contract_unless_told_otherwise(self):
        self.api.ok("PATCH", f"/api/v1/customers/{self.customer['id']}/contract", {"defaultHours": "8"})
        dates = {"customerId": self.customer["id"], "invoiceDate": "2026-02-28", "periodStart": "2026-01-12", "periodEnd": "2026-01-25"}
        made = self.api.ok("POST", MANUAL, dates)
        invoice = made["invoice"]
        self.assertEqual((invoice["mode"], invoice["invoiceDate"], invoice["dueDate"]), ("MANUAL", "2026-02-28", "2026-03-30"))
        self.assertEqual((invoice["periodStart"], invoice["periodEnd"]), ("2026-01-12", "2026-01-25"))
        # 8 x 125.50 and HST 13 %
        self.assertEqual((invoice["subtotal"], invoice["taxTotal"], invoice["total"]), ("1004.00", "130.52", "1134.52"))
        self.assertEqual((made["run"]["runDate"], made["run"]["mode"]), ("2026-02-28", "MANUAL"))

        own = {**dates, "periodStart": "2026-01-26", "periodEnd": "2026-01-26", "totalHours": "2", "ratePerHour": "50.25"}
        invoice = self.api.ok("POST", MANUAL, own)["invoice"]
        self.assertEqual((invoice["subtotal"], invoice["total"]), ("100.50", "113.57"))

        before = self.stack.postgres.counts()
        overlapping = self.api.post(MANUAL, {**dates, "periodStart": "2026-01-25", "periodEnd": "2026-02-01"})
        self.refused(overlapping, 409, "ALREADY_EXISTS", "PERIOD_ALREADY_INVOICED")
        for changes, field in (({"periodEnd": "2026-01-11"}, "periodEnd"), ({"totalHours": "0"}, "totalHours"),
                               ({"ratePerHour": "-1"}, "ratePerHour"), ({"invoiceDate": "2027-04-12"}, "invoiceDate")):
            self.refused(self.api.post(MANUAL, {**dates, **changes}), 400, "INVALID_ARGUMENT", "INVALID_FIELD", field)
        self.assertEqual(self.stack.postgres.counts(), before, "something was written")

    # --- what it refuses ----------------------------------------------------------------------------------------------

    def assert_refused(self, cases, reason="INVALID_FIELD"):
        """Each of {name: (changes, field)}: by the wizard, for a draft and by the preview alike; and nothing is written."""
        before = self.stack.postgres.counts()
        for name, (changes, field) in cases.items():
            with self.subTest(name):
                for path, extra in ((WIZARD, {}), (WIZARD, {"draft": True}), (PREVIEW, {})):
                    answer = self.api.post(path, self.request(**{**extra, **changes}))
                    self.refused(answer, 400, "INVALID_ARGUMENT", reason, field)
                self.assertEqual(self.stack.postgres.counts(), before, "something was written")

    def test_each_bad_field_is_named_and_nothing_is_written(self):
        line = self.line
        cases = {
            "a period that ends before it begins": ({"periodEnd": "2026-02-28"}, "periodEnd"),
            "a period in the far future": ({"periodStart": "2036-03-01", "periodEnd": "2036-05-01"}, "periodEnd"),
            "a period beyond the accepted dates": ({"periodEnd": "2200-01-01"}, "periodEnd"),
            "an invoice date in the far future": ({"invoiceDate": "2027-04-12"}, "invoiceDate"),
            "a line discount over 100 %": ({"lines": [line(discount={"percent": "100.0001"})]}, "lines[0].discount.percent"),
            "a document discount over 100 %": ({"discount": {"percent": "101"}}, "discount.percent"),
            "a line discount above the line": ({"lines": [line(), line(discount={"amount": "1000.01"})]}, "lines[1].discount.amount"),
            "a document discount above the lines": ({"discount": {"amount": "1000.01"}}, "discount.amount"),
            "an amount with more digits than cents": ({"discount": {"amount": "1.001"}}, "discount.amount"),
            "a negative discount": ({"discount": {"amount": "-1"}}, "discount.amount"),
            "a tax rate over 1": ({"taxes": [{"name": "HST", "rate": "1.000001"}]}, "taxes[0].rate"),
            "a tax without a rate": ({"taxes": [{"name": "HST"}]}, "taxes[0].rate"),
            "two taxes of one name": ({"taxes": [GST, GST]}, "taxes[1].name"),
            "an exemption without a reason": ({"taxes": [{"name": "X", "category": "EXEMPT"}]}, "taxes[0].exemptionReason"),
            "a currency that is none": ({"currencyCode": "ABC"}, "currencyCode"),
            "a currency in lower case": ({"currencyCode": "cad"}, "currencyCode"),
            "a line under an unknown tax": ({"taxes": [GST], "lines": [line(taxNames=["GST", "PST"])]}, "lines[0].taxNames[1]"),
            "a negative quantity": ({"lines": [line(quantity="-1")]}, "lines[0].quantity"),
            "a negative price": ({"lines": [line(), line(unitPrice="-0.01")]}, "lines[1].unitPrice"),
            "five decimals": ({"lines": [line(quantity="1.00001")]}, "lines[0].quantity"),
            "a line without a description": ({"lines": [line(description="")]}, "lines[0].description"),
            "an unknown unit": ({"lines": [line(unit="FORTNIGHT")]}, "lines[0].unit"),
            "no lines": ({"lines": []}, "lines"),
            "lines left out": ({"lines": None}, "lines"),
            "too many lines": ({"lines": [line()] * 1001}, "lines"),
            "a reason without leave to bill twice": ({"duplicateReason": "because"}, "duplicateReason"),
            "leave to bill twice without a reason": ({"allowDuplicate": True}, "duplicateReason"),
            "an unknown field": ({"colour": "red"}, "colour"),
        }
        self.assert_refused(cases)

    def test_a_discount_is_a_percentage_or_an_amount(self):
        both = {"percent": "10", "amount": "5"}
        self.assert_refused({
            "of the document": ({"discount": both}, "discount.amount"),
            "of a line": ({"lines": [self.line(discount=both)]}, "lines[0].discount.amount"),
        })

    def test_sums_that_overflow_are_refused(self):
        big = self.line(quantity="9000", unitPrice="1000000000")
        self.assert_refused({
            "a line": ({"lines": [self.line(quantity="1000000", unitPrice="1000000000")]}, "lines[0].quantity"),
            "the lines": ({"lines": [big, big]}, "lines[1].quantity"),
            "with the tax": ({"lines": [big], "taxes": [{"name": "T", "rate": "1"}]}, "taxes"),
        }, "AMOUNT_OVERFLOW")

    def test_an_inactive_customer_and_closed_books_are_named(self):
        self.api.ok("PATCH", f"/api/v1/vendors/{self.vendor['id']}", {"booksClosedThrough": "2026-04-08"})
        before = self.stack.postgres.counts()
        answer = self.api.post(WIZARD, self.request())
        self.refused(answer, 400, "FAILED_PRECONDITION", "BOOKS_CLOSED")
        self.assertEqual(answer.metadata["booksClosedThrough"], "2026-04-08")
        self.assertEqual(self.stack.postgres.counts(), before, "something was written")
        self.api.ok("DELETE", f"/api/v1/customers/{self.customer['id']}")
        answer = self.api.post(WIZARD, self.request(invoiceDate="2026-04-09"))
        self.refused(answer, 400, "FAILED_PRECONDITION", "CUSTOMER_INACTIVE")


if __name__ == "__main__":
    unittest.main(verbosity=2)
