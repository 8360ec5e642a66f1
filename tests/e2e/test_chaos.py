"""The short form of chaos.py: few customers, more than a year, every kind of accident. And the rules it compares with."""

import csv
import datetime
import os
import signal
import sys
import unittest

from billing_rule import Rule
from chaos import Chaos, Settings, seed_of_day
from stack import SOURCE_DIR

SHORT = {"customers": 60, "days": 425, "workers": 3, "run_chunk": 4, "stops": 45, "pause_s": 0.2, "settle_s": 100.0,
         "worker_kills": 3, "kills_at_the_end_of_a_run": 2, "scheduler_kills": 3, "terminated_backends": 3, "killed_backends": 1,
         "clients": 3, "gateway_kills": 1, "gateway_stops": 1, "server_kills": 1}


def vectors(name):
    with open(os.path.join(SOURCE_DIR, "tests", "vectors", name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class RuleTest(unittest.TestCase):
    def test_the_rules_written_here_agree_with_the_vectors(self):
        date = datetime.date.fromisoformat
        rows = vectors("schedule.csv")
        self.assertGreater(len(rows), 100)
        for row in rows:
            rule = Rule(row["frequency"], int(row["billing_weekday"]), date(row["anchor_date"]), int(row["billing_day"]))
            due = rule.next_due(date(row["after"]))
            self.assertEqual([str(day) for day in (due, *rule.period(due))],
                             [row["next_due"], row["period_start"], row["period_end"]], row)


class ChaosTest(unittest.TestCase):
    def test_every_period_is_invoiced_exactly_once(self):
        figures = Chaos(Settings(seed=seed_of_day(), **SHORT)).run()
        for kind in ("worker_kills", "kills_at_the_end_of_a_run", "scheduler_kills", "terminated_backends", "killed_backends",
                     "gateway_kills", "gateway_stops", "server_kills"):
            self.assertEqual(figures[kind], SHORT[kind])
        self.assertGreater(figures["jumps_back"], 0)
        self.assertGreater(figures["summer_time_changes"], 0)
        self.assertGreater(figures["invoices"], SHORT["customers"] * 10)
        self.assertGreater(figures["payments"], 100)
        self.assertGreater(figures["repeated_payments"], 10)
        self.assertGreater(figures["broken_calls"], 0, "no client noticed that the gateway was killed")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    unittest.main(verbosity=2)
