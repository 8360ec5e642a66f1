"""A system with nothing to do is quiet: few transactions, hardly any CPU time, and the scheduler sleeps."""

import datetime
import os
import re
import time
import unittest
import urllib.request

from process import wait_until
from stack import Stack, StackCase

WINDOW_S = 10
MAX_TRANSACTIONS_A_SECOND = 20
MAX_SHARE_OF_A_CORE = 0.01
TRANSACTIONS = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
BUSY = "SELECT count(*) FROM jobs WHERE failed_at IS NULL"


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class IdleTest(StackCase):
    def setUp(self):
        vendor = self.api.new_vendor()
        schedule = {"enabled": True, "autoSendEmail": False}
        contract = {"ratePerHour": "100", "defaultHours": "10"}
        self.customers = [self.api.new_customer(vendor["id"], rate=None, name=f"Contoso {zone}", contract=contract,
                                                schedule={**schedule, "timeZone": zone})
                          for zone in ("UTC", "America/Toronto", "Europe/Berlin", "Asia/Tokyo")]
        by_hand = self.api.new_customer(vendor["id"], name="By hand")
        answer = self.api.run_quick(by_hand["id"], datetime.date.today().isoformat(), "10")
        self.assertEqual(answer.status, 200, answer)
        wait_until(lambda: self.stack.postgres.value(BUSY) == "0", "all work is done")

    def scheduler_metrics(self):
        port = re.search(r'"admin_port":(\d+)', self.stack.processes["scheduler"].log()).group(1)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as page:
            lines = page.read().decode().splitlines()
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line.startswith("invoice_scheduler"))}

    def look(self):
        cpu = {name: cpu_seconds(self.stack.processes[name].pid) for name in Stack.OURS}
        return time.monotonic(), int(self.stack.postgres.value(TRANSACTIONS)), cpu

    def test_a_system_without_work_does_nothing(self):
        # Sessions report their transactions once a second.
        begun = time.monotonic()
        wait_until(lambda: time.monotonic() - begun > 2, "the last transactions are counted")
        start, transactions, cpu = self.look()
        wait_until(lambda: time.monotonic() - start >= WINDOW_S, "the time of the measurement is over", pause_s=0.5)
        end, transactions_after, cpu_after = self.look()
        self.assertLess((transactions_after - transactions) / (end - start), MAX_TRANSACTIONS_A_SECOND)
        shares = {name: round((cpu_after[name] - cpu[name]) / (end - start), 4) for name in cpu}
        self.assertLessEqual(max(shares.values()), MAX_SHARE_OF_A_CORE, shares)

    def test_the_scheduler_wakes_for_a_change_and_not_for_its_own(self):
        self.seen = None
        metrics = wait_until(self.settled, "the scheduler sleeps", pause_s=0.3)
        self.assertEqual(metrics["invoice_scheduler_leads_schedulers"], 1)
        self.assertGreater(metrics["invoice_scheduler_next_due_timestamp_seconds"], time.time())
        heard = metrics['invoice_scheduler_wakeups_total{cause="notification"}']
        self.assertGreaterEqual(heard, 1, "new schedules that are on")

        self.api.ok("PATCH", f"/api/v1/customers/{self.customers[0]['id']}/schedule", {"enabled": False})
        wait_until(lambda: self.heard() == heard + 1, "the scheduler heard of the change")
        self.stack.postgres.execute("UPDATE schedules SET last_run_on = last_run_on; UPDATE schedules SET enabled = true WHERE false")
        self.seen = None
        wait_until(self.settled, "the scheduler sleeps again", pause_s=0.3)
        self.assertEqual(self.heard(), heard + 1, "what nobody changed woke nobody")
        self.api.ok("PATCH", f"/api/v1/customers/{self.customers[0]['id']}/schedule", {"enabled": True})
        wait_until(lambda: self.heard() == heard + 2, "the scheduler heard of the second change")

    def heard(self):
        return self.scheduler_metrics()['invoice_scheduler_wakeups_total{cause="notification"}']

    def settled(self):
        """The metrics once no change made by setUp is on its way: two looks in a row see the same."""
        before, self.seen = self.seen, self.scheduler_metrics()
        return self.seen if before == self.seen else None


if __name__ == "__main__":
    unittest.main(verbosity=2)
