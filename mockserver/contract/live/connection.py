"""One keep-alive HTTP connection to a live server, with its failures as errors of `live`."""

from __future__ import annotations

import email.utils
import http.client
import json
import re
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

from mockserver.contract.live.errors import LiveError, TimedOut, TlsError, Unavailable, Unreachable

BUSY = (429, 503)
FIRST_PAUSE = 0.5  # seconds before the second try if a busy server names no time; doubled for each further one


@dataclass
class Answer:
    """One HTTP answer: `kind` is the content type without parameters; names of `headers` are in lower case.

    `pairs` are the headers as received, repeated ones included.
    """

    status: int
    kind: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    pairs: Sequence[tuple[str, str]] = ()

    def json(self, otherwise: Any = None) -> Any:
        """Return the parsed body, or `otherwise` if it is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return otherwise


class Connection:
    """Sends requests to the server at `url`, such as `https://erp.example.com`; connects at the first one.

    `timeout`: seconds to wait for each answer.  `patience`: total seconds that `send_with_retry` waits for a busy
    server.  Raises ValueError for an invalid URL.
    """

    def __init__(self, url: str, timeout: float = 60, patience: float = 60) -> None:
        self.parts = _parse_url(url)
        self.url = url.rstrip("/")
        self.timeout = timeout
        self.patience = patience
        self._http: http.client.HTTPConnection | None = None

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._http is not None:
            self._http.close()
            self._http = None

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Send a request and return its answer.

        A connection that the server closed while it was idle is opened again, once.
        Raises `Unreachable`, `TlsError` or `TimedOut`.
        """
        idle = self._http is not None
        try:
            return self._exchange(method, path, headers, body)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError) as error:
            self.close()
            if not idle:
                raise self._live_error(error) from None
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise self._live_error(error) from None
        return self.send(method, path, headers, body)

    def send_with_retry(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Send as `send` does, and again to a busy server (429, 503) at the time that it names.

        Raises `Unavailable` once `patience` would be exceeded.
        """
        waited, pause = 0.0, FIRST_PAUSE
        while True:
            answer = self.send(method, path, headers, body)
            if answer.status not in BUSY:
                return answer
            named = _retry_after(answer.headers.get("retry-after"))
            wait = pause if named is None else named
            if waited + wait > self.patience:
                hint = "" if named is None else f" (it asks to try again in {named:g} s)"
                raise Unavailable(f"{self.url} is not available: it answers {answer.status}{hint}", named)
            time.sleep(wait)
            waited, pause = waited + wait, pause * 2

    def _exchange(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        if self._http is None:
            self._http = self._open()
        self._http.request(method, self.parts.path.rstrip("/") + path, body=body, headers=dict(headers))
        response = self._http.getresponse()
        pairs = response.getheaders()
        lowered = {name.lower(): value for name, value in pairs}
        kind = lowered.get("content-type", "").partition(";")[0].strip()
        return Answer(response.status, kind, response.read(), lowered, pairs)

    def _open(self) -> http.client.HTTPConnection:
        host, port = self.parts.hostname or "", self.parts.port
        if self.parts.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=self.timeout)
        return http.client.HTTPSConnection(host, port, timeout=self.timeout, context=ssl.create_default_context())

    def _live_error(self, error: Exception) -> LiveError:
        """Return the error as one of `live`."""
        if isinstance(error, ssl.SSLCertVerificationError):
            advice = "; SSL_CERT_FILE may name a file of certificates to trust"
            return TlsError(f"{self.url} has a certificate that is not trusted: {error.verify_message}{advice}")
        if isinstance(error, ssl.SSLError):
            return TlsError(f"{self.url} cannot be reached over TLS: {_reason(error)}")
        if isinstance(error, TimeoutError):
            return TimedOut(f"{self.url} did not answer within {self.timeout:g} s")
        if isinstance(error, socket.gaierror):
            return Unreachable(f"{self.url} cannot be reached: there is no host {self.parts.hostname!r}")
        if isinstance(error, ConnectionRefusedError):
            return Unreachable(f"{self.url} cannot be reached: nothing listens there")
        return Unreachable(f"{self.url} cannot be reached: {_reason(error)}")


def _parse_url(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # such as a port that is not a number
        usable = False
    if not usable:
        raise ValueError(f"{_without_login(url)!r} is not the URL of a server, such as https://erp.example.com")
    if "@" in parts.netloc:
        raise ValueError(f"{_without_login(url)}: a URL must not hold a login or password")
    return parts


def _without_login(url: str) -> str:
    """Return the URL without the part before an @, which may hold a password."""
    return re.sub(r"(//|^)[^/]*@", r"\1", url)


def _reason(error: Exception) -> str:
    if isinstance(error, http.client.RemoteDisconnected):
        return "it closes the connection without an answer"
    if isinstance(error, http.client.IncompleteRead):
        return "its answer breaks off"
    reason = getattr(error, "reason", None) or getattr(error, "strerror", None)
    return str(reason or error or type(error).__name__).replace("_", " ").lower()


def _retry_after(value: str | None) -> float | None:
    """Return the seconds of a `Retry-After` header, which holds a number or a date."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - time.time())
