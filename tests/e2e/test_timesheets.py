"""Timesheets over REST: entered, listed, removed, summed into a period, and refused where they do not say what to bill.
And what the dates of a contract and of a number series do to an invoice."""

import base64
import unittest

from stack import StackCase



class TimesheetsTest(StackCase):
    clock = "2026-10-01T09:00:00Z"

    def setUp(self):
        self.vendor = self.api.new_vendor(name=self.id().rsplit(".", 1)[1])
        self.customer = self.api.new_customer(self.vendor["id"], rate="100")
        self.contract(defaultHours="160", taxes=[])

    def contract(self, **fields):
        return self.api.ok("PATCH", f"/api/v1/customers/{self.customer['id']}/contract", fields)

    def path(self, start):
        return f"/api/v1/customers/{self.customer['id']}/billingPeriods/{start}/timesheet"

    def put(self, start, end, hours, *expenses, **fields):
        given = {"periodEnd": end, "hours": hours, "expenses": [{"description": d, "amount": a} for d, a in expenses], **fields}
        return self.api.call("PUT", self.path(start), given)

    def two_halves(self):
        self.assertEqual(self.put("2026-09-01", "2026-09-15", "40", ("Train", "12.50")).status, 200)
        self.assertEqual(self.put("2026-09-16", "2026-09-30", "35").status, 200)

    def manual(self, **fields):
        return self.api.post("/api/v1/invoices:runManual", {
            "customerId": self.customer["id"], "invoiceDate": "2026-10-01", "periodStart": "2026-09-01", "periodEnd": "2026-09-30", **fields})

    def refused(self, answer, code, status, reason):
        self.assertEqual((answer.status, answer.error["status"], answer.reason), (code, status, reason), answer)
        return answer

    def test_a_period_bills_the_sum_of_its_timesheets(self):
        self.two_halves()
        answer = self.manual()
        self.assertEqual(answer.status, 200, answer)
        invoice = answer.json()["invoice"]
        self.assertEqual([(line["description"][:5], line["quantity"], line["amount"]) for line in invoice["lines"]],
                         [("Profe", "75", "7500.00"), ("Train", "1", "12.50")])
        self.assertEqual(invoice["total"], "7512.50")
        self.assertEqual(answer.json()["warnings"], [])
        self.refused(self.put("2026-09-01", "2026-09-15", "41"), 400, "FAILED_PRECONDITION", "PERIOD_ALREADY_INVOICED")
        self.refused(self.api.call("DELETE", self.path("2026-09-16")), 400, "FAILED_PRECONDITION", "PERIOD_ALREADY_INVOICED")

    def test_days_that_do_not_fit_stand_against_it_until_the_hours_are_given(self):
        self.assertEqual(self.put("2026-09-01", "2026-09-15", "40", ("Train", "12.50")).status, 200)
        answer = self.refused(self.manual(), 400, "FAILED_PRECONDITION", "TIMESHEET_MISMATCH")
        self.assertEqual(answer.metadata, {"periodStart": "2026-09-01", "periodEnd": "2026-09-30", "days": "2026-09-16 to 2026-09-30"})
        quick = {"customerId": self.customer["id"], "runDate": "2026-10-01"}
        self.refused(self.api.post("/api/v1/invoices:runQuick", quick), 400, "FAILED_PRECONDITION", "TIMESHEET_MISMATCH")
        answer = self.api.post("/api/v1/invoices:runQuick", {**quick, "totalHours": "60"})
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual([warning["code"] for warning in answer.json()["warnings"]], ["TIMESHEET_MISMATCH"])
        self.assertEqual(answer.json()["invoice"]["total"], "6012.50")

    def test_a_quick_run_without_hours_bills_the_timesheets_or_the_contract(self):
        quick = {"customerId": self.customer["id"], "runDate": "2026-09-01"}
        answer = self.api.post("/api/v1/invoices:runQuick", quick)
        self.assertEqual((answer.status, answer.json()["invoice"]["total"]), (200, "16000.00"), "August has no timesheet")
        self.two_halves()
        answer = self.api.post("/api/v1/invoices:runQuick", {**quick, "runDate": "2026-10-01"})
        self.assertEqual((answer.status, answer.json()["invoice"]["total"], answer.json()["warnings"]), (200, "7512.50", []))

    def test_two_timesheets_have_no_day_together(self):
        self.two_halves()
        answer = self.refused(self.put("2026-09-10", "2026-09-12", "1"), 409, "ALREADY_EXISTS", "TIMESHEET_OVERLAP")
        self.assertEqual(answer.metadata, {"periodStart": "2026-09-01", "periodEnd": "2026-09-15"})

    def test_they_are_listed_replaced_and_removed(self):
        self.two_halves()
        listed = self.api.ok("GET", f"/api/v1/customers/{self.customer['id']}/timesheets?pageSize=1")
        self.assertEqual((listed["timesheets"][0]["periodStart"], listed["totalSize"]), ("2026-09-16", 2))
        self.assertEqual(listed["timesheets"][0]["currencyCode"], "CAD")
        rest = self.api.ok("GET", f"/api/v1/customers/{self.customer['id']}/timesheets?pageSize=1&pageToken={listed['nextPageToken']}")
        self.assertEqual(([t["periodStart"] for t in rest["timesheets"]], rest["nextPageToken"]), (["2026-09-01"], ""))
        etag = listed["timesheets"][0]["etag"]
        self.assertEqual(self.put("2026-09-16", "2026-09-30", "36", etag=etag).status, 200)
        self.refused(self.api.call("DELETE", self.path("2026-09-16") + f"?etag={etag}"), 409, "ABORTED", "STALE_ETAG")
        removed = self.api.ok("DELETE", self.path("2026-09-16"))
        self.assertEqual((removed["hours"], removed["periodEnd"]), ("36", "2026-09-30"))
        self.refused(self.api.get(self.path("2026-09-16")), 404, "NOT_FOUND", "NOT_FOUND")
        self.refused(self.api.call("DELETE", self.path("2026-09-16")), 404, "NOT_FOUND", "NOT_FOUND")
        viewer = self.stack.api(self.stack.create_api_key("viewer", "VIEWER"))
        self.assertEqual(viewer.get(f"/api/v1/customers/{self.customer['id']}/timesheets").status, 200)
        self.refused(viewer.call("DELETE", self.path("2026-09-01")), 403, "PERMISSION_DENIED", "PERMISSION_DENIED")

    def test_days_of_no_single_period_warn_when_they_are_entered(self):
        answer = self.put("2026-10-25", "2026-11-05", "8")
        self.assertEqual([warning["code"] for warning in answer.json()["warnings"]], ["TIMESHEET_OUTSIDE_PERIODS"], answer)
        self.assertEqual(self.put("2026-12-01", "2026-12-02", "8").json()["warnings"], [])
        text = f"customer,periodStart,periodEnd,hours\n{self.customer['id']},2027-01-31,2027-02-01,1\n"
        csv = base64.b64encode(text.encode()).decode()
        preview = self.api.post("/api/v1/timesheets:import", {"vendorId": self.vendor["id"], "csv": csv})
        self.assertEqual(preview.status, 200, preview)
        self.assertEqual([warning["code"] for warning in preview.json()["rows"][0]["warnings"]], ["TIMESHEET_OUTSIDE_PERIODS"])

    # --- what the contract's dates cut, and dates of the series -------------------------------------------------------

    def test_a_cut_period_is_billed_as_the_contract_says(self):
        cut = {"startDate": "2026-09-16", "extraFees": "30.00"}
        self.contract(partialPeriods="PRORATE_DAYS", **cut)
        answer = self.manual(periodStart="2026-09-16")
        self.assertEqual(answer.status, 200, answer)
        lines = answer.json()["invoice"]["lines"]
        self.assertEqual([(line["quantity"], line["amount"]) for line in lines], [("80", "8000.00"), ("1", "15.00")])
        self.assertTrue(all(line["description"].endswith("(15 of 30 days)") for line in lines), lines)
        self.assertEqual(answer.json()["warnings"], [])
        full = self.api.new_customer(self.vendor["id"], rate="100")
        self.api.ok("PATCH", f"/api/v1/customers/{full['id']}/contract", {"defaultHours": "160", "taxes": [], **cut})
        answer = self.manual(customerId=full["id"], periodStart="2026-09-16")
        self.assertEqual([warning["code"] for warning in answer.json()["warnings"]], ["PARTIAL_PERIOD"], answer)
        self.assertEqual(answer.json()["invoice"]["total"], "16030.00")

    def test_a_vendor_can_refuse_dates_before_the_newest_of_the_series(self):
        self.assertEqual(self.manual().status, 200)
        other = self.api.new_customer(self.vendor["id"])
        early = {"customerId": other["id"], "invoiceDate": "2026-09-30", "totalHours": "1"}
        self.api.ok("PATCH", f"/api/v1/vendors/{self.vendor['id']}", {"refuseBackDating": True})
        answer = self.refused(self.manual(**early), 400, "FAILED_PRECONDITION", "BACK_DATED")
        self.assertEqual(answer.metadata, {"newestDate": "2026-10-01", "newestNumber": "INV-2026-0001"})
        vendor = self.api.ok("PATCH", f"/api/v1/vendors/{self.vendor['id']}", {"refuseBackDating": False})
        self.assertEqual(vendor["refuseBackDating"], False)
        answer = self.manual(**early)
        self.assertEqual([warning["code"] for warning in answer.json()["warnings"]], ["BACK_DATED"], answer)
        self.assertEqual(answer.json()["invoice"]["number"], "INV-2026-0002")


if __name__ == "__main__":
    unittest.main()
