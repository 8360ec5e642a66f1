"""docker/nginx/grpc.conf before the real server: attacks on HTTP/2 neither stop the API nor take the server's memory."""

import contextlib
import os
import re
import subprocess
import time
import unittest

from http2 import Connection, bearer
from http2_attacks import EndlessHeader, EndlessValue, RapidReset, ZeroWindow
from nginx import Nginx, memory_mib
from process import wait_until
from stack import SOURCE_DIR, StackCase, answers_on, free_port, tool

CONFIGURATION = os.path.join(SOURCE_DIR, "docker", "nginx", "grpc.conf")
LISTS = "/invoice.v1.VendorService/ListVendors"
READINESS = "/invoice.v1.HealthService/GetReadiness"
PREVIEW = "/invoice.v1.InvoiceService/PreviewInvoice"
ATTACK_S = 6
AT_ONCE_S = 5.0  # with other tests beside it
MAX_GROWTH_MIB = 100
MAX_NGINX_MIB = 100
KEPT_CONNECTIONS = 2 * 32  # `keepalive` of the file, of each process of nginx
STRANGERS = [f"127.0.7.{number}" for number in range(1, 4)]


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


class NginxTest(StackCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        try:
            cls.port = free_port()
            cls.nginx = Nginx(cls.stack.folder, cls.adapted_configuration()).start(lambda: answers_on(cls.port))
            cls.api.new_vendor(name="Nginx Vendor")
        except BaseException:
            cls.failed = True
            cls._clean_up()
            raise

    @classmethod
    def _clean_up(cls):
        if hasattr(cls, "nginx"):
            cls.nginx.stop()
        super()._clean_up()

    @classmethod
    def adapted_configuration(cls):
        """The file as it is, but for the two addresses that it asks to be set."""
        with open(CONFIGURATION, encoding="utf-8") as file:
            text = file.read()
        for setting, port in (("server", cls.stack.grpc_port), ("listen", cls.port)):
            text, count = re.subn(rf"(?m)^(\s+{setting} 127\.0\.0\.1:)\d+", rf"\g<1>{port}", text)
            assert count == 1, f"{CONFIGURATION} sets {setting} {count} times"
        return text

    @property
    def server_pid(self):
        return self.stack.processes["server"].pid

    def expect_call_through_nginx(self):
        with contextlib.closing(Connection(self.port)) as connection:
            self.assertIn(b"Nginx Vendor", connection.answer(LISTS, headers=bearer(self.stack.api_key)))

    def expect_call_through_gateway(self):
        answer = self.api.get("/api/v1/vendors")
        self.assertEqual(answer.status, 200, answer)

    def expect_service(self):
        """One normal call by each way; how long the slower one took."""
        taken = []
        for call in (self.expect_call_through_nginx, self.expect_call_through_gateway):
            start = time.monotonic()
            call()
            taken.append(time.monotonic() - start)
        self.assertLess(max(taken), AT_ONCE_S)
        return max(taken)

    def withstand(self, attack):
        self.expect_service()
        before, open_before = memory_mib(self.server_pid), descriptors(self.server_pid)
        taken, growth, of_nginx = [], 0, 0
        with attack:
            end = time.monotonic() + ATTACK_S
            while time.monotonic() < end:
                taken.append(self.expect_service())
                growth = max(growth, memory_mib(self.server_pid) - before)
                of_nginx = max(of_nginx, self.nginx.memory_mib())
                time.sleep(0.05)
        self.expect_service()
        taken.sort()
        print(f"{type(attack).__name__}: {attack.figures}; {len(taken)} normal calls, median {taken[len(taken) // 2]:.3f} s, "
              f"max {taken[-1]:.3f} s; server +{growth:.0f} MiB, nginx {of_nginx:.0f} MiB", flush=True)
        self.assertGreater(attack.figures["sent"], 1000)
        self.assertLess(growth, MAX_GROWTH_MIB)
        self.assertLess(of_nginx, MAX_NGINX_MIB)
        wait_until(lambda: descriptors(self.server_pid) <= open_before + KEPT_CONNECTIONS, "the server's connections are closed", 20)

    def test_rapid_reset(self):
        self.withstand(RapidReset(self.port, LISTS, STRANGERS))

    def test_a_value_without_end(self):
        self.withstand(EndlessValue(self.port, LISTS, STRANGERS))

    def test_a_header_without_end(self):
        self.withstand(EndlessHeader(self.port, LISTS, STRANGERS))

    def test_answers_that_nobody_takes(self):
        self.withstand(ZeroWindow(self.port, READINESS, STRANGERS, connections=10))

    def test_millions_of_empty_entries_are_refused_before_they_take_memory(self):
        entries = b"\x32\x00" * (2 * 1024 * 1024 - 100)  # PreviewInvoiceRequest.lines, 4 MiB of them
        before = memory_mib(self.server_pid, "VmHWM")
        for port in (self.stack.grpc_port, self.port):
            for _ in range(3):
                with contextlib.closing(Connection(port)) as connection:
                    self.assertEqual(connection.answer(PREVIEW, entries, bearer(self.stack.api_key)), b"")
        self.expect_service()
        self.assertLess(memory_mib(self.server_pid, "VmHWM") - before, MAX_GROWTH_MIB)
        refused = '/PreviewInvoice","code":"INVALID_ARGUMENT","reason":"INVALID_FIELD"'
        self.assertEqual(self.stack.processes["server"].log().count(refused), 6)

    def run_grpcurl(self, port, *action, options=()):
        command = [tool("INVOICE_GRPCURL", "grpcurl-*/bin/grpcurl"), "-plaintext", "-max-time", "20",
                   "-H", f"authorization: Bearer {self.stack.api_key}", *options, f"127.0.0.1:{port}", *action]
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    def test_a_real_client_is_served(self):
        protoset = os.path.join(self.stack.folder, "protoset")
        described = self.run_grpcurl(self.stack.grpc_port, "describe", "invoice.v1.VendorService",
                                     options=["-protoset-out", protoset])
        self.assertEqual(described.returncode, 0, described.stderr)
        listed = self.run_grpcurl(self.port, "invoice.v1.VendorService/ListVendors", options=["-protoset", protoset])
        self.assertIn("Nginx Vendor", listed.stdout, listed.stderr)

    def test_reflection_is_not_passed_on(self):
        self.assertIn("does not support the reflection API", self.run_grpcurl(self.port, "list").stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
