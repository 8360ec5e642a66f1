"""Runs over many customers by REST: planned, executed, watched, cancelled and explained."""

import json
import unittest

from billing import RUNS, UNKNOWN_ID, BillingCase
from process import wait_until

UNKNOWN_HASH = "0" * 64


class RunsTest(BillingCase):
    # The scheduler has nothing to do on this day: schedules that are on are due on the first.
    clock = "2026-04-10T09:00:00Z"

    def test_a_plan_is_executed_and_every_customer_has_a_reason(self):
        customers = self.customers_of_every_kind()
        plan = self.api.ok("POST", f"{RUNS}:plan", self.scope())
        self.assert_plan(plan)
        self.assert_items(plan["planHash"], customers)

        before = len(self.invoices())
        run = self.run_to_end(self.scope(planHash=plan["planHash"]))
        self.assertEqual((run["state"], run["mode"], run["runDate"]), ("SUCCEEDED", "SCHEDULED", "2026-04-01"))
        self.assertEqual((run["planHash"], run["vendorId"], run["actor"]), (plan["planHash"], self.vendor["id"], "e2e"))
        self.assertEqual(run["progress"], {"total": 6, "done": 6, "failed": 1, "skipped": 2, "held": 1, "invoiced": 2})
        self.assertEqual(run["totals"], plan["totals"])
        self.assertTrue(run["endTime"])
        self.assert_results(run, customers)
        self.assertEqual(len(self.invoices()), before + 2)

        again = self.run_to_end(self.scope())
        self.assertEqual(again["state"], "SUCCEEDED")
        self.assertEqual((again["progress"]["invoiced"], again["totals"]), (0, []))
        repeated = self.results(again)
        for name in ("Alpha", "Beta", "Epsilon"):
            self.assertEqual((repeated[name]["outcome"], repeated[name]["reason"]), ("SKIPPED", "ALREADY_INVOICED"))
        # What failed waits for a person since.
        delta = repeated["Delta"]
        self.assertEqual((delta["outcome"], delta["reason"], delta["facts"]["decision"]), ("HELD", "PERIOD_HELD", "CONTRACT_INCOMPLETE"))
        self.assertEqual(repeated["Alpha"]["invoiceNumber"], self.results(run)["Alpha"]["invoiceNumber"])
        self.assertEqual(len(self.invoices()), before + 2, "a run of what is billed creates nothing")

        self.assert_explained(customers, run, again)
        self.assert_stats()

    def test_what_failed_is_billed_once_it_is_mended_and_reopened(self):
        customer = self.payer("Mended", {"taxes": []})
        self.api.ok("PATCH", f"/api/v1/customers/{customer['id']}/contract?updateMask=defaultHours", {})
        self.assertEqual(self.results(self.run_to_end(self.scope()))["Mended"]["reason"], "CONTRACT_INCOMPLETE")
        self.assertEqual(self.periods(customer)["2026-03-01"]["state"], "HELD")

        self.api.ok("PATCH", f"/api/v1/customers/{customer['id']}/contract", {"defaultHours": "3"})
        self.api.ok("POST", f"/api/v1/customers/{customer['id']}/billingPeriods/2026-03-01:reopen", {})
        invoice = wait_until(self.invoices, "the scheduler bills the period")[0]
        self.assertEqual((invoice["periodStart"], invoice["invoiceDate"], invoice["total"]), ("2026-03-01", "2026-04-10", "300.00"))
        self.assertEqual(self.missed(), [])

    def test_a_run_is_watched_by_events_and_by_lines(self):
        customers = [self.payer(f"Watched {i}") for i in range(3)]
        worker = self.stack.processes["worker"]
        worker.stop()
        try:
            run = self.api.ok("POST", RUNS, self.scope())
            with self.api.stream(f"{RUNS}/{run['id']}:watch", "text/event-stream") as stream:
                self.assertEqual((stream.status, stream.headers["Content-Type"]), (200, "text/event-stream"))
                first = self.event(stream)
                self.assertEqual((first["id"], first["state"]), (run["id"], "PENDING"))
                self.stack.start_ours("worker")
                told = [first]
                while event := self.event(stream):
                    told.append(event)
        finally:
            if not worker.is_running():
                self.stack.start_ours("worker")
        self.assertEqual(told[-1]["state"], "SUCCEEDED")
        self.assertEqual(told[-1]["progress"]["invoiced"], len(customers))
        done = [event["progress"]["done"] for event in told]
        self.assertEqual(done, sorted(done), "progress only grows")
        self.assertEqual(told[-1], self.api.ok("GET", f"{RUNS}/{run['id']}"))

        lines = self.api.get(f"{RUNS}/{run['id']}:watch")
        self.assertEqual((lines.status, lines.headers["Content-Type"]), (200, "application/x-ndjson"))
        self.assertEqual([json.loads(line)["run"] for line in lines.body.splitlines()], [told[-1]])
        self.refused(self.api.get(f"{RUNS}/{UNKNOWN_ID}:watch"), 404, "NOT_FOUND", "NOT_FOUND")

    def test_a_stale_plan_is_refused_and_names_what_changed(self):
        same, changed = self.payer("Steady"), self.payer("Fickle")
        stale = self.api.ok("POST", f"{RUNS}:plan", self.scope())
        self.api.ok("PATCH", f"/api/v1/customers/{changed['id']}/contract", {"defaultHours": "11"})
        before = self.stack.postgres.counts()

        answer = self.api.post(RUNS, self.scope(planHash=stale["planHash"]))
        self.refused(answer, 409, "ABORTED", "PLAN_CHANGED")
        self.assertEqual(list(answer.metadata), [changed["id"]])
        self.assertIn("1130.00", answer.metadata[changed["id"]])
        self.assertIn("1243.00", answer.metadata[changed["id"]])
        self.assertIn("Fickle", answer.error["message"])
        self.assertNotIn("Steady", answer.error["message"])
        self.refused(self.api.post(RUNS, self.scope(planHash=UNKNOWN_HASH)), 404, "NOT_FOUND", "NOT_FOUND")
        self.assertEqual(self.stack.postgres.counts(), before, "something was written")

        fresh = self.api.ok("POST", f"{RUNS}:plan", self.scope())
        self.assertNotEqual(fresh["planHash"], stale["planHash"])
        elsewhere = self.scope(planHash=fresh["planHash"], customerIds=[same["id"]])
        self.refused(self.api.post(RUNS, elsewhere), 400, "INVALID_ARGUMENT", "INVALID_FIELD", "planHash")
        run = self.run_to_end(self.scope(planHash=fresh["planHash"]))
        self.assertEqual((run["state"], run["totals"]), ("SUCCEEDED", [{"currencyCode": "CAD", "count": 2, "total": "2373.00"}]))

    def test_plans_of_other_scopes_do_not_stand_in_each_others_way(self):
        ids = [self.payer(f"Planned {i}")["id"] for i in range(2)]
        scopes = [self.scope(), self.scope(sendEmail=False), self.scope(customerIds=ids)]
        hashes = [self.api.ok("POST", f"{RUNS}:plan", scope)["planHash"] for scope in scopes]
        self.assertEqual(len(set(hashes)), 3)
        for scope, plan_hash in zip(scopes[:2], hashes[1:]):
            self.refused(self.api.post(RUNS, {**scope, "planHash": plan_hash}), 400, "INVALID_ARGUMENT", "INVALID_FIELD", "planHash")
        turned = self.scope(customerIds=ids[::-1], planHash=hashes[2])
        self.assertEqual(self.run_to_end(turned)["progress"]["invoiced"], 2)

    def test_a_run_over_nobody_succeeds_and_says_so(self):
        plan = self.api.ok("POST", f"{RUNS}:plan", self.scope())
        self.assertEqual((plan["invoicedCount"], plan["totals"]), (0, []))
        self.assertEqual([warning["code"] for warning in plan["warnings"]], ["NOTHING_TO_BILL"])
        for extra in ({}, {"planHash": plan["planHash"]}):
            run = self.run_to_end(self.scope(**extra))
            self.assertEqual((run["state"], run["progress"]["total"], run["totals"]), ("SUCCEEDED", 0, []))
            self.assertEqual(self.results(run), {})
        self.assertEqual(self.invoices(), [])

    def test_everybody_or_chosen_customers_are_billed_whatever_their_schedules_say(self):
        chosen, other, gone = self.payer("Chosen", enabled=False), self.payer("Other"), self.payer("Gone")
        self.api.ok("DELETE", f"/api/v1/customers/{gone['id']}")
        ids = [chosen["id"], gone["id"]]

        run = self.run_to_end(self.scope("2026-04-09", "GENERATE_ALL", customerIds=ids))
        outcomes = {name: (result["outcome"], result["reason"]) for name, result in self.results(run).items()}
        self.assertEqual(outcomes, {"Chosen": ("INVOICED", "BILLED"), "Gone": ("SKIPPED", "CUSTOMER_INACTIVE")})
        invoice = self.invoices()[0]
        self.assertEqual((invoice["mode"], invoice["periodStart"], invoice["periodEnd"]), ("GENERATE_ALL", "2026-03-01", "2026-03-31"))

        run = self.run_to_end(self.scope("2026-04-09", "GENERATE_ALL"))
        self.assertEqual({name: result["reason"] for name, result in self.results(run).items()},
                         {"Chosen": "ALREADY_INVOICED", "Other": "BILLED"})

        run = self.run_to_end(self.scope("2026-04-09", customerIds=[other["id"], chosen["id"]]))
        results = self.results(run)
        self.assertEqual({name: result["reason"] for name, result in results.items()},
                         {"Chosen": "SCHEDULE_DISABLED", "Other": "NOT_DUE"})
        self.assertEqual(results["Other"]["facts"]["nextRunDate"], "2026-05-01")
        self.assertEqual(len(self.invoices()), 2)

    def test_a_due_date_that_a_run_bills_is_handed_over_by_the_schedule(self):
        customer = self.payer()
        run = self.run_to_end(self.scope("2026-05-01"))
        self.assertEqual(run["progress"]["invoiced"], 1)
        self.assertEqual((self.schedule(customer)["lastRunDate"], self.schedule(customer)["nextRunDate"]), ("2026-05-01", "2026-06-01"))
        self.assertEqual(self.invoices()[0]["invoiceDate"], "2026-05-01")

    def test_bad_scopes_are_refused(self):
        customer = self.payer()
        before = self.stack.postgres.counts()
        for path in (f"{RUNS}:plan", RUNS):
            cases = (
                (self.scope(mode="QUICK"), "mode"),
                (self.scope(run_date="2030-01-01"), "runDate"),
                (self.scope(run_date="soon"), "runDate"),
                (self.scope(customerIds=[customer["id"], customer["id"]]), "customerIds[1]"),
            )
            for scope, field in cases:
                with self.subTest(f"{path} {field}"):
                    self.refused(self.api.post(path, scope), 400, "INVALID_ARGUMENT", "INVALID_FIELD", field)
            for scope in (self.scope(customerIds=[UNKNOWN_ID]), self.scope(vendorId=UNKNOWN_ID)):
                self.refused(self.api.post(path, scope), 404, "NOT_FOUND", "NOT_FOUND")
        self.assertEqual(self.stack.postgres.counts(), before, "something was written")

    def test_a_run_that_has_ended_is_neither_cancelled_nor_resumed(self):
        self.payer()
        run = self.run_to_end(self.scope())
        for verb in ("cancel", "resume"):
            answer = self.api.post(f"{RUNS}/{run['id']}:{verb}", {})
            self.refused(answer, 400, "FAILED_PRECONDITION", "INVALID_STATE")
            self.assertEqual(answer.metadata["state"], "SUCCEEDED")
            self.assertIn("SUCCEEDED", answer.error["message"])
        self.refused(self.api.post(f"{RUNS}/{UNKNOWN_ID}:cancel", {}), 404, "NOT_FOUND", "NOT_FOUND")

    def test_a_cancelled_run_issues_nothing_until_it_is_resumed(self):
        self.payer()
        worker = self.stack.processes["worker"]
        worker.stop()
        try:
            run = self.api.ok("POST", RUNS, self.scope())
            answer = self.api.post(f"{RUNS}/{run['id']}:resume", {})
            self.refused(answer, 400, "FAILED_PRECONDITION", "INVALID_STATE")
            self.assertEqual(answer.metadata["state"], "PENDING")
            self.assertEqual(self.api.ok("POST", f"{RUNS}/{run['id']}:cancel", {})["state"], "CANCELLED")
        finally:
            self.stack.start_ours("worker")
        answer = self.api.post(f"{RUNS}/{run['id']}:cancel", {})
        self.refused(answer, 400, "FAILED_PRECONDITION", "INVALID_STATE")
        self.assertEqual(answer.metadata["state"], "CANCELLED")
        # A job that was queued behind the cancelled one shows that the worker came by.
        self.run_to_end(self.scope("2026-04-02", customerIds=[self.payer("Later")["id"]]))
        self.assertEqual(self.invoices(), [])

        self.assertIn(self.api.ok("POST", f"{RUNS}/{run['id']}:resume", {})["state"], ("PENDING", "RUNNING"))
        resumed = self.ended(run["id"])
        self.assertEqual((resumed["state"], resumed["progress"]["invoiced"]), ("SUCCEEDED", 2))
        self.assertEqual([invoice["runId"] for invoice in self.invoices()], [run["id"]] * 2)

    # --- the parts ----------------------------------------------------------------------------------------------------

    def event(self, stream):
        """The run of the next server-sent event; nothing at the end of the stream."""
        while line := stream.readline():
            if line.startswith(b"data: "):
                self.assertEqual(stream.readline(), b"\n", "an event ends with an empty line")
                return json.loads(line[len(b"data: "):])["run"]
            self.assertRegex(line, rb"^(:.*)?\n$", "only comments stand between events")
        return None

    def customers_of_every_kind(self):
        """In March: two are billed, and one each is switched off, has no hours, is billed, is billed in part, is not due."""
        customers = {
            "Alpha": self.payer("Alpha"),
            "Beta": self.payer("Beta", {"defaultHours": "20"}),
            "Gamma": self.payer("Gamma", enabled=False),
            "Delta": self.api.new_customer(self.vendor["id"], rate=None, name="Delta", schedule={"enabled": True},
                                           contract={"ratePerHour": "100"}),
            "Epsilon": self.payer("Epsilon"),
            "Zeta": self.payer("Zeta"),
            "Eta": self.payer("Eta", billingDay=15),
        }
        self.quick(customers["Alpha"], "2026-03-01", "8")
        self.quick(customers["Epsilon"], "2026-04-01")
        self.api.ok("POST", "/api/v1/invoices:runManual", {
            "customerId": customers["Zeta"]["id"], "invoiceDate": "2026-04-05", "periodStart": "2026-03-01", "periodEnd": "2026-03-10"})
        return customers

    def assert_plan(self, plan):
        self.assertEqual(plan["totals"], [{"currencyCode": "CAD", "count": 2, "total": "3390.00"}])
        counts = tuple(plan[name + "Count"] for name in ("invoiced", "skipped", "held", "failed", "email"))
        self.assertEqual(counts, (2, 2, 1, 1, 0))
        self.assertEqual([warning["code"] for warning in plan["warnings"]], ["CUSTOMERS_FAIL"])
        self.assertRegex(plan["planHash"], "^[0-9a-f]{64}$")
        self.assertEqual(plan["expireTime"], "2026-04-11T09:00:00Z")
        self.assertNotIn("SCHEDULED", [invoice["mode"] for invoice in self.invoices()], "a plan issues nothing")

    def assert_items(self, plan_hash, customers):
        path = f"{RUNS}/plans/{plan_hash}/items"
        items, token = [], ""
        while True:
            page = self.api.ok("GET", f"{path}?pageSize=4&pageToken={token}")
            self.assertEqual(page["totalSize"], 6)
            items += page["items"]
            token = page["nextPageToken"]
            if not token:
                break
        self.assertEqual([(item["customerName"], item["outcome"], item["reason"]) for item in items], [
            ("Alpha", "INVOICED", "BILLED"),
            ("Beta", "INVOICED", "BILLED"),
            ("Delta", "FAILED", "CONTRACT_INCOMPLETE"),
            ("Epsilon", "SKIPPED", "ALREADY_INVOICED"),
            ("Gamma", "SKIPPED", "SCHEDULE_DISABLED"),
            ("Zeta", "HELD", "PARTIAL_OVERLAP"),
        ])
        alpha, beta, delta = items[:3]
        self.assertEqual(alpha["customerId"], customers["Alpha"]["id"])
        self.assertEqual((alpha["periodStart"], alpha["periodEnd"], alpha["totalHours"]), ("2026-03-01", "2026-03-31", "10"))
        self.assertEqual((alpha["total"], alpha["previousTotal"], alpha["currencyCode"]), ("1130.00", "904.00", "CAD"))
        self.assertEqual(alpha["differences"], ["The total was 904.00 CAD and is 1130.00 CAD.", "The hours were 8 and are 10."])
        self.assertEqual((beta["total"], beta["previousTotal"]), ("2260.00", ""))
        self.assertEqual(beta["differences"], ["There is no invoice of an earlier period to compare with."])
        self.assertIn("defaultHours", delta["message"])
        held = self.api.ok("GET", f"{path}?outcome=HELD")
        self.assertEqual(([item["customerName"] for item in held["items"]], held["totalSize"]), (["Zeta"], 1))
        self.refused(self.api.get(f"{RUNS}/plans/{UNKNOWN_HASH}/items"), 404, "NOT_FOUND", "NOT_FOUND")

    def assert_results(self, run, customers):
        results = self.results(run)
        self.assertEqual({name: (result["outcome"], result["reason"]) for name, result in results.items()}, {
            "Alpha": ("INVOICED", "BILLED"),
            "Beta": ("INVOICED", "BILLED"),
            "Delta": ("FAILED", "CONTRACT_INCOMPLETE"),
            "Epsilon": ("SKIPPED", "ALREADY_INVOICED"),
            "Gamma": ("SKIPPED", "SCHEDULE_DISABLED"),
            "Zeta": ("HELD", "PARTIAL_OVERLAP"),
        })
        alpha = results["Alpha"]
        invoice = self.api.ok("GET", f"/api/v1/invoices/{alpha['invoiceId']}")
        self.assertEqual((invoice["number"], invoice["total"]), (alpha["invoiceNumber"], alpha["total"]))
        self.assertEqual((invoice["mode"], invoice["runId"], invoice["state"]), ("SCHEDULED", run["id"], "ISSUED"))
        # The run date has passed: the invoice is dated on the day of its issue, and the terms count from there.
        self.assertEqual((invoice["invoiceDate"], invoice["dueDate"]), ("2026-04-10", "2026-05-10"))
        self.assertEqual((alpha["facts"]["totalHours"], alpha["facts"]["hoursFrom"]), ("10", "contract"))
        self.assertCountEqual([results[name]["invoiceNumber"] for name in ("Alpha", "Beta")], ["INV-2026-0004", "INV-2026-0005"])
        self.assertEqual(results["Zeta"]["uncovered"], [{"first": "2026-03-11", "last": "2026-03-31"}])
        self.assertEqual(results["Zeta"]["invoiceNumber"], "INV-2026-0003")
        self.assertEqual(results["Delta"]["facts"]["missing"], "defaultHours")
        failed = self.api.ok("GET", f"{RUNS}/{run['id']}/results?outcome=FAILED")["results"]
        self.assertEqual([result["customerId"] for result in failed], [customers["Delta"]["id"]])
        # Both wait for a person now.
        self.assertEqual({period["customerName"]: period["reason"] for period in self.missed()},
                         {"Delta": "CONTRACT_INCOMPLETE", "Zeta": "PARTIAL_OVERLAP"})

    def assert_explained(self, customers, run, again):
        def explain(name, date):
            explanation = self.api.ok("GET", f"/api/v1/customers/{customers[name]['id']}:explain?date={date}")
            for decision in (explanation, *explanation.get("decisions", [])):
                self.assertRegex(decision["message"], r"\w+ \w+", decision)
            return explanation

        past = explain("Alpha", "2026-04-01")
        self.assertEqual((past["decided"], past["outcome"], past["reason"]), (True, "SKIPPED", "ALREADY_INVOICED"))
        self.assertEqual([(decision["runId"], decision["outcome"]) for decision in past["decisions"]],
                         [(again["id"], "SKIPPED"), (run["id"], "INVOICED")])
        ahead = explain("Alpha", "2026-05-01")
        self.assertEqual((ahead["decided"], ahead["outcome"], ahead["reason"]), (False, "INVOICED", "BILLED"))
        self.assertEqual((ahead["periodStart"], ahead["periodEnd"]), ("2026-04-01", "2026-04-30"))
        self.assertEqual((ahead["facts"]["totalHours"], ahead["decisions"]), ("10", []))
        no_day = explain("Alpha", "2026-05-02")
        self.assertEqual((no_day["decided"], no_day["outcome"], no_day["reason"]), (False, "SKIPPED", "NOT_DUE"))
        self.assertEqual(no_day["facts"]["nextRunDate"], "2026-05-01")
        self.assertEqual(explain("Gamma", "2026-05-01")["reason"], "SCHEDULE_DISABLED")
        self.assertEqual(explain("Delta", "2026-05-01")["facts"]["missing"], "defaultHours")
        self.refused(self.api.get(f"/api/v1/customers/{UNKNOWN_ID}:explain?date=2026-05-01"), 404, "NOT_FOUND", "NOT_FOUND")

    def assert_stats(self):
        """Two runs over all and the quick one of Epsilon."""
        stats = self.api.ok("GET", f"{RUNS}:stats?vendorId={self.vendor['id']}&from=2026-04-01&to=2026-04-01")
        self.assertEqual(stats["states"], [{"state": "SUCCEEDED", "count": 3}])
        self.assertEqual(stats["totals"], [{"currencyCode": "CAD", "count": 3, "total": "4520.00"}])
        counts = tuple(stats[name + "Count"] for name in ("invoiced", "skipped", "held", "failed"))
        self.assertEqual(counts, (3, 6, 3, 1))
        self.refused(self.api.get(f"{RUNS}:stats?from=2026-04-02&to=2026-04-01"), 400, "INVALID_ARGUMENT", "INVALID_FIELD", "from")


if __name__ == "__main__":
    unittest.main(verbosity=2)
