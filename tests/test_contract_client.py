"""The client of live servers: values over three protocols, and every way in which a server cannot be used."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from mockserver import MockServer
from mockserver.contract.live.client import PROTOCOLS, Client, arguments_by_name
from mockserver.contract.live.errors import (
    LiveError,
    NotOdoo,
    RemoteError,
    TimedOut,
    TlsError,
    Unavailable,
    Unreachable,
    WrongLogin,
)
from tests.stub import CERTIFICATE, Silence, stub
from tests.waiting import HANG

SECRET = "correct-horse-battery"
JSON = {"Content-Type": "application/json"}
LOGGED_IN = (200, JSON, b'{"jsonrpc": "2.0", "id": 1, "result": 2}')


@pytest.fixture(scope="module")
def odoo() -> Iterator[MockServer]:
    with MockServer(profile="odoo-19.0", password=SECRET) as server:
        yield server


def client(odoo: MockServer, protocol: str = "jsonrpc", **changes: Any) -> Client:
    options = {"db": odoo.db, "login": odoo.login, "password": odoo.password, "api_key": odoo.api_key, **changes}
    return Client(odoo.url, protocol=protocol, **options)


def log_in(url: str, **options: Any) -> int:
    """The user id that a client gets at this address."""
    with Client(url, "x", "admin", SECRET, **options) as live:
        return live.uid


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_call_gives_the_same_value_over_every_protocol(odoo: MockServer, protocol: str) -> None:
    with client(odoo, protocol) as live:
        assert live.uid == odoo.uid
        record_id = live.call("res.partner", "create", [{"name": "Anna", "color": 3}])
        assert isinstance(record_id, int)
        assert live.call("res.partner", "read", [[record_id], ["name", "color", "country_id"]]) == [
            {"id": record_id, "name": "Anna", "color": 3, "country_id": False}
        ]
        assert live.call("res.partner", "search", [[["id", "=", record_id]]], {"limit": 1}) == [record_id]
        assert live.call("res.partner", "write", [[record_id], {"name": "Berta"}]) is True
        assert live.version()["server_version"] == "19.0"


@pytest.mark.parametrize(
    ("protocol", "name", "code"),
    [
        ("jsonrpc", "odoo.exceptions.UserError", 0),
        ("xmlrpc", "exceptions.UserError", 2),
        ("json2", "odoo.exceptions.UserError", 422),
    ],
)
def test_an_error_of_a_call_has_name_text_and_code(odoo: MockServer, protocol: str, name: str, code: int) -> None:
    with client(odoo, protocol) as live, pytest.raises(RemoteError) as caught:
        live.call("res.users", "unlink", [[odoo.uid]])
    assert (caught.value.name, caught.value.code) == (name, code)
    assert "\n" not in str(caught.value)


def test_a_traceback_names_its_class(odoo: MockServer) -> None:
    with client(odoo, "xmlrpc") as live, pytest.raises(RemoteError) as caught:
        live.call("res.partner", "search", [[["nope", "=", 1]]])
    assert caught.value.name == "ValueError"
    assert caught.value.message.startswith("Invalid field res.partner.nope")


def test_arguments_get_the_names_that_json2_wants() -> None:
    assert arguments_by_name("res.partner", "read", [[1], ["name"]], {"load": None}) == {
        "ids": [1],
        "fields": ["name"],
        "load": None,
    }
    assert arguments_by_name("res.partner", "search", [[]], {"limit": 1}) == {"domain": [], "limit": 1}
    with pytest.raises(ValueError, match="must be given by name"):
        arguments_by_name("res.partner", "own_method", [1], {})
    assert arguments_by_name("res.partner", "own_method", [], {"amount": 1}) == {"amount": 1}


# -- what cannot be used


@pytest.mark.parametrize("protocol", ["jsonrpc", "xmlrpc"])
def test_a_wrong_password_is_told(odoo: MockServer, protocol: str) -> None:
    with client(odoo, protocol, password="wrong-wrong", api_key=None) as live, pytest.raises(WrongLogin) as caught:
        live.call("res.partner", "search", [[]])
    assert str(caught.value) == f"{odoo.url} does not let 'admin' into database 'mock': wrong login or password"


@pytest.mark.parametrize("protocol", ["jsonrpc", "xmlrpc"])
def test_a_database_that_is_not_there_is_told(odoo: MockServer, protocol: str) -> None:
    with (
        client(odoo, protocol, db="nope") as live,
        pytest.raises(WrongLogin, match=r"does not let .* into database .nope.: .*.nope. does not exist$"),
    ):
        _ = live.uid


def test_a_wrong_key_or_database_is_told_over_json2(odoo: MockServer) -> None:
    with (
        client(odoo, "json2", api_key="wrong-wrong") as live,
        pytest.raises(WrongLogin, match="does not accept the API key for database 'mock': Invalid apikey"),
    ):
        _ = live.uid
    with (
        client(odoo, "json2", db="nope") as live,
        pytest.raises(WrongLogin, match="has no database 'nope', or no JSON-2"),
    ):
        _ = live.uid


def test_a_port_where_nothing_listens_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable) as caught:
        log_in(f"http://127.0.0.1:{port}")
    assert str(caught.value) == f"http://127.0.0.1:{port} cannot be reached: nothing listens there"


def test_a_host_that_does_not_exist_is_told() -> None:
    with pytest.raises(Unreachable, match=r"there is no host 'nowhere\.invalid'"):
        log_in("http://nowhere.invalid")


def test_a_certificate_that_nobody_signed_is_told() -> None:
    with stub(LOGGED_IN, tls=True) as server:
        url = f"https://localhost:{server.server_port}"
        with pytest.raises(TlsError) as caught:
            log_in(url)
    assert str(caught.value).startswith(f"{url} has a certificate that is not trusted: self")
    assert "SSL_CERT_FILE" in str(caught.value)


def test_a_certificate_may_be_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with (
        stub(LOGGED_IN, tls=True) as server,
        Client(f"https://localhost:{server.server_port}", "x", "a", SECRET) as live,
    ):
        assert live.uid == 2


def test_a_server_without_tls_is_told() -> None:
    with stub(LOGGED_IN) as server, pytest.raises(LiveError, match="cannot be reached"):
        log_in(server.url.replace("http:", "https:"), timeout=HANG)


def test_a_server_that_says_nothing_is_told() -> None:
    with stub(Silence.HELD) as server, pytest.raises(TimedOut) as caught:
        log_in(server.url, timeout=0.1)
    assert str(caught.value) == f"{server.url} did not answer within 0.1 s"


def test_a_connection_that_closes_without_an_answer_is_told() -> None:
    with stub(Silence.CLOSED) as server, pytest.raises(Unreachable, match="closes the connection without an answer"):
        log_in(server.url)


def test_an_answer_that_breaks_off_is_told() -> None:
    broken = (200, {**JSON, "Content-Length": "500", "Connection": "close"}, b'{"jsonrpc"')
    with stub(broken) as server, pytest.raises(Unreachable, match="its answer breaks off"):
        log_in(server.url)


def test_a_busy_server_is_asked_again_when_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    busy = (503, {"Retry-After": "7"}, b"busy")
    with stub(busy, (429, {}, b"slow down"), LOGGED_IN) as server, Client(server.url, "x", "admin", SECRET) as live:
        assert live.uid == 2
    assert waits == [7.0, 0.5 * 2]
    assert server.requests == ["/jsonrpc"] * 3


def test_a_server_that_is_busy_for_too_long_is_told() -> None:
    with stub((503, {"Retry-After": "3600"}, b"")) as server, pytest.raises(Unavailable) as caught:
        log_in(server.url)
    assert str(caught.value) == f"{server.url} is not available: it answers 503 (it asks to try again in 3600 s)"
    assert caught.value.retry_after == 3600


def test_a_date_may_stand_in_retry_after() -> None:
    late = {"Retry-After": "Fri, 31 Dec 2399 23:59:59 GMT"}
    with stub((503, late, b"")) as server, pytest.raises(Unavailable) as caught:
        log_in(server.url)
    assert caught.value.retry_after is not None
    assert caught.value.retry_after > 1e9


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_is_no_odoo_is_told(protocol: str) -> None:
    page = (404, {"Content-Type": "text/html; charset=utf-8"}, b"<h1>Not Found</h1>")
    with stub(page) as server, pytest.raises(LiveError) as caught:
        log_in(server.url, api_key=SECRET, protocol=protocol)
    told = str(caught.value)
    assert "is that the address of an Odoo server?" in told or "has no database 'x', or no JSON-2" in told


def test_a_redirect_names_where_it_leads() -> None:
    moved = (301, {"Location": "https://erp.example.com/jsonrpc"}, b"")
    with (
        stub(moved) as server,
        pytest.raises(NotOdoo, match=r"redirects /jsonrpc to https://erp\.example\.com/jsonrpc"),
    ):
        log_in(server.url)


def test_a_connection_that_was_closed_while_idle_is_opened_again() -> None:
    closing = (200, JSON, LOGGED_IN[2])
    with stub(closing, Silence.CLOSED, closing) as server, Client(server.url, "x", "admin", SECRET) as live:
        assert live.uid == 2
        assert live.call("res.partner", "search_count", [[]]) == 2
    assert len(server.requests) == 3


@pytest.mark.parametrize("url", ["erp.example.com", "ftp://x", "http://", "http://x:port", ""])
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="is not the URL of a server"):
        Client(url, "x", "admin", SECRET)


def test_a_url_with_a_password_is_refused_without_showing_it() -> None:
    for url in (f"https://me:{SECRET}@erp.example.com", f"me:{SECRET}@erp"):
        with pytest.raises(ValueError, match="URL") as caught:
            Client(url, "x", "admin", SECRET)
        assert SECRET not in str(caught.value)


def test_no_secret_shows_itself(odoo: MockServer) -> None:
    live = client(odoo, api_key=SECRET[::-1])
    assert SECRET not in repr(live)
    assert SECRET[::-1] not in repr(live)
    assert repr(live) == f"<Client jsonrpc {odoo.url} db=mock login=admin>"
    for change in ({"login": "nobody"}, {"db": "nope"}):
        with pytest.raises(LiveError) as caught, client(odoo, **change) as live:
            _ = live.uid
        assert SECRET not in str(caught.value)
        assert SECRET not in repr(caught.value)


def test_a_client_needs_the_secret_of_its_protocol() -> None:
    with pytest.raises(ValueError, match="JSON-2 takes an API key"):
        Client("http://x", "x", "admin", SECRET, protocol="json2")
    with pytest.raises(ValueError, match="neither a password nor an API key"):
        Client("http://x", "x", "admin")
    with pytest.raises(ValueError, match="unknown protocol 'soap'"):
        Client("http://x", "x", "admin", SECRET, protocol="soap")
