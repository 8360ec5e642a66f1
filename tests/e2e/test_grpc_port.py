"""The gRPC port against clients without a key: answers that nobody takes, open calls and bursts."""

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
MAX_THREADS = 120
SEND_WAIT_S = 20  # kSendWait of server/rpc/limits.h
CREATE_VENDOR = "/invoice.v1.VendorService/CreateVendor"
STRANGER = "127.0.0.2"


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


class AddressTest(StackCase):
    settings = {"TRUSTED_PROXIES": "127.0.0.1"}

    def remote_of(self, name):
        return self.stack.postgres.value("SELECT e.remote FROM audit_events e JOIN vendors v ON v.id::text = e.resource_id::text"
                                         f" WHERE v.name = '{name}'")

    def create_vendor(self, name, source):
        """By gRPC and directly, saying to come from somewhere else."""
        def field(number, value):
            return bytes([number << 3 | 2, len(value)]) + value

        connection = Connection(self.stack.grpc_port, source=source)
        self.addCleanup(connection.close)
        connection.call(CREATE_VENDOR, field(1, field(2, name.encode()) + field(3, b"a@example.com")), headers=[
            ("authorization", f"Bearer {self.api.key}"), ("x-forwarded-for", "198.51.100.7, 203.0.113.9")])
        self.assertEqual(connection.count_answered(1, 10), 1)

    def test_the_audit_believes_proxies_alone(self):
        self.create_vendor("Stranger", STRANGER)
        self.assertEqual(self.remote_of("Stranger"), STRANGER)
        self.create_vendor("Proxy", "127.0.0.1")
        self.assertEqual(self.remote_of("Proxy"), "203.0.113.9")

    def test_nobody_can_say_by_the_gateway_to_be_somebody_else(self):
        vendor = {"name": "Forger", "email": "a@example.com"}
        answer = self.api.post("/api/v1/vendors", vendor, {"X-Forwarded-For": "203.0.113.9"})
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(self.remote_of("Forger"), "127.0.0.1")


if __name__ == "__main__":
    unittest.main(verbosity=2)
