"""SMTP configurations by REST: kept, tested against mail servers that take and refuse, used, and their key changed."""

import base64
import glob
import tempfile
import threading
import time
import unittest

from mail_servers import PASSWORD, USER, MailServer, SilentServer, new_certificate
from process import wait_until
from stack import StackCase, free_port

CONFIGS = "/api/v1/smtpConfigs"
UNKNOWN_ID = "01900000-0000-7000-8000-000000000000"
LONGEST_TEST_S = 20


class SmtpConfigsTest(StackCase):
    @classmethod
    def setUpClass(cls):
        cls.files = tempfile.TemporaryDirectory(prefix="invoice-e2e-mail-")
        cls.addClassCleanup(cls.files.cleanup)
        cls.trusted = new_certificate(cls.files.name, "localhost", "DNS:localhost")
        cls.unknown = new_certificate(cls.files.name, "unknown", "DNS:localhost")
        cls.settings = {"SMTP_CA_FILE": cls.trusted[0], "SMTP_EHLO_NAME": "invoice.example.com"}
        super().setUpClass()

    def server(self, *arguments, **options):
        server = MailServer(*arguments, **options)
        self.addCleanup(server.stop)
        return server

    def new_config(self, server_port, security="NONE", **fields):
        """A configuration of a new vendor, to be sent through."""
        vendor = self.api.new_vendor()
        config = {"vendorId": vendor["id"], "name": "Mail of Northwind", "host": "localhost", "port": server_port,
                  "security": security, "fromEmail": "billing@northwind.example.com"}
        return self.api.ok("POST", CONFIGS, {**config, **fields})

    def try_out(self, config, recipient=""):
        began = time.monotonic()
        result = self.api.ok("POST", f"{CONFIGS}/{config['id']}:test", {"recipient": recipient} if recipient else {})
        self.assertLess(time.monotonic() - began, LONGEST_TEST_S)
        self.assertNotIn(PASSWORD, str(result))
        return result

    def fails_at(self, kind, config, recipient=""):
        """The result of a test that must fail at this step, every step before having succeeded."""
        result = self.try_out(config, recipient)
        self.assertFalse(result["success"], result)
        self.assertEqual(result["steps"][-1]["kind"], kind, result)
        self.assertFalse(result["steps"][-1]["success"])
        self.assertTrue(all(step["success"] for step in result["steps"][:-1]), result)
        self.assertTrue(result["problem"].endswith("."), result["problem"])
        self.assertNotRegex(str(result["problem"]) + result["steps"][-1]["detail"], "[\x00-\x1f\x7f]")
        return result

    # --- the records --------------------------------------------------------------------------------------------------

    def test_a_configuration_lives_without_showing_its_password(self):
        created = self.new_config(587, "STARTTLS", username=USER, password=PASSWORD)
        self.assertNotIn("password", created)
        self.assertTrue(created["passwordSet"])
        self.assertEqual((created["active"], created["verifyCertificate"], created["unknownPolicy"]), (True, True, "RETRY_ONCE"))
        self.assertEqual((created["maxEmailsPerRun"], created["maxEmailsPerRecipientPerDay"], created["maxConnections"]), (1000, 20, 4))
        self.assertEqual(created["maxEmailsPerMinute"], 0)
        path = f"{CONFIGS}/{created['id']}"
        self.assertEqual(self.api.ok("GET", path), created)
        changed = self.api.ok("PATCH", path, {"name": "Renamed", "etag": created["etag"]})
        self.assertEqual((changed["name"], changed["passwordSet"]), ("Renamed", True))
        stale = self.api.patch(path, {"name": "Late", "etag": created["etag"]})
        self.assertEqual((stale.status, stale.reason), (409, "STALE_ETAG"), stale)
        self.assertEqual(self.api.patch(path, {"vendorId": UNKNOWN_ID}).status, 400)
        self.assertEqual(self.api.patch(path, {"username": ""}).fields.keys(), {"username"})
        bare = self.api.ok("PATCH", path, {"username": "", "password": ""})
        self.assertFalse(bare["passwordSet"])
        self.assertFalse(self.api.ok("DELETE", path)["active"])
        self.assertFalse(self.api.ok("DELETE", path)["active"])
        self.assertTrue(self.api.ok("POST", path + ":undelete", {})["active"])

    def test_a_default_port_follows_a_change_of_the_security(self):
        path = f"{CONFIGS}/{self.new_config(587, 'STARTTLS')['id']}"
        self.assertEqual(self.api.ok("PATCH", path, {"security": "TLS"})["port"], 465)
        self.assertEqual(self.api.ok("PATCH", path, {"port": 2525})["port"], 2525)
        self.assertEqual(self.api.ok("PATCH", path, {"security": "NONE"})["port"], 2525, "somebody named it")

    def test_ports_follow_the_security_and_lists_are_by_name(self):
        vendor = self.api.new_vendor()
        ids = []
        for name, security, port in (("c", "NONE", 25), ("a", "STARTTLS", 587), ("b", "TLS", 465)):
            created = self.api.ok("POST", CONFIGS, {"vendorId": vendor["id"], "name": name, "host": "mail.example.com",
                                                    "security": security, "fromEmail": "a@example.com"})
            self.assertEqual(created["port"], port)
            self.api.ok("DELETE", f"{CONFIGS}/{created['id']}")
            ids.append(created["id"])
        listed = self.api.ok("GET", f"{CONFIGS}?vendorId={vendor['id']}&pageSize=2")
        self.assertEqual(([config["name"] for config in listed["smtpConfigs"]], listed["totalSize"]), (["a", "b"], 3))
        rest = self.api.ok("GET", f"{CONFIGS}?vendorId={vendor['id']}&pageSize=2&pageToken={listed['nextPageToken']}")
        self.assertEqual([config["id"] for config in rest["smtpConfigs"]], [ids[0]])
        self.assertEqual(self.api.ok("GET", f"{CONFIGS}?vendorId={vendor['id']}&active=true")["totalSize"], 0)

    def test_bad_input_is_refused_by_field(self):
        good = {"name": "Mail", "host": "mail.example.com", "fromEmail": "billing@example.com", "vendorId": self.api.new_vendor()["id"]}
        cases = {
            "a host with a line break": ({"host": "mail.example.com\r\nRCPT"}, "host"),
            "a host with a blank": ({"host": "mail example"}, "host"),
            "no host": ({"host": ""}, "host"),
            "port 0": ({"port": 0}, "port"),
            "port 65536": ({"port": 65536}, "port"),
            "a sender that is no address": ({"fromEmail": "billing"}, "fromEmail"),
            "a sender with a line break": ({"fromEmail": "a@example.com\r\nBcc: b@example.com"}, "fromEmail"),
            "a password without a name": ({"password": "p"}, "username"),
            "a password with a NUL": ({"username": "u", "password": "p\0q"}, "password"),
            "a name with a line break": ({"fromName": "a\nb"}, "fromName"),
            "too many connections": ({"maxConnections": 33}, "maxConnections"),
        }
        for name, (change, field) in cases.items():
            with self.subTest(name):
                answer = self.api.post(CONFIGS, {**good, **change})
                self.assertEqual((answer.status, set(answer.fields)), (400, {field}), answer)
        unknown = self.api.post(CONFIGS, {**good, "vendorId": UNKNOWN_ID})
        self.assertEqual((unknown.status, unknown.reason), (404, "NOT_FOUND"), unknown)
        self.api.ok("POST", CONFIGS, good)
        second = self.api.post(CONFIGS, good)
        self.assertEqual((second.status, second.reason), (409, "ALREADY_EXISTS"), second)
        for method, suffix in (("GET", ""), ("DELETE", ""), ("POST", ":undelete"), ("POST", ":test")):
            self.assertEqual(self.api.call(method, f"{CONFIGS}/{UNKNOWN_ID}{suffix}", {} if method == "POST" else None).status, 404)
        finance = self.stack.api(self.stack.create_api_key("finance", "FINANCE"))
        self.assertEqual(finance.get(CONFIGS).status, 403)

    def test_an_idempotency_key_creates_one_and_knows_another_password(self):
        body = {"vendorId": self.api.new_vendor()["id"], "name": "Once", "host": "mail.example.com", "username": USER,
                "password": PASSWORD, "fromEmail": "billing@example.com"}
        first = self.api.post(CONFIGS, body, {"Idempotency-Key": "smtp-once"})
        again = self.api.post(CONFIGS, body, {"Idempotency-Key": "smtp-once"})
        self.assertEqual((first.status, again.status, first.json()["id"]), (200, 200, again.json()["id"]))
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        other = self.api.post(CONFIGS, {**body, "password": "another"}, {"Idempotency-Key": "smtp-once"})
        self.assertEqual((other.status, other.reason), (409, "IDEMPOTENCY_KEY_REUSED"), other)

    # --- the test of a configuration ----------------------------------------------------------------------------------

    def test_a_good_configuration_logs_in_and_sends(self):
        for security in ("STARTTLS", "TLS"):
            with self.subTest(security):
                server = self.server(security, certificate=self.trusted, login=True)
                config = self.new_config(server.port, security, username=USER, password=PASSWORD, fromName="Büro Nord")
                result = self.try_out(config)
                self.assertTrue(result["success"], result)
                self.assertEqual((result["steps"][-1]["kind"], result["problem"]), ("AUTH", ""))
                self.assertRegex(result["tlsVersion"], r"^TLSv1\.[23]$")
                self.assertEqual(server.messages, [])
                result = self.try_out(config, "someone@example.com")
                self.assertTrue(result["success"], result)
                self.assertEqual(result["steps"][-1]["kind"], "FINAL_REPLY")
                self.assertIn("250 2.0.0 kept", result["transcript"])
                [(sender, recipients, content)] = server.messages
                self.assertEqual((sender, recipients), ("billing@northwind.example.com", ["someone@example.com"]))
                self.assertIn("Subject: Test of Mail of Northwind\r\n", content)

    def test_every_wrong_setting_is_named_by_its_step(self):
        plain = self.server("NONE")
        starttls = self.server("STARTTLS", certificate=self.trusted, login=True)
        tls = self.server("TLS", certificate=self.trusted)
        doubtful = self.server("STARTTLS", certificate=self.unknown)
        self.assertIn("spelling", self.fails_at("RESOLVE", self.new_config(25, host="no-such-host.invalid"))["problem"])
        self.assertIn("firewall", self.fails_at("CONNECT", self.new_config(free_port()))["problem"])
        self.assertIn("another security", self.fails_at("TLS", self.new_config(plain.port, "TLS"))["problem"])
        self.assertIn("another security", self.fails_at("TLS", self.new_config(starttls.port, "TLS"))["problem"])
        self.assertIn("choose security TLS", self.fails_at("STARTTLS", self.new_config(plain.port, "STARTTLS"))["problem"])
        self.assertIn("choose security TLS", self.fails_at("GREETING", self.new_config(tls.port, "STARTTLS"))["problem"])
        self.assertIn("choose security TLS", self.fails_at("GREETING", self.new_config(tls.port, "NONE"))["problem"])
        self.assertIn("certificate", self.fails_at("TLS", self.new_config(doubtful.port, "STARTTLS"))["problem"])
        self.assertTrue(self.try_out(self.new_config(doubtful.port, "STARTTLS", verifyCertificate=False))["success"])
        other_name = self.new_config(tls.port, "TLS", host="127.0.0.1")
        self.assertIn("certificate", self.fails_at("TLS", other_name)["problem"])
        wrong = self.new_config(starttls.port, "STARTTLS", username=USER, password="wrong-horse-battery")
        refused = self.fails_at("AUTH", wrong)
        self.assertIn("user name and password", refused["problem"])
        self.assertNotIn("wrong-horse-battery", str(refused))
        anonymous = self.new_config(starttls.port, "STARTTLS")
        self.assertIn("user name and password", self.fails_at("MAIL_FROM", anonymous, "someone@example.com")["problem"])

    def test_refused_senders_and_recipients_are_told(self):
        server = self.server()
        server.refused_senders.add("stranger@example.com")
        server.refused_recipients.add("nobody@example.com")
        stranger = self.new_config(server.port, fromEmail="stranger@example.com")
        self.assertIn("from address", self.fails_at("MAIL_FROM", stranger, "someone@example.com")["problem"])
        config = self.new_config(server.port)
        self.assertIn("550 5.1.1 no such mailbox", self.fails_at("RCPT_TO", config, "nobody@example.com")["problem"])
        self.assertEqual(server.messages, [])

    def test_a_silent_server_costs_bounded_time_and_few_places(self):
        silent = SilentServer()
        self.addCleanup(silent.stop)
        configs = [self.new_config(silent.port) for _ in range(6)]
        answers = []

        def test(config):
            began = time.monotonic()
            answer = self.api.post(f"{CONFIGS}/{config['id']}:test", {})
            answers.append((answer, time.monotonic() - began))

        threads = [threading.Thread(target=test, args=(config,)) for config in configs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        refused = [answer for answer, _ in answers if answer.status == 503]
        self.assertEqual([answer.reason for answer in refused], ["OVERLOADED", "OVERLOADED"])
        self.assertEqual([answer.json()["steps"][-1]["kind"] for answer, _ in answers if answer.status == 200], ["GREETING"] * 4)
        self.assertLess(max(seconds for _, seconds in answers), LONGEST_TEST_S)

    # --- its use ------------------------------------------------------------------------------------------------------

    def send_invoice(self, vendor_id):
        customer = self.api.new_customer(vendor_id)
        answer = self.api.run_quick(customer["id"], sendEmail=True)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()["invoice"]["id"]

    def test_email_goes_through_the_vendors_configuration(self):
        server = self.server("STARTTLS", certificate=self.trusted, login=True)
        config = self.new_config(server.port, "STARTTLS", username=USER, password=PASSWORD, fromName="Northwind Billing",
                                 fromEmail="own@northwind.example.com")
        before = self.stack.mailbox.count()
        self.send_invoice(config["vendorId"])
        [(sender, recipients, content)] = wait_until(lambda: server.messages, "the email arrives", 60)
        self.assertEqual((sender, recipients), ("own@northwind.example.com", ["payables@contoso.example.com"]))
        self.assertIn("From: Northwind Billing <own@northwind.example.com>", content)
        self.assertEqual(self.stack.mailbox.count(), before, "nothing went by the environment's")
        self.api.ok("DELETE", f"{CONFIGS}/{config['id']}")
        self.send_invoice(config["vendorId"])
        wait_until(lambda: self.stack.mailbox.count() == before + 1, "the next goes by the environment's", 60)

    def test_no_password_is_anywhere_in_the_clear_and_the_key_can_be_changed(self):
        server = self.server("STARTTLS", certificate=self.trusted, login=True)
        config = self.new_config(server.port, "STARTTLS", username=USER, password=PASSWORD)
        self.try_out(config)
        needles = [PASSWORD, base64.b64encode(PASSWORD.encode()).decode(), base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()]
        for table in ("smtp_configurations", "audit_events", "idempotency_keys", "jobs", "email_attempts"):
            text = str(self.stack.postgres.rows(f"SELECT t::text FROM {table} t"))
            # bytea is shown as hexadecimal digits.
            for needle in needles + [PASSWORD.encode().hex()]:
                self.assertNotIn(needle, text, table)
        for path in glob.glob(f"{self.stack.folder}/*.log"):
            with open(path, encoding="utf-8", errors="replace") as log:
                text = log.read()
            for needle in needles:
                self.assertNotIn(needle, text, path)
        self.rotate()
        self.assertTrue(self.try_out(config)["success"], "under the new key")

    def rotate(self):
        old, new = self.stack.server_environment()["ENCRYPTION_KEY"], base64.b64encode(b"n" * 32).decode()
        try:
            self.stack.settings.update(ENCRYPTION_KEY=new)
            lost = self.stack.command("rotate-keys")
            self.assertEqual(lost.returncode, 1, lost)
            self.assertIn("cannot be opened", lost.stdout)
            self.stack.settings.update(ENCRYPTION_KEY_PREVIOUS=old)
            done = self.stack.command("rotate-keys")
            self.assertEqual(done.returncode, 0, done)
            self.assertIn(" 0 still under another key", done.stdout)
            # From now on the old key is not needed by anybody.
            del self.stack.settings["ENCRYPTION_KEY_PREVIOUS"]
            for name in ("worker", "server"):
                self.stack.processes.pop(name).stop()
                self.stack.start_ours(name)
            wait_until(lambda: self.stack.readiness().status == 200, "the system is ready")
        finally:
            self.stack.settings.pop("ENCRYPTION_KEY_PREVIOUS", None)


if __name__ == "__main__":
    unittest.main(verbosity=2)
