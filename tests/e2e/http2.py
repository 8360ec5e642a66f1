"""A client of HTTP/2 that writes frames by hand, as gRPC's own clients never would."""

import collections
import select
import socket
import struct
import time

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 3, 4, 6, 7, 8, 9
END_STREAM, ACK, END_HEADERS = 1, 1, 4
INITIAL_WINDOW_SIZE = 4
FIRST_WINDOW = 65535
MAX_FRAME = 16384


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def length(number):
    """A length of HPACK, without Huffman coding."""
    if number < 127:
        return bytes([number])
    coded, rest = b"\x7f", number - 127
    while rest >= 128:
        coded, rest = coded + bytes([rest % 128 + 128]), rest // 128
    return coded + bytes([rest])


def literal(name, value):
    return b"\x00" + length(len(name)) + name + length(len(value)) + value


def grpc_headers(path, headers=()):
    """POST http, the path and authority, what gRPC asks for, and pairs of one's own; each literal, so that no table is kept."""
    return (b"\x83\x86" + b"\x44" + length(len(path)) + path.encode() + b"\x41\x01x"
            + literal(b"te", b"trailers") + literal(b"content-type", b"application/grpc")
            + b"".join(literal(name.encode(), value.encode()) for name, value in headers))


def bearer(key):
    return [("authorization", f"Bearer {key}")]


class Connection:
    """One connection whose client takes at most `window` bytes of each answer."""

    def __init__(self, port, window=FIRST_WINDOW, source="127.0.0.1"):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(source, 0))
        self._rest = b""
        self._next = 1
        self._stream_window = FIRST_WINDOW  # of a new stream, for what is sent
        self._windows = collections.Counter({0: FIRST_WINDOW})
        self.send(PREFACE + frame(SETTINGS, 0, 0, struct.pack(">HI", INITIAL_WINDOW_SIZE, window)))
        while self._read_frame()[0] != SETTINGS:
            pass
        self.send(frame(SETTINGS, ACK, 0))

    def send(self, data):
        self._socket.sendall(data)

    def next_stream(self):
        stream, self._next = self._next, self._next + 2
        return stream

    def call(self, path, message=b"", ended=True, headers=()):
        """Begins a call and does not wait for its answer; `ended`: no further message comes."""
        stream = self.next_stream()
        body = frame(DATA, END_STREAM if ended else 0, stream, b"\0" + struct.pack(">I", len(message)) + message)
        self.send(frame(HEADERS, END_HEADERS, stream, grpc_headers(path, headers)) + body)
        return stream

    def answer(self, path, message=b"", headers=()):
        """Makes a call and returns the bytes of its answer, with their frame; empty where the call failed."""
        stream, data = self.next_stream(), b""
        self._windows[stream] = self._stream_window
        self.send(frame(HEADERS, END_HEADERS, stream, grpc_headers(path, headers)))
        if not self._send_message(stream, b"\0" + struct.pack(">I", len(message)) + message):
            return b""
        while True:
            kind, flags, of, payload = self._read_frame()
            if of != stream:
                continue
            if kind == DATA:
                data += payload
            if kind == RST_STREAM or (kind in (DATA, HEADERS) and flags & END_STREAM):
                return data

    def _send_message(self, stream, data):
        """As fast as the server takes it; False where it ended the call before."""
        while data:
            size = min(len(data), MAX_FRAME, self._windows[0], self._windows[stream])
            if size <= 0:
                kind, flags, of, _ = self._read_frame()
                if of == stream and (kind == RST_STREAM or flags & END_STREAM):
                    return False
                continue
            piece, data = data[:size], data[size:]
            self._windows[0] -= size
            self._windows[stream] -= size
            self.send(frame(DATA, 0 if data else END_STREAM, stream, piece))
        return True

    def drop_what_came(self):
        """Reads what has arrived, without waiting; False where the server closed the connection."""
        while select.select([self._socket], [], [], 0)[0]:
            if not self._socket.recv(65536):
                return False
        return True

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
            self.send(frame(PING, ACK, 0, payload))
        if kind == WINDOW_UPDATE:
            self._windows[stream] += int.from_bytes(payload, "big")
        if kind == SETTINGS and not flags & ACK:
            self._take_settings(payload)
        return kind, flags, stream, payload

    def _take_settings(self, payload):
        for name, value in struct.iter_unpack(">HI", payload):
            if name == INITIAL_WINDOW_SIZE:
                for stream in self._windows:
                    self._windows[stream] += value - self._stream_window if stream else 0
                self._stream_window = value

    def count_ended(self, wanted, timeout_s):
        """Reads until `wanted` streams were ended by the server, or the time is over; how many were."""
        ended = set()
        deadline = time.monotonic() + timeout_s
        while len(ended) < wanted and time.monotonic() < deadline:
            self._socket.settimeout(max(0.1, deadline - time.monotonic()))
            try:
                kind, flags, stream, _ = self._read_frame()
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
                kind, _, stream, _ = self._read_frame()
            except TimeoutError:
                break
            if kind == DATA:
                answered.add(stream)
        return len(answered)

    def close(self):
        self._socket.close()
