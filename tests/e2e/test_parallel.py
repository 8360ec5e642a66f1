"""Many clients ask for the same thing at once: one invoice, one answer, no deadlock."""

import concurrent.futures
import unittest

from stack import StackCase

CLIENTS = 20


def together(call):
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        return [future.result() for future in [pool.submit(call) for _ in range(CLIENTS)]]


class ParallelTest(StackCase):
    def setUp(self):
        self.vendor = self.api.new_vendor()
        self.customer = self.api.new_customer(self.vendor["id"])

    def tearDown(self):
        self.assertNotIn("deadlock detected", self.stack.postgres.log())

    def invoices(self):
        return self.api.ok("GET", f"/api/v1/invoices?customerId={self.customer['id']}")["invoices"]

    def test_identical_quick_runs_give_one_invoice_and_clear_refusals(self):
        answers = together(lambda: self.api.run_quick(self.customer["id"]))
        self.assertEqual(sorted(answer.status for answer in answers), [200] + [409] * (CLIENTS - 1))
        invoices = self.invoices()
        self.assertEqual(len(invoices), 1)
        for refusal in (answer for answer in answers if answer.status == 409):
            self.assertEqual((refusal.error["status"], refusal.reason), ("ALREADY_EXISTS", "PERIOD_ALREADY_INVOICED"), refusal)
            self.assertEqual(refusal.metadata["number"], invoices[0]["number"])
            self.assertIn(invoices[0]["number"], refusal.error["message"])

    def test_the_same_idempotency_key_gives_the_same_answer_to_all(self):
        answers = together(lambda: self.api.run_quick(self.customer["id"], headers={"Idempotency-Key": "one-run"}))
        self.assertEqual([answer.status for answer in answers], [200] * CLIENTS, answers)
        self.assertEqual(len({answer.body for answer in answers}), 1)
        replayed = [answer.headers["Idempotency-Replayed"] for answer in answers]
        self.assertEqual((replayed.count(None), replayed.count("true")), (1, CLIENTS - 1))
        self.assertEqual(len(self.invoices()), 1)

    def test_runs_of_many_customers_take_consecutive_numbers(self):
        customers = [self.api.new_customer(self.vendor["id"], name=f"Customer {i}")["id"] for i in range(CLIENTS)]
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            answers = list(pool.map(self.api.run_quick, customers))
        self.assertEqual([answer.status for answer in answers], [200] * CLIENTS, answers)
        numbers = sorted(answer.json()["invoice"]["number"] for answer in answers)
        self.assertEqual(numbers, [f"INV-2025-{i:04}" for i in range(1, CLIENTS + 1)])


if __name__ == "__main__":
    unittest.main(verbosity=2)
