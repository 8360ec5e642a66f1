"""An invoice after its issue, by REST: paid, over-paid, reversed, credited, billed again, cancelled; and what is refused."""

import datetime
import unittest

from stack import StackCase

UNKNOWN_ID = "01900000-0000-7000-8000-000000000000"
PAYMENTS = "/api/v1/payments"
# 7.5 hours at 125.50 with 13 % tax.
TOTAL = "1063.61"


class InvoiceLifeTest(StackCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        try:
            # What is to be cancelled must not be sent meanwhile; the tests that send start the worker again.
            cls.stack.processes["worker"].stop()
            cls.vendor = cls.api.new_vendor()
            cls.today = datetime.date.today().isoformat()
        except BaseException:
            cls.failed = True
            cls._clean_up()
            raise

    def setUp(self):
        self.customer = self.api.new_customer(self.vendor["id"])

    # --- helpers ------------------------------------------------------------------------------------------------------

    def bill(self, run_date="2025-03-01", **fields):
        answer = self.api.run_quick(self.customer["id"], run_date, **fields)
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.json()["invoice"]["total"], TOTAL)
        return answer.json()["invoice"]

    def invoice(self, invoice_id):
        return self.api.ok("GET", f"/api/v1/invoices/{invoice_id}")

    def credit(self, invoice_id, **fields):
        return self.api.ok("POST", f"/api/v1/invoices/{invoice_id}/creditNotes", {"reason": "as agreed", **fields})

    def payment(self, amount, *allocations, **fields):
        return {"customerId": self.customer["id"], "date": self.today, "amount": amount,
                "allocations": [{"invoiceId": invoice_id, "amount": part} for invoice_id, part in allocations], **fields}

    def statement(self, **query):
        path = f"/api/v1/customers/{self.customer['id']}:statement"
        return self.api.ok("GET", path + "".join(f"?{name}={value}" for name, value in query.items()))

    def refused(self, method, path, body, reason, field=None, code=400, words=()):
        """A refusal that names its reason, its field and the words of its message, and that wrote nothing."""
        before = self.stack.postgres.counts()
        answer = self.api.call(method, path, body)
        self.assertEqual((answer.status, answer.reason), (code, reason), answer)
        if field is not None:
            named = set(answer.fields) or {answer.metadata.get("field")}
            self.assertEqual(named, {field}, answer)
        for word in words:
            self.assertIn(word, answer.error["message"])
        self.assertEqual(self.stack.postgres.counts(), before, "something was written")
        return answer

    # --- paying -------------------------------------------------------------------------------------------------------

    def test_one_transfer_pays_three_invoices(self):
        ids = [self.bill(day)["id"] for day in ("2025-01-01", "2025-02-01", "2025-03-01")]
        paid = self.api.ok("POST", PAYMENTS, self.payment("3190.83", *((i, TOTAL) for i in ids), reference="TRN 1", method="CHEQUE"))
        self.assertEqual(paid["unappliedAmount"], "0.00")
        self.assertEqual((paid["state"], paid["method"], paid["currencyCode"]), ("RECORDED", "CHEQUE", "CAD"))
        self.assertEqual({a["invoiceId"] for a in paid["allocations"]}, set(ids))
        for invoice_id in ids:
            invoice = self.invoice(invoice_id)
            self.assertEqual((invoice["state"], invoice["amountPaid"], invoice["amountDue"]), ("PAID", TOTAL, "0.00"))
        self.assertEqual(self.api.ok("GET", f"{PAYMENTS}?invoiceId={ids[1]}")["payments"], [paid])
        self.assertEqual(self.api.ok("GET", f"{PAYMENTS}/{paid['id']}"), paid)

    def test_an_over_payment_stays_as_credit_that_pays_the_next_invoice(self):
        first, second = self.bill("2025-02-01"), self.bill("2025-03-01")
        paid = self.api.ok("POST", f"/api/v1/invoices/{first['id']}/payments", {"date": self.today, "amount": "1100.00"})
        self.assertEqual(paid["unappliedAmount"], "36.39")
        totals = self.statement()["totals"]
        self.assertEqual(len(totals), 1)
        self.assertEqual((totals[0]["amountDue"], totals[0]["unappliedCredit"], totals[0]["balance"]), (TOTAL, "36.39", "1027.22"))
        allocated = self.api.ok("POST", f"{PAYMENTS}/{paid['id']}:allocate", {
            "etag": paid["etag"], "allocations": [{"invoiceId": second["id"], "amount": "36.39"}]})
        self.assertEqual(allocated["unappliedAmount"], "0.00")
        self.assertEqual(self.invoice(second["id"])["amountDue"], "1027.22")
        rest = self.api.ok("POST", f"/api/v1/invoices/{second['id']}/payments", {"date": self.today})
        self.assertEqual(rest["amount"], "1027.22")
        self.assertEqual(self.statement().get("totals", []), [])

    def test_a_reversal_opens_the_invoice_again_and_stays_on_record(self):
        invoice = self.bill()
        paid = self.api.ok("POST", f"/api/v1/invoices/{invoice['id']}/payments", {"date": self.today})
        changed = self.api.ok("PATCH", f"{PAYMENTS}/{paid['id']}", {"reference": "TRN 2", "etag": paid["etag"]})
        self.assertEqual(changed["reference"], "TRN 2")
        self.refused("POST", f"{PAYMENTS}/{paid['id']}:reverse", {"reason": "x", "etag": paid["etag"]}, "STALE_ETAG", code=409)
        headers = {"Idempotency-Key": "reverse-once"}
        reversed_ = self.api.ok("POST", f"{PAYMENTS}/{paid['id']}:reverse", {"reason": "returned"}, headers)
        self.assertEqual((reversed_["state"], reversed_["reverseReason"]), ("REVERSED", "returned"))
        self.assertNotIn("allocations", {k: v for k, v in reversed_.items() if v})
        again = self.api.post(f"{PAYMENTS}/{paid['id']}:reverse", {"reason": "returned"}, headers)
        self.assertEqual((again.status, again.headers["Idempotency-Replayed"]), (200, "true"))
        self.assertEqual(self.invoice(invoice["id"])["amountDue"], TOTAL)
        self.refused("POST", f"{PAYMENTS}/{paid['id']}:reverse", {"reason": "x"}, "INVALID_STATE", words=("REVERSED",))
        self.refused("PATCH", f"{PAYMENTS}/{paid['id']}", {"reference": "x"}, "INVALID_STATE", words=("REVERSED",))

    # --- crediting ----------------------------------------------------------------------------------------------------

    def test_credited_in_parts_and_billed_again(self):
        invoice = self.bill()
        first = self.credit(invoice["id"], lines=[{"line": 1, "quantity": "2.5"}])
        self.assertEqual((first["kind"], first["originalInvoiceNumber"], first["creditReason"]), ("CREDIT_NOTE", invoice["number"], "as agreed"))
        self.assertRegex(first["number"], r"-CN-\d{4}-\d{4}$")
        self.assertEqual((first["lines"][0]["quantity"], first["lines"][0]["unitPrice"]), ("-2.5", "125.50"))
        self.assertEqual(first["total"], "-354.54")
        self.assertEqual(self.invoice(invoice["id"])["creditedTotal"], "354.54")
        refused = self.api.run_quick(self.customer["id"])
        self.assertEqual(refused.reason, "PERIOD_ALREADY_INVOICED", refused)
        self.refused("POST", f"/api/v1/invoices/{invoice['id']}/creditNotes",
                     {"reason": "x", "lines": [{"line": 1, "quantity": "5.0001"}]}, "INVALID_FIELD", "lines[0].quantity")
        second = self.credit(invoice["id"])
        credited = self.invoice(invoice["id"])
        self.assertEqual((credited["state"], credited["amountDue"]), ("CREDITED", "0.00"))
        for path in (("subtotal",), ("taxTotal",), ("total",), ("taxes", 0, "base"), ("taxes", 0, "amount"), ("lines", 0, "amount")):
            amounts = []
            for document in (invoice, first, second):
                for step in path:
                    document = document[step]
                amounts.append(int(document.replace(".", "")))
            self.assertEqual(sum(amounts), 0, path)
        pdf = self.api.get(f"/api/v1/invoices/{second['id']}/pdf")
        self.assertEqual((pdf.status, pdf.body[:5]), (200, b"%PDF-"))
        self.assertEqual(self.bill()["periodStart"], invoice["periodStart"])
        self.refused("POST", f"/api/v1/invoices/{invoice['id']}/creditNotes", {"reason": "x"}, "INVALID_STATE",
                     words=("CREDITED", "bill the period again"))

    def test_crediting_a_paid_invoice_gives_the_money_back_as_credit(self):
        invoice = self.bill()
        paid = self.api.ok("POST", f"/api/v1/invoices/{invoice['id']}/payments", {"date": self.today})
        self.credit(invoice["id"])
        self.assertEqual(self.api.ok("GET", f"{PAYMENTS}/{paid['id']}")["unappliedAmount"], TOTAL)
        totals = self.statement()["totals"][0]
        self.assertEqual((totals["amountDue"], totals["unappliedCredit"], totals["balance"]), ("0.00", TOTAL, f"-{TOTAL}"))
        self.assertEqual(self.invoice(invoice["id"])["state"], "CREDITED")

    def test_the_statement_tells_how_late_each_invoice_is(self):
        for run_date in ("2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01", "2025-05-01"):
            self.bill(run_date)  # due 30 days later
        statement = self.statement(asOf="2025-05-02")
        self.assertEqual([item["daysOverdue"] for item in statement["items"]], [91, 60, 32, 1, 0])
        total = statement["totals"][0]
        self.assertEqual((total["notDue"], total["overdue1To30"], total["overdue31To60"], total["overdue61To90"], total["overdueOver90"]),
                         (TOTAL, TOTAL, "2127.22", "0.00", TOTAL))
        self.assertEqual(self.statement(asOf="2024-12-31").get("items", []), [])

    # --- cancelling and sending ---------------------------------------------------------------------------------------

    def test_cancelled_before_sending_and_not_after(self):
        invoice = self.bill(sendEmail=True)
        self.assertEqual(invoice["delivery"], "QUEUED")
        cancelled = self.api.ok("POST", f"/api/v1/invoices/{invoice['id']}:cancel", {"reason": "wrong hours", "etag": invoice["etag"]})
        self.assertEqual((cancelled["state"], cancelled["cancelReason"], cancelled["delivery"]), ("CANCELLED", "wrong hours", "NONE"))
        self.assertEqual([email["state"] for email in cancelled["emails"]], ["CANCELLED"])
        second = self.bill(sendEmail=True)
        self.assertNotEqual(second["number"], invoice["number"])
        self.stack.start_ours("worker")
        self.stack.wait_email_states({"CANCELLED": 1, "SENT": 1})
        self.stack.processes["worker"].stop()
        self.assertEqual(self.stack.mailbox.count(), 1)
        self.refused("POST", f"/api/v1/invoices/{second['id']}:cancel", {"reason": "x"}, "INVALID_STATE", words=("issue a credit note",))

    def test_marked_as_sent_by_post(self):
        invoice = self.bill(self.today)
        marked = self.api.ok("POST", f"/api/v1/invoices/{invoice['id']}:markSent", {"note": "by post"})
        self.assertEqual((marked["state"], marked["delivery"], marked["sentNote"]), ("SENT", "MARKED", "by post"))
        self.assertTrue(marked["sentTime"])
        self.refused("POST", f"/api/v1/invoices/{invoice['id']}:cancel", {}, "INVALID_STATE", words=("SENT", "issue a credit note"))

    # --- bad input ----------------------------------------------------------------------------------------------------

    def test_bad_input_is_named_and_nothing_is_written(self):
        invoice, second = self.bill("2025-02-01"), self.bill("2025-03-01")
        other = self.api.new_customer(self.vendor["id"], name="Other Ltd.")
        foreign = self.api.run_quick(other["id"]).json()["invoice"]
        cancelled = self.bill("2025-01-01")
        self.api.ok("POST", f"/api/v1/invoices/{cancelled['id']}:cancel", {})
        note = self.credit(second["id"], lines=[{"line": 1, "quantity": "1"}])
        one = (invoice["id"], "1.00")
        pay = lambda amount, *allocations, **fields: ("POST", PAYMENTS, self.payment(amount, *allocations, **fields))
        late = (datetime.date.today() + datetime.timedelta(days=3)).isoformat()
        credit_path = f"/api/v1/invoices/{invoice['id']}/creditNotes"
        cases = {
            "another customer's invoice": (pay("9", one, (foreign["id"], "1")), "ALLOCATION_REFUSED", "allocations[1].invoiceId"),
            "another currency": (pay("9", one, currencyCode="EUR"), "ALLOCATION_REFUSED", "allocations[0].invoiceId"),
            "a cancelled invoice": (pay("9", one, (cancelled["id"], "1")), "INVALID_STATE", "allocations[1].invoiceId"),
            "a credit note": (pay("9", (note["id"], "1")), "INVALID_STATE", "allocations[0].invoiceId"),
            "an invoice twice": (pay("9", one, one), "INVALID_FIELD", "allocations[1].invoiceId"),
            "more than the payment": (pay("9", one, (second["id"], "8.01")), "INVALID_FIELD", "allocations[1].amount"),
            "more than is open": (pay("9999", one, (second["id"], "1000")), "ALLOCATION_REFUSED", "allocations[1].amount"),
            "too many decimals": (pay("9", (invoice["id"], "1.001")), "INVALID_FIELD", "allocations[0].amount"),
            "no amount": (pay("0"), "INVALID_FIELD", "amount"),
            "a day in the future": (pay("9", date=late), "INVALID_FIELD", "date"),
            "no reason": (("POST", credit_path, {}), "INVALID_FIELD", "reason"),
            "a line that is not there": (("POST", credit_path, {"reason": "x", "lines": [{"line": 9, "quantity": "1"}]}),
                                         "INVALID_FIELD", "lines[0].line"),
            "a line twice": (("POST", credit_path, {"reason": "x", "lines": [{"line": 1, "quantity": "1"}] * 2}), "INVALID_FIELD",
                             "lines[1].line"),
            "a negative quantity": (("POST", credit_path, {"reason": "x", "lines": [{"line": 1, "quantity": "-1"}]}),
                                    "INVALID_FIELD", "lines[0].quantity"),
            "credited before it was billed": (("POST", credit_path, {"reason": "x", "creditDate": "2025-01-31"}), "INVALID_FIELD",
                                              "creditDate"),
        }
        for name, (call, reason, field) in cases.items():
            with self.subTest(name):
                self.refused(*call, reason, field)
        states = {
            "cancel twice": (f"/api/v1/invoices/{cancelled['id']}:cancel", {}, ("CANCELLED",)),
            "send what is cancelled": (f"/api/v1/invoices/{cancelled['id']}:markSent", {}, ("CANCELLED", "bill the period again")),
            "credit what is cancelled": (f"/api/v1/invoices/{cancelled['id']}/creditNotes", {"reason": "x"}, ("CANCELLED",)),
            "pay what is cancelled": (f"/api/v1/invoices/{cancelled['id']}/payments", {"date": self.today}, ("CANCELLED",)),
            "credit a credit note": (f"/api/v1/invoices/{note['id']}/creditNotes", {"reason": "x"}, ("ISSUED", "new invoice")),
            "cancel a credit note": (f"/api/v1/invoices/{note['id']}:cancel", {}, ("ISSUED", "new invoice")),
            "cancel what is credited": (f"/api/v1/invoices/{second['id']}:cancel", {}, ("OVERDUE", "credit note for the rest")),
        }
        for name, (path, body, words) in states.items():
            with self.subTest(name):
                self.refused("POST", path, body, "INVALID_STATE", words=words)
        for path in (f"{PAYMENTS}/{UNKNOWN_ID}:reverse", f"/api/v1/invoices/{UNKNOWN_ID}:cancel",
                     f"/api/v1/invoices/{UNKNOWN_ID}/creditNotes", f"/api/v1/invoices/{UNKNOWN_ID}:markSent"):
            with self.subTest(path):
                body = {} if path.endswith("markSent") or path.endswith("cancel") else {"reason": "x"}
                self.refused("POST", path, body, "NOT_FOUND", code=404)


if __name__ == "__main__":
    unittest.main(verbosity=2)
