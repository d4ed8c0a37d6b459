"""An app without a socket: a request goes in, and the standard library's `HTTPResponse` comes out.

A `Line` stands where a connection has its socket, so `http.client` and what builds on it need nothing else.  What
breaks on a real socket breaks here with the same exceptions, since `http.client` itself reads what a fault lets
through.
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
from mockserver.testing.transports.arriving import TIMED_OUT, Arriving

_NO_BODY = {204, 304}


class Sent(NamedTuple):
    """A request: `target` is path and query as they go over the wire, `body` whole."""

    method: str
    target: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    scheme: str = "http"

    def environ(self) -> dict[str, Any]:
        """Return the request for a WSGI callable."""
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
    """What the app said; with a `wire`, only what that lets through reaches the client."""

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
    """The one place where requests without a socket reach an app.  Safe to use from several threads.

    What the app raises is kept in its `errors` and answered by a plain 500, as on a socket.  `down` tells whether the
    server is to refuse connections.
    """

    def __init__(self, app: App, down: Callable[[], bool]) -> None:
        self.app = app
        self._errors = app.errors
        self._down = down

    def respond(self, sent: Sent, timeout: float | None = None) -> Response:
        """Return the answer to one request, its status and headers read.

        `timeout` limits the seconds of silence.  Raises ConnectionRefusedError, ConnectionResetError,
        TimeoutError and http.client's HTTPException, where a fault has it so.
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
    def patient(self) -> bool:
        """Whether a call may wait, as faults make it."""
        return self.app.guarded

    def answer(self, sent: Sent, timeout: float | None) -> Answer:
        """Perform a request; raises ConnectionRefusedError, and TimeoutError for one that takes too long."""
        self.check()
        environ = sent.environ()
        if timeout is None:
            return self._called(environ)
        if self.patient:
            return self._awaited(environ, timeout)
        started = time.monotonic()
        answer = self._called(environ)
        if time.monotonic() - started > timeout:
            raise TimeoutError(TIMED_OUT)
        return answer

    def _awaited(self, environ: dict[str, Any], timeout: float) -> Answer:
        """Return a client that gives up does not stop the call: it goes on in a thread of its own, as on a server."""
        answers: SimpleQueue[Answer] = SimpleQueue()
        work = threading.Thread(target=lambda: answers.put(self._called(environ)), daemon=True, name="mockserver call")
        work.start()
        try:
            return answers.get(timeout=timeout)
        except Empty:
            raise TimeoutError(TIMED_OUT) from None

    def _called(self, environ: dict[str, Any]) -> Answer:
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
    """What a connection has for a socket: keeps what is sent until an answer is wanted.

    `timeout`: seconds of silence after which a reader gives up; None for never.
    """

    def __init__(self, server: InProcess, timeout: float | None = None, scheme: str = "http") -> None:
        self.timeout = timeout
        self._server = server
        self._scheme = scheme
        self._data = bytearray()
        self._sent: Sent | None = None

    def ask(self, sent: Sent) -> None:
        """The next request, as a whole."""
        self._sent = sent

    def answer(self) -> tuple[Answer, float]:
        """Return what comes back, and since when the client has been waiting for it."""
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
        """Keep the bytes."""
        self._data += data

    def settimeout(self, timeout: float | None) -> None:
        """Seconds of silence."""
        self.timeout = timeout

    def makefile(self, mode: str = "rb") -> io.BufferedIOBase:
        """Nothing to read yet."""
        return io.BytesIO()

    def close(self) -> None:
        """Nothing is open."""


class Response(http.client.HTTPResponse):
    """An answer that is read from a `Line`; whole at once, unless a fault is in its way.

    `whole` tells whether it is.
    """

    whole = True

    def __init__(self, line: Line, debuglevel: int = 0, method: str | None = None, url: str | None = None) -> None:
        super().__init__(line, debuglevel, method, url)  # type: ignore[arg-type]
        self._line = line
        self._verb = method

    def begin(self) -> None:
        """Have the request answered, and read status and headers."""
        if self.headers is not None:
            return
        answer, started = self._line.answer()
        if answer.wire is None:
            self._fill(answer)
            return
        self.whole = False
        arriving = Arriving(answer.wire, answer.head(), answer.body, self._line.timeout, started)
        self.fp = io.BufferedReader(arriving)
        super().begin()

    def _fill(self, answer: Answer) -> None:
        """What `begin` does, with headers that need no parsing."""
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
    """The pieces of a chunked body."""
    start = 0
    while True:
        end = body.index(b"\r\n", start)
        size = int(body[start:end].partition(b";")[0], 16)
        if not size:
            return
        yield body[end + 2 : end + 2 + size]
        start = end + 2 + size + 2
