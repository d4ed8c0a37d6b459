"""A proxy in front of a live server: it forwards every request and passes request and answer to a listener."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from mockserver.contract.live.connection import Answer, Connection
from mockserver.contract.live.errors import LiveError, TimedOut
from mockserver.server.exchange import RawExchange
from mockserver.server.handler import HEADERS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# headers of one connection; RFC 9110 §7.6.1
HOP_BY_HOP = {
    "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te", "trailer",
    "transfer-encoding", "upgrade", "expect",
}  # fmt: skip
# headers that would have clients use TLS, which the proxy does not offer
_TLS_HEADERS = {"strict-transport-security", "alt-svc"}
_ADDRESS_HEADERS = ("location", "content-location")
_SAFE = "".join(map(chr, range(0x21, 0x7F)))

Listener = Callable[[RawExchange], object]


class Proxy:
    """The WSGI callable; it calls `on_exchange` with each exchange, `on_error` with each failure.

    Answers 504 if the server is too slow and 502 if it cannot be reached, with the reason as text.
    """

    def __init__(
        self,
        upstream: str,
        on_exchange: Listener,
        on_error: Callable[[LiveError], object] = lambda error: None,
        timeout: float = 60,
    ) -> None:
        self.upstream = Connection(upstream, timeout)
        self._on_exchange = on_exchange
        self._on_error = on_error
        self._timeout = timeout
        self._idle: list[Connection] = []
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the connections to the server."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Forward a request; the WSGI entry point."""
        method, target, body = environ["REQUEST_METHOD"], _target(environ), environ["wsgi.input"].read()
        sent = _headers_sent(environ)
        try:
            answer = self._forward(
                method, target, self._request_headers(sent, environ), body, "CONTENT_LENGTH" in environ
            )
        except LiveError as error:
            self._on_error(error)
            return _error_answer(error, start_response)
        headers = self._response_headers(answer, environ, method)
        names = {name.lower().replace("_", "-"): value for name, value in sent}
        self._on_exchange(
            RawExchange(method, target, names, body, answer.status, answer.pairs, answer.body, _answer_time(answer))
        )
        start_response(f"{answer.status} {_phrase(answer.status)}", headers)
        return [] if method == "HEAD" else [answer.body]

    def _forward(self, method: str, target: str, headers: Mapping[str, str], body: bytes, has_body: bool) -> Answer:
        """Return the answer, over a connection that no other thread uses; raises `LiveError`."""
        with self._lock:
            connection = self._idle.pop() if self._idle else Connection(self.upstream.url, self._timeout)
        try:
            return connection.send(method, target, headers, body if body or has_body else None)
        finally:
            with self._lock:
                self._idle.append(connection)

    # -- to the server

    def _request_headers(self, sent: Iterable[tuple[str, str]], environ: Mapping[str, Any]) -> dict[str, str]:
        """Return the request headers for the server, with its address in place of that of the proxy."""
        pairs = list(sent)
        named = {
            token.strip().lower() for name, value in pairs if name.lower() == "connection" for token in value.split(",")
        }
        found: dict[str, str] = {}
        for name, value in pairs:
            key = name.lower()
            if key in HOP_BY_HOP | named or key in ("host", "content-length", "accept-encoding"):
                continue
            if key in ("origin", "referer"):
                value = value.replace(_origin(environ), self.upstream.url, 1)
            joint = "; " if key == "cookie" else ", "
            found[name] = f"{found[name]}{joint}{value}" if name in found else value
        found["Accept-Encoding"] = "identity"  # a compressed answer could not be recorded
        return found

    # -- to the client

    def _response_headers(self, answer: Answer, environ: Mapping[str, Any], method: str) -> list[tuple[str, str]]:
        """Return the answer headers for the client, with the address of the proxy in place of that of the server."""
        named = {token.strip().lower() for token in answer.headers.get("connection", "").split(",")}
        found = []
        for name, value in answer.pairs:
            key = name.lower()
            if key in HOP_BY_HOP | named | _TLS_HEADERS or (key == "content-length" and method != "HEAD"):
                continue
            if key in _ADDRESS_HEADERS:
                value = self._to_proxy_address(value, _origin(environ))
            elif key == "set-cookie":
                value = self._cookie(value)
            found.append((name, value))
        return found

    def _to_proxy_address(self, address: str, origin: str) -> str:
        """Return an address of the server as an address of the proxy; other addresses stay."""
        parts, own = urlsplit(address), self.upstream.parts
        prefix = own.path.rstrip("/")
        if parts.netloc and (parts.hostname, parts.port or _PORTS.get(parts.scheme)) != (
            own.hostname,
            own.port or _PORTS[own.scheme],
        ):
            return address
        if prefix and not (parts.path == prefix or parts.path.startswith(f"{prefix}/")):
            return address
        rest = parts.path[len(prefix) :] + (f"?{parts.query}" if parts.query else "")
        rest += f"#{parts.fragment}" if parts.fragment else ""
        return f"{origin}{rest or '/'}" if parts.netloc else rest or "/"

    def _cookie(self, value: str) -> str:
        """Return a cookie in the form that clients send back to the proxy."""
        first, *attributes = value.split(";")
        prefix = self.upstream.parts.path.rstrip("/")
        kept = [a for a in attributes if a.strip().partition("=")[0].lower() not in ("domain", "secure")]
        if prefix:
            kept = [re.sub(rf"(?i)^(\s*path=){re.escape(prefix)}(?=/|$)", r"\1", a) for a in kept]
            kept = [f"{a}/" if a.strip().lower() == "path=" else a for a in kept]
        return ";".join([first, *kept])


_PORTS = {"http": 80, "https": 443}


def _target(environ: Mapping[str, Any]) -> str:
    """Return path and query as sent, without the host of an absolute URL."""
    target = str(environ.get("RAW_URI") or environ.get("REQUEST_URI") or environ.get("PATH_INFO") or "/")
    if not target.startswith("/"):
        parts = urlsplit(target)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return quote(target, safe=_SAFE, encoding="latin-1")


def _headers_sent(environ: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the headers as received; the WSGI environ does not keep dashes and underscores apart."""
    return list(environ[HEADERS])


def _origin(environ: Mapping[str, Any]) -> str:
    host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    return f"{environ['wsgi.url_scheme']}://{host}"


def _answer_time(answer: Answer) -> datetime:
    """Return the time of the answer, by the server's clock if it sends one."""
    try:
        moment = parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, TypeError):
        return datetime.now(timezone.utc)
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _error_answer(error: LiveError, start_response: StartResponse) -> list[bytes]:
    status = HTTPStatus.GATEWAY_TIMEOUT if isinstance(error, TimedOut) else HTTPStatus.BAD_GATEWAY
    body = f"mockserver record: {error}\n".encode()
    start_response(
        f"{status.value} {status.phrase}",
        [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))],
    )
    return [body]
