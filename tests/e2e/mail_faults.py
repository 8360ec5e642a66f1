"""A stack whose mail server is ours to break (scripted_smtp.py), and what a test says about one email on its way."""

import datetime
import math
import tempfile

from process import wait_until
from scripted_smtp import Certificates, ScriptedSmtp
from stack import StackCase

USER = "invoicing@northwind.example.com"
PASSWORD = "correct-horse-4711-battery"
PAUSE_S = 15  # of the server, for the first fault; each pause and each wait is up to a fifth shorter
RETRY_S = 60
BIG_PDF_BYTES = 9_000_000  # more than all socket buffers between a client and a server that stops reading
LOGIN = {"SMTP_SECURITY": "STARTTLS", "SMTP_USERNAME": USER, "SMTP_PASSWORD": PASSWORD}
NO_LOGIN = {"SMTP_SECURITY": "NONE", "SMTP_USERNAME": "", "SMTP_PASSWORD": ""}


class MailFaultCase(StackCase):
    clock = "2026-11-25T12:00:00Z"
    catches_mail = False

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="invoice-smtp-")
        cls.certificates = Certificates(cls.folder.name)
        cls.smtp = ScriptedSmtp(cls.certificates, USER, PASSWORD)
        cls.settings = {"SMTP_HOST": "localhost", "SMTP_PORT": str(cls.smtp.port), "SMTP_CA_FILE": cls.certificates.trusted, **LOGIN}
        super().setUpClass()
        cls.now = datetime.datetime.fromisoformat(cls.clock)
        cls.vendor = cls.api.new_vendor()
        cls.email_count = 0

    @classmethod
    def _clean_up(cls):
        try:
            super()._clean_up()
        finally:
            cls.smtp.close()
            cls.folder.cleanup()

    def setUp(self):
        self.fresh()

    # --- what the tests are made of -----------------------------------------------------------------------------------

    def fresh(self, certificate="good", **settings):
        """As after a quiet night: the server is well, no connection stands, nothing is paused. The worker gets other settings."""
        wanted = {"SMTP_PORT": str(self.smtp.port), **LOGIN, **settings}
        self.smtp.heal()
        self.smtp.tls_context = self.certificates.context(certificate) if certificate else None
        if any(self.stack.settings[name] != value for name, value in wanted.items()):
            self.stack.restart_ours("worker", **wanted)
        self.smtp.hang_up()
        # What a failed test has left must not knock during the next.
        self.stack.postgres.execute("DELETE FROM jobs; DELETE FROM smtp_pauses")

    def new_invoice(self, vendor=None):
        """Its answer, with the recipient of its email."""
        type(self).email_count += 1
        recipient = f"payables{self.email_count}@contoso.example.com"
        customer = self.api.new_customer((vendor or self.vendor)["id"], name=f"Customer {self.email_count}", email=recipient)
        answer = self.api.run_quick(customer["id"], sendEmail=True)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()["invoice"], recipient

    def new_email(self, vendor=None):
        """Id of an email that was just queued, and its recipient."""
        invoice, recipient = self.new_invoice(vendor)
        return self.api.ok("GET", f"/api/v1/emails?invoiceId={invoice['id']}")["emails"][0]["id"], recipient

    def email(self, email_id):
        return self.api.ok("GET", f"/api/v1/emails/{email_id}")

    def wait_email(self, email_id, state, attempts=None):
        def reached():
            found = self.email(email_id)
            return found if found["state"] == state and attempts in (None, found.get("attemptCount", 0)) else None
        return wait_until(reached, f"the email is {state} after {attempts} attempts", 20)

    def attempts(self, email):
        found = email.get("attempts", [])
        self.assertEqual([attempt["number"] for attempt in found], list(range(1, len(found) + 1)))
        return [(attempt["outcome"], attempt.get("replyCode", 0)) for attempt in found]

    def pass_time(self, seconds):
        """By whole seconds, as the clock is written."""
        type(self).now += datetime.timedelta(seconds=math.ceil(seconds))
        self.stack.set_clock(self.now.strftime("%Y-%m-%dT%H:%M:%SZ"))

    def seconds_from_now(self, time):
        return (datetime.datetime.fromisoformat(time) - self.now).total_seconds()

    def wake(self):
        """Jobs that were put off wait by the machine's clock, which no test moves; this makes the worker look at them again."""
        self.stack.postgres.execute("UPDATE jobs SET run_at = now() WHERE run_at > now() AND lease_until IS NULL; NOTIFY invoice_jobs")

    def wait_put_off(self):
        """The notification stands for the worker's next look, up to a second later."""
        put_off = ("NOTIFY invoice_jobs; SELECT count(*) FROM jobs WHERE kind = 'SEND_EMAIL' AND lease_until IS NULL "
                   "AND run_at > now() + interval '1 second'")
        wait_until(lambda: self.stack.postgres.value(put_off) == "1", "the job is put off", 20)

    def assert_rests(self, email_id):
        """It is not sent although the worker looks at it."""
        self.wait_put_off()
        connections = self.smtp.connection_count
        self.wake()
        self.wait_put_off()
        self.assertEqual(self.email(email_id)["state"], "QUEUED")
        self.assertEqual(self.smtp.connection_count, connections, "nobody knocks meanwhile")

    def assert_ended(self, found):
        """It is not tried again."""
        self.assertNotIn("nextAttemptTime", found)
        jobs = self.stack.postgres.value(f"SELECT count(*) FROM jobs WHERE subject_id = '{found['id']}'")
        self.assertEqual(jobs, "0")

    def wait_awake(self, email_id, state, attempts):
        def reached():
            self.wake()
            found = self.email(email_id)
            return found if (found["state"], found.get("attemptCount", 0)) == (state, attempts) else None
        return wait_until(reached, f"the email is {state} after {attempts} attempts", 20, 0.2)

    def assert_held_once(self, recipient, email):
        self.assertEqual([mail.message_id for mail in self.smtp.kept_for(recipient)], [email["messageId"]])

    def pause(self):
        """Fault count, and when it ends; None where the configuration is not paused."""
        rows = self.stack.postgres.rows("SELECT fault_count, to_char(paused_until AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') "
                                        "FROM smtp_pauses WHERE configuration = 'environment'")
        return (int(rows[0][0]), rows[0][1]) if rows else None

    def new_big_email(self):
        """One with a document that is larger than all buffers between client and server; the worker is started again."""
        self.stack.processes["worker"].kill()
        invoice, recipient = self.new_invoice()
        self.stack.postgres.execute(f"""
            WITH big AS (SELECT convert_to(repeat('%PDF', {BIG_PDF_BYTES // 4}), 'UTF8') AS bytes),
                 kept AS (INSERT INTO blobs SELECT encode(sha256(bytes), 'hex'), 'application/pdf', bytes, now() FROM big
                          ON CONFLICT (sha256) DO UPDATE SET created_at = now() RETURNING sha256)
            UPDATE invoices SET document_sha256 = kept.sha256 FROM kept WHERE id = '{invoice['id']}'""")
        self.stack.start_ours("worker")
        return self.api.ok("GET", f"/api/v1/emails?invoiceId={invoice['id']}")["emails"][0]["id"], recipient
