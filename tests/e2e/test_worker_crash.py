"""The worker is killed at random moments while it sends: no email and no PDF is lost, and only what was in flight is repeated.

The moments come from a seed, which is printed; INVOICE_E2E_SEED repeats a run.
"""

import collections
import hashlib
import os
import random
import time
import unittest

from process import wait_until
from stack import StackCase

EMAILS = 60
KILLS = 6
WORKER_THREADS = 4
LEASE_S = 30  # of the server; a dead worker's jobs are taken over after this


class WorkerCrashTest(StackCase):
    settings = {"WORKER_THREADS": str(WORKER_THREADS)}

    def setUp(self):
        self.seed = int(os.environ.get("INVOICE_E2E_SEED") or time.time_ns() % 1_000_000)
        print(f"seed {self.seed}: INVOICE_E2E_SEED={self.seed} repeats the moments", flush=True)

    def sent(self):
        return int(self.stack.postgres.value("SELECT count(*) FROM emails WHERE state = 'SENT'"))

    def test_killed_workers_lose_nothing_and_repeat_only_what_was_in_flight(self):
        moments = random.Random(self.seed)
        worker = self.stack.processes["worker"]
        worker.stop()
        vendor = self.api.new_vendor()
        expected = self.issue_invoices(vendor)

        kills = 0
        for kill in range(KILLS):
            self.stack.start_ours("worker")
            if self.sent() == EMAILS:
                break
            # Some moments lie before the first email, some in the middle of several.
            time.sleep(moments.uniform(0.0, 0.6))
            worker.kill()
            kills += 1
        self.assertGreaterEqual(kills, 3, "the emails were gone before a worker could be killed in their midst")
        before_the_last = self.sent()
        self.assertLess(before_the_last, EMAILS, "no email was left to be rescued")
        print(f"{kills} kills, {before_the_last} of {EMAILS} emails recorded as sent before the last worker", flush=True)

        if not worker.is_running():
            self.stack.start_ours("worker")
        wait_until(lambda: self.sent() == EMAILS, "all emails are SENT", LEASE_S + 60, 0.5)
        self.assert_nothing_lost(expected, kills)

    def issue_invoices(self, vendor):
        """{recipient: invoice id}"""
        expected = {}
        for i in range(EMAILS):
            recipient = f"payables{i}@contoso.example.com"
            customer = self.api.new_customer(vendor["id"], name=f"Customer {i}", email=recipient)
            answer = self.api.run_quick(customer["id"], sendEmail=True)
            self.assertEqual(answer.status, 200, answer)
            expected[recipient] = answer.json()["invoice"]["id"]
        return expected

    def assert_nothing_lost(self, expected, kills):
        ids_by_recipient = collections.defaultdict(set)
        mails = self.stack.mailbox.mails()
        for mail in mails:
            recipient = mail.message["To"].addresses[0].addr_spec
            ids_by_recipient[recipient].add(mail.message_id)
            invoice = self.api.ok("GET", f"/api/v1/invoices/{expected[recipient]}") if len(ids_by_recipient) <= 5 else None
            if invoice:
                self.assertEqual(mail.attachments()[0][2], invoice["documentSha256"], "what is mailed is what is stored")
        self.assertEqual(set(ids_by_recipient), set(expected), "every email arrived")
        self.assertEqual({len(ids) for ids in ids_by_recipient.values()}, {1}, "a repeat is the same message")
        repeats = len(mails) - EMAILS
        print(f"{repeats} repeats", flush=True)
        self.assertLessEqual(repeats, kills * WORKER_THREADS)

        stored = self.stack.postgres.rows(
            "SELECT i.document_sha256, encode(sha256(b.bytes), 'hex') FROM invoices i LEFT JOIN blobs b ON b.sha256 = i.document_sha256")
        self.assertEqual(len(stored), EMAILS)
        for named, actual in stored:
            self.assertTrue(named, "an invoice has no PDF")
            self.assertEqual(named, actual)
        sample = self.api.get(f"/api/v1/invoices/{next(iter(expected.values()))}/pdf")
        self.assertIn(hashlib.sha256(sample.body).hexdigest(), {named for named, _ in stored})
        self.assertEqual(self.stack.postgres.rows("SELECT delivery, count(*) FROM invoices GROUP BY 1"), [["SENT", str(EMAILS)]])
        self.assertEqual(self.stack.postgres.value("SELECT count(*) FROM jobs"), "0", "no work is left over")


if __name__ == "__main__":
    unittest.main(verbosity=2)
