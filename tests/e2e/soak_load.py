"""Mixed load on the running system: normal clients, whose every answer is checked, and clients as the internet has them."""

import collections
import contextlib
import http.client
import json
import random
import socket
import threading
import time

from api import Api
from http2 import Connection, bearer
from malformed_http import MALFORMED

JSON = "application/json"
READINESS = "/invoice.v1.HealthService/GetReadiness"
LISTS = "/invoice.v1.VendorService/ListVendors"


class Load:
    """Threads that work until `stop`. A normal client that gets a wrong answer leaves it in `faults`."""

    def __init__(self, stack, seed):
        self.figures = collections.Counter()
        self.faults = []
        self._stack = stack
        self._ended = threading.Event()
        self._data = self._make_data(stack.api())
        kinds = {self.read: 3, self.list: 2, self.fetch_pdf: 1, self.write: 2, self.call_by_grpc: 1, self.watch: 2, self.half_send: 2,
                 self.read_slowly: 2, self.send_garbage: 1, self.take_no_answer: 1}
        self._threads = [threading.Thread(target=self._run, args=(kind, random.Random(f"{seed} {kind.__name__} {number}")), daemon=True)
                         for kind, count in kinds.items() for number in range(count)]

    def _make_data(self, api):
        vendor = api.new_vendor()
        customers = [api.new_customer(vendor["id"], name=f"Customer {number}")["id"] for number in range(5)]
        runs = [api.run_quick(customer, f"2025-{month:02}-01").json() for customer in customers for month in range(1, 13)]
        return {"customers": customers, "invoices": [run["invoice"]["id"] for run in runs], "runs": [run["run"]["id"] for run in runs]}

    def start(self):
        for thread in self._threads:
            thread.start()
        return self

    def stop(self):
        self._ended.set()
        for thread in self._threads:
            thread.join(30)
        if any(thread.is_alive() for thread in self._threads):
            self.faults.append("a client did not end")

    def pause(self, seconds):
        self._ended.wait(seconds)

    def _run(self, kind, choice):
        while not self._ended.is_set():
            try:
                kind(choice)
                self.figures[kind.__name__] += 1
            except Exception as fault:  # pylint: disable=broad-except
                self.faults.append(f"{kind.__name__}: {fault!r}")
                self.pause(1)

    # --- normal clients: what they get must be right ------------------------------------------------------------------

    def _get(self, connection, path):
        connection.request("GET", path, headers={"Authorization": f"Bearer {self._stack.api_key}"})
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise AssertionError(f"{path}: {response.status} {body[:300]}")
        return body

    def _keep_alive(self, paths, rest_s):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self._stack.http_port, timeout=20)) as connection:
            for path in paths:
                if self._ended.is_set():
                    return
                body = self._get(connection, path)
                if not (body.startswith(b"%PDF-") if path.endswith("/pdf") else json.loads(body)):
                    raise AssertionError(f"{path}: {body[:300]}")
                self.pause(rest_s)

    def read(self, choice):
        self._keep_alive([f"/api/v1/invoices/{choice.choice(self._data['invoices'])}" for _ in range(100)], 0.002)

    def list(self, choice):
        customer = self._data["customers"][0]
        paths = ["/api/v1/invoices?pageSize=50", "/api/v1/customers", f"/api/v1/payments?customerId={customer}&pageSize=20"]
        self._keep_alive([choice.choice(paths) for _ in range(20)], 0.03)

    def fetch_pdf(self, choice):
        self._keep_alive([f"/api/v1/invoices/{choice.choice(self._data['invoices'])}/pdf" for _ in range(10)], 0.05)

    def write(self, choice):
        """A payment, sent twice with one key: one answer."""
        api = Api(self._stack.http_port, self._stack.api_key, 20)
        key = f"soak-{choice.getrandbits(64):x}"
        body = {"customerId": choice.choice(self._data["customers"]), "date": "2025-01-01", "amount": "1.00", "reference": key}
        first, second = (api.ok("POST", "/api/v1/payments", body, {"Idempotency-Key": key}) for _ in range(2))
        if first != second:
            raise AssertionError(f"{key} got two answers")
        self.pause(0.1)

    def call_by_grpc(self, _):
        with contextlib.closing(Connection(self._stack.grpc_port)) as connection:
            for _ in range(20):
                if b"Northwind" not in connection.answer(LISTS, headers=bearer(self._stack.api_key)):
                    raise AssertionError("a gRPC call failed")
                self.pause(0.05)

    def watch(self, choice):
        """An event stream that is left after a while."""
        run = choice.choice(self._data["runs"])
        with self._stack.api(timeout_s=20).stream(f"/api/v1/runs/{run}:watch", "text/event-stream") as stream:
            if stream.status != 200 or not stream.readline():
                raise AssertionError(f"watch: {stream.status}")
            self.pause(choice.uniform(0, 1))

    # --- others: how they end is their business -----------------------------------------------------------------------

    @contextlib.contextmanager
    def _raw(self, receive_bytes=None):
        with contextlib.suppress(OSError), socket.socket() as connection:
            if receive_bytes:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
            connection.settimeout(5)
            connection.connect(("127.0.0.1", self._stack.http_port))
            yield connection

    def half_send(self, choice):
        head = b"POST /api/v1/vendors HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 400000\r\n\r\n"
        whole = head + b" " * 400000
        with self._raw() as connection:
            connection.sendall(whole[:choice.choice([10, 60, 200, 5000, 200000])])
            self.pause(choice.uniform(0, 3))

    def read_slowly(self, choice):
        request = (f"GET /api/v1/invoices/{choice.choice(self._data['invoices'])}/pdf HTTP/1.1\r\nHost: x\r\n"
                   f"Authorization: Bearer {self._stack.api_key}\r\n\r\n").encode()
        with self._raw(4096) as connection:
            connection.sendall(request * 50)
            end = time.monotonic() + choice.uniform(1, 6)
            while time.monotonic() < end and not self._ended.is_set():
                connection.recv(2048)
                self.pause(0.05)

    def send_garbage(self, choice):
        for _, data in choice.sample(sorted(MALFORMED.items()), 20):
            with self._raw() as connection:
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass
            self.pause(0.02)

    def take_no_answer(self, choice):
        """Calls of gRPC whose answers have no room to go to."""
        with contextlib.suppress(OSError), contextlib.closing(Connection(self._stack.grpc_port, window=0)) as connection:
            for _ in range(30):
                connection.call(READINESS)
            self.pause(choice.uniform(0, 5))
