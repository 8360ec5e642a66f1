"""A client of HTTP/2 that writes frames by hand, as gRPC's own clients never would."""

import socket
import struct
import time

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY = 0, 1, 3, 4, 6, 7
END_STREAM, ACK, END_HEADERS = 1, 1, 4
INITIAL_WINDOW_SIZE = 4


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def _literal(name, value):
    return b"\x00" + bytes([len(name)]) + name + bytes([len(value)]) + value


def grpc_headers(path, headers=()):
    """POST http, the path and authority, what gRPC asks for, and pairs of one's own; each literal, so that no table is kept."""
    return (b"\x83\x86" + b"\x44" + bytes([len(path)]) + path.encode() + b"\x41\x01x"
            + _literal(b"te", b"trailers") + _literal(b"content-type", b"application/grpc")
            + b"".join(_literal(name.encode(), value.encode()) for name, value in headers))


class Connection:
    """One connection whose client takes at most `window` bytes of each answer."""

    def __init__(self, port, window=65535, source="127.0.0.1"):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(source, 0))
        self._rest = b""
        self._next = 1
        self._send(PREFACE + frame(SETTINGS, 0, 0, struct.pack(">HI", INITIAL_WINDOW_SIZE, window)))
        while self._read_frame()[0] != SETTINGS:
            pass
        self._send(frame(SETTINGS, ACK, 0))

    def _send(self, data):
        self._socket.sendall(data)

    def call(self, path, message=b"", ended=True, headers=()):
        """Begins a call and does not wait for its answer; `ended`: no further message comes."""
        stream, self._next = self._next, self._next + 2
        body = frame(DATA, END_STREAM if ended else 0, stream, b"\0" + struct.pack(">I", len(message)) + message)
        self._send(frame(HEADERS, END_HEADERS, stream, grpc_headers(path, headers)) + body)
        return stream

    def _read_frame(self):
        while len(self._rest) < 9 or len(self._rest) < 9 + int.from_bytes(self._rest[:3], "big"):
            data = self._socket.recv(65536)
            if not data:
                raise ConnectionError("the server closed the connection")
            self._rest += data
        size = int.from_bytes(self._rest[:3], "big")
        kind, flags, stream = self._rest[3], self._rest[4], int.from_bytes(self._rest[5:9], "big")
        payload, self._rest = self._rest[9:9 + size], self._rest[9 + size:]
        if kind == PING and not flags & ACK:
            self._send(frame(PING, ACK, 0, payload))
        return kind, flags, stream

    def count_ended(self, wanted, timeout_s):
        """Reads until `wanted` streams were ended by the server, or the time is over; how many were."""
        ended = set()
        deadline = time.monotonic() + timeout_s
        while len(ended) < wanted and time.monotonic() < deadline:
            self._socket.settimeout(max(0.1, deadline - time.monotonic()))
            try:
                kind, flags, stream = self._read_frame()
            except TimeoutError:
                break
            if kind == RST_STREAM or (kind in (DATA, HEADERS) and flags & END_STREAM):
                ended.add(stream)
        return len(ended)

    def count_answered(self, wanted, timeout_s):
        """As count_ended(), but only those that a message came for."""
        answered = set()
        deadline = time.monotonic() + timeout_s
        while len(answered) < wanted and time.monotonic() < deadline:
            self._socket.settimeout(max(0.1, deadline - time.monotonic()))
            try:
                kind, _, stream = self._read_frame()
            except TimeoutError:
                break
            if kind == DATA:
                answered.add(stream)
        return len(answered)

    def close(self):
        self._socket.close()
