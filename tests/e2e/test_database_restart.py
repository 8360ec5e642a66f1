"""PostgreSQL crashes under load: calls are refused with a time to come back, no data is lost, none of our processes is restarted."""

import collections
import http.client
import threading
import time
import unittest

from process import wait_until
from stack import Stack, StackCase

READERS = 2
WRITERS = 2


class Load:
    """Reads and quick runs in a loop, each by its own client; remembers every answer."""

    def __init__(self, api, customer_ids):
        self._api = api
        self._customers = collections.deque(customer_ids)
        self._stopping = threading.Event()
        self.answers = []  # (kind, customer, answer or exception); append is atomic
        self._threads = [threading.Thread(target=self._run, args=("read",)) for _ in range(READERS)]
        self._threads += [threading.Thread(target=self._run, args=("write",)) for _ in range(WRITERS)]

    def start(self):
        for thread in self._threads:
            thread.start()
        return self

    def stop(self):
        self._stopping.set()
        for thread in self._threads:
            thread.join(40)
            if thread.is_alive():
                raise AssertionError("a call did not come back")

    def count(self, *statuses):
        return sum(1 for _, _, answer in list(self.answers) if getattr(answer, "status", None) in statuses)

    def _run(self, kind):
        while not self._stopping.is_set():
            customer = self._customers.popleft() if kind == "write" and self._customers else None
            try:
                answer = self._api.run_quick(customer, sendEmail=True) if customer else self._api.get("/api/v1/invoices?pageSize=5")
            except (OSError, http.client.HTTPException) as fault:
                answer = fault
            self.answers.append(("write" if customer else "read", customer, answer))
            if kind == "write":
                time.sleep(0.05)


class DatabaseRestartTest(StackCase):
    def test_a_crash_of_the_database_costs_errors_and_no_data(self):
        vendor = self.api.new_vendor()
        customers = [self.api.new_customer(vendor["id"], name=f"Customer {i}")["id"] for i in range(60)]
        pids = {name: self.stack.processes[name].pid for name in Stack.OURS}

        load = Load(self.api, customers[:-1]).start()
        try:
            for _ in range(2):
                calm = load.count(200)
                wait_until(lambda: load.count(200) >= calm + 20, "load is on", 20)
                self.stack.postgres.crash()
                refused = load.count(503)
                wait_until(lambda: load.count(503) >= refused + 3, "calls are refused", 20)
                self.assert_not_ready()
                self.stack.postgres.start()
                wait_until(lambda: self.stack.readiness().status == 200, "ready by itself", 20)
            calm = load.count(200)
            wait_until(lambda: load.count(200) >= calm + 20, "calls succeed again", 20)
        finally:
            load.stop()

        self.assert_errors_are_clear(load)
        self.assert_data_is_whole(load)
        self.assertEqual({name: self.stack.processes[name].pid for name in Stack.OURS}, pids)
        self.assertTrue(all(self.stack.processes[name].is_running() for name in Stack.OURS))
        # Worker and doors go on as before.
        self.assertEqual(self.api.run_quick(customers[-1], sendEmail=True).status, 200)
        emails = int(self.stack.postgres.value("SELECT count(*) FROM emails"))
        # A delivery that the outage cut off is rescued when its lease is over.
        self.stack.wait_email_states({"SENT": emails}, 60)

    def assert_not_ready(self):
        answer = self.stack.readiness()
        self.assertEqual(answer.status, 503, answer)
        page = answer.json()
        self.assertEqual((page["status"], page["database"]), ("not_ready", "unavailable"))
        self.assertTrue(page["problems"])

    def assert_errors_are_clear(self, load):
        statuses = collections.Counter(getattr(answer, "status", repr(answer)) for _, _, answer in load.answers)
        print(f"answers: {dict(statuses)}", flush=True)
        # A write that was cut off in its commit may have taken effect, and then its repeat would be refused: there is no repeat here.
        self.assertEqual(set(statuses), {200, 503}, "nothing but success and 'unavailable' is answered")
        for _, _, answer in load.answers:
            if answer.status == 503:
                self.assertEqual(answer.error["status"], "UNAVAILABLE", answer)
                self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1, answer)

    def assert_data_is_whole(self, load):
        kept = dict(self.stack.postgres.rows("SELECT id, number FROM invoices"))
        answered = [answer.json()["invoice"] for kind, _, answer in load.answers if kind == "write" and answer.status == 200]
        self.assertGreater(len(answered), 5)
        for invoice in answered:
            self.assertEqual(kept.get(invoice["id"]), invoice["number"], "an answered run is in the database")
        self.assertEqual(len({invoice["id"] for invoice in answered}), len(answered))
        # Whole or not at all: number without gap, lines, claim, run and result for each.
        numbers = sorted(kept.values())
        self.assertEqual(numbers, [f"INV-2025-{i:04}" for i in range(1, len(numbers) + 1)])
        for table in ("invoice_lines", "period_claims", "run_results", "emails"):
            column = "invoice_id"
            self.assertEqual(int(self.stack.postgres.value(f"SELECT count(DISTINCT {column}) FROM {table}")), len(kept), table)


if __name__ == "__main__":
    unittest.main(verbosity=2)
