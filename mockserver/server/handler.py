"""The HTTP handler of one connection, which stays open for further requests.

Werkzeug's own request handler closes every connection, which makes a sequential client 2.6-3 times slower
(its `run_wsgi` cannot know whether the app read the body).  Here the whole body is read before the app is
called, so the connection can stay open.
"""

from __future__ import annotations

import contextlib
import io
import socket
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler

from mockserver.server.arrival import Arrival
from mockserver.server.exchange import WIRE, NoAnswer, Wire

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from mockserver.server.serving import KeepAliveServer

# environ key of the headers as received: WSGI's own keys do not tell a dash from an underscore
HEADERS = "mockserver.headers"
IDLE_SECONDS = 30.0  # an open connection without a request
LINGER_SECONDS = 1.0  # how long a refused client may continue sending before the connection is closed

_NO_BODY = {204, 304}


class Refused(Exception):
    """A request that does not reach the app: `status` and one line of text for the client."""

    def __init__(self, status: HTTPStatus, text: str) -> None:
        super().__init__(text)
        self.status = status


def call_app(app: WSGIApplication, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
    """Return status, headers and body of an app's answer; raises what the app raises."""
    started: list[Any] = []
    pieces: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[..., Any]:
        started[:] = [status, headers]
        return pieces.append

    iterable: Iterable[bytes] = app(environ, start_response)
    try:
        pieces.extend(iterable)
    finally:
        close = getattr(iterable, "close", None)
        if close is not None:
            close()
    status, headers = started
    return status, list(headers), b"".join(pieces)


class KeepAliveHandler(WSGIRequestHandler):
    """Reads a complete request, calls the app, writes the answer at once, and waits for the next request."""

    server: KeepAliveServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS

    def setup(self) -> None:
        """Read from the connection within limits of time."""
        super().setup()
        self.rfile.close()
        self._arrival = Arrival(self.connection)
        self.rfile = io.BufferedReader(self._arrival)

    def handle_one_request(self) -> None:
        """Answer one request; sets `close_connection`."""
        self.close_connection = True
        line = self.rfile.readline(65537)
        if line in (b"\r\n", b"\n"):  # some clients end a body with a stray newline
            line = self.rfile.readline(65537)
        if not line or self._cut_off():
            return
        self.raw_requestline = line
        self.requestline, self.request_version, self.command = "", "HTTP/1.1", ""
        try:
            if len(line) > 65536:
                raise Refused(HTTPStatus.REQUEST_URI_TOO_LONG, "the request line is too long")
            if self.parse_request():
                self._answer()
        except Refused as refusal:
            if not self._cut_off():
                self._refuse(refusal.status, str(refusal))

    def _cut_off(self) -> bool:
        """Return whether the server was stopped before the whole request was there, so that it gets no answer."""
        return self.server.stopping and self._arrival.ended

    def _answer(self) -> None:
        environ = self._environ(self._read_body())
        if self._cut_off():
            return
        self._arrival.complete()
        try:
            status, headers, content = self._call_app(environ)
        except NoAnswer as cut:
            self.close_connection = True
            cut.wire.send(self, b"", b"")
            return
        wire: Wire | None = environ.get(WIRE)
        if wire is not None:
            self.close_connection = True
            wire.send(self, self._head(status, headers, content), content)
            return
        tokens = self.headers.get("Connection", "").lower()
        closing = "close" in tokens or any(key.lower() == "connection" and value == "close" for key, value in headers)
        if closing or self.server.stopping:
            self.close_connection = True
        self._write(status, headers, content)

    # -- request ---------------------------------------------------------------------------------

    def handle_expect_100(self) -> bool:
        """Do nothing: `100 Continue` is sent later, after the announced length was checked."""
        return True

    def _read_body(self) -> bytes:
        codings = self.headers.get("Transfer-Encoding")
        if codings is not None:
            if "Content-Length" in self.headers:
                raise Refused(HTTPStatus.BAD_REQUEST, "Content-Length and Transfer-Encoding cannot be combined")
            if codings.strip().lower() != "chunked":
                raise Refused(HTTPStatus.NOT_IMPLEMENTED, "the only supported Transfer-Encoding is chunked")
        length = self._content_length()
        if length == 0 and codings is None:
            return b""
        if self.headers.get("Expect", "").strip().lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        try:
            return self._read_chunks() if codings is not None else self._read_exactly(length)
        except TimeoutError:
            raise Refused(HTTPStatus.REQUEST_TIMEOUT, "the request body did not arrive") from None

    def _content_length(self) -> int:
        lengths = set(self.headers.get_all("Content-Length", ["0"]))
        text = lengths.pop().strip()
        # int() would also take "+1", "1_0" and digits of other scripts
        if lengths or not (text.isascii() and text.isdigit()):
            raise Refused(HTTPStatus.BAD_REQUEST, "Content-Length is not one number")
        length = int(text[:100])  # Python refuses to convert thousands of digits
        self._check_size(length)
        return length

    def _check_size(self, size: int) -> None:
        limit = self.server.max_body
        if size > limit:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body limit is {limit} bytes")

    def _read_exactly(self, length: int) -> bytes:
        body = self.rfile.read(length)
        if len(body) < length:
            raise Refused(HTTPStatus.BAD_REQUEST, "the request body is shorter than its Content-Length")
        return body

    def _read_chunks(self) -> bytes:
        body = bytearray()
        while size := self._read_chunk_size():
            self._check_size(len(body) + size)
            body += self._read_exactly(size)
            if self.rfile.readline(3) not in (b"\r\n", b"\n"):
                raise Refused(HTTPStatus.BAD_REQUEST, "a chunk of the request body has no end")
        for _ in range(100):  # trailer fields, which are ignored
            if self.rfile.readline(65537) in (b"\r\n", b"\n", b""):
                return bytes(body)
        raise Refused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "too many trailer fields")

    def _read_chunk_size(self) -> int:
        digits = self.rfile.readline(4096).split(b";")[0].strip()
        if not 0 < len(digits) <= 16 or digits.strip(b"0123456789abcdefABCDEF"):
            raise Refused(HTTPStatus.BAD_REQUEST, "the chunked request body is malformed")
        return int(digits, 16)

    def _environ(self, body: bytes) -> dict[str, Any]:
        try:
            environ = self.make_environ()
        except ValueError:  # urlsplit refuses targets such as "http://[x"
            raise Refused(HTTPStatus.BAD_REQUEST, "the request target is malformed") from None
        if environ.pop("HTTP_TRANSFER_ENCODING", None) is not None:
            environ["CONTENT_LENGTH"] = str(len(body))
        # werkzeug drops header names with an underscore; real servers accept them, and REST clients send tokens in them
        for name in self.headers.keys():  # noqa: SIM118  (a message is not a mapping; its items take ten times as long)
            if "_" in name:
                environ.setdefault(f"HTTP_{name.upper().replace('-', '_')}", self.headers[name])
        environ[HEADERS] = self.headers
        environ["wsgi.input"] = io.BytesIO(body)
        environ["wsgi.input_terminated"] = True
        return environ

    # -- answer ----------------------------------------------------------------------------------

    def _call_app(self, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
        try:
            return call_app(self.server.app, environ)
        except NoAnswer:
            raise
        except BaseException as error:  # pytest.fail() in an override is not an Exception
            self.server.errors.append(error)
            raise Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal Server Error") from None

    def _write(self, status: str, headers: list[tuple[str, str]], content: bytes) -> None:
        head = self._head(status, headers, content)
        bodiless = self.command == "HEAD" or int(status[:3]) in _NO_BODY
        # one write: with two, the second waits for the acknowledgement of the first (40 ms per call)
        self.wfile.write(head if bodiless else head + content)

    def _head(self, status: str, headers: list[tuple[str, str]], content: bytes) -> bytes:
        """Return the status line and the headers, including those that describe the connection."""
        names = {key.lower() for key, _ in headers}
        if "content-length" not in names and int(status[:3]) not in _NO_BODY:
            headers.append(("Content-Length", str(len(content))))
        if "date" not in names:
            headers.append(("Date", self.server.date()))
        if "connection" not in names:
            if self.close_connection:
                headers.append(("Connection", "close"))
            elif self.request_version == "HTTP/1.0":
                headers.append(("Connection", "keep-alive"))
        lines = [f"HTTP/1.1 {status}", *(f"{key}: {value}" for key, value in headers), "", ""]
        # headers have no other characters; a URL is quoted before, of anything else a client needs no more
        return "\r\n".join(lines).encode("latin-1", "replace")

    def _refuse(self, status: HTTPStatus, text: str) -> None:
        """Send a short text and close the connection after the client has had time to read it."""
        self.close_connection = True
        headers = [("Content-Type", "text/plain; charset=utf-8")]
        self._write(f"{status.value} {status.phrase}", headers, f"{text}\n".encode())
        self._linger()

    def _linger(self) -> None:
        # closing with unread input resets the connection, and the client would lose the answer
        deadline = time.monotonic() + LINGER_SECONDS
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            while (left := deadline - time.monotonic()) > 0:
                self.connection.settimeout(left)
                if not self.connection.recv(1 << 20):
                    break

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse a malformed request line or header; called by the base class."""
        status = HTTPStatus(code)
        self._refuse(status, message or status.phrase)

    def log(self, type: str, message: str, *args: Any) -> None:
        """Log nothing: the app logs calls, which is what a test author wants to read."""
