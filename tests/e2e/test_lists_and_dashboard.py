"""Lists, the export and the dashboard by REST, as the console and a spreadsheet use them."""

import csv
import datetime
import io
import socket
import unittest

from process import wait_until
from stack import StackCase


class ListsAndDashboardTest(StackCase):
    def setUp(self):
        self.today = datetime.datetime.now(datetime.timezone.utc).date()
        self.first = self.today.replace(day=1)

    def new_books(self, name):
        """A vendor with two customers: one invoice of long ago each, and one of this month for the first."""
        vendor = self.api.new_vendor(name=name)
        customers = [self.api.new_customer(vendor["id"], name=f"{name}, Customer \"{i}\"") for i in range(2)]
        invoices = []
        for customer, date in ((customers[0], "2025-03-01"), (customers[1], "2025-04-01"), (customers[0], str(self.first))):
            answer = self.api.run_quick(customer["id"], date)
            self.assertEqual(answer.status, 200, answer)
            invoices.append(answer.json()["invoice"])
        return vendor, customers, invoices

    def export(self, query):
        answer = self.api.get(f"/api/v1/invoices:export?{query}")
        self.assertEqual(answer.status, 200, answer)
        self.assertTrue(answer.headers["Content-Type"].startswith("text/csv"), answer.headers)
        self.assertIn("invoices.csv", answer.headers["Content-Disposition"])
        return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8"), newline=""), strict=True))

    def test_the_export_has_what_the_list_has(self):
        vendor, customers, invoices = self.new_books("Export, Ltd.")
        rows = self.export(f"vendorId={vendor['id']}")
        listed = self.api.ok("GET", f"/api/v1/invoices?vendorId={vendor['id']}")["invoices"]
        self.assertEqual([row["id"] for row in rows], [invoice["id"] for invoice in listed])
        for row, invoice in zip(rows, listed):
            for field in ("number", "kind", "state", "invoiceDate", "dueDate", "periodStart", "periodEnd", "currencyCode",
                          "subtotal", "discountTotal", "taxTotal", "total", "amountPaid", "creditedTotal", "amountDue",
                          "delivery", "customerId", "vendorId"):
                self.assertEqual(row[field], invoice[field], field)
        self.assertEqual({row["customerName"] for row in rows}, {customer["name"] for customer in customers})
        overdue = self.export(f"vendorId={vendor['id']}&state=OVERDUE&to=2025-12-31")
        self.assertCountEqual([row["number"] for row in overdue], [invoice["number"] for invoice in invoices[:2]])
        self.assertEqual(self.export(f"vendorId={vendor['id']}&from=2199-01-01"), [], "a header and no lines")

    def test_the_export_is_written_as_a_spreadsheet_wants_it(self):
        vendor, _, _ = self.new_books("Semicolon; Ltd.")
        plain = self.export(f"vendorId={vendor['id']}")
        for name, separator in (("COMMA", ","), ("SEMICOLON", ";"), ("TAB", "\t")):
            with self.subTest(name):
                answer = self.api.get(f"/api/v1/invoices:export?vendorId={vendor['id']}&separator={name}&byteOrderMark=true")
                self.assertEqual(answer.status, 200, answer)
                self.assertTrue(answer.body.startswith(b"\xef\xbb\xbfnumber" + separator.encode()), answer.body[:40])
                text = answer.body.decode("utf-8-sig")
                self.assertEqual(list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True)), plain)
        refused = self.api.get("/api/v1/invoices:export?separator=PIPE")
        self.assertEqual((refused.status, set(refused.fields)), (400, {"separator"}), refused)

    def test_names_are_found_and_ordered_as_people_expect(self):
        vendor = self.api.new_vendor(name="Łódź & Søn")
        names = ["Zürich AG", "  Ärzte\u00a0", "Durst", "Dürer & Söhne", "Đorđe", "Ørsted"]
        customers = {name: self.api.new_customer(vendor["id"], name=name) for name in names}
        self.assertEqual(customers["  Ärzte\u00a0"]["name"], "Ärzte", "outer blanks are taken")
        listed, token = [], ""
        while True:
            page = self.api.ok("GET", f"/api/v1/customers?vendorId={vendor['id']}&pageSize=2&pageToken={token}")
            listed += [customer["name"] for customer in page["customers"]]
            token = page.get("nextPageToken")
            if not token:
                break
        self.assertEqual(listed, ["Ärzte", "Đorđe", "Dürer & Söhne", "Durst", "Ørsted", "Zürich AG"])
        for q, found in (("durer", "Dürer & Söhne"), ("%20SOHNE%20", "Dürer & Söhne"), ("orsted", "Ørsted"), ("dorde", "Đorđe")):
            with self.subTest(q):
                page = self.api.ok("GET", f"/api/v1/customers?vendorId={vendor['id']}&q={q}")
                self.assertEqual([customer["name"] for customer in page["customers"]], [found])
        self.assertEqual([v["id"] for v in self.api.ok("GET", "/api/v1/vendors?q=lodz%20%26%20son")["vendors"]], [vendor["id"]])
        invoice = self.api.run_quick(customers["Durst"]["id"], "2025-03-01").json()["invoice"]
        self.api.ok("PATCH", f"/api/v1/customers/{customers['Durst']['id']}", {"name": "Hunger"})
        for q in ("durst", "hunger"):
            page = self.api.ok("GET", f"/api/v1/invoices?vendorId={vendor['id']}&q={q}")
            self.assertEqual([found["id"] for found in page["invoices"]], [invoice["id"]], q)

    def test_credit_notes_and_open_invoices_are_listed_apart(self):
        vendor, _, invoices = self.new_books("Kinds Ltd.")
        self.api.ok("POST", f"/api/v1/invoices/{invoices[0]['id']}/payments",
                    {"date": str(self.today), "amount": invoices[0]["total"], "method": "CASH"})
        note = self.api.ok("POST", f"/api/v1/invoices/{invoices[1]['id']}/creditNotes",
                           {"reason": "agreed", "lines": [{"line": 1, "quantity": "1"}]})
        self.assertEqual((note["kind"], note["state"], note["amountDue"], note["dueDate"], note["originalInvoiceId"]),
                         ("CREDIT_NOTE", "ISSUED", "0.00", "", invoices[1]["id"]))
        self.assertIsNone(note.get("paymentTerms"))
        paid, credited, recent = (invoice["id"] for invoice in invoices)
        for query, expected in (("", [paid, credited, recent, note["id"]]), ("kind=CREDIT_NOTE", [note["id"]]),
                                ("kind=INVOICE", [paid, credited, recent]), ("open=true", [credited, recent]),
                                ("open=false", [paid, note["id"]]), ("open=false&kind=INVOICE", [paid]),
                                ("open=true&kind=CREDIT_NOTE", []), ("kind=CREDIT_NOTE&state=OVERDUE", []),
                                ("kind=INVOICE&state=ISSUED", [recent]), ("kind=CREDIT_NOTE&q=kinds", [note["id"]])):
            path = f"vendorId={vendor['id']}&{query}".rstrip("&")
            listed = self.api.ok("GET", f"/api/v1/invoices?{path}")
            self.assertCountEqual([invoice["id"] for invoice in listed["invoices"]], expected, query)
            self.assertEqual(listed["totalSize"], len(expected), query)
            if "q=" not in query:
                self.assertCountEqual([row["id"] for row in self.export(path)], expected, query)
        (row,) = self.export(f"vendorId={vendor['id']}&kind=CREDIT_NOTE")
        self.assertEqual((row["dueDate"], row["amountDue"]), ("", "0.00"))

    def test_a_cell_is_no_formula(self):
        vendor = self.api.new_vendor(name="Formula Ltd.")
        customer = self.api.new_customer(vendor["id"], name="=HYPERLINK(\"http://x.example\")")
        self.assertEqual(self.api.run_quick(customer["id"]).status, 200)
        self.assertEqual(self.export(f"vendorId={vendor['id']}")[0]["customerName"], "'=HYPERLINK(\"http://x.example\")")

    def test_a_client_that_goes_does_not_hurt(self):
        self.new_books("Gone Ltd.")
        with socket.create_connection(("127.0.0.1", self.api.port), timeout=20) as connection:
            connection.sendall(f"GET /api/v1/invoices:export HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.api.key}\r\n\r\n".encode())
            self.assertTrue(connection.recv(10))
        self.assertEqual(self.api.get("/api/v1/dashboard/stats").status, 200)

    def test_filters_work_together(self):
        vendor, customers, invoices = self.new_books("Filter Ltd.")

        def numbers(query):
            answer = self.api.ok("GET", f"/api/v1/invoices?vendorId={vendor['id']}&{query}")
            self.assertEqual(answer["totalSize"], len(answer["invoices"]))
            return [invoice["number"] for invoice in answer["invoices"]]

        all_numbers = [invoice["number"] for invoice in invoices]
        self.assertEqual(numbers(""), [all_numbers[2], all_numbers[1], all_numbers[0]])
        self.assertEqual(numbers("orderBy=invoiceDate"), all_numbers)
        self.assertEqual(numbers(f"customerId={customers[0]['id']}&state=OVERDUE"), all_numbers[:1])
        self.assertEqual(numbers("state=ISSUED"), all_numbers[2:])
        self.assertEqual(numbers("state=OVERDUE&from=2025-03-02&to=2025-04-01"), all_numbers[1:2])
        self.assertEqual(numbers(f"q={all_numbers[1].lower()}&state=OVERDUE"), all_numbers[1:2])
        self.assertEqual(numbers(f"q={all_numbers[1]}&state=PAID"), [])

    def test_the_dashboard_shows_an_invoice_at_once(self):
        vendor, customers, invoices = self.new_books("Dashboard Ltd.")
        query = f"vendorId={vendor['id']}"
        stats = self.api.ok("GET", f"/api/v1/dashboard/stats?{query}")
        self.assertEqual(stats["open"], [{"currencyCode": "CAD", "count": 3, "total": "3190.83"}])
        self.assertEqual(stats["overdue"], [{"currencyCode": "CAD", "count": 2, "total": "2127.22"}])
        self.assertEqual(stats["issuedThisMonth"], [{"currencyCode": "CAD", "count": 1, "total": "1063.61"}])
        self.assertEqual((stats["paidThisMonth"], stats["draftCount"], stats["activeCustomerCount"]), ([], 0, 2))
        self.assertEqual((stats["emailProblemCount"], stats["missedPeriodCount"], stats["scheduledCustomerCount"]), (0, 0, 0))
        months = self.api.ok("GET", f"/api/v1/dashboard/revenue?{query}&months=1")["months"]
        self.assertEqual(months, [{"month": str(self.first), "currencyCode": "CAD", "issued": "941.25", "paid": "0.00", "count": 1}])
        self.assertEqual(len(self.api.ok("GET", f"/api/v1/dashboard/revenue?{query}&months=60")["months"]), 3)

        activities = self.api.ok("GET", f"/api/v1/dashboard/activity?{query}&pageSize=2")
        latest = activities["activities"][0]
        self.assertEqual((latest["event"], latest["invoiceNumber"], latest["actor"]), ("invoice.issued", invoices[2]["number"], "e2e"))
        self.assertEqual(latest["message"], f"Invoice {invoices[2]['number']} was issued to {customers[0]['name']}.")
        more = self.api.ok("GET", f"/api/v1/dashboard/activity?{query}&pageSize=2&pageToken={activities['nextPageToken']}")
        self.assertEqual([activity["invoiceId"] for activity in more["activities"]], [invoices[0]["id"]])
        self.assertEqual(more["nextPageToken"], "")

    def test_the_dashboard_tells_of_emails(self):
        vendor = self.api.new_vendor(name="Mail Ltd.")
        customer = self.api.new_customer(vendor["id"])
        self.assertEqual(self.api.run_quick(customer["id"], sendEmail=True).status, 200)

        def told():
            activities = self.api.ok("GET", f"/api/v1/dashboard/activity?vendorId={vendor['id']}")["activities"]
            return [activity for activity in activities if activity["event"] == "email.sent"]

        sent = wait_until(told, "the sending is told", 60)[0]
        self.assertIn("was sent to payables@contoso.example.com", sent["message"])
        self.assertEqual((sent["actor"], sent["customerName"]), ("worker", customer["name"]))

    def test_upcoming_customers_come_with_an_estimate(self):
        vendor = self.api.new_vendor(name="Upcoming Ltd.")
        customer = self.api.new_customer(vendor["id"])
        self.api.ok("PATCH", f"/api/v1/customers/{customer['id']}/contract", {"defaultHours": "7.5"})
        self.api.ok("PATCH", f"/api/v1/customers/{customer['id']}/schedule", {"enabled": True})
        upcoming = self.api.ok("GET", f"/api/v1/dashboard/upcoming?vendorId={vendor['id']}")
        self.assertEqual(upcoming["totalSize"], 1)
        entry = upcoming["upcoming"][0]
        self.assertEqual((entry["customerId"], entry["estimatedTotal"], entry["currencyCode"]), (customer["id"], "1063.61", "CAD"))
        self.assertLess(entry["periodEnd"], entry["dueDate"])
        stats = self.api.ok("GET", f"/api/v1/dashboard/stats?vendorId={vendor['id']}")
        self.assertEqual(stats["scheduledCustomerCount"], 1)

    def test_bad_input_is_named(self):
        for path, field in (
                ("invoices?from=2026-02-01&to=2026-01-01", "to"),
                ("invoices:export?from=2026-02-01&to=2026-01-01", "to"),
                ("invoices:export?from=2026-02-30", "from"),
                ("invoices:export?vendorId=x", "vendorId"),
                ("invoices:export?state=LATE", "state"),
                ("dashboard/stats?vendorId=x", "vendorId"),
                ("dashboard/revenue?months=0", "months"),
                ("dashboard/revenue?months=61", "months"),
                ("dashboard/upcoming?pageSize=201", "pageSize"),
                ("dashboard/activity?pageToken=nonsense", "pageToken")):
            with self.subTest(path):
                answer = self.api.get(f"/api/v1/{path}")
                self.assertEqual((answer.status, answer.headers["Content-Type"]), (400, "application/json"), answer)
                self.assertIn(field, answer.body.decode())
        unknown = self.api.ok("GET", "/api/v1/dashboard/stats?vendorId=01900000-0000-7000-8000-000000000000")
        self.assertEqual((unknown["open"], unknown["activeCustomerCount"]), ([], 0))


if __name__ == "__main__":
    unittest.main(verbosity=2)
