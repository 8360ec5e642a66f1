"""Several workers and one mail server: what a configuration allows is allowed to all of them together; a server that takes its time keeps
its emails and takes nothing else; and what becomes of an email whose worker dies after the server took it."""

import unittest

from mail_faults import PAUSE_S, MailFaultCase
from process import wait_until
from scripted_smtp import DOT, GREETING, Hold, Refuse, ScriptedSmtp, Wait

THREADS = 4  # of a worker; all but one may send
LOOK_S = 1  # after this long a thread hands back the emails behind one whose server takes its time
LEASE_S = 30  # of a job, renewed by a living worker
BURST_S = 1  # of a rate limit: so much of it goes out at once


class MailWorkersTest(MailFaultCase):
    """Every test has a vendor of its own, and starts the workers that it needs."""

    def setUp(self):
        super().setUp()
        self.stack.processes["worker"].kill()
        self.smtp.kept.clear()
        self.vendor = self.api.new_vendor()

    # --- helpers ------------------------------------------------------------------------------------------------------

    def new_config(self, vendor=None, server=None, **fields):
        return self.api.ok("POST", "/api/v1/smtpConfigs", {
            "vendorId": (vendor or self.vendor)["id"], "name": "Test", "host": "127.0.0.1", "port": (server or self.smtp).port,
            "security": "NONE", "fromEmail": "billing@northwind.example.com", **fields})

    def new_emails(self, count):
        return dict(self.new_email() for _ in range(count))

    def worker(self, name="worker1", threads=THREADS, **settings):
        process = self.stack.new_process(name, "worker", WORKER_THREADS=str(threads), **settings).start()
        self.addCleanup(process.kill)
        return process.wait_for_log('"listening"')

    def hold(self, step, server=None, times=None):
        held = Hold()
        self.addCleanup(held.release)
        (server or self.smtp).on(step, held, times)
        return held

    def jobs_of(self, email_ids):
        """{email: how often its job was taken over}; of those that wait for their turn."""
        ids = ", ".join(f"'{email_id}'" for email_id in email_ids)
        rows = self.stack.postgres.rows(f"SELECT subject_id, attempt FROM jobs WHERE subject_id IN ({ids}) AND lease_until IS NULL")
        return {subject: int(attempt) for subject, attempt in rows}

    def wait_looked_at(self, email_ids, times=2):
        """Until a worker that is at work now had each of these in its hand and put it off again."""
        seen = {}

        def looked():
            for email_id, attempt in self.jobs_of(email_ids).items():
                seen.setdefault(email_id, attempt)
                if attempt >= seen[email_id] + times:
                    missing.discard(email_id)
            self.wake()
            return not missing

        missing = set(email_ids)
        if missing:
            wait_until(looked, "the emails that wait are looked at again", 30, 0.2)

    def let_leases_end(self):
        """What waiting for the ends of a dead worker's leases would do."""
        self.stack.postgres.execute("UPDATE jobs SET lease_until = now() WHERE lease_until IS NOT NULL; NOTIFY invoice_jobs")

    def states(self, email_ids):
        return [self.email(email_id)["state"] for email_id in email_ids]

    def sent(self, email_ids):
        return [email_id for email_id in email_ids if self.email(email_id)["state"] == "SENT"]

    def wait_all_sent(self, email_ids, timeout_s=40.0):
        wait_until(lambda: len(self.sent(email_ids)) == len(email_ids), "all emails are SENT", timeout_s, 0.2)

    def assert_each_held_once(self, emails, server=None):
        """By the receiver and by the books: one attempt, one message."""
        kept = sorted(mail.message_id for mail in (server or self.smtp).kept)
        found = [self.email(email_id) for email_id in emails]
        self.assertEqual(kept, sorted(email["messageId"] for email in found))
        self.assertEqual({tuple(self.attempts(email)) for email in found}, {(("ACCEPTED", 250),)})

    # --- connections --------------------------------------------------------------------------------------------------

    def test_all_workers_together_have_no_more_connections_than_a_configuration_allows(self):
        self.new_config(maxConnections=2)
        emails = self.new_emails(12)
        self.smtp.on(DOT, Wait(LOOK_S + 0.2))  # so long that the other emails are handed back, to whoever has a thread
        for name in ("worker1", "worker2"):
            self.worker(name)
        self.wait_all_sent(emails)
        self.assert_each_held_once(emails)
        self.assertEqual(self.smtp.most_open, 2)

    def test_places_are_a_workers_as_long_as_it_lives(self):
        self.new_config(maxConnections=2)
        emails = self.new_emails(6)
        connections = self.smtp.connection_count
        hold = self.hold(DOT)
        first = self.worker("worker1", threads=3)
        wait_until(lambda: len(self.smtp.kept) == 2, "both threads that may send are at it", 20)
        waiting = wait_until(lambda: set(found) if len(found := self.jobs_of(emails)) == 4 else None, "the others are anybody's", 20)
        self.worker("worker2")
        self.wait_looked_at(waiting)
        self.assertEqual(self.smtp.connection_count - connections, 2, "the second worker knocks at no door")

        first.kill()
        wait_until(lambda: len(self.smtp.kept) == 4, "the second worker has both places", 20)
        hold.release()
        self.wait_all_sent(waiting)
        self.let_leases_end()
        self.wait_all_sent(emails)
        copies = {email_id: len(self.smtp.kept_for(recipient)) for email_id, recipient in emails.items()}
        self.assertEqual(copies, {email_id: 1 if email_id in waiting else 2 for email_id in emails})
        self.assertEqual(self.smtp.most_open, 2)

    # --- a server that takes its time ---------------------------------------------------------------------------------

    def test_the_lease_is_renewed_while_the_final_reply_is_awaited(self):
        self.new_config()
        email_id, recipient = self.new_email()
        hold = self.hold(DOT)
        for name in ("worker1", "worker2"):
            self.worker(name)
        self.assertTrue(hold.reached.wait(20))
        job = f"jobs WHERE subject_id = '{email_id}'"
        attempt, lease, worker = self.stack.postgres.rows(f"SELECT attempt, lease_until, worker FROM {job}")[0]
        late = f"SELECT now() > '{lease}'::timestamptz + interval '5 seconds'"
        wait_until(lambda: self.stack.postgres.value(late) == "t", "the first lease is over", LEASE_S + 20, 0.5)
        self.assertEqual(self.stack.postgres.rows(f"SELECT attempt, worker, lease_until > now() FROM {job}"), [[attempt, worker, "t"]])
        self.assertEqual((self.email(email_id)["state"], len(self.smtp.kept), self.smtp.most_open), ("SENDING", 1, 1))
        hold.release()
        found = self.wait_email(email_id, "SENT", 1)
        self.assertEqual(self.attempts(found), [("ACCEPTED", 250)])
        self.assert_held_once(recipient, found)
        self.assert_ended(found)

    def check_a_hanging_server(self, step, threads, connections):
        """One thread hangs with it, as no more may send or no more connections are allowed; the others are at work."""
        hanging = ScriptedSmtp()
        self.addCleanup(hanging.close)
        self.vendor = self.api.new_vendor()
        self.new_config(server=hanging, maxConnections=connections)
        emails = self.new_emails(threads + 2)
        hold = self.hold(step, hanging)
        worker = self.worker(threads=threads)
        self.assertTrue(hold.reached.wait(20))
        others = wait_until(lambda: set(found) if len(found := self.jobs_of(emails)) == threads + 1 else None, "one email hangs", 20)
        if threads > 2:
            self.wait_looked_at(others)

        other = self.api.new_vendor()
        self.new_config(other)
        self.api.new_customer(other["id"], contract={"defaultHours": "10"})
        run = self.api.ok("POST", "/api/v1/runs", {"mode": "GENERATE_ALL", "runDate": "2026-11-01", "vendorId": other["id"]})
        wait_until(lambda: self.api.ok("GET", f"/api/v1/runs/{run['id']}")["state"] == "SUCCEEDED", "the run is carried out", 20)
        email_id, recipient = self.new_email(other)
        self.wait_documents(f"vendor_id = '{other['id']}' AND mode = 'QUICK'")
        self.wait_documents(f"run_id = '{run['id']}'")
        if threads > 2:
            self.assert_held_once(recipient, self.wait_email(email_id, "SENT", 1))
        self.assertEqual(set(self.states(emails)), {"SENDING", "QUEUED"} if step == DOT else {"QUEUED"}, "it still hangs")
        self.assertEqual(hanging.most_open, 1)

        hold.release()
        self.wait_all_sent([*emails, email_id])
        self.assert_each_held_once(emails, hanging)
        worker.kill()

    def wait_documents(self, which):
        counts = f"SELECT count(*), count(document_sha256) FROM invoices WHERE {which}"
        wait_until(lambda: self.stack.postgres.rows(counts) == [["1", "1"]], "the document is rendered", 20)

    def test_a_server_that_hangs_takes_no_runs_with_it(self):
        for step in (GREETING, DOT):
            with self.subTest(step):
                self.check_a_hanging_server(step, threads=2, connections=2)

    def test_a_server_that_hangs_takes_no_email_of_others_with_it(self):
        for step in (GREETING, DOT):
            with self.subTest(step):
                self.check_a_hanging_server(step, threads=3, connections=1)

    # --- a worker that dies -------------------------------------------------------------------------------------------

    def kill_after_acceptance(self, recipient, number):
        """The server has the message for the so-manieth time, and the worker does not live to hear of it."""
        hold = self.hold(DOT, times=1)
        worker = self.worker(f"worker{number}")
        wait_until(lambda: len(self.smtp.kept_for(recipient)) == number, "the server has the message", 20)
        worker.kill()
        hold.release()
        self.let_leases_end()

    def delivery(self, email):
        return self.api.ok("GET", f"/api/v1/invoices/{email['invoiceId']}")["delivery"]

    def test_an_email_whose_fate_is_unknown_waits_for_a_person_where_the_configuration_says_so(self):
        self.new_config(unknownPolicy="HOLD")
        email_id, recipient = self.new_email()
        self.kill_after_acceptance(recipient, 1)
        self.assertEqual(self.email(email_id)["state"], "SENDING")
        self.worker("worker2")
        found = self.wait_email(email_id, "UNKNOWN", 1)
        self.assertEqual(self.attempts(found), [("LOST_AFTER_DATA", 0)])
        self.assertIn("may have", found["problem"])
        self.assertEqual(self.delivery(found), "UNKNOWN")
        self.assert_ended(found)
        self.assert_held_once(recipient, found)

        retried = self.api.ok("POST", f"/api/v1/emails/{email_id}:retry", {})
        self.assertEqual((retried["state"], retried["messageId"]), ("QUEUED", found["messageId"]))
        found = self.wait_email(email_id, "SENT", 2)
        self.assertEqual(self.attempts(found), [("LOST_AFTER_DATA", 0), ("ACCEPTED", 250)])
        self.assert_copies(recipient, found, 2)
        self.assertEqual(self.delivery(found), "SENT")

    def test_an_email_whose_fate_is_unknown_twice_waits_for_a_person(self):
        self.new_config(unknownPolicy="RETRY_ONCE")
        email_id, recipient = self.new_email()
        for number in (1, 2):
            self.kill_after_acceptance(recipient, number)
            self.assertEqual(self.email(email_id)["state"], "SENDING")
        self.worker("worker3")
        found = self.wait_email(email_id, "UNKNOWN", 2)
        self.assertEqual(self.attempts(found), [("LOST_AFTER_DATA", 0)] * 2)
        self.assertEqual(self.delivery(found), "UNKNOWN")
        self.assert_ended(found)
        self.assert_copies(recipient, found, 2)

    def assert_copies(self, recipient, email, count):
        copies = self.smtp.kept_for(recipient)
        self.assertEqual([copy.message_id for copy in copies], [email["messageId"]] * count)
        self.assertEqual(len({copy.content for copy in copies}), 1, "byte by byte the same")

    # --- rates --------------------------------------------------------------------------------------------------------

    def test_all_workers_together_send_no_more_than_a_rate_allows(self):
        per_minute, count = 120, 12
        self.new_config(maxEmailsPerMinute=per_minute)
        emails = self.new_emails(count)
        first = self.worker("worker1")
        for passed_s in range(1 + count * 60 // per_minute):
            allowed = min(count, (passed_s + BURST_S) * per_minute // 60 + 1)
            self.wait_sent(emails, allowed)
            if passed_s == 0:  # the next one has not seen what the first has sent
                first.kill()
                self.let_leases_end()
                self.worker("worker2")
            waiting = set(emails) - set(self.sent(emails))
            self.wait_looked_at(waiting)
            self.assertEqual(self.states(waiting), ["QUEUED"] * (count - allowed), f"after {passed_s} s")
            self.assertEqual(len(self.smtp.kept), allowed, f"after {passed_s} s")
            if passed_s == 0:
                self.worker("worker3")
            self.pass_time(1)
        self.assert_each_held_once(emails)

    def wait_sent(self, emails, count):
        def reached():
            self.wake()
            return len(self.sent(emails)) >= count
        wait_until(reached, f"{count} emails are SENT", 20, 0.2)

    # --- what is told -------------------------------------------------------------------------------------------------

    def wait_problem(self, email_id, words):
        def told():
            self.wake()
            return words in self.email(email_id).get("problem", "")
        wait_until(told, f"the email says: {words}", 20, 0.2)
        self.assertEqual(self.email(email_id)["state"], "QUEUED")

    def test_an_email_says_that_its_configuration_is_paused(self):
        config = self.new_config()
        self.smtp.on(GREETING, Refuse("421 4.3.2 come back later"))
        self.worker()
        met, _ = self.new_email()
        self.wait_problem(met, "come back later")
        self.assertIn("come back later", self.api.ok("GET", f"/api/v1/smtpConfigs/{config['id']}")["lastProblem"])
        self.smtp.heal()
        late, _ = self.new_email()
        self.wait_problem(late, "rests after a fault")
        self.assertIn("come back later", self.email(met)["problem"], "the server's own words stay")
        self.pass_time(PAUSE_S + 1)
        for email_id in (met, late):
            self.assertEqual(self.wait_awake(email_id, "SENT", 1)["problem"], "")

    def test_an_email_says_that_there_is_no_configuration(self):
        config = self.new_config()
        self.api.ok("DELETE", f"/api/v1/smtpConfigs/{config['id']}")
        email_id, recipient = self.new_email()
        self.worker(SMTP_HOST="", SMTP_FROM="")
        self.wait_problem(email_id, "no active SMTP configuration")
        self.assertEqual(self.smtp.kept, [])
        self.api.ok("POST", f"/api/v1/smtpConfigs/{config['id']}:undelete", {})
        found = self.wait_awake(email_id, "SENT", 1)
        self.assertEqual(found["problem"], "")
        self.assert_held_once(recipient, found)


if __name__ == "__main__":
    unittest.main(verbosity=2)
