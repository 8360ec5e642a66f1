"""The gateway alone before a backend that answers every call with an empty message: for tests of its HTTP server."""

import contextlib
import os
import re
import resource
import shutil
import socket
import tempfile
import unittest

from process import SANITIZED, SLOWNESS, Process
from stack import BIN_DIR, free_port


ANSWER_S = 5 * SLOWNESS


class Connections(contextlib.ExitStack):
    """Sockets from many addresses of this machine, closed at the end."""

    def __init__(self, port):
        super().__init__()
        self._port = port

    def open(self, count, data=b"", address=None, network=2):
        opened = []
        for i in range(count):
            source = address or f"127.0.{network}.{1 + i % 200}"
            connection = socket.create_connection(("127.0.0.1", self._port), timeout=ANSWER_S, source_address=(source, 0))
            self.enter_context(connection)
            if data:
                connection.sendall(data)
            opened.append(connection)
        return opened


class GatewayCase(unittest.TestCase):
    """One backend for the tests of a class, and a gateway for each of them."""

    @classmethod
    def setUpClass(cls):
        resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
        cls.folder = tempfile.mkdtemp(prefix="invoice-e2e-", dir="/tmp")
        os.chmod(cls.folder, 0o711)
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.backend = Process("backend", [os.path.join(BIN_DIR, "quiet-backend")], cls.folder).start().wait_for_log('"port"')
        cls.addClassCleanup(cls.backend.kill)
        cls.backend_port = re.search(r'"port":(\d+)', cls.backend.log()).group(1)

    def setUp(self):
        self.port = free_port()
        environment = {"HTTP_LISTEN": f"127.0.0.1:{self.port}", "ADMIN_LISTEN": "127.0.0.1:0", "LOG_LEVEL": "info",
                       "BACKEND_ADDRESS": f"127.0.0.1:{self.backend_port}"}
        self.gateway = Process("gateway", [os.path.join(BIN_DIR, "invoice-gateway")], self.folder, environment)
        self.gateway.start().wait_for_log('"listening"')
        # At its end the address sanitizer looks for leaks.
        self.addCleanup(self.gateway.stop if SANITIZED else self.gateway.kill)
        self.may_have_ended = False
        self.connections = Connections(self.port)
        self.addCleanup(self.connections.close)

    def tearDown(self):
        if not self.may_have_ended and not self.gateway.is_running():
            self.fail(f"the gateway ended by itself:\n{self.gateway.log()[-3000:]}")

    def memory_mib(self):
        with open(f"/proc/{self.gateway.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024

    def assert_memory(self, limit_mib):
        if not SANITIZED:
            self.assertLess(self.memory_mib(), limit_mib)

    def exchange(self, data, source="127.0.0.1"):
        """All that is answered to these bytes until the gateway closes the connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=ANSWER_S, source_address=(source, 0)) as connection:
            connection.sendall(data)
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
            return answer
