"""The server that is attacked, in this process: it answers requests, and tells all that can be known of an answer."""

from __future__ import annotations

import contextlib
import io
import json
import signal
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from mockserver import MockServer
from mockserver.clock import Clock
from mockserver.dialects.web import csrf
from mockserver.orm.database import Database
from mockserver.server.exchange import Exchange, NoAnswer
from mockserver.server.handler import call_app
from mockserver.services.call import Call
from tests.dialects.wire import DB, LOGIN, PASSWORD
from tests.fuzz.sent import FORM, JSON, Sent

PACKS = ("business", "helpdesk")
NOW = "2026-03-16 10:30:00"
ENDLESS_SECONDS = 20.0
SOCKET_SECONDS = 20.0  # without an answer, where one byte in a second would do


class Endless(BaseException):
    """An answer takes so long that it may never come; no handler of the server's own catches it."""


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    """Raise Endless in what takes more than `ENDLESS_SECONDS` of the processor, where the system can measure it."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(*args: object) -> None:
        raise Endless(f"no answer after {ENDLESS_SECONDS} s of the processor")

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, ENDLESS_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@dataclass
class Outcome:
    """What came of a request: status 0 if nothing was answered, `escaped` what left the WSGI app as an exception."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    seconds: float = 0.0  # of this process
    exchange: Exchange | None = None
    escaped: BaseException | None = None
    silent: bool = False  # the connection stayed open without an answer

    @property
    def media(self) -> str:
        """The media type of the answer."""
        return dict(self.headers).get("Content-Type", "").partition(";")[0]

    @property
    def result(self) -> Any:
        """The result in a JSON-RPC answer, None for an error."""
        try:
            return json.loads(self.body).get("result")
        except (ValueError, AttributeError):
            return None


class Target:
    """One server with the business packs, every REST add-on and the control API; all clients are logged in."""

    def __init__(self, profile: str) -> None:
        self.kit = MockServer(
            profile=profile, fixtures=PACKS, db=DB, rest="all", control=True, clock=Clock(seed="fuzz"), journal=200
        )
        self.app = self.kit.app
        self.profile = self.app.profile
        self.uid = self.profile.admin_id
        self.kit.clock.freeze(NOW)
        self.app.webhooks.around = lambda webhook, send: None  # nothing leaves this process
        self.exchanges: list[Exchange] = []
        self.app.observe(self.exchanges.append, changes=True)
        self.proofs: dict[str, dict[str, str]] = {}
        self.csrf = ""
        self._log_in()
        self.kit.remember()
        for model in self.database.store.models():
            self.database.store.rows(model)  # also those that are made on first use

    @property
    def database(self) -> Database:
        """The first database."""
        return self.kit.database(DB)

    def reset(self) -> None:
        """Bring back the first state."""
        self.kit.reset()
        self.exchanges.clear()

    def close(self) -> None:
        """Close the port, if it is open."""
        self.kit.stop()

    def _log_in(self) -> None:
        answer = self.ask("/web/session/authenticate", {"db": DB, "login": LOGIN, "password": PASSWORD})
        cookie = dict(answer.headers)["Set-Cookie"].partition(";")[0]
        self.proofs["session"] = {"Cookie": cookie}
        self.csrf = csrf.token(cookie.partition("=")[2])
        with contextlib.suppress(ValueError):  # a profile without API keys
            self.proofs["key"] = {"Authorization": f"Bearer {self.kit.api_key}", "X-Odoo-Database": DB}
        form = {"db": DB, "login": LOGIN, "username": LOGIN, "password": PASSWORD}
        for name, path, key in (("muk", "/muk_rest/api/authenticate", "token"),
                                ("flectra", "/flectra_rest/api/auth/get_tokens", "access_token")):  # fmt: skip
            token = json.loads(self.send(Sent(path, media=FORM, body={"form": form})).body)[key]
            self.proofs[name] = {"Token": token} if name == "muk" else {"Access-Token": token}

    # -- requests

    def ask(self, path: str, params: Any) -> Outcome:
        """Send the parameters of a JSON-RPC request."""
        return self.send(Sent(path, media=JSON, body={"json": {"id": 1, "params": params}}))

    def send(self, sent: Sent) -> Outcome:
        """Send a request to the app, or as bytes to the socket."""
        del self.exchanges[:]
        started = time.process_time()
        outcome = self._over_socket(sent.written()) if sent.raw else self._in_process(sent)
        outcome.seconds = time.process_time() - started
        outcome.exchange = self.exchanges[-1] if self.exchanges else None
        return outcome

    def _in_process(self, sent: Sent) -> Outcome:
        proof = self.proofs.get(sent.login, {})
        query = sent.query
        if "Token" in proof:
            query = f"{query}&{urlencode({'token': proof['Token']})}".lstrip("&")
        content = sent.content().replace(b"CSRF-TOKEN", self.csrf.encode())
        environ = _environ(sent, query, content, {**sent.headers, **proof})
        try:
            with _limited():
                status, headers, body = call_app(self.kit._control or self.app, environ)
        except NoAnswer:
            return Outcome()
        except (Exception, Endless) as error:
            return Outcome(escaped=error)
        return Outcome(int(status[:3]), headers, body)

    def _over_socket(self, data: bytes) -> Outcome:
        if not self.kit.running:
            self.kit.start()
        assert self.kit._http is not None
        with socket.create_connection(("127.0.0.1", self.kit._http.port), SOCKET_SECONDS) as client:
            received = b""
            try:
                with contextlib.suppress(ConnectionError):  # the server may refuse before it has read everything
                    client.sendall(data)
                    client.shutdown(socket.SHUT_WR)
                while piece := client.recv(1 << 20):
                    received += piece
            except ConnectionError:
                pass
            except TimeoutError:
                return Outcome(silent=True)
        return _answer(received)


def _environ(sent: Sent, query: str, content: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    # WSGI has the bytes of the path as latin-1
    path = sent.path.encode("utf-8", "surrogatepass").decode("latin-1")
    made = {
        "REQUEST_METHOD": sent.verb, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8069", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http",
        "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost", "CONTENT_TYPE": sent.media,
        "CONTENT_LENGTH": str(len(content)), "wsgi.input": io.BytesIO(content),
    }  # fmt: skip
    return {**made, **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}}


def _answer(received: bytes) -> Outcome:
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
    pairs = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])]
    return Outcome(status, pairs, body)


def call_of(outcome: Outcome) -> Call | None:
    """Return the call that a request was, if it came that far."""
    return outcome.exchange.call if outcome.exchange is not None else None
