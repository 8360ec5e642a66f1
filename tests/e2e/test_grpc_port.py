"""The gRPC port against clients without a key that take no answer or leave calls open."""

import unittest

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


if __name__ == "__main__":
    unittest.main(verbosity=2)
