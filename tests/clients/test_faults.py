"""What clients raise when a call meets a fault, and that the server is as well afterwards as before."""

from __future__ import annotations

import http.client
import threading
import urllib.error
import xmlrpc.client
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from xml.parsers.expat import ExpatError

import odoorpc
import pytest
import requests

from mockserver import (
    AccessDenied,
    Delay,
    Garbage,
    HttpError,
    MockServer,
    Reset,
    SerializationFailure,
    ServerError,
    SessionExpired,
    SlowBody,
    Timeout,
    Truncate,
    UserError,
)
from tests.waiting import HANG, no_waits, until

IMPATIENT = 0.2  # seconds that a client waits for an answer that does not come
NAME = "Lost in Transit"
CLOSE = {"Connection": "close"}

Create = Callable[[MockServer, float], int]
# its class, or one of several, and a part of its text
Error = tuple[type[Exception] | tuple[type[Exception], ...], str]


def integer(value: object) -> int:
    """The value of an answer, which is one."""
    assert isinstance(value, int)
    return value


class _Impatient(xmlrpc.client.Transport):
    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        connection = super().make_connection(host)
        connection.timeout = self.seconds
        return connection


def by_xmlrpc(server: MockServer, seconds: float) -> int:
    with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object", transport=_Impatient(seconds)) as models:
        login = server.db, server.uid, server.password
        return integer(models.execute_kw(*login, "res.partner", "create", [{"name": NAME}]))


class JsonRpcError(Exception):
    """What a small client over requests raises."""


def by_requests(server: MockServer, seconds: float) -> int:
    args = [server.db, server.uid, server.password, "res.partner", "create", [{"name": NAME}]]
    params = {"service": "object", "method": "execute_kw", "args": args}
    body: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "params": params}
    # what an exception holds would keep a connection open, and with it a thread of the server
    with requests.post(f"{server.url}/jsonrpc", json=body, timeout=seconds, headers=CLOSE) as response:
        response.raise_for_status()
        answer = response.json()
    if "error" in answer:
        raise JsonRpcError(answer["error"]["code"], answer["error"]["data"]["name"], answer["error"]["data"]["message"])
    return integer(answer["result"])


def by_odoorpc(server: MockServer, seconds: float) -> int:
    with server.faults.paused():
        client = odoorpc.ODOO(server.host, port=server.port, timeout=seconds)
        client.login(server.db, server.login, server.password)
    try:
        return integer(client.env["res.partner"].create({"name": NAME}))
    except urllib.error.HTTPError as error:
        error.close()  # it is an answer too, and nobody else closes it
        raise


class Raised(NamedTuple):
    """The error of each client, and a part of its text."""

    xmlrpc: Error
    requests: Error
    odoorpc: Error


class Met(NamedTuple):
    """A fault, what the clients raise, and whether the call was performed."""

    fault: Any
    raised: Raised
    performed: bool = False


WAITED = Raised(
    xmlrpc=(TimeoutError, "timed out"),
    requests=(requests.ReadTimeout, "Read timed out"),
    odoorpc=(TimeoutError, "timed out"),
)
NO_ANSWER = "Remote end closed connection without response"
CLOSED = Raised(
    xmlrpc=(http.client.RemoteDisconnected, NO_ANSWER),
    requests=(requests.ConnectionError, NO_ANSWER),
    odoorpc=(http.client.RemoteDisconnected, NO_ANSWER),
)
RESET = Raised(
    xmlrpc=(ConnectionResetError, "Connection reset by peer"),
    requests=(requests.ConnectionError, "Connection reset by peer"),
    odoorpc=(ConnectionResetError, "Connection reset by peer"),
)


def http_error(status: int, title: str) -> Raised:
    kind = "Client" if status < 500 else "Server"
    return Raised(
        xmlrpc=(xmlrpc.client.ProtocolError, f"{status} {title}"),
        requests=(requests.HTTPError, f"{status} {kind} Error: {title}"),
        odoorpc=(urllib.error.HTTPError, f"HTTP Error {status}: {title}"),
    )


def rpc_error(fault: str, json: str, message: str) -> Raised:
    return Raised(
        xmlrpc=(xmlrpc.client.Fault, fault),
        requests=(JsonRpcError, json),
        odoorpc=(odoorpc.error.RPCError, message),
    )


CONCURRENT = "could not serialize access due to concurrent update"
BROKEN_BODY = Raised(
    # it reads what there is; newer versions of Python notice themselves that some is missing
    xmlrpc=((ExpatError, http.client.IncompleteRead), ""),
    requests=(requests.exceptions.ChunkedEncodingError, "IncompleteRead"),
    odoorpc=(http.client.IncompleteRead, "IncompleteRead"),
)
CASES = [
    Met(Timeout(), WAITED),
    Met(Timeout(after=True), WAITED, performed=True),
    Met(Delay(HANG, after=True), WAITED, performed=True),
    Met(Timeout(0.1), CLOSED),
    Met(HttpError(429, retry_after=1), http_error(429, "Too Many Requests")),
    Met(HttpError(502), http_error(502, "Bad Gateway")),
    Met(HttpError(503), http_error(503, "Service Unavailable")),
    Met(HttpError(502, after=True), http_error(502, "Bad Gateway"), performed=True),
    Met(Delay(0.05) + HttpError(503), http_error(503, "Service Unavailable")),
    Met(Reset(), RESET),
    Met(Reset(after=True), RESET, performed=True),
    Met(Truncate(), BROKEN_BODY, performed=True),
    Met(Delay(0.05, after=True) + Truncate(), BROKEN_BODY, performed=True),
    Met(
        Garbage(),
        Raised(
            (ExpatError, "not well-formed"),
            (requests.exceptions.JSONDecodeError, "Expecting value"),
            (UnicodeDecodeError, "invalid start byte"),
        ),
        performed=True,
    ),
    Met(
        Garbage(whole=True),
        Raised(
            (http.client.BadStatusLine, ""),
            (requests.ConnectionError, "BadStatusLine"),
            (http.client.BadStatusLine, ""),
        ),
        performed=True,
    ),
    Met(ServerError("boom"), rpc_error("RuntimeError: boom", "200, 'builtins.RuntimeError', 'boom'", "boom")),
    Met(
        SerializationFailure(),
        rpc_error(
            f"psycopg2.errors.SerializationFailure: {CONCURRENT}",
            f"(200, 'psycopg2.errors.SerializationFailure', '{CONCURRENT}\\n')",
            CONCURRENT,
        ),
    ),
    Met(
        SessionExpired(),
        rpc_error("SessionExpiredException", "100, 'odoo.http.SessionExpiredException'", "Session expired"),
    ),
    Met(AccessDenied(), rpc_error("<Fault 3: 'Access Denied'>", "odoo.exceptions.AccessDenied", "Access Denied")),
    Met(UserError("No."), rpc_error("<Fault 2: 'No.'>", "200, 'odoo.exceptions.UserError', 'No.'", "No.")),
]
CLIENTS: dict[str, Create] = {"xmlrpc": by_xmlrpc, "requests": by_requests, "odoorpc": by_odoorpc}


@pytest.fixture(scope="module")
def shared() -> Iterator[MockServer]:
    with MockServer() as server:
        yield server


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def odoo(shared: MockServer, client: str) -> Iterator[MockServer]:
    """A server that must be as well after the test as it was before."""
    shared.reset()
    yield shared
    shared.faults.begin()
    assert CLIENTS[client](shared, HANG) > 0
    until(lambda: "_serve" not in str(threading.enumerate()))
    assert shared.errors == []


def created(server: MockServer) -> int:
    """How many partners the calls of the test have made."""
    return int(server.env["res.partner"].search_count([("name", "=", NAME)]))


@pytest.mark.parametrize("met", CASES, ids=lambda met: str(met.fault))
def test_the_error_of_a_client_is_the_one_it_raises_in_reality(odoo: MockServer, client: str, met: Met) -> None:
    armed = odoo.fail("res.partner", "create", met.fault)
    patience = IMPATIENT if met.raised == WAITED else HANG
    expected, text = getattr(met.raised, client)
    with pytest.raises(expected) as caught:
        CLIENTS[client](odoo, patience)
    kinds = expected if isinstance(expected, tuple) else (expected,)
    assert type(caught.value) in kinds
    assert text in str(caught.value)
    if met.performed:
        until(lambda: created(odoo))
    assert created(odoo) == (armed.hits if met.performed else 0)


@pytest.mark.parametrize("fault", [Delay(0.1), Delay(0.1, after=True), SlowBody(0.1)], ids=str)
def test_a_client_with_patience_has_its_answer_later(
    odoo: MockServer, monkeypatch: pytest.MonkeyPatch, client: str, fault: Any
) -> None:
    waits = no_waits(monkeypatch)
    odoo.fail("res.partner", "create", fault)
    assert CLIENTS[client](odoo, HANG) > 0
    assert sum(waits) == pytest.approx(0.1)
    assert created(odoo) == 1


def test_a_client_gives_up_and_the_server_goes_on(
    odoo: MockServer, monkeypatch: pytest.MonkeyPatch, client: str
) -> None:
    given_up = threading.Event()
    # a delay whose end is known
    monkeypatch.setattr(Delay, "strike", lambda fault, over: given_up.wait(HANG))
    odoo.fail("res.partner", "create", Delay(HANG))
    with pytest.raises((TimeoutError, requests.ReadTimeout)):
        CLIENTS[client](odoo, IMPATIENT)
    assert created(odoo) == 0
    given_up.set()
    until(lambda: created(odoo))
    assert created(odoo) == 1


def test_retry_after_is_there_to_be_read(odoo: MockServer, client: str) -> None:
    odoo.faults.add(HttpError(429, retry_after=1.5))
    response = requests.get(f"{odoo.url}/web/login", timeout=HANG, headers=CLOSE)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "2")
    assert response.headers["Content-Type"] == "text/html"
    assert "<h1>429 Too Many Requests</h1>" in response.text


def test_what_lasts_is_seen_by_all_and_what_is_rare_by_those_who_do_not_retry(odoo: MockServer, client: str) -> None:
    # xmlrpc.client sends its request a second time when the connection breaks before an answer
    armed = odoo.fail("res.partner", "create", Reset(after=True), times=1)
    if client == "xmlrpc":
        assert CLIENTS[client](odoo, HANG) > 0
        assert (armed.calls, created(odoo)) == (2, 2)
    else:
        with pytest.raises(getattr(RESET, client)[0]):
            CLIENTS[client](odoo, HANG)
        assert (armed.calls, created(odoo)) == (1, 1)


DOWN = {
    "xmlrpc": (ConnectionRefusedError, "Connection refused"),
    "requests": (requests.ConnectionError, "Connection refused"),
    "odoorpc": (urllib.error.URLError, "Connection refused"),
}


def test_a_server_that_is_down_refuses(odoo: MockServer, client: str) -> None:
    expected, text = DOWN[client]
    with odoo.down(), pytest.raises(expected) as caught:
        CLIENTS[client](odoo, HANG)
    assert type(caught.value) is expected
    assert text in str(caught.value)
    assert CLIENTS[client](odoo, HANG) > 0
