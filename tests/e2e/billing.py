"""What tests of runs and of the scheduler share: customers whose schedules are on, and looks at what became of them."""

from process import wait_until
from stack import StackCase

RUNS = "/api/v1/runs"
UNKNOWN_ID = "01900000-0000-7000-8000-000000000000"
HST = {"name": "HST", "rate": "0.13", "registrationNumber": "123456789 RT0001"}


class BillingCase(StackCase):
    """Every test has a vendor of its own."""

    def setUp(self):
        self.vendor = self.api.new_vendor(name=self.id().rsplit(".", 1)[1])

    def payer(self, name="Contoso", contract=None, **schedule):
        """A customer whose schedule is on: 10 hours at 100.00 with HST 13 % make 1,130.00 a month, due on the first."""
        return self.api.new_customer(
            self.vendor["id"], rate=None, name=name,
            contract={"ratePerHour": "100", "defaultHours": "10", "taxes": [HST], **(contract or {})},
            schedule={"enabled": True, **schedule})

    def scope(self, run_date="2026-04-01", mode="SCHEDULED", **fields):
        return {"mode": mode, "runDate": run_date, "vendorId": self.vendor["id"], **fields}

    def quick(self, customer, run_date, hours="10"):
        answer = self.api.run_quick(customer["id"], run_date, hours)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()["invoice"]

    def run_to_end(self, scope):
        """The run as it has ended."""
        run = self.api.ok("POST", RUNS, scope)
        return self.ended(run["id"])

    def ended(self, run_id):
        def look():
            run = self.api.ok("GET", f"{RUNS}/{run_id}")
            return run if run["state"] not in ("PENDING", "RUNNING") else None

        return wait_until(look, "the run has ended")

    def results(self, run):
        return {result["customerName"]: result for result in self.api.ok("GET", f"{RUNS}/{run['id']}/results")["results"]}

    def invoices(self, **filters):
        """The invoices of the test's vendor, oldest first."""
        query = "".join(f"&{name}={value}" for name, value in filters.items())
        return self.api.ok("GET", f"/api/v1/invoices?vendorId={self.vendor['id']}&pageSize=200&orderBy=invoiceDate{query}")["invoices"]

    def schedule(self, customer):
        return self.api.ok("GET", f"/api/v1/customers/{customer['id']}/schedule")

    def periods(self, customer):
        """The customer's periods by their first days."""
        listed = self.api.ok("GET", f"/api/v1/customers/{customer['id']}/billingPeriods")["billingPeriods"]
        return {period["periodStart"]: period for period in listed}

    def missed(self):
        return self.api.ok("GET", f"/api/v1/billingPeriods:missed?vendorId={self.vendor['id']}")["billingPeriods"]

    def refused(self, answer, code, status, reason, *fields):
        self.assertEqual(answer.status, code, answer)
        self.assertEqual((answer.error["status"], answer.reason), (status, reason), answer)
        self.assertEqual(set(answer.fields), set(fields), answer)
        return answer
