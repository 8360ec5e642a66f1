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
CUSTOMERS = 100


class Load:
    """Reads and quick runs in a loop. A run that was not answered with 200 is tried again with its Idempotency-Key, as clients do."""

    def __init__(self, api, customer_ids):
        self._api = api
        self._waiting = collections.deque(customer_ids)
        self._stopping = threading.Event()
        self.answers = []  # every answer, or the exception instead; append is atomic
        self.invoices = {}  # by customer
        self._threads = [threading.Thread(target=self._read) for _ in range(READERS)]
        self._threads += [threading.Thread(target=self._write) for _ in range(WRITERS)]

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

    def finish(self):
        """Runs what was not yet answered."""
        while self._waiting:
            self._write_one()

    def count(self, status):
        return sum(1 for answer in list(self.answers) if getattr(answer, "status", None) == status)

    def _read(self):
        while not self._stopping.is_set():
            self._keep(lambda: self._api.get("/api/v1/invoices?pageSize=5"))
            time.sleep(0.02)

    def _write(self):
        while self._waiting and not self._stopping.is_set():
            self._write_one()
            time.sleep(0.05)

    def _write_one(self):
        try:
            customer = self._waiting.popleft()
        except IndexError:
            return
        answer = self._keep(lambda: self._api.run_quick(customer, sendEmail=True, headers={"Idempotency-Key": f"load-{customer}"}))
        if getattr(answer, "status", None) == 200:
            self.invoices[customer] = answer.json()["invoice"]
        else:
            self._waiting.appendleft(customer)

    def _keep(self, call):
        try:
            answer = call()
        except (OSError, http.client.HTTPException) as fault:
            answer = fault
        self.answers.append(answer)
        return answer


class DatabaseRestartTest(StackCase):
    def test_a_crash_of_the_database_costs_errors_and_no_data(self):
        vendor = self.api.new_vendor()
        customers = [self.api.new_customer(vendor["id"], name=f"Customer {i}")["id"] for i in range(CUSTOMERS)]
        pids = {name: self.stack.processes[name].pid for name in Stack.OURS}

        load = Load(self.api, customers[:-1]).start()
        try:
            for _ in range(2):
                self.wait_for_progress(load)
                self.stack.postgres.crash()
                refused = load.count(503)
                wait_until(lambda: load.count(503) >= refused + 3, "calls are refused", 20)
                self.assert_not_ready()
                self.stack.postgres.start()
                wait_until(lambda: self.stack.readiness().status == 200, "ready by itself", 20)
            self.wait_for_progress(load)
        finally:
            load.stop()
        during = len(load.invoices)
        load.finish()
        print(f"{during} runs during the load, {len(load.invoices)} in all", flush=True)

        self.assert_errors_are_clear(load)
        self.assert_data_is_whole(load, customers[:-1])
        self.assertEqual({name: self.stack.processes[name].pid for name in Stack.OURS}, pids)
        self.assertTrue(all(self.stack.processes[name].is_running() for name in Stack.OURS))
        # Worker and doors go on as before.
        self.assertEqual(self.api.run_quick(customers[-1], sendEmail=True).status, 200)
        emails = int(self.stack.postgres.value("SELECT count(*) FROM emails"))
        # A delivery that the outage cut off is rescued when its lease is over.
        self.stack.wait_email_states({"SENT": emails}, 60)

    def wait_for_progress(self, load):
        reads, runs = load.count(200), len(load.invoices)
        wait_until(lambda: load.count(200) >= reads + 20 and len(load.invoices) >= runs + 3, "calls succeed", 30)

    def assert_not_ready(self):
        answer = self.stack.readiness()
        self.assertEqual(answer.status, 503, answer)
        page = answer.json()
        self.assertEqual((page["status"], page["database"]), ("not_ready", "unavailable"))
        self.assertTrue(page["problems"])

    def assert_errors_are_clear(self, load):
        statuses = collections.Counter(getattr(answer, "status", repr(answer)) for answer in load.answers)
        print(f"answers: {dict(statuses)}", flush=True)
        self.assertEqual(set(statuses), {200, 503}, "nothing but success and 'unavailable' is answered")
        for answer in load.answers:
            if answer.status == 503:
                self.assertEqual(answer.error["status"], "UNAVAILABLE", answer)
                self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1, answer)

    def assert_data_is_whole(self, load, customers):
        """One invoice for each customer, whole, as it was answered; also where the first answer was lost in the crash."""
        self.assertEqual(set(load.invoices), set(customers))
        kept = self.stack.postgres.rows("SELECT customer_id, id, number FROM invoices")
        answered = [[customer, invoice["id"], invoice["number"]] for customer, invoice in load.invoices.items()]
        self.assertEqual(sorted(kept), sorted(answered))
        numbers = sorted(number for _, _, number in kept)
        self.assertEqual(numbers, [f"INV-2025-{i:04}" for i in range(1, len(numbers) + 1)], "numbers have no gap")
        for table in ("invoice_lines", "period_claims", "run_results", "emails"):
            self.assertEqual(int(self.stack.postgres.value(f"SELECT count(DISTINCT invoice_id) FROM {table}")), len(kept), table)


if __name__ == "__main__":
    unittest.main(verbosity=2)
