"""Every step at which a mail server can refuse, stall, lie or vanish: what becomes of the email, and what the receiver holds."""

import base64
import glob
import json
import os
import re
import unittest

from mail_faults import BIG_PDF_BYTES, NO_LOGIN, PASSWORD, PAUSE_S, RETRY_S, USER, MailFaultCase
from process import wait_until
from scripted_smtp import (AUTH, CONTENT, DATA, DOT, EHLO, GREETING, HANDSHAKE, MAIL, RCPT, REPLIED, STARTTLS, WHOLE_SESSION,
                           Drop, Hold, Refuse, Wait)

SECRETS = [PASSWORD, base64.b64encode(PASSWORD.encode()).decode(), base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()]
BAD_CHARACTERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


class MailFaultTest(MailFaultCase):
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

    def check_session_faults(self, *cases):
        for step, action in cases:
            self.fresh()
            name = f"{step} {getattr(action, 'reply', 'is cut off')}"
            self.check_session_fault(name, lambda step=step, action=action: self.smtp.on(step, action))

    def test_faults_of_connection_and_greeting_spend_no_attempt(self):
        self.check_session_fault("nobody listens", self.smtp.close_door, self.smtp.open_door)
        self.check_session_faults(
            (GREETING, Drop()), (GREETING, Refuse("421 4.3.2 come back later")), (GREETING, Refuse("554 5.3.2 not here")),
            (GREETING, Refuse("this is no mail server")), (EHLO, Drop()), (EHLO, Refuse("421 4.3.2 closing")),
            (EHLO, Refuse("502 5.5.1 no EHLO here")))

    def test_faults_of_tls_and_login_spend_no_attempt(self):
        self.check_session_faults(
            (STARTTLS, Refuse("454 4.7.0 no TLS now")), (STARTTLS, Refuse("502 5.5.1 no TLS")), (STARTTLS, Drop()),
            (HANDSHAKE, Drop()), (HANDSHAKE, Refuse("this is no handshake")),
            (AUTH, Refuse("535 5.7.8 bad credentials")), (AUTH, Refuse("454 4.7.0 try later")), (AUTH, Drop()))

    def test_a_sender_that_may_not_send_is_no_fault_of_the_email(self):
        self.check_session_faults(
            (MAIL, Refuse("550 5.7.1 you may not send from there")), (MAIL, Refuse("530 5.7.0 log in first")))

    def test_certificates_that_do_not_fit_spend_no_attempt(self):
        def mend():
            self.smtp.tls_context = self.certificates.context("good")
        for certificate in ("stranger", "other", None):
            self.fresh(certificate)
            self.check_session_fault(f"certificate {certificate}", lambda: None, mend)

    def test_a_server_without_tls_where_the_connection_begins_with_it_spends_no_attempt(self):
        self.fresh(SMTP_SECURITY="TLS")  # at the port that speaks first, in plain text
        email_id, recipient = self.new_email()
        wait_until(self.pause, "the configuration is paused", 20)
        self.assert_rests(email_id)
        self.stack.restart_ours("worker", SMTP_PORT=str(self.smtp.tls_port))
        self.pass_time(PAUSE_S + 1)
        found = self.wait_awake(email_id, "SENT", 1)
        self.assert_held_once(recipient, found)

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
        self.fresh(**NO_LOGIN)
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
        self.smtp.on(CONTENT, Drop())
        email_id, recipient = self.new_big_email()
        found = self.wait_email(email_id, "QUEUED", 1)
        self.assertEqual(self.attempts(found), [("LOST_BEFORE_DATA", 0)])
        self.smtp.heal()
        self.pass_time(RETRY_S + 1)
        found = self.wait_awake(email_id, "SENT", 2)
        self.assert_held_once(recipient, found)
        self.assertGreater(len(self.smtp.kept_for(recipient)[0].content), BIG_PDF_BYTES)

    def test_a_message_larger_than_the_buffers_goes_out_without_tls_too(self):
        self.fresh(**NO_LOGIN)
        email_id, recipient = self.new_big_email()

        def ended():
            found = self.email(email_id)
            return found if found.get("attempts") and "endTime" in found["attempts"][0] else None

        found = wait_until(ended, "the attempt is over", 20)
        self.assertEqual(self.attempts(found), [("ACCEPTED", 250)], found["attempts"][0]["reply"])
        self.assert_held_once(recipient, found)

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
                self.assertEqual(self.smtp.kept_for(recipient), [])
                self.assertIsNone(self.pause())
                self.assert_ended(found)

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
        self.assert_ended(found)
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
        self.assert_ended(found)

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

    def test_secrets_are_told_nowhere_however_the_server_repeats_them(self):
        echo = " and ".join(SECRETS)
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
