"""SIGTERM: every process ends by itself within ten seconds, idle or under load, and hands its work back."""

import http.client
import threading
import unittest

from process import wait_until
from stack import StackCase

STOP_S = 10.0


class ShutdownTest(StackCase):
    def test_idle_processes_end_in_time(self):
        for name in ("gateway", "server", "worker", "scheduler"):
            with self.subTest(name):
                self.assertEqual(self.stack.processes[name].stop(STOP_S), 0)
                self.assertIn('"stopped"', self.stack.processes[name].log())
                self.stack.start_ours(name)
        wait_until(lambda: self.stack.readiness().status == 200, "ready again", 20)

    def test_processes_under_load_end_in_time_and_lose_nothing(self):
        vendor = self.api.new_vendor()
        customers = [self.api.new_customer(vendor["id"], name=f"Customer {i}")["id"] for i in range(40)]
        for name in ("worker", "server", "gateway"):
            with self.subTest(name):
                answers = self.stop_under_load(name, [customers.pop() for _ in range(12)])
                # What was answered is there; what was refused said that it may be tried again.
                numbers = [answer.json()["invoice"]["number"] for answer in answers if answer.status == 200]
                kept = {row[0] for row in self.stack.postgres.rows("SELECT number FROM invoices")}
                self.assertLessEqual(set(numbers), kept)
                self.assertLessEqual({answer.status for answer in answers}, {200, 503}, answers)
                self.stack.start_ours(name)
        emails = int(self.stack.postgres.value("SELECT count(*) FROM emails"))
        self.assertGreater(emails, 0)
        # Handed back, not left to a lease: well below the 30 s of one.
        self.stack.wait_email_states({"SENT": emails}, 20)
        self.assertEqual(self.stack.mailbox.count(), emails, "an orderly stop repeats no message")

    def stop_under_load(self, name, customers):
        answers, begun = [], threading.Event()

        def work():
            for customer in customers:
                try:
                    answers.append(self.api.run_quick(customer, sendEmail=True))
                except (OSError, http.client.HTTPException):
                    return  # the gateway's door is closed
                begun.set()

        thread = threading.Thread(target=work)
        thread.start()
        begun.wait(20)
        code = self.stack.processes[name].stop(STOP_S)
        thread.join(60)
        self.assertFalse(thread.is_alive())
        self.assertEqual(code, 0, self.stack.processes[name].log()[-1500:])
        return answers


if __name__ == "__main__":
    unittest.main(verbosity=2)
