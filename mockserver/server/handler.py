"""The HTTP handler of one connection, which stays open for further requests.

Werkzeug's own request handler closes every connection, which makes a sequential client 2.6-3 times slower
(its `run_wsgi` cannot know whether the app read the body).  Here the whole body is read before the app is
called, so the connection can stay open.  `head.py` reads what comes before it.
"""

from __future__ import annotations

import contextlib
import io
import socket
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from werkzeug.serving import WSGIRequestHandler

from mockserver.server.arrival import Arrival
from mockserver.server.exchange import WIRE, NoAnswer, Wire
from mockserver.server.head import Head, Refused, read_head

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from mockserver.server.serving import KeepAliveServer

# environ key of the headers as received: WSGI's own keys do not tell a dash from an underscore
HEADERS = "mockserver.headers"
IDLE_SECONDS = 30.0  # an open connection without a request
LINGER_SECONDS = 1.0  # how long a refused client may continue sending before the connection is closed

_NO_BODY = ("204", "304")


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
        host, port = self.server.server_address[:2]
        self._environ_of_connection = {
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr, "wsgi.multithread": True,
            "wsgi.multiprocess": False, "wsgi.run_once": False, "wsgi.input_terminated": True,
            "werkzeug.socket": self.connection, "SERVER_SOFTWARE": self.server_version, "SERVER_NAME": host,
            "SERVER_PORT": str(port), "REMOTE_ADDR": self.client_address[0], "REMOTE_PORT": self.client_address[1],
            "SCRIPT_NAME": "",
        }  # fmt: skip
        self._target, self._environ_of_target = "", dict[str, str]()

    def handle_one_request(self) -> None:
        """Answer one request; sets `close_connection`."""
        self.close_connection = True
        line = self.rfile.readline(65537)
        if line in (b"\r\n", b"\n"):  # some clients end a body with a stray newline
            line = self.rfile.readline(65537)
        if not line or self._cut_off():
            return
        self.command, self.request_version = "", "HTTP/1.1"
        try:
            head = read_head(self.rfile, line)
            if head is not None:
                self.command, self.request_version = head.verb, head.protocol
                self._answer(head)
        except Refused as refusal:
            if not self._cut_off():
                self._refuse(refusal.status, str(refusal))

    def _cut_off(self) -> bool:
        """Return whether the server was stopped before the whole request was there, so that it gets no answer."""
        return self.server.stopping and self._arrival.ended

    def _answer(self, head: Head) -> None:
        environ = self._environ(head, self._read_body(head.fields))
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
        self.close_connection = not head.stays or self.server.stopping
        self._write(status, headers, content)

    # -- request ---------------------------------------------------------------------------------

    def _read_body(self, fields: Mapping[str, str]) -> bytes:
        codings = fields.get("HTTP_TRANSFER_ENCODING")
        if codings is not None:
            if "CONTENT_LENGTH" in fields:
                raise Refused(HTTPStatus.BAD_REQUEST, "Content-Length and Transfer-Encoding cannot be combined")
            if codings.strip().lower() != "chunked":
                raise Refused(HTTPStatus.NOT_IMPLEMENTED, "the only supported Transfer-Encoding is chunked")
        length = self._content_length(fields.get("CONTENT_LENGTH", "0").strip())
        if length == 0 and codings is None:
            return b""
        if fields.get("HTTP_EXPECT", "").strip().lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        try:
            return self._read_chunks() if codings is not None else self._read_exactly(length)
        except TimeoutError:
            raise Refused(HTTPStatus.REQUEST_TIMEOUT, "the request body did not arrive") from None

    def _content_length(self, text: str) -> int:
        # int() would also take "+1", "1_0" and digits of other scripts
        if not (text.isascii() and text.isdigit()):
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

    def _environ(self, head: Head, body: bytes) -> dict[str, Any]:
        if head.target != self._target:  # a client sends most of its requests to the same one
            self._target, self._environ_of_target = head.target, environ_of(head.target)
        environ = {**self._environ_of_connection, **head.fields, **self._environ_of_target}
        environ["REQUEST_METHOD"], environ["SERVER_PROTOCOL"] = self.command, self.request_version
        if environ.pop("HTTP_TRANSFER_ENCODING", None) is not None:
            environ["CONTENT_LENGTH"] = str(len(body))
        for name, value in head.headers:
            if "_" in name:  # real servers accept them, and REST clients send tokens in them
                environ.setdefault(f"HTTP_{name.upper().replace('-', '_')}", value)
        environ[HEADERS] = head.headers
        environ["wsgi.input"] = io.BytesIO(body)
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
        bodiless = self.command == "HEAD" or status[:3] in _NO_BODY
        # one write: with two, the second waits for the acknowledgement of the first (40 ms per call)
        self.wfile.write(head if bodiless else head + content)

    def _head(self, status: str, headers: list[tuple[str, str]], content: bytes) -> bytes:
        """Return the status line and the headers, including those that describe the connection.

        Sets `close_connection` if the app closes it.
        """
        given = {key.lower(): value for key, value in headers}
        if "content-length" not in given and status[:3] not in _NO_BODY:
            headers.append(("Content-Length", str(len(content))))
        if "date" not in given:
            headers.append(("Date", self.server.date()))
        if given.get("connection") == "close":
            self.close_connection = True
        elif "connection" not in given:
            if self.close_connection:
                headers.append(("Connection", "close"))
            elif self.request_version == "HTTP/1.0":
                headers.append(("Connection", "keep-alive"))
        lines = [f"HTTP/1.1 {status}", *[f"{key}: {value}" for key, value in headers], "", ""]
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


def environ_of(target: str) -> dict[str, str]:
    """Return what WSGI says of the target of a request; raises `Refused`."""
    try:
        url = urlsplit(target)
    except ValueError:  # such as "http://[x"
        raise Refused(HTTPStatus.BAD_REQUEST, "the request target is malformed") from None
    texts = {"PATH_INFO": unquote(url.path), "QUERY_STRING": url.query, "REQUEST_URI": target, "RAW_URI": target}
    if url.scheme and url.netloc:
        texts["HTTP_HOST"] = url.netloc
    return {key: text.encode().decode("latin-1") for key, text in texts.items()}
