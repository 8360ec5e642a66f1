"""Imports by REST: a checked preview that creates nothing, then all rows or none, once; and what bad files are told."""

import base64
import unittest

from stack import StackCase

UNKNOWN_ID = "01900000-0000-7000-8000-000000000000"
CUSTOMERS = "/api/v1/customers"
INVOICES = "/api/v1/invoices"
TIMESHEETS = "/api/v1/timesheets"
MAX_BYTES = 2 * 1024 * 1024

CUSTOMER_FILE = """\
name,email,ccEmails,line1,city,region,postalCode,countryCode,ratePerHour,currencyCode,frequency,defaultHours,invoicePrefix,\
paymentTerms,taxes,startDate,endDate,purchaseOrder,buyerReference,requireTimesheet,partialPeriods,timeZone,billingDay,billingWeekday,anchorDate,\
enabled,autoSendEmail,autoIssue,notes
"Müller & Sons, Ltd.",pay@mueller.example.com,a@mueller.example.com; b@mueller.example.com,1 Main Street,Toronto,ON,M5X 1A9,CA,\
125.50,CAD,MONTHLY,160,MUE,NET 45,GST=0.05|123456789 RT0001; QST=0.09975,2026-01-01,2027-12-31,PO-7,REF 9,true,PRORATE_DAYS,America/Toronto,15,,,\
true,false,true,"first line
second line"
Plain Inc.,,,,,,,,,,WEEKLY,,,END_OF_MONTH,VAT=EXEMPT||schools,,,,,,,,,4,2026-01-02,,,,
"""


class ImportTest(StackCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        try:
            cls.vendor = cls.api.new_vendor()
        except BaseException:
            cls.failed = True
            cls._clean_up()
            raise

    def check(self, collection, text, vendor=None):
        """The answer to a file; text is encoded as UTF-8."""
        data = text if isinstance(text, bytes) else text.encode()
        return self.api.post(f"{collection}:import", {"vendorId": vendor or self.vendor["id"], "csv": base64.b64encode(data).decode()})

    def checked(self, collection, text):
        answer = self.check(collection, text)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def execute(self, collection, import_id, headers=None):
        return self.api.post(f"{collection}:executeImport", {"importId": import_id}, headers)

    def faults(self, preview):
        return {row["line"]: row["faults"] for row in preview["rows"] if row.get("faults")}

    def refused(self, answer, *expected):
        self.assertEqual((answer.status, answer.reason), (400, "INVALID_FIELD"), answer)
        self.assertEqual(set(answer.fields), {"csv"}, answer)
        for text in expected:
            self.assertIn(text, answer.body.decode())

    # --- customers ----------------------------------------------------------------------------------------------------

    def test_customers_are_created_as_the_file_says_once(self):
        before = self.stack.postgres.counts()["customers"]
        preview = self.checked(CUSTOMERS, "\ufeff" + CUSTOMER_FILE.replace("\n", "\r\n"))
        self.assertEqual((preview["validCount"], preview.get("faultyCount", 0)), (2, 0), preview)
        self.assertEqual([(row["line"], row["name"]) for row in preview["rows"]], [(2, "Müller & Sons, Ltd."), (4, "Plain Inc.")])
        self.assertEqual(self.stack.postgres.counts()["customers"], before, "a preview creates nothing")

        key = {"Idempotency-Key": "import-customers"}
        answer = self.execute(CUSTOMERS, preview["importId"], key)
        self.assertEqual(answer.status, 200, answer)
        ids = answer.json()["customerIds"]
        again = self.execute(CUSTOMERS, preview["importId"], key)
        self.assertEqual(again.json()["customerIds"], ids)
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        refused = self.execute(CUSTOMERS, preview["importId"])
        self.assertEqual((refused.status, refused.error["status"], refused.reason), (400, "FAILED_PRECONDITION", "IMPORT_EXECUTED"))
        self.assertEqual(self.stack.postgres.counts()["customers"], before + 2)

        first = self.api.ok("GET", f"{CUSTOMERS}/{ids[0]}")
        self.assertEqual(first["ccEmails"], ["a@mueller.example.com", "b@mueller.example.com"])
        self.assertEqual(first["address"]["postalCode"], "M5X 1A9")
        contract = first["contract"]
        self.assertEqual(contract["taxes"][0]["registrationNumber"], "123456789 RT0001")
        self.assertEqual([tax["rate"] for tax in contract["taxes"]], ["0.05", "0.09975"])
        self.assertEqual(contract["paymentTerms"], {"kind": "NET", "days": 45})
        self.assertEqual(contract["notes"], "first line\nsecond line")
        self.assertTrue(contract["requireTimesheet"])
        self.assertEqual(contract["partialPeriods"], "PRORATE_DAYS")
        self.assertEqual((first["schedule"]["timeZone"], first["schedule"]["billingDay"]), ("America/Toronto", 15))
        self.assertTrue(first["schedule"]["nextRunDate"])
        second = self.api.ok("GET", f"{CUSTOMERS}/{ids[1]}")
        self.assertEqual(second["contract"]["taxes"][0]["exemptionReason"], "schools")
        self.assertEqual(second["contract"]["paymentTerms"]["kind"], "END_OF_MONTH")
        self.assertEqual(second["contract"]["currencyCode"], self.vendor["currencyCode"])
        self.assertEqual(second["contract"]["partialPeriods"], "FULL")
        self.assertEqual(second["schedule"]["billingWeekday"], 4)

        repeated = self.checked(CUSTOMERS, CUSTOMER_FILE)
        codes = [warning["code"] for warning in repeated["rows"][0]["warnings"]]
        self.assertEqual(codes, ["CUSTOMER_OF_SAME_NAME", "CUSTOMER_OF_SAME_EMAIL"])

    def test_each_fault_of_a_row_names_line_column_and_what_was_expected(self):
        cases = {
            "email": ("nobody<x", "an email address"),
            "ccEmails": ("a@example.com;;b@example.com", "no empty entry"),
            "countryCode": ("XX", "country code"),
            "ratePerHour": ("1,5e3", "a decimal"),
            "currencyCode": ("CAX", "ISO 4217"),
            "frequency": ("DAILY", "one of WEEKLY, BIWEEKLY"),
            "paymentTerms": ("NET thirty", "NET 30"),
            "taxes": ("HST 13%", "NAME=RATE"),
            "startDate": ("01.02.2026", "a date YYYY-MM-DD"),
            "requireTimesheet": ("yes", "true or false"),
            "partialPeriods": ("HALF", "one of FULL, PRORATE_DAYS"),
            "timeZone": ("Mars/Olympus", "IANA"),
            "billingDay": ("32", "an integer from 1 to 31"),
            "billingWeekday": ("Monday", "a whole number"),
            "invoicePrefix": ("a b", "matches"),
            "numberPattern": ("no sequence", "{SEQ:n}"),
        }
        for column, (value, expected) in cases.items():
            with self.subTest(column):
                preview = self.checked(CUSTOMERS, f'name,{column}\nFine,\nBad,"{value}"\n')
                self.assertEqual((preview["validCount"], preview["faultyCount"]), (1, 1))
                fault = self.faults(preview)[3][0]
                self.assertTrue(fault.startswith(f"line 3, column {column}: expected "), fault)
                self.assertIn(expected, fault)
                self.assertNotIn(value, fault)
                refused = self.execute(CUSTOMERS, preview["importId"])
                self.assertEqual((refused.status, refused.reason), (400, "IMPORT_FAULTY"), refused)
                self.assertEqual(refused.metadata, {"line": "3", "faultyCount": "1"})

    def test_rates_above_one_and_rules_between_fields_are_faults(self):
        preview = self.checked(CUSTOMERS, "name,taxes,startDate,endDate,enabled\nA,HST=13,,,\nB,,2026-02-01,2026-01-01,\nC,,,,true\n,,2026-01-01,,\n")
        faults = self.faults(preview)
        self.assertIn("column taxes", faults[2][0])
        self.assertIn("column endDate", faults[3][0])
        self.assertIn("no rate", faults[4][0])
        self.assertEqual(faults[5], ["line 5, column name: required"])

    def test_files_that_cannot_be_read_are_refused_as_a_whole(self):
        before = self.stack.postgres.counts()
        self.refused(self.check(CUSTOMERS, ""))
        self.refused(self.check(CUSTOMERS, "\n \n"), "a header line and at least one row")
        self.refused(self.check(CUSTOMERS, "name,email\n"), "at least one row")
        self.refused(self.check(CUSTOMERS, "name,mail\nA,b\n"), "column 2 of the header one of name, email")
        self.refused(self.check(CUSTOMERS, "name,name\nA,b\n"), "columns 1 and 2 have one name")
        self.refused(self.check(CUSTOMERS, "email\na@example.com\n"), "a column name")
        self.refused(self.check(CUSTOMERS, b"name\nA\x00B\n"), "NUL")
        self.refused(self.check(CUSTOMERS, "name\nAnn\nMüller\n".encode("latin-1")), "UTF-8; line 3 has bytes of another encoding")
        self.refused(self.check(CUSTOMERS, "name\nMüller\n".encode("utf-16")), "UTF-16")
        self.refused(self.check(CUSTOMERS, "Ann;ann@example.com\nBob;\n"), "a header line of names of columns")
        self.refused(self.check(CUSTOMERS, 'name\n"never closed\n'), "line 2")
        self.refused(self.check(CUSTOMERS, "name\n" + "A\n" * 5001), "at most 5000 rows")
        self.refused(self.check(CUSTOMERS, "name\n" + "x" * MAX_BYTES))
        not_base64 = self.api.post(f"{CUSTOMERS}:import", {"vendorId": self.vendor["id"], "csv": "?"})
        self.assertEqual((not_base64.status, not_base64.reason), (400, "INVALID_FIELD"), not_base64)
        for content_type in ("text/csv", "application/vnd.ms-excel", "multipart/form-data; boundary=x"):
            bare = self.api.post(f"{CUSTOMERS}:import", b"name\nAnn\n", {"Content-Type": content_type})
            self.assertEqual((bare.status, bare.reason), (415, "UNSUPPORTED_MEDIA_TYPE"), bare)
        nothing = self.api.call("POST", f"{CUSTOMERS}:import")
        self.assertEqual((nothing.status, set(nothing.fields)), (400, {"vendorId", "csv"}), nothing)
        self.assertEqual(self.stack.postgres.counts(), before, "something was written")

    def test_files_of_spreadsheets_are_read_as_they_are_saved(self):
        for name, text in {
            "semicolons": 'Name;CCEMAILS;taxes\nSemicolon;"a@example.com;b@example.com";"GST=0.05;QST=0.09975"\n',
            "separators at the end": 'name,ccEmails,taxes\nSemicolon,a@example.com; b@example.com;,GST=0.05;QST=0.09975;\n',
            "a first line": 'sep=;\r\nname;ccEmails;taxes\r\nSemicolon;"a@example.com;b@example.com";"GST=0.05;QST=0.09975"\r\n',
            "tabs": "name\tccEmails\ttaxes\t\t\nSemicolon\ta@example.com;b@example.com\tGST=0.05;QST=0.09975\t\t\n",
            "quotes": '\ufeff"name";"ccEmails";"taxes"\n" Semicolon\u00a0";"a@example.com;b@example.com";"GST=0.05;QST=0.09975"\n',
        }.items():
            with self.subTest(name):
                preview = self.checked(CUSTOMERS, text)
                self.assertEqual(self.faults(preview), {}, preview)
                self.assertEqual(preview["rows"][0]["name"], "Semicolon")
                ids = self.execute(CUSTOMERS, preview["importId"]).json()["customerIds"]
                customer = self.api.ok("GET", f"{CUSTOMERS}/{ids[0]}")
                self.assertEqual(customer["name"], "Semicolon")
                self.assertEqual(customer["ccEmails"], ["a@example.com", "b@example.com"])
                self.assertEqual([tax["name"] for tax in customer["contract"]["taxes"]], ["GST", "QST"])

    def test_a_required_cell_of_blanks_is_not_given(self):
        for blank in (" ", "\u00a0", "\u200b", "\u3164", "\u0301"):
            with self.subTest(repr(blank)):
                preview = self.checked(CUSTOMERS, f'email,name\na@example.com,"{blank}"\n')
                self.assertEqual(self.faults(preview), {2: ["line 2, column name: required"]})

    def test_a_row_of_another_length_is_that_rows_fault(self):
        preview = self.checked(CUSTOMERS, "name,email\nA\nB,b@example.com,more\nC,\n")
        self.assertEqual(self.faults(preview), {2: ["line 2: expected 2 cells, as the header has, found 1"], 3: ["line 3: expected 2 cells, as the header has, found 3"]})

    def test_five_thousand_customers_are_one_change(self):
        vendor = self.api.new_vendor(name="Large Vendor Inc.")
        rows = "".join(f"Customer {i},c{i}@example.com,100\n" for i in range(5000))
        answer = self.check(CUSTOMERS, "name,email,ratePerHour\n" + rows, vendor["id"])
        self.assertEqual(answer.json()["validCount"], 5000)
        # A slow machine may need longer than a call's deadline; repeated with its key, the call is still made once.
        for _ in range(8):
            done = self.execute(CUSTOMERS, answer.json()["importId"], {"Idempotency-Key": "five-thousand"})
            if done.status not in (503, 504):
                break
        self.assertEqual(done.status, 200, done)
        self.assertEqual(len(set(done.json()["customerIds"])), 5000)
        listed = self.api.ok("GET", f"{CUSTOMERS}?vendorId={vendor['id']}&pageSize=1")
        self.assertEqual(listed["totalSize"], 5000)

    def test_unknown_vendors_and_imports_are_not_found(self):
        for collection, header in ((CUSTOMERS, "name\nA\n"), (TIMESHEETS, "customer,periodStart,hours\nA,2026-01-01,1\n")):
            self.assertEqual(self.check(collection, header, UNKNOWN_ID).status, 404)
            self.assertEqual(self.execute(collection, UNKNOWN_ID).status, 404)
        self.assertEqual(self.execute(INVOICES, UNKNOWN_ID).status, 404)
        preview = self.checked(CUSTOMERS, "name\nA\n")
        self.assertEqual(self.execute(INVOICES, preview["importId"]).status, 404, "of another kind")

    # --- invoices -----------------------------------------------------------------------------------------------------

    def test_invoices_keep_their_numbers_and_series_start_above_them(self):
        customer = self.api.new_customer(self.vendor["id"], name="Taken Over Ltd.", contract={"invoicePrefix": "OLD"})
        header = "customer,number,invoiceDate,dueDate,periodStart,periodEnd,description,subtotal,taxes,taxAmounts,total\n"
        rows = [
            f"{customer['id']},OLD-2025-0009,2025-02-01,2025-03-03,2025-01-01,2025-01-31,January,1000.00,HST=0.13,,1130.00",
            "Taken Over Ltd.,A/17,2025-03-01,,2025-02-01,2025-02-28,,99.99,GST=0.05;QST=0.09975,5.00;9.98,114.97",
        ]
        preview = self.checked(INVOICES, header + "\n".join(rows))
        self.assertEqual(preview["validCount"], 2, preview)
        codes = [[warning["code"] for warning in row.get("warnings", [])] for row in preview["rows"]]
        self.assertEqual(codes, [["SERIES_STARTS_LATER"], ["TAX_AMOUNT_DIFFERS"]])
        answer = self.execute(INVOICES, preview["importId"])
        self.assertEqual(answer.status, 200, answer)
        first, second = (self.api.ok("GET", f"{INVOICES}/{id}") for id in answer.json()["invoiceIds"])
        self.assertEqual((first["number"], first["mode"], first["total"], first["dueDate"]), ("OLD-2025-0009", "IMPORTED", "1130.00", "2025-03-03"))
        self.assertEqual(first["state"], "OVERDUE")
        self.assertEqual((first["lines"][0]["description"], first["delivery"]), ("January", "NONE"))
        self.assertEqual((second["lines"][0]["description"], second["taxTotal"]), ("Opening balance", "14.98"))
        self.assertEqual(self.api.get(f"{INVOICES}/{second['id']}/pdf").body[:5], b"%PDF-")
        self.assertEqual(self.api.ok("GET", f"{INVOICES}?q=A/17")["totalSize"], 1)

        blocked = self.api.run_quick(customer["id"], "2025-02-01")
        self.assertEqual((blocked.status, blocked.metadata["number"]), (409, "OLD-2025-0009"), blocked)
        next_one = self.api.run_quick(customer["id"], "2025-04-01")
        self.assertEqual(next_one.json()["invoice"]["number"], "OLD-2025-0010", next_one)
        late = self.checked(INVOICES, header + f"{customer['id']},OLD-2025-0011,2025-06-01,,2025-05-01,2025-05-31,,1,,,1")
        self.assertIn("OLD-2025-{SEQ} does not give later", self.faults(late)[2][0])

    def test_each_fault_of_an_invoice_is_named(self):
        customer = self.api.new_customer(self.vendor["id"], name="Faulty Invoices Ltd.")
        good = {"customer": customer["id"], "number": "F-1", "invoiceDate": "2025-02-01", "periodStart": "2025-01-01",
                "periodEnd": "2025-01-31", "subtotal": "100.00", "taxes": "HST=0.13", "total": "113.00", "dueDate": "", "currencyCode": ""}
        cases = {
            "customer": "Nobody", "number": "", "invoiceDate": "2199-01-01", "periodStart": "2025-02-30", "periodEnd": "2024-12-31",
            "subtotal": "-1", "taxes": "HST=1.3", "total": "113.01", "dueDate": "2025-01-31", "currencyCode": "DMK",
        }
        for column, value in cases.items():
            with self.subTest(column):
                row = {**good, column: value}
                preview = self.checked(INVOICES, ",".join(row) + "\n" + ",".join(row.values()) + "\n")
                said = "expected " if value else "required"
                self.assertIn(f"line 2, column {column}: {said}", self.faults(preview)[2][0])
        overflow = {**good, "subtotal": "1000000000000", "taxes": "HST=1", "total": "1"}
        self.assertEqual(self.checked(INVOICES, ",".join(overflow) + "\n" + ",".join(overflow.values()))["faultyCount"], 1)

    # --- timesheets ---------------------------------------------------------------------------------------------------

    def test_timesheets_of_many_customers_come_in_at_once(self):
        customer = self.api.new_customer(self.vendor["id"], name="Hours Ltd.")
        text = f'customer,periodStart,periodEnd,hours,expenses,notes\n{customer["id"]},2025-01-01,,12.5,Train=10.50; Hotel=310,"a\nb"\nHours Ltd.,2025-02-01,2025-02-28,0,,\n'
        preview = self.checked(TIMESHEETS, text)
        self.assertEqual(preview["validCount"], 2, preview)
        answer = self.execute(TIMESHEETS, preview["importId"])
        self.assertEqual(answer.json(), {"timesheetCount": 2})
        january = self.api.ok("GET", f"{CUSTOMERS}/{customer['id']}/billingPeriods/2025-01-01/timesheet")
        self.assertEqual((january["periodEnd"], january["hours"], january["notes"]), ("2025-01-31", "12.5", "a\nb"))
        self.assertEqual([(e["description"], e["amount"]) for e in january["expenses"]], [("Train", "10.50"), ("Hotel", "310.00")])

    def test_timesheets_that_meet_name_both_rows(self):
        customer = self.api.new_customer(self.vendor["id"], name="Meeting Ltd.")
        self.assertEqual(self.api.run_quick(customer["id"], "2025-02-01").status, 200)
        rows = [("2025-03-01", "2025-03-20", "1", ""), ("2025-03-20", "2025-03-31", "1", ""), ("2025-01-01", "2025-01-31", "1", ""),
                ("2025-04-01", "2025-04-30", "many", ""), ("2025-05-01", "2025-05-31", "1", "Train")]
        preview = self.checked(TIMESHEETS, "customer,periodStart,periodEnd,hours,expenses\n" + "".join(f"Meeting Ltd.,{','.join(row)}\n" for row in rows))
        faults = self.faults(preview)
        self.assertIn("also in line 3", faults[2][0])
        self.assertIn("also in line 2", faults[3][0])
        self.assertIn("already invoiced", faults[4][0])
        self.assertIn("column hours", faults[5][0])
        self.assertIn("DESCRIPTION=AMOUNT", faults[6][0])


if __name__ == "__main__":
    unittest.main()
