"""Connections to the gRPC port: more than there are descriptors, short and silent ones, and from whom they come."""

import concurrent.futures
import os
import resource
import socket
import unittest

from http2 import Connection
from process import Process, wait_until
from stack import BIN_DIR, StackCase, answers_on

READINESS = "/invoice.v1.HealthService/GetReadiness"
CREATE_VENDOR = "/invoice.v1.VendorService/CreateVendor"
STRANGER = "127.0.0.2"
HANDSHAKE_S = 10  # kHandshakeWait of server/rpc/limits.h
DESCRIPTORS = 128  # of the server in the tests with few
CHURN = 10_000  # connections


class ConnectionsTest(StackCase):
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

    def test_a_connection_that_says_nothing_is_closed(self):
        with socket.create_connection(("127.0.0.1", self.stack.grpc_port), timeout=2 * HANDSHAKE_S) as connection:
            while connection.recv(4096):
                pass  # what the server says first

    def test_many_short_connections_do_no_harm(self):
        def churn(source):
            for _ in range(CHURN // 10):
                try:
                    socket.create_connection(("127.0.0.1", self.stack.grpc_port), timeout=10, source_address=(source, 0)).close()
                except ConnectionResetError:
                    pass  # refused

        with concurrent.futures.ThreadPoolExecutor(10) as pool:
            list(pool.map(churn, [f"127.0.4.{i + 1}" for i in range(10)]))
        connections = [Connection(self.stack.grpc_port) for _ in range(300)]
        for connection in connections:
            self.addCleanup(connection.close)
            connection.call(READINESS)
        self.assertEqual([connection.count_answered(1, 30) for connection in connections], [1] * 300)
        self.assertEqual(self.api.get("/api/v1/vendors").status, 200)


class FewDescriptorsTest(StackCase):
    settings = {"TRUSTED_PROXIES": "127.0.0.1"}

    def setUp(self):
        resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
        self.stack.processes.pop("server").stop()
        limit = ["prlimit", f"--nofile={DESCRIPTORS}:{DESCRIPTORS}", "--", f"{BIN_DIR}/invoice-server", "serve"]
        server = Process("server", limit, self.stack.folder, self.stack.server_environment())
        self.stack.processes["server"] = server
        server.start().wait_ready(lambda: answers_on(self.stack.grpc_port))
        wait_until(lambda: self.stack.readiness().status == 200, "ready")
        self.idle = []

    def tearDown(self):
        self.close_idle()

    def close_idle(self):
        for connection in self.idle:
            connection.close()
        self.idle = []

    def open_idle(self, count, source):
        for _ in range(count):
            self.idle.append(socket.create_connection(("127.0.0.1", self.stack.grpc_port), timeout=5, source_address=(source, 0)))

    def open_descriptors(self):
        return len(os.listdir(f"/proc/{self.stack.processes['server'].pid}/fd"))

    def expect_calls(self):
        """By a gateway that has no connection yet."""
        self.stack.restart_ours("gateway")
        wait_until(lambda: self.stack.readiness().status == 200, "ready", 15)
        for _ in range(20):
            self.assertEqual(self.api.get("/api/v1/vendors").status, 200)

    def test_strangers_leave_room_for_the_gateway(self):
        for i in range(4):
            self.open_idle(100, f"127.0.5.{i + 1}")
        self.expect_calls()
        self.assertLess(self.open_descriptors(), DESCRIPTORS)
        self.assertIn('"connections refused"', self.stack.processes["server"].log())

    def test_the_listener_recovers_when_a_trusted_address_has_taken_all(self):
        self.open_idle(400, "127.0.0.1")
        wait_until(lambda: '"connections refused"' in self.stack.processes["server"].log(), "connections are refused")
        self.assertLess(self.open_descriptors(), DESCRIPTORS)
        self.close_idle()
        self.expect_calls()


if __name__ == "__main__":
    unittest.main(verbosity=2)
