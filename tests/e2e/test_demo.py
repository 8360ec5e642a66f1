"""The demo data: what it shows, and that its books hold, whatever the day on which it is made."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from postgres import Postgres
from process import wait_until
from stack import BIN_DIR, SOURCE_DIR, StackCase

# First and last days of months, of a short one too, a year's turn, and days on which zones are in different months.
INSTANTS = ["2026-12-01T11:30:00Z", "2026-12-31T16:00:00Z", "2027-01-01T03:00:00Z", "2027-02-28T23:30:00Z", "2028-02-29T12:00:00Z"]
LONGEST_S = 60  # of this test; by hand it takes a few seconds

INVOICE_STATES = {"DRAFT", "ISSUED", "SENT", "PARTIALLY_PAID", "PAID", "OVERDUE", "CANCELLED", "CREDITED"}

# Each of them must find nothing. What they answer is shown.
NOTHING_MAY_BE_FOUND = {
    "runs that are not SUCCEEDED": "SELECT id, state, problem FROM runs WHERE state <> 'SUCCEEDED'",
    "chunks that are not DONE": "SELECT id, state, problem FROM run_chunks WHERE state <> 'DONE'",
    "results that failed": "SELECT customer_id, reason, message FROM run_results WHERE outcome = 'FAILED'",
    "jobs that were given up": "SELECT kind, last_error FROM jobs WHERE failed_at IS NOT NULL",
    "jobs of runs that are left": "SELECT kind FROM jobs WHERE kind IN ('START_RUN', 'RUN_CHUNK')",
    "standing invoices that do not claim exactly their period": """
        SELECT i.id, i.number, c.days FROM invoices i LEFT JOIN period_claims c ON c.invoice_id = i.id
         WHERE i.kind = 'INVOICE' AND i.cancelled_at IS NULL AND i.credited_minor < i.total_minor
           AND c.days IS DISTINCT FROM daterange(i.period_start_on, i.period_end_on, '[]')""",
    "claims of what is taken back": """
        SELECT i.id, i.number FROM invoices i JOIN period_claims c ON c.invoice_id = i.id
         WHERE i.kind <> 'INVOICE' OR i.cancelled_at IS NOT NULL OR i.credited_minor = i.total_minor""",
    "numbers given twice": "SELECT vendor_id, number FROM invoices WHERE number IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1",
    "series with a gap, a repetition, or another counter": """
        SELECT vendor_id, series_key, s.last_sequence, i.count, i.first, i.last
          FROM (SELECT vendor_id, series_key, count(DISTINCT sequence) AS count, min(sequence) AS first, max(sequence) AS last
                  FROM invoices WHERE number IS NOT NULL GROUP BY 1, 2) i
          FULL JOIN number_series s USING (vendor_id, series_key)
         WHERE (i.first, i.last, i.count) IS DISTINCT FROM (1::bigint, s.last_sequence, s.last_sequence)""",
    "numbers that are not in the order of their dates": """
        SELECT number FROM (SELECT number, invoice_on, lag(invoice_on) OVER (PARTITION BY vendor_id, series_key ORDER BY sequence) AS before
                              FROM invoices WHERE number IS NOT NULL) i
         WHERE before > invoice_on""",
    "sums of lines that are not the subtotal": """
        SELECT i.id FROM invoices i
         WHERE (SELECT sum(amount_minor) FROM invoice_lines l WHERE l.invoice_id = i.id) IS DISTINCT FROM i.subtotal_minor""",
    "sums of allocations that are not what is paid": """
        SELECT i.id FROM invoices i
         WHERE coalesce((SELECT sum(amount_minor) FROM payment_allocations a WHERE a.invoice_id = i.id), 0) <> i.paid_minor""",
    "credit notes that are not what is credited": """
        SELECT i.id FROM invoices i
         WHERE i.kind = 'INVOICE'
           AND coalesce((SELECT -sum(n.total_minor) FROM invoices n WHERE n.original_invoice_id = i.id), 0) <> i.credited_minor""",
    "what happened before it could": """
        SELECT id FROM invoices WHERE issued_at < created_at OR sent_at < issued_at OR cancelled_at < issued_at
         UNION ALL
        SELECT p.id FROM payments p JOIN payment_allocations a ON a.payment_id = p.id JOIN invoices i ON i.id = a.invoice_id
         WHERE p.paid_on < i.invoice_on OR a.created_at < i.issued_at""",
    "emails that claim to have been sent": "SELECT id FROM emails WHERE state = 'SENT'",
}


class Seeding:
    """The command on the database of `postgres`, at an instant."""

    def __init__(self, folder, postgres):
        self.postgres = postgres
        self._clock_path = os.path.join(folder, "clock")
        self._environment = {"ENVIRONMENT": "test", "DATABASE_URL": postgres.url(), "SECRET_KEY": "e2e-secret-key-e2e-secret-key-e2e",
                             "SMTP_HOST": "127.0.0.1", "SMTP_PORT": "1", "SMTP_SECURITY": "NONE", "SMTP_FROM": "invoices@example.com",
                             "CLOCK_FILE": self._clock_path, "PATH": "/usr/bin:/bin"}

    def run(self, instant, **environment):
        with open(self._clock_path, "w", encoding="ascii") as file:
            file.write(instant + "\n")
        return subprocess.run([f"{BIN_DIR}/invoice-server", "seed"], env={**self._environment, **environment}, capture_output=True,
                              text=True, timeout=LONGEST_S, check=False)

    def empty(self):
        tables = [row[0] for row in self.postgres.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> "
                                                       "'schema_migrations'")]
        # Without the triggers, which keep what is appended and issued.
        self.postgres.execute(f"SET session_replication_role = replica; TRUNCATE {', '.join(tables)} CASCADE", role="postgres")


def states(postgres, instant):
    """How many invoices are in each state, by the rules of the domain in SQL of its own."""
    return dict(postgres.rows(f"""
        SELECT CASE WHEN cancelled_at IS NOT NULL THEN 'CANCELLED'
                    WHEN issued_at IS NULL THEN 'DRAFT'
                    WHEN credited_minor > 0 AND credited_minor + paid_minor >= total_minor AND paid_minor = 0 THEN 'CREDITED'
                    WHEN paid_minor + credited_minor >= total_minor THEN 'PAID'
                    WHEN due_on < (timestamptz '{instant}' AT TIME ZONE s.time_zone)::date THEN 'OVERDUE'
                    WHEN paid_minor > 0 THEN 'PARTIALLY_PAID'
                    WHEN sent_at IS NOT NULL THEN 'SENT'
                    ELSE 'ISSUED' END, count(*)
          FROM invoices JOIN schedules s USING (customer_id) WHERE kind = 'INVOICE' GROUP BY 1"""))


class DemoDataTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        cls.folder = tempfile.mkdtemp(prefix="invoice-e2e-", dir="/tmp")
        os.chmod(cls.folder, 0o711)
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.postgres = Postgres(cls.folder, SOURCE_DIR)
        cls.postgres.create()
        cls.addClassCleanup(cls.postgres.crash)
        cls.seeding = Seeding(cls.folder, cls.postgres)

    def setUp(self):
        self.seeding.empty()

    def count(self, query):
        return int(self.postgres.value(f"SELECT count(*) FROM {query}"))

    def check_books(self):
        for what, query in NOTHING_MAY_BE_FOUND.items():
            self.assertEqual(self.postgres.rows(query), [], what)

    def check_everything_is_shown(self, instant):
        self.assertEqual((self.count("vendors"), self.count("customers")), (2, 10))
        self.assertEqual(set(states(self.postgres, instant)), INVOICE_STATES)
        self.assertEqual(self.count("schedules WHERE enabled AND auto_send_email"), 10)
        now = f"timestamptz '{instant}'"
        self.assertEqual(self.count(f"schedules WHERE next_run_on <= ({now} AT TIME ZONE time_zone)::date"), 0)
        self.assertGreaterEqual(self.count(f"schedules WHERE next_run_on = ({now} AT TIME ZONE time_zone)::date + 1"), 1)
        self.assertEqual(self.count("emails WHERE state = 'FAILED'"), 1)
        self.assertEqual(self.count("invoices WHERE delivery = 'FAILED' AND sent_at IS NULL"), 1)
        self.assertEqual(self.postgres.rows("SELECT outcome, reply_code FROM email_attempts"), [["RECIPIENT_REFUSED", "550"]])
        self.assertEqual(self.count("emails WHERE state = 'QUEUED'"), 6)
        self.assertEqual(self.postgres.rows("SELECT state, reason, count(*) FROM period_decisions GROUP BY 1, 2 ORDER BY 1"),
                         [["HELD", "TIMESHEET_REQUIRED", "1"], ["SKIPPED", "SKIPPED_BY_PERSON", "1"]])
        self.assertEqual(self.count("invoices WHERE kind = 'CREDIT_NOTE'"), 2)
        self.assertEqual(self.count("payments WHERE reversed_at IS NOT NULL"), 1)
        self.assertEqual(self.count("payments WHERE allocated_minor = 0 AND reversed_at IS NULL"), 1)
        self.assertEqual(self.count("payments WHERE allocated_minor > 0 AND allocated_minor < amount_minor"), 1)
        self.assertEqual(self.count("(SELECT payment_id FROM payment_allocations GROUP BY 1 HAVING count(DISTINCT invoice_id) = 2) p"), 1)
        self.assertEqual(dict(self.postgres.rows("SELECT currency_code, count(DISTINCT customer_id) FROM invoices GROUP BY 1")),
                         {"CAD": "6", "EUR": "4"})
        self.assertGreaterEqual(self.count("(SELECT date_trunc('month', invoice_on) FROM invoices GROUP BY 1) m"), 12)

    def test_it_shows_everything_on_any_day(self):
        for instant in INSTANTS:
            with self.subTest(instant=instant):
                self.seeding.empty()
                done = self.seeding.run(instant)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.check_everything_is_shown(instant)
                self.check_books()

    def test_a_second_run_changes_nothing(self):
        self.assertEqual(self.seeding.run(INSTANTS[0]).returncode, 0)
        before = self.postgres.counts()
        done = self.seeding.run("2027-05-05T12:00:00Z")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.postgres.counts(), before)

    def test_it_is_the_same_on_the_same_day(self):
        def books():
            return self.postgres.rows("""SELECT number, invoice_on, due_on, total_minor, paid_minor, credited_minor, sent_at, delivery
                                           FROM invoices ORDER BY customer_name, invoice_on, number""")

        self.assertEqual(self.seeding.run(INSTANTS[0]).returncode, 0)
        first = books()
        self.seeding.empty()
        self.assertEqual(self.seeding.run(INSTANTS[0]).returncode, 0)
        self.assertEqual(books(), first)

    def test_production_is_refused(self):
        done = self.seeding.run(INSTANTS[0], ENVIRONMENT="production")
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(self.count("vendors"), 0)


class DemoSystemTest(StackCase):
    """What a person sees of it on a running system."""

    clock = INSTANTS[0]

    def test_lists_dashboard_and_emails_have_something_to_show(self):
        for name in ("scheduler", "worker"):
            self.stack.processes.pop(name).stop()
        done = self.stack.command("seed")
        self.assertEqual(done.returncode, 0, done.stderr)
        for name in ("worker", "scheduler"):
            self.stack.start_ours(name)
        for state in INVOICE_STATES:
            self.assertGreaterEqual(self.api.ok("GET", f"/api/v1/invoices?state={state}")["totalSize"], 1, state)
        self.assertEqual(self.api.ok("GET", "/api/v1/customers")["totalSize"], 10)
        self.assertEqual(self.api.ok("GET", "/api/v1/billingPeriods:missed")["totalSize"], 1)
        self.check_dashboard()
        queued = int(self.stack.postgres.value("SELECT count(*) FROM emails WHERE state <> 'FAILED'"))
        self.stack.wait_email_states({"FAILED": 1, "SENT": queued})
        wait_until(lambda: self.stack.postgres.value("SELECT count(*) FROM invoices WHERE issued_at IS NOT NULL AND document_sha256 IS NULL") == "0",
                   "all documents are rendered")
        self.assertEqual(len(self.stack.mailbox.mails()), queued)

    def check_dashboard(self):
        stats = self.api.ok("GET", "/api/v1/dashboard/stats")
        self.assertEqual({name: stats[name] for name in ("activeCustomerCount", "scheduledCustomerCount", "draftCount", "emailProblemCount",
                                                         "missedPeriodCount")},
                         {"activeCustomerCount": 10, "scheduledCustomerCount": 10, "draftCount": 1, "emailProblemCount": 1,
                          "missedPeriodCount": 1})
        self.assertEqual([total["currencyCode"] for total in stats["open"]], ["CAD", "EUR"])
        self.assertEqual([total["currencyCode"] for total in stats["issuedThisMonth"]], ["CAD", "EUR"])
        self.assertEqual([(total["count"], total["total"]) for total in stats["overdue"]], [(1, "17176.00")])
        months = self.api.ok("GET", "/api/v1/dashboard/revenue")["months"]
        self.assertEqual(len({(month["month"], month["currencyCode"]) for month in months if month["count"] > 0}), 24)
        upcoming = self.api.ok("GET", "/api/v1/dashboard/upcoming")["upcoming"]
        self.assertEqual((len(upcoming), upcoming[0]["customerName"], upcoming[0]["dueDate"]),
                         (10, "Prairie Foods Co-operative", "2026-12-02"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
