"""A thousand watchers of runs at the gateway: each gets the end, the database is read for none of them, others are served."""

import json
import re
import resource
import socket
import time
import unittest

from billing import RUNS, BillingCase
from process import wait_until

WATCHERS = 1000  # kMaxWatchers of server/base/limits.h; one key may have half of them
MAX_THREADS = 120
WINDOW_S = 5
# 4 rounds a second, and what an idle system does.
MAX_TRANSACTIONS_A_SECOND = 40
MAX_WATCHER_KIB = 100
TRANSACTIONS = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"


class Events:
    """One stream of server-sent events over a plain socket."""

    def __init__(self, port, path, key, source):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60, source_address=(source, 0))
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nAccept: text/event-stream\r\n\r\n".encode())
        self._text = b""
        self._open = True

    def _more(self):
        data = self._socket.recv(65536) if self._open else b""
        self._open = bool(data)
        self._text += data

    def status(self):
        while b"\r\n" not in self._text:
            self._more()
            if not self._open:
                return None
        return int(self._text.split(b" ", 2)[1])

    def events(self):
        return [json.loads(data) for data in re.findall(rb"^data: (.*)\n", self._text, re.MULTILINE)]

    def wait_event(self, count):
        """So many events, or all before the end."""
        while self._open and len(self.events()) < count:
            self._more()
        return self.events()

    def wait_end(self):
        while self._open and b"\r\n0\r\n\r\n" not in self._text:
            self._more()
        return self.events()

    def close(self):
        self._socket.close()


class WatchersTest(BillingCase):
    clock = "2026-04-10T09:00:00Z"

    @classmethod
    def setUpClass(cls):
        resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
        super().setUpClass()
        cls.keys = [cls.stack.api_key, cls.stack.create_api_key("watcher", "VIEWER")]

    def setUp(self):
        super().setUp()
        self.stack.processes["worker"].stop()
        self.streams = []

    def tearDown(self):
        for stream in self.streams:
            stream.close()
        if not self.stack.processes["worker"].is_running():
            self.stack.start_ours("worker")

    def status_of(self, process, name):
        with open(f"/proc/{self.stack.processes[process].pid}/status", encoding="utf-8") as status:
            return int(next(line for line in status if line.startswith(name + ":")).split()[1])

    def watch(self, runs, count):
        """Opened and answered, evenly over runs and keys."""
        streams = [Events(self.stack.http_port, f"{RUNS}/{runs[i // 2 % len(runs)]['id']}:watch", self.keys[i % 2], f"127.0.3.{1 + i % 100}")
                   for i in range(count)]
        self.streams += streams
        self.assertEqual({stream.status() for stream in streams}, {200})
        for stream in streams:
            self.assertEqual(stream.wait_event(1)[0]["run"]["state"], "PENDING")
        return streams

    def status_of_one_more(self, run, key=0):
        stream = Events(self.stack.http_port, f"{RUNS}/{run['id']}:watch", self.keys[key], "127.0.3.1")
        self.streams.append(stream)
        return stream.status()

    def transactions_a_second(self):
        # Sessions report their transactions once a second.
        begun = time.monotonic()
        wait_until(lambda: time.monotonic() - begun > 2, "the last transactions are counted")
        start, before = time.monotonic(), int(self.stack.postgres.value(TRANSACTIONS))
        wait_until(lambda: time.monotonic() - start >= WINDOW_S, "the time of the measurement is over", pause_s=0.5)
        return (int(self.stack.postgres.value(TRANSACTIONS)) - before) / (time.monotonic() - start)

    def test_a_thousand_watchers(self):
        customer = self.payer("Watched")
        invoice = self.quick(self.payer("Read"), "2026-02-01")
        runs = [self.api.ok("POST", RUNS, self.scope()) for _ in range(2)]
        before = {name: self.status_of(name, "VmRSS") for name in ("server", "gateway")}
        streams = self.watch(runs, WATCHERS)
        after = {name: self.status_of(name, "VmRSS") for name in ("server", "gateway")}
        grown = {name: (after[name] - before[name]) / WATCHERS for name in before}
        rate = self.transactions_a_second()
        print(f"\n{WATCHERS} watchers: {rate:.0f} transactions a second; KiB for each: "
              + ", ".join(f"{name} {kib:.1f}" for name, kib in grown.items()) + f"; resident KiB: {after}")

        self.assertLess(rate, MAX_TRANSACTIONS_A_SECOND)
        self.assertLess(max(grown.values()), MAX_WATCHER_KIB)
        self.assertLess(self.status_of("server", "Threads"), MAX_THREADS)
        self.assertEqual([self.status_of_one_more(runs[0], key) for key in range(2)], [503, 503])
        for _ in range(100):
            self.assertEqual(self.api.ok("GET", f"/api/v1/invoices/{invoice['id']}")["id"], invoice["id"])
        self.assertEqual(self.stack.readiness().status, 200)

        self.stack.start_ours("worker")
        for stream in streams:
            self.assertEqual(stream.wait_end()[-1]["run"]["state"], "SUCCEEDED")
        self.assertEqual(len(self.invoices(customerId=customer["id"])), 1)
        wait_until(lambda: self.status_of_one_more(runs[0]) == 200, "their places are free again")

    def test_a_stop_of_the_server_ends_all_streams(self):
        run = self.api.ok("POST", RUNS, self.scope())
        streams = self.watch([run], 300)
        self.assertEqual(self.stack.processes["server"].stop(10), 0)
        for stream in streams:
            self.assertEqual(stream.wait_end()[-1]["error"]["status"], "UNAVAILABLE")
        self.stack.start_ours("server")
        wait_until(lambda: self.stack.readiness().status == 200, "ready again")
        self.assertEqual(self.watch([run], 2)[0].events()[0]["run"]["id"], run["id"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
