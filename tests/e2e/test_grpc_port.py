"""The gRPC port against clients that take no answer, leave calls open or call in bursts."""

import re
import unittest
import urllib.request

from http2 import Connection
from process import wait_until
from stack import StackCase

READINESS = "/invoice.v1.HealthService/GetReadiness"
REFLECTION = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"
OLD_REFLECTION = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
CONNECTIONS = 3
CALLS = 100  # on each connection
# Less than the calls: 64 threads of public methods, 32 of streams, and what all else needs.
MAX_THREADS = 180
SEND_WAIT_S = 20  # kSendWait of server/rpc/limits.h
EXPORT = "/invoice.v1.InvoiceService/ExportInvoices"


class GrpcPortTest(StackCase):
    def tearDown(self):
        for connection in getattr(self, "connections", []):
            connection.close()

    def connect(self, **options):
        self.connections = [Connection(self.stack.grpc_port, **options) for _ in range(CONNECTIONS)]
        return self.connections

    def status(self, name):
        with open(f"/proc/{self.stack.processes['server'].pid}/status", encoding="utf-8") as status:
            return int(next(line for line in status if line.startswith(name + ":")).split()[1])

    def expect_service(self):
        # Public methods have a bound of their own, so that while many begin readiness may be refused: long before answers are cut off it is not.
        wait_until(lambda: self.stack.readiness().status == 200, "ready while the calls are held", SEND_WAIT_S / 2)
        for _ in range(5):
            self.assertEqual(self.api.get("/api/v1/vendors").status, 200)
            self.assertEqual(self.stack.readiness().status, 200)
        self.assertLess(self.status("Threads"), MAX_THREADS)

    def test_answers_that_nobody_takes_hold_no_thread_and_are_cut_off(self):
        for connection in self.connect(window=0):
            for _ in range(CALLS):
                connection.call(READINESS)
        self.expect_service()
        for connection in self.connections:
            self.assertEqual(connection.count_ended(CALLS, 3 * SEND_WAIT_S), CALLS)
        self.expect_service()

    def test_a_stream_that_nobody_takes_is_cut_off(self):
        key = [("authorization", f"Bearer {self.api.key}")]
        for connection in self.connect(window=0):
            for _ in range(CALLS):
                connection.call(EXPORT, headers=key)
        self.expect_service()
        for connection in self.connections:
            self.assertEqual(connection.count_ended(CALLS, 3 * SEND_WAIT_S), CALLS)

    def test_idle_reflection_does_not_stop_the_api(self):
        for service in (REFLECTION, OLD_REFLECTION):
            with self.subTest(service):
                for connection in self.connect():
                    for _ in range(CALLS):
                        connection.call(service, ended=False)
                self.expect_service()
                for connection in self.connections:
                    connection.close()

    def probes(self):
        port = re.search(r'"admin_port":(\d+)', self.stack.processes["server"].log()).group(1)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as page:
            return float(re.search(r"^invoice_readiness_probes_total (\S+)$", page.read().decode(), re.MULTILINE).group(1))

    def test_a_burst_of_readiness_is_answered_by_few_probes(self):
        connections = [Connection(self.stack.grpc_port) for _ in range(4)]
        self.connections = connections
        before = self.probes()
        for connection in connections:
            for _ in range(250):
                connection.call(READINESS)
        self.assertEqual([connection.count_answered(250, 30) for connection in connections], [250] * 4)
        # The burst lasts for a few times the 250 ms that an answer is kept; the server itself asks every 5 s.
        self.assertLessEqual(self.probes() - before, 20)
        self.assertEqual(self.stack.readiness().status, 200)


if __name__ == "__main__":
    unittest.main(verbosity=2)
