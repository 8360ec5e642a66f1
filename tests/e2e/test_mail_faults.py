"""Every step at which a mail server can refuse, stall, lie or vanish: what becomes of the email, and what the receiver holds."""

import base64
import datetime
import glob
import json
import os
import re
import tempfile
import unittest

from process import wait_until
from scripted_smtp import (AUTH, CONTENT, DATA, DOT, EHLO, GREETING, HANDSHAKE, MAIL, RCPT, REPLIED, STARTTLS, WHOLE_SESSION,
                           Certificates, Drop, Hold, Refuse, ScriptedSmtp, Wait)
from stack import StackCase

USER = "invoicing@northwind.example.com"
PASSWORD = "correct-horse-4711-battery"
SECRETS = [PASSWORD, base64.b64encode(PASSWORD.encode()).decode(), base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()]
PAUSE_S = 15  # of the server, for the first fault; each pause and each wait is up to a fifth shorter
RETRY_S = 60
BIG_PDF_BYTES = 9_000_000  # more than all socket buffers between a client and a server that stops reading
PLAIN = {"SMTP_SECURITY": "NONE", "SMTP_USERNAME": "", "SMTP_PASSWORD": ""}
LOGIN = {"SMTP_SECURITY": "STARTTLS", "SMTP_USERNAME": USER, "SMTP_PASSWORD": PASSWORD}
BAD_CHARACTERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


class MailFaultTest(StackCase):
    clock = "2026-11-25T12:00:00Z"
    catches_mail = False

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="invoice-smtp-")
        cls.certificates = Certificates(cls.folder.name)
        cls.smtp = ScriptedSmtp(cls.certificates, USER, PASSWORD)
        cls.settings = {"SMTP_HOST": "localhost", "SMTP_PORT": str(cls.smtp.port), "SMTP_CA_FILE": cls.certificates.trusted, **PLAIN}
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
        wanted = {"SMTP_PORT": str(self.smtp.port), **PLAIN, **settings}
        self.smtp.heal()
        self.smtp.tls_context = self.certificates.context(certificate) if certificate else None
        if any(self.stack.settings[name] != value for name, value in wanted.items()):
            self.stack.restart_ours("worker", **wanted)
        self.smtp.hang_up()
        # What a failed test has left must not knock during the next.
        self.stack.postgres.execute("DELETE FROM jobs; DELETE FROM smtp_pauses")

    def new_invoice(self):
        """Its answer, with the recipient of its email."""
        type(self).email_count += 1
        recipient = f"payables{self.email_count}@contoso.example.com"
        customer = self.api.new_customer(self.vendor["id"], name=f"Customer {self.email_count}", email=recipient)
        answer = self.api.run_quick(customer["id"], sendEmail=True)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()["invoice"], recipient

    def new_email(self):
        """Id of an email that was just queued, and its recipient."""
        invoice, recipient = self.new_invoice()
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
        type(self).now += datetime.timedelta(seconds=seconds)
        self.stack.set_clock(self.now.strftime("%Y-%m-%dT%H:%M:%SZ"))

    def seconds_from_now(self, time):
        return (datetime.datetime.fromisoformat(time) - self.now).total_seconds()

    def wake(self):
        """Jobs that were put off wait by the machine's clock, which no test moves; this makes the worker look at them again."""
        self.stack.postgres.execute("UPDATE jobs SET run_at = now() WHERE run_at > now() AND lease_until IS NULL; NOTIFY invoice_jobs")

    def jobs(self, condition):
        return int(self.stack.postgres.value(f"SELECT count(*) FROM jobs WHERE kind = 'SEND_EMAIL' AND {condition}"))

    def assert_rests(self, email_id):
        """It is not sent although the worker looks at it."""
        put_off = "run_at > now() + interval '1 second' AND lease_until IS NULL"
        wait_until(lambda: self.jobs(put_off) == 1, "the job is put off", 20)
        connections = self.smtp.connection_count
        self.wake()
        wait_until(lambda: self.jobs(put_off) == 1, "the job is put off again", 20)
        self.assertEqual(self.email(email_id)["state"], "QUEUED")
        self.assertEqual(self.smtp.connection_count, connections, "nobody knocks meanwhile")

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

    # --- the session --------------------------------------------------------------------------------------------------

    def check_session_fault(self, name, break_it, mend=lambda: None):
        """The configuration rests, the email keeps its attempts and goes out when the pause has ended."""
        with self.subTest(name):
            break_it()
            email_id, recipient = self.new_email()
            faults, until = wait_until(self.pause, "the configuration is paused", 20)
            self.assertEqual(faults, 1)
            self.assertTrue(0.8 * PAUSE_S <= self.seconds_from_now(until) <= PAUSE_S, until)
            mend()
            self.smtp.heal()
            self.assert_rests(email_id)
            found = self.email(email_id)
            self.assertEqual((found.get("attemptCount", 0), found.get("attempts", [])), (0, []), "no attempt is spent")
            self.assertNotEqual(found["problem"], "")
            self.pass_time(PAUSE_S + 1)
            found = self.wait_awake(email_id, "SENT", 1)
            self.assertEqual(self.attempts(found), [("ACCEPTED", 250)])
            self.assert_held_once(recipient, found)
            self.assertIsNone(self.pause())

    def check_session_faults(self, certificate, settings, cases):
        for step, action in cases:
            self.fresh(certificate, **settings)
            name = f"{step} {getattr(action, 'reply', 'is cut off')}"
            self.check_session_fault(name, lambda step=step, action=action: self.smtp.on(step, action))

    def test_faults_of_a_plain_session_spend_no_attempt(self):
        self.check_session_fault("nobody listens", self.smtp.close_door, self.smtp.open_door)
        self.check_session_faults("good", PLAIN, [
            (GREETING, Drop()), (GREETING, Refuse("421 4.3.2 come back later")), (GREETING, Refuse("554 5.3.2 not here")),
            (GREETING, Refuse("this is no mail server")),
            (EHLO, Drop()), (EHLO, Refuse("421 4.3.2 closing")), (EHLO, Refuse("450 4.3.2 not now")),
            # That we may not send as this sender is no fault of the email either.
            (MAIL, Refuse("550 5.7.1 you may not send from there")), (MAIL, Refuse("530 5.7.0 log in first")),
        ])

    def test_faults_before_and_in_starttls_spend_no_attempt(self):
        self.check_session_faults("good", {"SMTP_SECURITY": "STARTTLS"}, [
            (EHLO, Refuse("502 5.5.1 no EHLO here")), (STARTTLS, Refuse("454 4.7.0 no TLS now")), (STARTTLS, Refuse("502 5.5.1 no TLS")),
            (STARTTLS, Drop()), (HANDSHAKE, Drop()), (HANDSHAKE, Refuse(b"\x15\x03\x01 no TLS record " * 20)),
        ])

    def test_certificates_that_do_not_fit_spend_no_attempt(self):
        def mend():
            self.smtp.tls_context = self.certificates.context("good")
        for certificate in ("stranger", "other", None):
            self.fresh(certificate, SMTP_SECURITY="STARTTLS")
            self.check_session_fault(f"certificate {certificate}", lambda: None, mend)
            self.assertEqual(self.smtp.kept[-1].mail_from, "invoices@northwind.example.com")

    def test_a_server_without_tls_where_the_connection_begins_with_it_spends_no_attempt(self):
        self.fresh(SMTP_SECURITY="TLS")  # to the port that speaks first, in plain text
        email_id, recipient = self.new_email()
        wait_until(self.pause, "the configuration is paused", 20)
        self.assert_rests(email_id)
        self.stack.restart_ours("worker", SMTP_PORT=str(self.smtp.tls_port))
        self.pass_time(PAUSE_S + 1)
        found = self.wait_awake(email_id, "SENT", 1)
        self.assert_held_once(recipient, found)

    def test_faults_of_the_login_spend_no_attempt(self):
        self.check_session_faults("good", LOGIN, [
            (AUTH, Refuse("535 5.7.8 bad credentials")), (AUTH, Refuse("454 4.7.0 try later")), (AUTH, Drop()),
        ])

    def test_pauses_grow_while_the_faults_go_on(self):
        self.smtp.on(GREETING, Refuse("421 4.3.2 come back later"))
        email_id, recipient = self.new_email()
        faults, until = wait_until(self.pause, "the configuration is paused", 20)
        for expected in (2, 3):
            self.pass_time(self.seconds_from_now(until) + 1)
            def next_pause(before=faults):
                self.wake()
                found = self.pause()
                return found if found and found[0] > before else None
            faults, until = wait_until(next_pause, "it is paused again", 20, 0.2)
            self.assertEqual(faults, expected)
            pause_s = PAUSE_S * 2 ** (expected - 1)
            self.assertTrue(0.8 * pause_s <= self.seconds_from_now(until) <= pause_s, until)
        self.smtp.heal()
        self.pass_time(self.seconds_from_now(until) + 1)
        self.assert_held_once(recipient, self.wait_awake(email_id, "SENT", 1))

    def test_a_server_from_before_the_extensions_is_good_enough_without_tls(self):
        self.smtp.on(EHLO, Refuse("502 5.5.1 what?"))
        email_id, recipient = self.new_email()
        self.assert_held_once(recipient, self.wait_email(email_id, "SENT", 1))

    def test_a_connection_that_the_server_ended_while_idle_costs_nothing(self):
        first, _ = self.new_email()
        self.wait_email(first, "SENT", 1)
        self.smtp.hang_up()
        second, recipient = self.new_email()
        self.assert_held_once(recipient, self.wait_email(second, "SENT", 1))
        self.assertIsNone(self.pause())

    def test_a_slow_server_is_waited_for(self):
        self.fresh("good", **LOGIN)
        for step in WHOLE_SESSION:
            self.smtp.on(step, Wait(0.1))
        email_id, recipient = self.new_email()
        found = self.wait_email(email_id, "SENT", 1)
        self.assertEqual(self.attempts(found), [("ACCEPTED", 250)])
        self.assert_held_once(recipient, found)

    # --- one message --------------------------------------------------------------------------------------------------

    def check_deferral(self, step, action, outcome, code):
        """Tried again after a minute, less a fifth at most."""
        with self.subTest(step=step, outcome=outcome, code=code):
            self.fresh()
            self.smtp.on(step, action)
            email_id, recipient = self.new_email()
            found = self.wait_email(email_id, "QUEUED", 1)
            self.assertEqual(self.attempts(found), [(outcome, code)])
            self.assertTrue(0.8 * RETRY_S <= self.seconds_from_now(found["nextAttemptTime"]) <= RETRY_S, found["nextAttemptTime"])
            self.smtp.heal()
            self.assert_rests(email_id)
            self.assertEqual(self.smtp.kept_for(recipient), [])
            self.assertIsNone(self.pause(), "one email's trouble is nobody else's")
            self.pass_time(RETRY_S + 1)
            found = self.wait_awake(email_id, "SENT", 2)
            self.assertEqual(self.attempts(found), [(outcome, code), ("ACCEPTED", 250)])
            self.assert_held_once(recipient, found)

    def test_passing_refusals_are_tried_again(self):
        self.check_deferral(MAIL, Refuse("451 4.3.0 try later"), "SENDER_REFUSED", 451)
        self.check_deferral(RCPT, Refuse("450 4.2.1 mailbox busy"), "RECIPIENT_REFUSED", 450)
        self.check_deferral(DATA, Refuse("451 4.3.0 no room"), "CONTENT_REFUSED", 451)
        self.check_deferral(DOT, Refuse("452 4.3.1 no room"), "CONTENT_REFUSED", 452)
        for step in (MAIL, RCPT, DATA):
            self.check_deferral(step, Refuse("421 4.3.2 closing"), "LOST_BEFORE_DATA", 421)

    def test_connections_lost_before_the_final_dot_are_tried_again(self):
        for step in (MAIL, RCPT, DATA):
            self.check_deferral(step, Drop(), "LOST_BEFORE_DATA", 0)

    def test_a_connection_lost_in_the_midst_of_the_content_is_tried_again(self):
        worker = self.stack.processes["worker"]
        worker.stop()
        invoice, recipient = self.new_invoice()
        self.stack.postgres.execute(f"""
            WITH big AS (SELECT convert_to(repeat('%PDF', {BIG_PDF_BYTES // 4}), 'UTF8') AS bytes),
                 kept AS (INSERT INTO blobs SELECT encode(sha256(bytes), 'hex'), 'application/pdf', bytes, now() FROM big RETURNING sha256)
            UPDATE invoices SET document_sha256 = kept.sha256 FROM kept WHERE id = '{invoice['id']}'""")
        self.smtp.on(CONTENT, Drop())
        self.stack.start_ours("worker")
        email_id = self.api.ok("GET", f"/api/v1/emails?invoiceId={invoice['id']}")["emails"][0]["id"]
        found = self.wait_email(email_id, "QUEUED", 1)
        self.assertEqual(self.attempts(found), [("LOST_BEFORE_DATA", 0)])
        self.smtp.heal()
        self.pass_time(RETRY_S + 1)
        found = self.wait_awake(email_id, "SENT", 2)
        self.assert_held_once(recipient, found)
        self.assertGreater(len(self.smtp.kept_for(recipient)[0].content), BIG_PDF_BYTES)

    def test_final_refusals_fail_the_email_at_once(self):
        for step, reply, outcome in ((RCPT, "550 5.1.1 no such user", "RECIPIENT_REFUSED"), (DATA, "554 5.7.1 no", "CONTENT_REFUSED"),
                                     (DOT, "554 5.6.0 refused as spam", "CONTENT_REFUSED"),
                                     (DOT, "552-5.3.4 too big\r\n552 5.3.4 by far", "CONTENT_REFUSED")):
            with self.subTest(step=step, reply=reply):
                self.fresh()
                self.smtp.on(step, Refuse(reply))
                email_id, recipient = self.new_email()
                found = self.wait_email(email_id, "FAILED", 1)
                self.assertEqual(self.attempts(found), [(outcome, int(reply[:3]))])
                self.assertIn(reply[-6:], found["problem"])
                self.assertNotIn("nextAttemptTime", found)
                self.assertEqual(self.smtp.kept_for(recipient), [])
                self.assertIsNone(self.pause())
                self.assertEqual(self.jobs("true"), 0, "it is not tried again")

    def test_waits_double_and_after_a_day_it_is_given_up(self):
        self.smtp.on(RCPT, Refuse("451 4.7.1 greylisted"))
        email_id, recipient = self.new_email()
        found = self.wait_email(email_id, "QUEUED", 1)
        for attempts in (2, 3):
            self.pass_time(self.seconds_from_now(found["nextAttemptTime"]) + 1)
            found = self.wait_awake(email_id, "QUEUED", attempts)
            wait_s = RETRY_S * 2 ** (attempts - 1)
            self.assertTrue(0.8 * wait_s <= self.seconds_from_now(found["nextAttemptTime"]) <= wait_s, found["nextAttemptTime"])
        self.pass_time(24 * 3600)
        found = self.wait_awake(email_id, "FAILED", 4)
        self.assertEqual(self.attempts(found), [("RECIPIENT_REFUSED", 451)] * 4)
        self.assertEqual(self.smtp.kept_for(recipient), [])

    def test_lost_after_the_dot_is_repeated_once_as_the_same_message(self):
        for action in (Drop(), Refuse("this is no reply")):
            with self.subTest(action=type(action).__name__):
                self.fresh()
                self.smtp.on(DOT, action, times=1)
                email_id, recipient = self.new_email()
                found = self.wait_email(email_id, "SENT", 2)
                self.assertEqual(self.attempts(found), [("LOST_AFTER_DATA", 0), ("ACCEPTED", 250)])
                copies = self.smtp.kept_for(recipient)
                self.assertEqual(len(copies), 2 if isinstance(action, Drop) else 1)
                self.assertEqual({copy.message_id for copy in copies}, {found["messageId"]})
                self.assertEqual(len({copy.content for copy in copies}), 1, "byte by byte the same")

    def test_lost_after_the_dot_twice_is_left_to_a_person(self):
        self.smtp.on(DOT, Drop())
        email_id, recipient = self.new_email()
        found = self.wait_email(email_id, "UNKNOWN", 2)
        self.assertEqual(self.attempts(found), [("LOST_AFTER_DATA", 0)] * 2)
        self.assertEqual([copy.message_id for copy in self.smtp.kept_for(recipient)], [found["messageId"]] * 2)
        self.assertEqual(self.jobs("true"), 0, "it is not tried again")
        self.assertNotIn("nextAttemptTime", found)

    def test_lost_after_the_reply_is_sent(self):
        self.smtp.on(REPLIED, Drop())
        for _ in range(2):  # the second one meets the connection that is gone
            email_id, recipient = self.new_email()
            found = self.wait_email(email_id, "SENT", 1)
            self.assertEqual(self.attempts(found), [("ACCEPTED", 250)])
            self.assert_held_once(recipient, found)
        self.assertIsNone(self.pause())

    def test_while_the_reply_is_awaited_the_email_is_shown_as_being_sent(self):
        hold = Hold()
        self.smtp.on(DOT, hold, times=1)
        email_id, recipient = self.new_email()
        self.assertTrue(hold.reached.wait(20))
        try:
            found = self.email(email_id)
            self.assertEqual((found["state"], found["attemptCount"]), ("SENDING", 1))
            self.assertNotIn("endTime", found["attempts"][0])
        finally:
            hold.release()
        self.assert_held_once(recipient, self.wait_email(email_id, "SENT", 1))

    # --- what is told -------------------------------------------------------------------------------------------------

    def logs(self):
        texts = []
        for path in glob.glob(os.path.join(self.stack.folder, "*.log")):
            with open(path, encoding="utf-8") as log:
                texts.append(log.read())
        return "\n".join(texts)

    def assert_clean(self, text):
        for secret in SECRETS:
            self.assertNotIn(secret, text)
        for value in re.findall(r"\\u00[0-9a-fA-F]{2}", text):
            self.fail(f"an escaped control character: {value}")
        self.assertIsNone(BAD_CHARACTERS.search(text))

    def test_secrets_are_told_nowhere_however_the_server_repeats_them(self):
        echo = " and ".join(SECRETS)
        self.fresh("good", **LOGIN)
        self.smtp.on(RCPT, Refuse(f"550 5.1.1 {echo}"))
        refused, _ = self.new_email()
        found = self.wait_email(refused, "FAILED", 1)
        self.assertIn("AUTH PLAIN ****", found["attempts"][0]["transcript"], "the transcript tells of the log-in")
        self.assertIn("**** and ****", found["problem"])
        self.smtp.hang_up()
        self.smtp.on(AUTH, Refuse(f"535 5.7.8 {echo}"))
        rejected, _ = self.new_email()
        wait_until(self.pause, "the configuration is paused", 20)
        told = [json.dumps(self.email(email_id), ensure_ascii=False) for email_id in (refused, rejected)]
        told += [self.logs(), self.stack.postgres.execute("SELECT * FROM smtp_pauses"),
                 self.stack.postgres.execute("SELECT * FROM email_attempts"), self.stack.postgres.execute("SELECT * FROM jobs")]
        self.assertIn("**** and ****", "".join(told[2:4]), "the refusal itself is told")
        for text in told:
            for secret in SECRETS:
                self.assertNotIn(secret, text)

    def test_control_characters_of_a_server_reach_neither_client_nor_log(self):
        nasty = b"no\x00 \x1b[31muser\x1b[0m\x07 \x7f \x9b2J \xe2\x80\xa8 {\"level\":\"error\"} \xff"
        self.smtp.on(RCPT, Refuse(b"550-5.1.1 " + nasty + b"\r\n550 5.1.1 " + nasty))
        refused, _ = self.new_email()
        found = self.wait_email(refused, "FAILED", 1)
        self.assertIn("user", found["problem"])
        for text in (found["problem"], found["attempts"][0]["reply"], found["attempts"][0]["transcript"]):
            self.assertIsNone(BAD_CHARACTERS.search(text), repr(text))
        self.smtp.hang_up()
        self.smtp.on(GREETING, Refuse(b"554 " + nasty))
        paused, _ = self.new_email()
        wait_until(self.pause, "the configuration is paused", 20)
        self.assertIsNone(BAD_CHARACTERS.search(json.dumps(self.email(paused), ensure_ascii=False)))
        fault_lines = [line for line in self.stack.processes["worker"].log().splitlines() if "smtp_configuration_paused" in line]
        self.assertIn("user", json.loads(fault_lines[-1])["fault"])
        for line in self.stack.processes["worker"].log().splitlines():
            self.assertNotIn("\\u00", line)
            self.assertIsNone(BAD_CHARACTERS.search(line), repr(line))
            json.loads(line)


if __name__ == "__main__":
    unittest.main(verbosity=2)
