"""A fake of the API: the real protocol over a loopback socket, with failures on demand.

Tests compare the journal with the packages that it has created.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import select
import socket
import struct
import threading
import time
from collections import deque
from contextlib import suppress
from typing import NamedTuple

KEY = "key-of-the-tests"
SECRET = "a-s3cr3t-that-n0body-sees"  # noqa: S105 - of a server that is here

PATH = "/rosetta-open/sampling/create"

#: A signature is fresh for five minutes.
FRESH = 5 * 60 * 1000

MESSAGES = {
    2000: "Success",
    5000: "Service error",
    5606: "The remaining tasks in the current working pool are 0 and cannot be assigned",
    53003: "Annotation request has not exists.",
    55005: "Pool not found",
    57008: "Sampling Package not found.",
    57015: "Choose one of sampleRatio and samplingQuantity",
    401: "Signature error",
    402: "Authentication failed",
    403: "Signature expired",
}

#: What a request can meet. Before `create` nothing is made; the others come after it.
BEFORE = (
    "drop-unread",
    "reset-unread",
    "drop-before",
    "html",
    "redirect",
    "empty",
    "not-json",
    "no-code",
    "echo",
    "busy",
    "too-many",
    "bad-status",
    "bad-header",
    "bad-type",
    "bad-encoding",
    "bad-location",
    "escaped",
    "padded",
    "wide",
)
AFTER = (
    "drop-after",
    "reset-after",
    "half",
    "wrong-length",
    "slow",
    "huge",
    "late",
    "failed",
    "bad-chunk",
    "bomb",
    "script",
    "giants",
    "twice",
    "switch",
    "patience",
    "endless",
)


#: Unpacks to a gigabyte.
BOMB = gzip.compress(gzip.compress(bytes(1024 * 1024), 9) * 1024, 9)


class Received(NamedTuple):
    """A request that was read completely."""

    path: str
    headers: dict[str, str]
    body: bytes


class FakeApi:
    """Serves on its own port; the next requests get `failures`, one each.

    A failure is one of `BEFORE` or `AFTER`, a code to answer with, or nothing. `created` are the
    bodies of which packages were made, by the packages' ids.
    """

    def __init__(self, *, delay=0.0, tls=None, now=time.time):
        self.failures = deque()
        self.failure_for = lambda _body: None
        self.delay = delay
        self.received = []
        self.created = {}
        self.clock = lambda: int(now() * 1000)
        self._tls = tls
        self._lock = threading.Lock()
        self._serving = []
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._socket.getsockname()[1]
        self.is_open = True
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def base_url(self):
        return f"http{'s' if self._tls else ''}://127.0.0.1:{self.port}"

    @property
    def environment(self):
        """The environment variables for sending here."""
        return {
            "ROSETTA_BASE_URL": self.base_url,
            "ROSETTA_ACCESS_KEY": KEY,
            "ROSETTA_SECRET_KEY": SECRET,
        }

    def close(self):
        self.is_open = False
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _serve(self):
        while self.is_open:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            serving = threading.Thread(target=self._answer, args=(connection,), daemon=True)
            serving.start()
            self._serving.append(serving)

    def wait_until_idle(self):
        """Wait until every exchange has ended, also those that are not accepted yet."""
        # Connections are accepted in their order.
        with socket.create_connection(("127.0.0.1", self.port)) as last:
            last.shutdown(socket.SHUT_WR)
            last.recv(1)
        for serving in list(self._serving):
            serving.join()

    def _answer(self, connection):
        with suppress(OSError):
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            # The client may have closed the connection already.
            with connection:
                connection.settimeout(60)
                self._handle(connection)

    def _handle(self, connection):
        failure = self._next_failure()
        if failure in {"drop-unread", "reset-unread"}:
            _is_gone(connection, 10)
            if failure == "reset-unread":
                _reset(connection)
            return
        received = _read(connection)
        if received is None:
            return
        with self._lock:
            self.received.append(received)
        failure = failure or self.failure_for(received.body)
        time.sleep(self.delay)
        if failure in BEFORE:
            self._fail_before(connection, failure, received)
            return
        code = failure if isinstance(failure, int) else self._verify(received)
        content = self._envelope(code, received.body)
        if failure in AFTER and code == 2000:
            self._fail_after(connection, failure, content, received.headers["x-sign"])
        else:
            connection.sendall(_response(content))

    def _next_failure(self):
        with self._lock:
            return self.failures.popleft() if self.failures else None

    def _verify(self, received):
        """Verify the signature and its time as the API does."""
        headers = received.headers
        stamp = headers.get("x-ts", "")
        text = f"{stamp}&{SECRET}&{headers.get('x-stardust-key')}"
        if headers.get("x-stardust-key") != KEY:
            return 402
        if headers.get("x-sign") != hashlib.md5(text.encode()).hexdigest():  # noqa: S324 - theirs
            return 401
        if abs(self.clock() - int(stamp)) > FRESH:
            return 403
        assert received.path == PATH
        assert headers["content-type"] == "application/json"
        request = json.loads(received.body)
        return 57015 if {"samplingRatio", "samplingQuantity"} <= request.keys() else 2000

    def _envelope(self, code, body):
        data = None
        if code == 2000:
            with self._lock:
                package = 234234123133374715904 + len(self.created)
                self.created[package] = body
            data = {"samplingPackageId": package, "sceneIdList": [1, 2, 3]}
        answer = {
            "code": code,
            "message": MESSAGES.get(code, "Something else"),
            "data": data,
            "date": "2025-03-13 20:00:00",
            "requestId": f"request-{len(self.received)}",
            "success": code == 2000,
        }
        return json.dumps(answer).encode()

    def _fail_before(self, connection, failure, received):
        if failure == "html":
            page = b"<html>\r\n<h1>502 \x1b[31mBad Gateway\x07</h1></html>"
            connection.sendall(_response(page, "502 Bad Gateway", "text/html; charset=utf-8"))
        elif failure == "redirect":
            location = f"Location: {self.base_url}{PATH}"
            connection.sendall(_response(b"", "307 Temporary Redirect", "text/html", location))
        elif failure == "empty":
            connection.sendall(_response(b""))
        elif failure == "not-json":
            connection.sendall(_response(b'{"code": 2000,'))
        elif failure == "no-code":
            connection.sendall(_response(b'{"status": "ok", "code": "\xff"}'))
        elif failure == "echo":
            lines = [f"{name}: {value}" for name, value in received.headers.items()]
            page = "\n".join([f"X-SECRET: {SECRET}", f"sign {received.headers['x-sign']}", *lines])
            connection.sendall(_response(page.encode(), "403 Forbidden", "text/plain"))
        elif failure == "busy":
            connection.sendall(_response(self._envelope(5000, b"")))
        elif failure == "too-many":
            page = b"<h1>Too many requests</h1>"
            more = "Retry-After: 7"
            connection.sendall(_response(page, "429 Too Many Requests", "text/html", more))
        else:
            connection.sendall(self._echo(failure, received.headers["x-sign"]))

    @staticmethod
    def _echo(failure, sign):
        """Repeat the signature where it belongs least; it is in a line that is cut, too."""
        escaped = "".join(f"\\u{ord(each):04x}" for each in f"{SECRET} {sign}")
        return {
            "drop-before": b"",
            "bad-status": f"HTTP/1.1 {sign} {SECRET}\r\n\r\n".encode(),
            "bad-header": f"HTTP/1.1 200 OK\r\n{sign} {SECRET}\r\n\r\n".encode(),
            "bad-type": _response(b"x", "200 OK", f"{sign.upper()};{SECRET}"),
            "bad-encoding": _response(b"x", "200 OK", "x", f"Content-Encoding: {sign}{SECRET}"),
            "bad-location": _response(b"x", "302 Found", "x", f"Location: {sign}/{SECRET}"),
            "escaped": _response(f'{{"message": "{escaped}"}}'.encode()),
            "padded": _response(b" " * (16 * 1024 - 16) + f"{sign}{SECRET}".encode()),
            "wide": _response(f"<{sign}{SECRET}>".encode("utf-16-le")),
        }[failure]

    def _fail_after(self, connection, failure, content, sign):
        whole = _response(content)
        if failure == "reset-after":
            _reset(connection)
        elif failure == "slow":
            self._trickle(connection, whole)
        elif failure == "huge":
            connection.sendall(whole.replace(b"Content-Length: ", b"Content-Length: 1073741824000"))
            with suppress(OSError):
                for _ in range(1024):
                    connection.sendall(bytes(1024 * 1024))
        elif failure == "late":
            self._wait_for_end(connection)
        elif failure == "endless":
            # Without a length, the body ends with the connection.
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + content)
            self._wait_for_end(connection)
        elif failure == "patience":
            while self.is_open and not _is_gone(connection, 0.001):
                connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        else:
            connection.sendall(self._damaged(failure, content, sign))

    def _damaged(self, failure, content, sign):
        whole = _response(content)
        chunked = whole.partition(b"Content-Length")[0] + b"Transfer-Encoding: chunked\r\n\r\n"
        giant = b'{"other": 1e99999999999999999999999, "x": [-1e-99999999999999999999999], '
        kind = "application/json"
        return {
            "drop-after": b"",
            "half": whole[: len(whole) - len(content) // 2],
            "wrong-length": whole.replace(b"Content-Length: ", b"Content-Length: 9"),
            "failed": _response(self._envelope(5000, b"")),
            "bad-chunk": chunked + f"{sign} {SECRET}\r\n".encode() + content,
            "bomb": _response(BOMB, "200 OK", kind, "Content-Encoding: gzip, gzip"),
            "script": _response(content, "302 Found", kind, "Location: javascript:alert(1)"),
            "giants": _response(giant + content[1:]),
            "twice": _response(b'{"code": 5606, ' + content[1:]),
            "switch": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" + whole,
        }[failure]

    def _trickle(self, connection, whole):
        """Send a byte now and then; the header never ends."""
        for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 10_000:
            connection.sendall(bytes([byte]))
            if _is_gone(connection, 0.05) or not self.is_open:
                return
        connection.sendall(whole)

    def _wait_for_end(self, connection):
        while self.is_open and not _is_gone(connection, 0.1):
            continue


def _is_gone(connection, seconds):
    """Wait until the client has closed, or sent something."""
    readable, _, _ = select.select([connection], [], [], seconds)
    return bool(readable)


def _reset(connection):
    """Close with RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _read(connection):
    """Read a complete request; None if the client closes before its end."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    while len(body) < int(headers.get("content-length", "0")):
        piece = connection.recv(65536)
        if not piece:
            return None
        body += piece
    return Received(first.split(" ")[1], headers, body)


def _response(content, status="200 OK", kind="application/json", *more):
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(content)}",
        "Connection: close",
        *more,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content
