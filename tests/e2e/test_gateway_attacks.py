"""Attacks on the gateway's HTTP server: whatever strangers do, the next request is answered at once and memory stays bounded."""

import contextlib
import json
import re
import time
import unittest

from gateway_case import GatewayCase
from process import SLOWNESS, wait_until

AT_ONCE_S = 5.0 * SLOWNESS  # with other tests beside it; what held threads waited for the attack to end
QUIET_MIB = 60  # with thousands of connections that hold nothing
FULL_MIB = 110  # with 48 MiB of bodies and answers
GET_HEAD = b"GET /api/v1/customers/7 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer K\r\n"
WATCH = b"GET /api/v1/runs/7:watch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer K\r\nAccept: text/event-stream\r\n\r\n"
POST_HEAD = b"POST /api/v1/vendors HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer K\r\nContent-Type: application/json\r\n"
LARGE_BODY = POST_HEAD + b"Content-Length: 4194304\r\n\r\n{"
INNER = b"GET /health HTTP/1.1\r\nHost: inner\r\n\r\n"
LENGTH = str(len(INNER)).encode()

# Heads that RFC 9112 refuses and that readers have read in two ways. Behind each stands a request that must not run.
MALFORMED_HEADS = (
    b"Content-Length : " + LENGTH,
    b"Content-Length\t: " + LENGTH,
    b"Transfer-Encoding : chunked\r\nContent-Length: 0",
    b"Content-Length\0: " + LENGTH,
    b"X: \0\r\nContent-Length: 0",
    b"nonsense\r\nContent-Length: 0",
    b": y\r\nContent-Length: 0",
    b"X: y\r\n folded\r\nContent-Length: 0",
    b"X: y\r\n\tContent-Length: " + LENGTH,
    b"X: y\nContent-Length: " + LENGTH,
    b"X: y\rContent-Length: " + LENGTH,
    b"Transfer-Encoding: \x0bchunked",
    b"Transfer-Encoding: xchunked",
    b"Transfer-Encoding: chunked, identity",
    b"Transfer-Encoding: identity, chunked",
    b"Transfer-Encoding: chunked, chunked",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    b"Transfer-Encoding: chunked\r\nContent-Length: " + LENGTH,
    b"Content-Length: " + LENGTH + b"\r\nContent-Length: 0",
    b"Content-Length: 0\r\nContent-Length: 0",
    b"Content-Length: 0, 0",
    b"Content-Length: +0",
    b"Content-Length: -0",
    b"Content-Length: 0x0",
    b"Host: other\r\nContent-Length: 0",
)


class GatewayAttacksTest(GatewayCase):
    def assert_served(self, times=5):
        for _ in range(times):
            for request, found in ((GET_HEAD + b"Connection: close\r\n\r\n", b'"name":""'),
                                   (b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"healthy")):
                start = time.monotonic()
                answer = self.exchange(request)
                self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer)
                self.assertIn(found, answer)
                self.assertLess(time.monotonic() - start, AT_ONCE_S)

    def test_idle_half_sent_and_streaming_connections_together(self):
        self.connections.open(2000, network=2)
        self.connections.open(1000, GET_HEAD, network=3)
        streams = self.connections.open(300, WATCH, network=4)
        for stream in streams:
            self.assertTrue(stream.recv(4096).startswith(b"HTTP/1.1 200 OK\r\n"))
        self.assert_served()
        self.assert_memory(QUIET_MIB)

    def test_slow_heads(self):
        slow = self.connections.open(300, b"GET /health HTTP/1.1\r\nHost: x\r\nX: ")
        start = time.monotonic()
        while time.monotonic() - start < 14:
            for connection in slow:
                with contextlib.suppress(OSError):
                    connection.send(b"a")
            self.assert_served(1)
        for connection in slow:
            with contextlib.suppress(ConnectionError):
                self.assertEqual(connection.recv(100), b"", "a head that trickles is cut off")
        self.assert_memory(QUIET_MIB)

    def test_announced_bodies(self):
        self.connections.open(200, LARGE_BODY)
        self.assert_served()
        self.assert_memory(QUIET_MIB)

    def test_bodies_that_stop(self):
        for connection in self.connections.open(60, LARGE_BODY):
            connection.setblocking(False)
            with contextlib.suppress(BlockingIOError, ConnectionError):
                for _ in range(48):
                    connection.send(b" " * 65536)
        self.assert_served()
        self.assert_memory(FULL_MIB)

    def test_heads_that_stop_just_below_their_bound(self):
        for network in range(2, 14):
            with contextlib.suppress(ConnectionError):
                self.connections.open(200, GET_HEAD + b"X: " + b"y" * 31000, network=network)
        self.assert_served()
        self.assert_memory(FULL_MIB)

    def test_answers_that_nobody_reads(self):
        self.connections.open(200, b"GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
        self.assert_served()
        self.assert_memory(FULL_MIB)

    def test_one_address_loses_its_own_slowest(self):
        bystanders = self.connections.open(10, GET_HEAD, address="127.0.9.9")
        self.connections.open(600, GET_HEAD, address="127.0.8.8")
        answer = self.exchange(GET_HEAD + b"Connection: close\r\n\r\n", source="127.0.8.8")
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer)
        self.assert_served()
        for bystander in bystanders:
            bystander.sendall(b"\r\n")
            self.assertTrue(bystander.recv(4096).startswith(b"HTTP/1.1 200 "))

    def test_more_connections_than_there_is_room_for(self):
        for network in range(20, 45):
            with contextlib.suppress(ConnectionError):
                self.connections.open(200, GET_HEAD, network=network)
        self.assert_served()
        self.assert_memory(QUIET_MIB)

    def test_malformed_heads_get_one_answer(self):
        for head in MALFORMED_HEADS:
            with self.subTest(head):
                answer = self.exchange(b"POST /api/v1/vendors HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n" + INNER)
                self.assertEqual(re.findall(rb"HTTP/1.1 (\d+)", answer), [b"400"])
                self.assertIn(b"Connection: close\r\n", answer)
                error = json.loads(answer.partition(b"\r\n\r\n")[2])["error"]
                self.assertEqual((error["code"], error["status"]), (400, "INVALID_ARGUMENT"))
                self.assertEqual(error["details"][0]["reason"], "MALFORMED_REQUEST")

    def test_a_credential_is_looked_at_before_the_body(self):
        head = b"POST /api/v1/vendors HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
        for authorization in (b"", b"Authorization: Basic YTpi\r\n", b"Authorization: Bearer \r\n"):
            answer = self.exchange(head + authorization + b"Content-Length: 1\r\n\r\n{")
            self.assertTrue(answer.startswith(b"HTTP/1.1 401 "), answer)
            self.assertIn(b"WWW-Authenticate: Bearer\r\n", answer)
            self.assertIn(b'"UNAUTHENTICATED"', answer)
        answer = self.exchange(head + b"Authorization: Bearer K\r\nContent-Length: 1\r\n\r\n{")
        self.assertTrue(answer.startswith(b"HTTP/1.1 400 "), answer)

    def test_bodies_in_a_content_encoding_are_refused(self):
        answer = self.exchange(POST_HEAD + b"Connection: close\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}")
        self.assertTrue(answer.startswith(b"HTTP/1.1 415 "), answer)
        self.assertIn(b"Accept-Encoding: identity\r\n", answer)
        answer = self.exchange(POST_HEAD + b"Connection: close\r\nContent-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}")
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer)

    def test_a_target_in_absolute_form_is_the_path_in_it(self):
        answer = self.exchange(b"GET http://api.example/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        self.assertIn(b'"healthy"', answer)

    def test_it_stops_in_time_under_attack(self):
        self.connections.open(500, GET_HEAD)
        streams = self.connections.open(50, WATCH, network=3)
        for stream in streams:
            stream.recv(4096)
        self.may_have_ended = True
        self.assertEqual(self.gateway.stop(10), 0)
        wait_until(lambda: '"stopped"' in self.gateway.log(), "it stopped")


if __name__ == "__main__":
    unittest.main(verbosity=2)
