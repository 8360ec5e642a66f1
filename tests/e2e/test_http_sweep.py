"""Malformed requests, byte for byte, to the gateway and to nginx: what nginx refuses, the gateway refuses; and no answer too many."""

import concurrent.futures
import os
import socket
import unittest

from gateway_case import GatewayCase
from malformed_http import BODY, CHUNKED_BODY, MALFORMED, WELL_FORMED, chunks, line, sized
from nginx import Nginx
from stack import answers_on, free_port

PROBE = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
SITES = """
    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass http://unix:{folder}/answers; }}
    }}
    server {{
        listen unix:{folder}/answers;
        return 200 "ok";
    }}
"""
WAIT_S = 20  # longer than either waits for the rest of a request
NO_BODY = "200 to HEAD"
HEAD = b"HEAD /health HTTP/1.1\r\nHost: x\r\n\r\n"
HEALTH = line(b"GET /health HTTP/1.1")
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"

# Requests that nginx refuses and the gateway serves, each with the reason.
LAXER_THAN_NGINX = {
    "empty host": "RFC 9110, 7.2: where the target names no authority, the field is sent empty",
}

# Bytes of one connection and the statuses of its answers; 100 is no answer of its own. PROBE goes behind them.
PIPELINES = {
    "three requests": (HEALTH * 3, [200] * 3),
    "a body that looks like a request": (sized(b"Content-Length: %d\r\n" % len(SMUGGLED), SMUGGLED), [400]),
    "a chunk that looks like a request": (chunks(b"%x\r\n" % len(SMUGGLED) + SMUGGLED + b"\r\n0\r\n\r\n"), [400]),
    "a chunk extension that looks like a request": (
        chunks(b"c;GET=/smuggled\r\n" + BODY + b"\r\n0\r\n\r\n"), [200]),
    "a trailer that looks like a length": (
        chunks(b"c\r\n" + BODY + b"\r\n0\r\nContent-Length: 40\r\n\r\n") + HEALTH, [200, 200]),
    "a body of GET": (b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED, [200]),
    "a body of HEAD": (b"HEAD /health HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED, [NO_BODY]),
    "no body": (sized(b"Content-Length: 0\r\n", b"") + HEALTH, [200, 200]),
    "bodies of both kinds": (sized(b"Content-Length: 12\r\n") + chunks(CHUNKED_BODY) + HEALTH, [200, 200, 200]),
    "empty lines between requests": (HEALTH + b"\r\n" + HEALTH, [200, 200]),
    "HEAD between others": (HEALTH + HEAD + HEALTH, [200, NO_BODY, 200]),
    "an unknown path between others": (HEALTH + line(b"GET /unknown HTTP/1.1") + HEALTH, [200, 404, 200]),
    "100-continue": (sized(b"Expect: 100-continue\r\nContent-Length: 12\r\n") + HEALTH, [200, 200]),
    "an upgrade to h2c": (b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                          b"HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n", [200]),
}
# Those after which the connection ends.
ENDING_PIPELINES = {
    "behind Connection: close": (b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" + HEALTH, [200]),
    "behind HTTP/1.0": (b"GET /health HTTP/1.0\r\n\r\n" + HEALTH, [200]),
    "behind a malformed head": (HEALTH + sized(b"Content-Length : 12\r\n") + HEALTH, [200, 400]),
    "behind a malformed chunk": (HEALTH + chunks(b"c\n" + BODY + b"\n0\n\n") + HEALTH, [200, 400]),
    "behind a length that chunks contradict": (
        sized(b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + SMUGGLED), [400]),
    "behind a body that is shorter than a chunk": (chunks(b"c\r\n" + b"{}\r\n0\r\n\r\n" + SMUGGLED), [400]),
    "behind garbage": (HEALTH + b"\x00\x01\x02\r\n\r\n" + HEALTH, [200, 400]),
}


def talk(port, data, pieces=0):
    """What comes back until the server closes; what it did not take is its business. `pieces`: bytes at a time, 0 for all."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=WAIT_S) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            for at in range(0, len(data), pieces or len(data)):
                connection.sendall(data[at:at + (pieces or len(data))])
        except OSError:
            pass
        try:
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionError:
            pass
    return answer


def statuses(answers, expected):
    """The status of each answer, by lengths and never by what a body looks like; 100 is left out. `expected` tells which have no body."""
    found = []
    while answers:
        head, end, answers = answers.partition(b"\r\n\r\n")
        assert end and head.startswith(b"HTTP/1."), head[:200]
        status = int(head.split(b" ", 2)[1])
        if status == 100:
            continue
        if expected[len(found):len(found) + 1] == [NO_BODY]:
            found.append(NO_BODY if status == 200 else status)
            continue
        length = next(int(field.split(b":")[1]) for field in head.split(b"\r\n") if field.lower().startswith(b"content-length:"))
        assert len(answers) >= length, "an answer was cut off"
        answers = answers[length:]
        found.append(status)
    return found


def first_status(answers):
    """0 where the connection ended without an answer."""
    while answers.startswith(b"HTTP/1.1 100 "):
        answers = answers.partition(b"\r\n\r\n")[2]
    return int(answers.split(b" ", 2)[1]) if answers.startswith(b"HTTP/1.") else 0


def is_served(status):
    return 200 <= status < 400


def laxer_than_nginx(found):
    return {name for name, (ours, theirs) in found.items() if is_served(ours) and not is_served(theirs)}


class HttpSweepTest(GatewayCase):
    def compare(self, requests):
        """{name: (the gateway's status, nginx's)}; many connections at a time, because some wait for a time-out."""
        port = free_port()
        folder = os.path.join(self.folder, f"sweep-{port}")
        os.mkdir(folder, 0o711)
        nginx = Nginx(folder, SITES.format(port=port, folder=folder)).start(lambda: answers_on(port))
        self.addCleanup(nginx.stop)
        with concurrent.futures.ThreadPoolExecutor(32) as pool:
            asked = {(name, server): pool.submit(talk, server, data + PROBE)
                     for name, data in requests.items() for server in (self.port, port)}
        found = {name: tuple(first_status(asked[name, server].result()) for server in (self.port, port)) for name in requests}
        for name, (ours, theirs) in found.items():
            print(f"{name:45} gateway {ours or '-':>3}  nginx {theirs or '-':>3}", flush=True)
        return found

    def test_what_nginx_refuses_is_refused(self):
        found = self.compare(MALFORMED)
        self.assertGreaterEqual(len(found), 65)
        served = {name for name, (ours, _) in found.items() if is_served(ours)}
        self.assertEqual(served, set(), "what is malformed is refused, also where nginx is laxer")
        theirs = sum(is_served(status) for _, status in found.values())
        print(f"{len(found)} malformed requests: the gateway serves {len(served)}, nginx {theirs}")

    def test_what_is_right_is_served(self):
        found = self.compare(WELL_FORMED)
        self.assertEqual({name: ours for name, (ours, _) in found.items() if ours != 200}, {})
        self.assertEqual(laxer_than_nginx(found), set(LAXER_THAN_NGINX))

    def test_each_request_gets_one_answer(self):
        for pieces in (0, 1, 7):
            for name, (data, expected) in PIPELINES.items():
                with self.subTest(name, pieces=pieces):
                    self.assertEqual(statuses(talk(self.port, data + PROBE, pieces), expected), [*expected, 200])
            for name, (data, expected) in ENDING_PIPELINES.items():
                with self.subTest(name, pieces=pieces):
                    self.assertEqual(statuses(talk(self.port, data, pieces), expected), expected)


if __name__ == "__main__":
    unittest.main(verbosity=2)
