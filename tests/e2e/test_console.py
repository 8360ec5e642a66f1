"""The main job in the console, in a real Chromium. Screenshots go to INVOICE_E2E_SCREENSHOTS, or `screenshots` where the test runs."""

import hashlib
import json
import os
import shutil
import subprocess
import unittest

from process import Process
from stack import SOURCE_DIR, StackCase, answers_on, tool

# By `./dev test` the console is built; by hand it may not be.
CONSOLE_DIR = os.environ.get("INVOICE_CONSOLE_DIR") or os.path.join(SOURCE_DIR, "frontend")
IS_BUILT = os.path.exists(os.path.join(CONSOLE_DIR, "dist", "index.html"))
CUSTOMER = "Contoso Manufacturing Ltd."


@unittest.skipUnless(IS_BUILT or os.environ.get("INVOICE_CONSOLE_DIR"), f"there is no {CONSOLE_DIR}/dist")
class ConsoleTest(StackCase):
    def setUp(self):
        self.assertTrue(IS_BUILT, f"{CONSOLE_DIR}/dist is not built")
        self.node = os.environ.get("INVOICE_NODE") or shutil.which("node")
        self.screenshots = os.path.abspath(os.environ.get("INVOICE_E2E_SCREENSHOTS") or "screenshots")
        os.makedirs(self.screenshots, exist_ok=True)
        self.console = self.start_console()

    def tearDown(self):
        self.assertEqual(self.console.stop(), 0)

    def start_console(self):
        key_file = os.path.join(self.stack.folder, "credentials.json")
        with open(key_file, "w", encoding="utf-8") as file:
            json.dump({"apiKey": self.stack.api_key}, file)
        console = Process("console", [self.node, os.path.join(CONSOLE_DIR, "server.mjs")], self.stack.folder, {
            "FRONTEND_LISTEN": f"127.0.0.1:{self.stack.console_port}",
            "NEXT_PUBLIC_API_URL": f"http://127.0.0.1:{self.stack.http_port}",
            "API_KEY_FILE": key_file,
        })
        return console.start().wait_ready(lambda: answers_on(self.stack.console_port))

    def drive(self):
        environment = {
            **os.environ,
            "CONSOLE_URL": f"http://127.0.0.1:{self.stack.console_port}/",
            "CUSTOMER": CUSTOMER,
            "HOURS": "7.5",
            "SCREENSHOTS": self.screenshots,
            "INVOICE_CHROMIUM": os.environ.get("INVOICE_CHROMIUM") or "/usr/bin/chromium",
            "INVOICE_PLAYWRIGHT": os.environ.get("INVOICE_PLAYWRIGHT")
                or os.path.dirname(tool("INVOICE_PLAYWRIGHT", "npm-*/node_modules/playwright-core")),
        }
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "console.mjs")
        done = subprocess.run([self.node, script], env=environment, capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, f"{done.stdout}{done.stderr}\nscreenshots: {self.screenshots}")
        return json.loads(done.stdout)

    def test_an_accountant_issues_reads_and_resends_an_invoice(self):
        vendor = self.api.new_vendor()
        customer = self.api.new_customer(vendor["id"], name=CUSTOMER)
        seen = self.drive()

        invoices = self.api.ok("GET", f"/api/v1/invoices?customerId={customer['id']}")["invoices"]
        self.assertEqual([invoice["number"] for invoice in invoices], [seen["number"]])
        invoice = self.api.ok("GET", f"/api/v1/invoices/{invoices[0]['id']}")
        self.assertEqual(invoice["total"], "1063.61")
        for shown in (seen["number"], CUSTOMER, "1,063.61", "941.25", "122.36", "HST"):
            self.assertIn(shown, seen["invoiceText"])

        self.assertEqual((seen["pdf"]["status"], seen["pdf"]["contentType"]), (200, "application/pdf"))
        with open(seen["pdf"]["path"], "rb") as file:
            self.assertEqual(hashlib.sha256(file.read()).hexdigest(), invoice["documentSha256"])
        self.assertEqual(seen["pdf"]["name"], f"{seen['number']}.pdf")

        mails = self.stack.mailbox.mails()
        self.assertEqual(sorted(mail.message["To"].addresses[0].addr_spec for mail in mails),
                         ["payables@contoso.example.com", "second@contoso.example.com"])
        self.assertEqual({mail.attachments()[0][2] for mail in mails}, {invoice["documentSha256"]})
        self.assertIn(seen["number"], seen["refusal"])
        self.assertIn("Name", seen["focused"])
        self.assertEqual(seen["faults"], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
