"""The scheduler as time passes: due dates, missed ones, periods that wait for a person, drafts to look through."""

import unittest

from billing import HST, RUNS, UNKNOWN_ID, BillingCase
from process import wait_until


TAKE_OVER_S = 30
# The first scheduler that begins a run stays in its round; sequences know no rollback, so the next one does not.
STAY_ONCE = """
    CREATE SEQUENCE begun_runs;
    GRANT USAGE ON SEQUENCE begun_runs TO PUBLIC;
    CREATE FUNCTION stay() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN IF nextval(''begun_runs'') = 1 THEN PERFORM pg_sleep(60); END IF; RETURN NEW; END';
    CREATE TRIGGER stays BEFORE INSERT ON runs FOR EACH ROW EXECUTE FUNCTION stay()"""
IN_A_ROUND = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND EXISTS (SELECT FROM begun_runs WHERE is_called)"
STAY_NO_MORE = "DROP TRIGGER stays ON runs; DROP FUNCTION stay(); DROP SEQUENCE begun_runs"


class SchedulerTest(BillingCase):
    clock = "2026-01-15T12:00:00Z"

    def setUp(self):
        super().setUp()
        self.stack.set_clock(self.clock)
        self.on = []

    def tearDown(self):
        # What later tests make of the time is no affair of these customers.
        for customer in self.on:
            self.api.ok("PATCH", f"/api/v1/customers/{customer['id']}/schedule", {"enabled": False})
        if not self.stack.processes["scheduler"].is_running():
            self.stack.start_ours("scheduler")

    def payer(self, *arguments, **fields):
        customer = super().payer(*arguments, **fields)
        self.on.append(customer)
        return customer

    def billed(self, customer, count=1):
        """The customer's invoices in the order of their periods, as soon as there are so many."""
        def look():
            found = self.invoices(customerId=customer["id"])
            return sorted(found, key=lambda invoice: invoice["periodStart"]) if len(found) >= count else None

        invoices = wait_until(look, f"{count} invoices of {customer['name']}")
        self.assertEqual(len(invoices), count)
        return invoices

    def test_a_due_date_is_billed_when_its_day_begins_where_the_customer_is(self):
        utc, toronto = self.payer("Greenwich"), self.payer("Toronto", timeZone="America/Toronto")
        self.assertEqual(self.schedule(utc)["nextRunDate"], "2026-02-01")

        self.stack.set_clock("2026-02-01T04:59:59Z")
        invoice = self.billed(utc)[0]
        self.assertEqual((invoice["mode"], invoice["periodStart"], invoice["periodEnd"]), ("SCHEDULED", "2026-01-01", "2026-01-31"))
        self.assertEqual((invoice["invoiceDate"], invoice["dueDate"], invoice["total"]), ("2026-02-01", "2026-03-03", "1130.00"))
        run = self.ended(invoice["runId"])
        self.assertEqual((run["state"], run["runDate"], run["actor"]), ("SUCCEEDED", "2026-02-01", "scheduler"))
        self.assertEqual((self.schedule(utc)["lastRunDate"], self.schedule(utc)["nextRunDate"]), ("2026-02-01", "2026-03-01"))
        self.assertEqual(self.invoices(customerId=toronto["id"]), [], "in Toronto it is still January")
        self.assertEqual(self.schedule(toronto)["nextRunDate"], "2026-02-01")

        self.stack.set_clock("2026-02-01T05:00:00Z")
        self.assertEqual(self.billed(toronto)[0]["periodStart"], "2026-01-01")
        self.assertEqual(self.schedule(toronto)["nextRunDate"], "2026-03-01")
        self.assertEqual(len(self.invoices()), 2)

    def test_due_dates_that_passed_without_a_scheduler_go_by_the_policy(self):
        caught_up, skipped, held = (self.payer(policy, missedRunPolicy=policy) for policy in ("CATCH_UP", "SKIP", "HOLD"))
        bounded = self.payer("Bounded", maxCatchUp=1)
        self.stack.processes["scheduler"].kill()
        self.stack.set_clock("2026-03-15T08:00:00Z")
        periods = self.periods(caught_up)
        self.assertEqual([periods[start]["state"] for start in ("2026-01-01", "2026-02-01")], ["MISSED", "MISSED"])
        self.assertEqual(self.schedule(caught_up)["nextRunDate"], "2026-02-01")

        self.stack.start_ours("scheduler")
        january, february = self.billed(caught_up, 2)
        self.assertEqual((january["periodStart"], february["periodStart"]), ("2026-01-01", "2026-02-01"))
        for invoice, due in ((january, "2026-02-01"), (february, "2026-03-01")):
            self.assertEqual(self.ended(invoice["runId"])["runDate"], due)
            self.assertEqual((invoice["invoiceDate"], invoice["dueDate"]), ("2026-03-15", "2026-04-14"))
        self.assertEqual(self.billed(bounded)[0]["periodStart"], "2026-01-01")
        self.assertEqual(self.states(skipped), ["SKIPPED", "SKIPPED"])
        self.assertEqual(self.states(held), ["HELD", "HELD"])
        self.assertEqual(self.states(bounded), ["INVOICED", "HELD"])
        self.assertEqual(self.periods(held)["2026-01-01"]["reason"], "MISSED_RUN")
        for customer in (caught_up, skipped, held, bounded):
            self.assertEqual(self.schedule(customer)["nextRunDate"], "2026-04-01")
        waiting = [(period["customerName"], period["periodStart"], period["dueDate"], period["state"]) for period in self.missed()]
        self.assertEqual(waiting[0], ("HOLD", "2026-01-01", "2026-02-01", "HELD"), "the oldest comes first")
        self.assertCountEqual(waiting[1:], [(name, "2026-02-01", "2026-03-01", "HELD") for name in ("HOLD", "Bounded")])

        self.assert_reopened(held, skipped)

    def assert_reopened(self, held, skipped):
        for customer in (held, skipped):
            self.api.ok("POST", f"/api/v1/customers/{customer['id']}/billingPeriods/2026-01-01:reopen", {})
            invoice = self.billed(customer)[0]
            self.assertEqual((invoice["periodStart"], invoice["invoiceDate"]), ("2026-01-01", "2026-03-15"))
            self.assertEqual(self.ended(invoice["runId"])["runDate"], "2026-02-01")
        self.assertEqual(len(self.missed()), 2)
        again = self.api.post(f"/api/v1/customers/{held['id']}/billingPeriods/2026-01-01:reopen", {})
        self.refused(again, 400, "FAILED_PRECONDITION", "PERIOD_ALREADY_INVOICED")
        self.assertEqual(again.metadata["number"], self.billed(held)[0]["number"])
        unknown = self.api.post(f"/api/v1/customers/{held['id']}/billingPeriods/2026-01-02:reopen", {})
        self.refused(unknown, 404, "NOT_FOUND", "NOT_FOUND")
        ahead = self.api.post(f"/api/v1/customers/{held['id']}/billingPeriods/2026-04-01:reopen", {})
        self.refused(ahead, 400, "FAILED_PRECONDITION", "INVALID_STATE")
        self.assertEqual(ahead.metadata["state"], "UPCOMING")

    def test_a_second_scheduler_takes_over_from_one_that_dies_in_its_round(self):
        customer = self.payer()
        self.stack.postgres.execute(STAY_ONCE)
        try:
            self.stack.set_clock("2026-02-01T12:00:00Z")
            wait_until(lambda: self.stack.postgres.value(IN_A_ROUND) == "1", "the scheduler is in its round", pause_s=0.01)
            second = self.stack.new_process("scheduler2", "scheduler").start()
            try:
                second.wait_for_log('"listening"')
                self.assertEqual(self.invoices(customerId=customer["id"]), [], "one acts, the other waits")
                self.stack.processes["scheduler"].kill()
                wait_until(lambda: self.invoices(customerId=customer["id"]), "the second scheduler bills", TAKE_OVER_S)
                self.assertEqual(self.billed(customer)[0]["periodStart"], "2026-01-01")
            finally:
                second.kill()
        finally:
            self.stack.postgres.execute(STAY_NO_MORE)

    def test_what_a_person_bills_while_the_scheduler_is_away_is_not_billed_again(self):
        customer = self.payer()
        self.stack.processes["scheduler"].kill()
        self.stack.set_clock("2026-03-15T08:00:00Z")
        key = {"Idempotency-Key": self.vendor["id"]}
        run = self.api.ok("POST", RUNS, self.scope("2026-03-01"), key)
        self.assertEqual(self.api.ok("POST", RUNS, self.scope("2026-03-01"), key)["id"], run["id"])
        self.assertEqual(self.ended(run["id"])["progress"]["invoiced"], 1)
        self.assertEqual(self.schedule(customer)["nextRunDate"], "2026-02-01", "January still is the scheduler's")

        self.stack.start_ours("scheduler")
        january, february = self.billed(customer, 2)
        self.assertEqual((january["periodStart"], february["periodStart"], february["runId"]), ("2026-01-01", "2026-02-01", run["id"]))
        decisions = wait_until(lambda: self.decided_twice(customer), "the scheduler came to the second due date")
        self.assertEqual({decision["runId"] == run["id"]: decision["reason"] for decision in decisions},
                         {True: "BILLED", False: "ALREADY_INVOICED"})
        self.assertEqual(len(self.invoices()), 2)
        self.assertEqual(self.missed(), [])

    def decided_twice(self, customer):
        """What two runs decided about February."""
        decisions = self.api.ok("GET", f"/api/v1/customers/{customer['id']}:explain?date=2026-03-01")["decisions"]
        return decisions if len(decisions) == 2 else None

    def test_a_period_skipped_by_a_person_is_left_to_people(self):
        customer, other = self.payer("On leave"), self.payer("At work")
        path = f"/api/v1/customers/{customer['id']}/billingPeriods/2026-01-01:skip"
        self.refused(self.api.post(path, {}), 400, "INVALID_ARGUMENT", "INVALID_FIELD", "reason")
        period = self.api.ok("POST", path, {"reason": "on leave all month"})
        self.assertEqual((period["state"], period["reason"], period["message"]), ("SKIPPED", "SKIPPED_BY_PERSON", "on leave all month"))

        self.stack.set_clock("2026-02-01T01:00:00Z")
        run = self.ended(self.billed(other)[0]["runId"])
        result = self.results(run)["On leave"]
        self.assertEqual((result["outcome"], result["reason"], result["message"]), ("SKIPPED", "PERIOD_SKIPPED", "on leave all month"))
        self.assertEqual(result["facts"]["decidedBy"], "e2e")
        self.assertEqual(self.schedule(customer)["nextRunDate"], "2026-03-01")
        self.assertEqual(self.periods(customer)["2026-01-01"]["state"], "SKIPPED")
        self.assertEqual(self.missed(), [], "nothing is left to decide")

        invoice = self.quick(customer, "2026-02-01", "3")
        self.assertEqual((invoice["periodStart"], invoice["periodEnd"]), ("2026-01-01", "2026-01-31"))
        self.assertEqual(self.periods(customer)["2026-01-01"]["state"], "INVOICED")
        late = self.api.post(path, {"reason": "too late"})
        self.refused(late, 400, "FAILED_PRECONDITION", "PERIOD_ALREADY_INVOICED")

    def test_a_period_without_the_timesheet_that_the_contract_demands_waits_for_it(self):
        customer, other = self.payer("Demanding", {"requireTimesheet": True}), self.payer("Trusting")
        self.stack.set_clock("2026-02-01T01:00:00Z")
        run = self.ended(self.billed(other)[0]["runId"])
        result = self.results(run)["Demanding"]
        self.assertEqual((result["outcome"], result["reason"]), ("HELD", "TIMESHEET_REQUIRED"))
        self.assertEqual(self.periods(customer)["2026-01-01"]["state"], "HELD")
        self.assertEqual([(period["customerId"], period["reason"]) for period in self.missed()], [(customer["id"], "TIMESHEET_REQUIRED")])

        self.stack.set_clock("2026-02-04T01:00:00Z")
        self.api.ok("PUT", f"/api/v1/customers/{customer['id']}/billingPeriods/2026-01-01/timesheet",
                    {"hours": "12.5", "expenses": [{"description": "Taxi", "amount": "20.00"}], "notes": "Two visits"})
        invoice = self.billed(customer)[0]
        self.assertEqual([(line["description"], line["quantity"], line["amount"]) for line in invoice["lines"][1:]],
                         [("Taxi", "1", "20.00")])
        self.assertEqual((invoice["lines"][0]["quantity"], invoice["subtotal"], invoice["total"]), ("12.5", "1270.00", "1435.10"))
        self.assertEqual((invoice["notes"], invoice["invoiceDate"]), ("Two visits", "2026-02-04"))
        self.assertEqual(self.results(self.ended(invoice["runId"]))["Demanding"]["facts"]["hoursFrom"], "timesheet")
        self.assertEqual(self.missed(), [])

    def test_drafts_of_the_scheduler_are_looked_through_and_issued_together(self):
        customers = [self.payer(f"Drafted {i}", autoIssue=False) for i in range(3)]
        self.stack.set_clock("2026-02-01T01:00:00Z")
        drafts = [self.billed(customer)[0] for customer in customers]
        run = self.ended(drafts[0]["runId"])
        self.assertEqual({(draft["state"], draft["number"], draft["runId"]) for draft in drafts}, {("DRAFT", "", run["id"])})
        self.assertEqual({result["reason"] for result in self.results(run).values()}, {"DRAFTED"})
        self.assertEqual(self.periods(customers[0])["2026-01-01"]["state"], "DRAFT")

        changed = self.api.ok("PUT", f"/api/v1/invoices/{drafts[1]['id']}", {
            "invoiceDate": "2026-02-02", "periodStart": "2026-01-01", "periodEnd": "2026-01-31", "taxes": [HST],
            "lines": [{"description": "Consulting", "quantity": "4", "unitPrice": "100"}], "etag": drafts[1]["etag"]})["invoice"]
        self.assertEqual((changed["state"], changed["total"], changed["number"]), ("DRAFT", "452.00", ""))
        for choice in ({}, {"runId": run["id"], "ids": [drafts[0]["id"]]}):
            answer = self.api.post("/api/v1/invoices:issueDrafts", choice)
            self.refused(answer, 400, "INVALID_ARGUMENT", "INVALID_FIELD", "runId" if choice else "ids")

        issued = self.api.ok("POST", "/api/v1/invoices:issueDrafts", {"runId": run["id"]})
        self.assertEqual((issued["issuedCount"], issued["failedCount"], issued["more"]), (3, 0, False))
        self.assertCountEqual([result["id"] for result in issued["results"]], [draft["id"] for draft in drafts])
        self.assertCountEqual([result["number"] for result in issued["results"]], [f"INV-2026-000{i}" for i in (1, 2, 3)])
        self.assertEqual({(invoice["state"], bool(invoice["issueTime"])) for invoice in self.invoices()}, {("ISSUED", True)})
        self.assertEqual(self.api.ok("GET", f"/api/v1/invoices/{changed['id']}")["total"], "452.00")
        again = self.api.ok("POST", "/api/v1/invoices:issueDrafts", {"runId": run["id"]})
        self.assertEqual((again["issuedCount"], again["results"]), (0, []))
        by_id = self.api.ok("POST", "/api/v1/invoices:issueDrafts", {"ids": [drafts[0]["id"], UNKNOWN_ID]})
        self.assertEqual([(result["number"], result["reason"]) for result in by_id["results"]], [("", "INVALID_STATE"), ("", "NOT_FOUND")])

    def states(self, customer):
        """Of the customer's January and February."""
        periods = self.periods(customer)
        return [periods[start]["state"] for start in ("2026-01-01", "2026-02-01")]


if __name__ == "__main__":
    unittest.main(verbosity=2)
