"""The worker is killed at random moments while it sends a thousand emails: no email and no PDF is lost, and only what was in flight is
repeated, once, as the same message.

The moments come from a seed, which is printed; INVOICE_E2E_SEED repeats a run.
"""

import collections
import email
import hashlib
import os
import random
import time
import unittest

from process import wait_until
from scripted_smtp import ScriptedSmtp
from stack import StackCase

EMAILS = 1000
UNRENDERED = 40  # of them have no document yet: the worker has to render it
KILLS = 15
MOST_MESSAGES_BETWEEN_KILLS = 90
WORKER_THREADS = 4
# The killing ends before the first dead worker's leases do (30 s): an email that is lost twice would be left to a person.
KILLING_S = 20


class WorkerCrashTest(StackCase):
    catches_mail = False

    @classmethod
    def setUpClass(cls):
        cls.smtp = ScriptedSmtp()
        cls.settings = {"WORKER_THREADS": str(WORKER_THREADS), "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(cls.smtp.port)}
        super().setUpClass()

    @classmethod
    def _clean_up(cls):
        try:
            super()._clean_up()
        finally:
            cls.smtp.close()

    def setUp(self):
        self.seed = int(os.environ.get("INVOICE_E2E_SEED") or time.time_ns() % 1_000_000)
        print(f"seed {self.seed}: INVOICE_E2E_SEED={self.seed} repeats the moments", flush=True)
        self.moments = random.Random(self.seed)
        self.lost = set()  # emails that were in flight at a kill, with the number of the attempt

    def test_killed_workers_lose_nothing_and_repeat_only_what_was_in_flight(self):
        self.stack.processes["worker"].stop()
        self.make_emails()
        kills = self.kill_workers()
        self.assertGreaterEqual(kills, 5, "the emails were gone before a worker could be killed in their midst")
        self.assertGreater(self.count("emails WHERE state <> 'SENT'"), 0, "no email was left to be sent after the last kill")
        print(f"{kills} kills, {len(self.lost)} emails in flight at one, {len(self.smtp.kept)} messages received", flush=True)
        # What waiting for the ends of the leases would do.
        self.stack.postgres.execute("UPDATE jobs SET lease_until = now() WHERE lease_until IS NOT NULL")
        self.stack.start_ours("worker")
        wait_until(lambda: self.count("emails WHERE state = 'SENT'") == EMAILS, "all emails are SENT", 60, 0.2)
        wait_until(lambda: self.count("jobs") == 0, "no work is left over", 20, 0.2)
        self.assert_each_is_received_and_only_lost_ones_twice()
        self.assert_documents_are_stored_and_mailed()

    def count(self, what):
        return int(self.stack.postgres.value(f"SELECT count(*) FROM {what}"))

    # --- given --------------------------------------------------------------------------------------------------------

    def make_emails(self):
        """One by the API, the others as copies of its rows; most of them with a small document that is rendered already."""
        vendor = self.api.new_vendor()
        customer = self.api.new_customer(vendor["id"])
        answer = self.api.run_quick(customer["id"], sendEmail=True)
        self.assertEqual(answer.status, 200, answer)
        model = answer.json()["invoice"]["id"]
        document = f"CASE WHEN n > {UNRENDERED} THEN convert_to(repeat('%PDF of ' || n || ' ', 200), 'UTF8') END"
        uuid = "('01990000-0000-7000-800{}-' || lpad(to_hex(n), 12, '0'))::uuid"
        self.stack.postgres.execute(f"""BEGIN;
            CREATE TEMPORARY TABLE target AS SELECT n, {uuid.format(1)} AS invoice_id, {uuid.format(2)} AS email_id, {document} AS document
              FROM generate_series(2, {EMAILS}) AS n;
            INSERT INTO blobs
              SELECT encode(sha256(document), 'hex'), 'application/pdf', document, now() FROM target WHERE document IS NOT NULL;
            {self.copies("invoices", "id", model, id="t.invoice_id", number="m.number || '-' || t.n", sequence="t.n",
                         document_sha256="encode(sha256(t.document), 'hex')", created_in="pg_current_xact_id()")};
            {self.copies("invoice_lines", "invoice_id", model, invoice_id="t.invoice_id")};
            {self.copies("invoice_taxes", "invoice_id", model, invoice_id="t.invoice_id")};
            {self.copies("emails", "invoice_id", model, id="t.email_id", invoice_id="t.invoice_id",
                         message_id="'<' || t.email_id || '@northwind.example.com>'")};
            INSERT INTO jobs (id, kind, subject_id, run_at, urgency) SELECT {uuid.format(3)}, 'SEND_EMAIL', email_id, now(), 2 FROM target;
            INSERT INTO jobs (id, kind, subject_id, run_at, urgency)
              SELECT {uuid.format(4)}, 'RENDER_DOCUMENT', invoice_id, now(), 2 FROM target WHERE document IS NULL;
            COMMIT""")

    def copies(self, table, key, model, **changed):
        columns = [row[0] for row in self.stack.postgres.rows(
            f"SELECT attname FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped "
            "AND attgenerated = ''")]
        values = ", ".join(changed.get(column, f"m.{column}") for column in columns)
        return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} m, target t WHERE m.{key} = '{model}'"

    # --- when ---------------------------------------------------------------------------------------------------------

    def kill_workers(self):
        """How many were killed. Each gets to send some messages first, or none, and a little more of the next."""
        end = time.monotonic() + KILLING_S
        kills = 0
        # What dead workers have leased comes up later.
        free = "jobs WHERE kind = 'SEND_EMAIL' AND lease_until IS NULL"
        while kills < KILLS and time.monotonic() < end and self.count(free) > MOST_MESSAGES_BETWEEN_KILLS:
            enough = len(self.smtp.kept) + self.moments.randint(0, MOST_MESSAGES_BETWEEN_KILLS)
            self.stack.start_ours("worker")
            wait_until(lambda: len(self.smtp.kept) >= enough, f"{enough} messages are received", 20, 0.001)
            time.sleep(self.moments.uniform(0, 0.02))
            self.stack.processes["worker"].kill()
            kills += 1
            self.look_at_the_books()
        return kills

    def look_at_the_books(self):
        sending = self.stack.postgres.rows("SELECT message_id, attempt_count FROM emails WHERE state = 'SENDING'")
        self.lost |= {tuple(row) for row in sending}
        sent = {row[0] for row in self.stack.postgres.rows("SELECT message_id FROM emails WHERE state = 'SENT'")}
        unheard_of = sent - {mail.message_id for mail in self.smtp.kept}
        self.assertEqual(unheard_of, set(), "SENT means that the receiver has it")

    # --- then ---------------------------------------------------------------------------------------------------------

    def assert_each_is_received_and_only_lost_ones_twice(self):
        copies = collections.defaultdict(list)
        for mail in self.smtp.kept:
            copies[mail.message_id].append(mail.content)
        expected = {row[0] for row in self.stack.postgres.rows("SELECT message_id FROM emails")}
        self.assertEqual(len(expected), EMAILS)
        self.assertEqual(set(copies), expected, "every email arrived, and nothing else")
        repeated = {message_id for message_id, contents in copies.items() if len(contents) > 1}
        print(f"{len(repeated)} repeats", flush=True)
        self.assertLessEqual(repeated, {message_id for message_id, _ in self.lost}, "only what was in flight is repeated")
        self.assertLessEqual(max(len(contents) for contents in copies.values()), 2, "and only once")
        self.assertLessEqual(len(self.smtp.kept) - EMAILS, len(self.lost))
        self.assertEqual({message_id for message_id in repeated if len(set(copies[message_id])) > 1}, set(), "byte by byte the same")
        self.assertEqual(self.count("invoices WHERE delivery = 'SENT'"), EMAILS)
        self.assertEqual(self.count("emails e WHERE attempt_count <> (SELECT count(*) FROM email_attempts a WHERE a.email_id = e.id)"), 0)
        self.assertEqual(self.count("email_attempts WHERE outcome = 'ACCEPTED'"), EMAILS, "each was accepted once, by the books")

    def assert_documents_are_stored_and_mailed(self):
        stored = {}
        for message_id, named, actual in self.stack.postgres.rows(
                "SELECT e.message_id, i.document_sha256, encode(sha256(b.bytes), 'hex') FROM emails e "
                "JOIN invoices i ON i.id = e.invoice_id LEFT JOIN blobs b ON b.sha256 = i.document_sha256"):
            self.assertTrue(named, "an invoice has no PDF")
            self.assertEqual(named, actual)
            stored[message_id] = named
        for mail in self.smtp.kept:
            parts = [part for part in email.message_from_bytes(mail.content).walk() if part.get_filename()]
            mailed = [hashlib.sha256(part.get_payload(decode=True)).hexdigest() for part in parts]
            self.assertEqual(mailed, [stored[mail.message_id]], "what is mailed is what is stored")


if __name__ == "__main__":
    unittest.main(verbosity=2)
