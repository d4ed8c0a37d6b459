"""An app without a socket: a request goes in, and the standard library's `HTTPResponse` comes out.

A `Line` replaces the socket of a connection, so `http.client` and libraries based on it work unchanged.  Faults raise
the same exceptions as on a real socket, since `http.client` itself reads the incomplete answers.
"""

from __future__ import annotations

import errno
import http.client
import io
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from email.utils import formatdate
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple
from urllib.parse import unquote

from mockserver.server.app import App
from mockserver.server.exchange import WIRE, NoAnswer
from mockserver.server.handler import call_app
from mockserver.testing.transports.wire_stream import TIMED_OUT, WireStream

_NO_BODY = {204, 304}


class Sent(NamedTuple):
    """A request: `target` is the encoded path and query, `body` the whole body."""

    method: str
    target: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    scheme: str = "http"

    def environ(self) -> dict[str, Any]:
        """Return the request as a WSGI environ."""
        path, _, query = self.target.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(path).encode().decode("latin-1") if "%" in path else path,
            "QUERY_STRING": query,
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": self.scheme,
            "wsgi.input": io.BytesIO(self.body),
            "wsgi.input_terminated": True,
        }
        for name, value in self.headers:
            key = name.upper().replace("-", "_")
            if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
                key = f"HTTP_{key}"
            environ[key] = f"{environ[key]},{value}" if key in environ else value
        if environ.pop("HTTP_TRANSFER_ENCODING", None) is not None:
            environ["CONTENT_LENGTH"] = str(len(self.body))
        host = environ.get("HTTP_HOST", "")
        name, colon, port = host.rpartition(":")
        if not colon or not port.isdigit():
            name, port = host, "443" if self.scheme == "https" else "80"
        environ["SERVER_NAME"], environ["SERVER_PORT"] = name or "localhost", port
        return environ


class Answer(NamedTuple):
    """The answer of the app; with a `wire`, the client receives only what the wire sends."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    wire: Any = None  # a `wires.Wire`

    def head(self) -> bytes:
        """Status line and headers, as a server sends them before it closes the connection; empty without a status."""
        if not self.status:
            return b""
        headers = [*self.headers, ("Date", formatdate(usegmt=True)), ("Connection", "close")]
        lines = [f"HTTP/1.1 {self.status}", *(f"{key}: {value}" for key, value in headers), "", ""]
        return "\r\n".join(lines).encode("latin-1")


class InProcess:
    """An app that is called without a socket.  Safe to use from several threads.

    An exception of the app is kept in its `errors` and answered by a plain 500, as on a socket.  `down` returns
    whether the server refuses connections.
    """

    def __init__(self, app: App, down: Callable[[], bool]) -> None:
        self.app = app
        self._errors = app.errors
        self._down = down

    def respond(self, sent: Sent, timeout: float | None = None) -> Response:
        """Return the answer to one request, its status and headers read.

        `timeout` limits the seconds of silence.  Raises ConnectionRefusedError, ConnectionResetError,
        TimeoutError and http.client's HTTPException, as faults cause them.
        """
        line = Line(self, timeout, sent.scheme)
        line.ask(sent)
        response = Response(line, method=sent.method)
        response.begin()
        return response

    def check(self) -> None:
        """Raise ConnectionRefusedError while the server is down."""
        if self._down():
            raise ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))

    @property
    def may_wait(self) -> bool:
        """Whether a call may wait, since there are faults."""
        return self.app.guarded

    def answer(self, sent: Sent, timeout: float | None) -> Answer:
        """Perform a request; raises ConnectionRefusedError, and TimeoutError for one that takes too long."""
        self.check()
        environ = sent.environ()
        if timeout is None:
            return self._performed(environ)
        if self.may_wait:
            return self._performed_in_thread(environ, timeout)
        started = time.monotonic()
        answer = self._performed(environ)
        if time.monotonic() - started > timeout:
            raise TimeoutError(TIMED_OUT)
        return answer

    def _performed_in_thread(self, environ: dict[str, Any], timeout: float) -> Answer:
        """Perform the call in a thread, where it continues after a timeout, as on a server; raises TimeoutError."""
        answers: SimpleQueue[Answer] = SimpleQueue()
        work = threading.Thread(
            target=lambda: answers.put(self._performed(environ)), daemon=True, name="mockserver call"
        )
        work.start()
        try:
            return answers.get(timeout=timeout)
        except Empty:
            raise TimeoutError(TIMED_OUT) from None

    def _performed(self, environ: dict[str, Any]) -> Answer:
        try:
            status, headers, body = call_app(self.app, environ)
        except NoAnswer as cut:
            return Answer("", [], b"", cut.wire)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # pytest.fail() in an override is no Exception
            self._errors.append(error)
            text = b"Internal Server Error\n"
            status, headers, body = "500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")], text
        if int(status[:3]) not in _NO_BODY and not any(key.lower() == "content-length" for key, _ in headers):
            headers.append(("Content-Length", str(len(body))))
        return Answer(status, headers, body, environ.get(WIRE))


class Line:
    """The replacement of a connection's socket: keeps the bytes of a request until the answer is read.

    `timeout`: seconds without a byte after which a read raises TimeoutError; None for no limit.
    """

    def __init__(self, server: InProcess, timeout: float | None = None, scheme: str = "http") -> None:
        self.timeout = timeout
        self._server = server
        self._scheme = scheme
        self._data = bytearray()
        self._sent: Sent | None = None

    def ask(self, sent: Sent) -> None:
        """Set the next request, in place of the bytes of `sendall`."""
        self._sent = sent

    def answer(self) -> tuple[Answer, float]:
        """Perform the request; return the answer and the time when the client began to wait for it."""
        sent = self._sent or self._read()
        self._sent = None
        started = time.monotonic()
        return self._server.answer(sent, self.timeout), started

    def _read(self) -> Sent:
        head, _, body = bytes(self._data).partition(b"\r\n\r\n")
        self._data.clear()
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        parted = [line.partition(":") for line in lines]
        headers = [(name, value.strip()) for name, _, value in parted]
        if any(name.lower() == "transfer-encoding" for name, _ in headers):
            body = b"".join(_chunks(body))
        return Sent(method, target, headers, body, self._scheme)

    # -- as a socket -------------------------------------------------------------------------------

    def sendall(self, data: bytes) -> None:
        """Add bytes to the request."""
        self._data += data

    def settimeout(self, timeout: float | None) -> None:
        """Set the timeout."""
        self.timeout = timeout

    def makefile(self, mode: str = "rb") -> io.BufferedIOBase:
        """Return an empty stream, which `Response` replaces."""
        return io.BytesIO()

    def close(self) -> None:
        """Do nothing."""


class Response(http.client.HTTPResponse):
    """An answer that is read from a `Line`, in full at once unless a fault applies to it.

    `whole` is False where a fault applies.
    """

    whole = True

    def __init__(self, line: Line, debuglevel: int = 0, method: str | None = None, url: str | None = None) -> None:
        super().__init__(line, debuglevel, method, url)  # type: ignore[arg-type]
        self._line = line
        self._verb = method

    def begin(self) -> None:
        """Perform the request, and read status and headers of the answer."""
        if self.headers is not None:
            return
        answer, started = self._line.answer()
        if answer.wire is None:
            self._fill(answer)
            return
        self.whole = False
        stream = WireStream(answer.wire, answer.head(), answer.body, self._line.timeout, started)
        self.fp = io.BufferedReader(stream)
        super().begin()

    def _fill(self, answer: Answer) -> None:
        """Set what `begin` of the base class sets, without parsing."""
        code, _, self.reason = answer.status.partition(" ")
        self.code = self.status = int(code)
        self.version = 11
        self.headers = self.msg = http.client.HTTPMessage()
        self.will_close = False
        for name, value in answer.headers:
            self.headers[name] = value
            if name.lower() == "connection":
                self.will_close = value.lower() == "close"
        self.chunked, self.chunk_left = False, None
        bodiless = self._verb == "HEAD" or self.status in _NO_BODY
        self.length = 0 if bodiless else len(answer.body)
        self.fp = io.BufferedReader(io.BytesIO(answer.body))


def _chunks(body: bytes) -> Iterator[bytes]:
    """Yield the pieces of a chunked body."""
    start = 0
    while True:
        end = body.index(b"\r\n", start)
        size = int(body[start:end].partition(b";")[0], 16)
        if not size:
            return
        yield body[end + 2 : end + 2 + size]
        start = end + 2 + size + 2
