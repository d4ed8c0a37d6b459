"""Who may use the control API: local programs, further host names, and whoever has the token."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from mockserver import MockServer
from mockserver.control import openapi
from mockserver.control.access import Access

TOKEN = "s3cret-of-the-tests"


@pytest.fixture(scope="module")
def locked() -> Iterator[MockServer]:
    with MockServer(control=True, control_token=TOKEN) as server:
        yield server


@pytest.fixture(scope="module")
def named() -> Iterator[MockServer]:
    with MockServer(control=True, allow_host=["odoo.test", "Odoo_2"]) as server:
        yield server


def get(server: MockServer, path: str = "/_mock/health", address: str = "10.0.0.7", **headers: str) -> tuple[int, str]:
    """Status and body of a GET from an address, with these headers."""
    told: list[Any] = []

    def start_response(*given: Any) -> Any:
        told.append(given)

    environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET", "REMOTE_ADDR": address, "QUERY_STRING": ""}
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    assert server._control is not None
    body = b"".join(server._control(environ, start_response))
    return int(told[0][0].split()[0]), body.decode()


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER "])
def test_the_token_opens_it_for_any_machine_and_host(locked: MockServer, scheme: str) -> None:
    headers = {"host": "mock.internal:8069", "x_forwarded_for": "10.0.0.7", "authorization": f"{scheme} {TOKEN}"}
    status, body = get(locked, **headers)
    assert (status, json.loads(body)["status"]) == (200, "ok")


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7"])
@pytest.mark.parametrize("path", ["/_mock/health", "/_mock/openapi.json", "/_mock/nothing"])
@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ({}, "needs its token: Authorization: Bearer TOKEN"),
        ({"authorization": "Basic " + TOKEN}, "needs its token"),
        ({"authorization": "Bearer"}, "needs its token"),
        ({"authorization": "Bearer "}, "needs its token"),
        ({"authorization": TOKEN}, "needs its token"),
        ({"authorization": f"Bearer {TOKEN}x"}, "is not the control token"),
        ({"authorization": f"Bearer {TOKEN[:-1]}"}, "is not the control token"),
        ({"authorization": "Bearer ÿ\udc80"}, "is not the control token"),
    ],
)
def test_without_the_token_nobody_is_answered(
    locked: MockServer, address: str, path: str, headers: dict[str, str], text: str
) -> None:
    status, body = get(locked, path, address, host="localhost", **headers)
    assert status == 401
    assert text in json.loads(body)["error"]
    assert TOKEN not in body


def test_the_page_needs_no_token_since_it_asks_for_it(locked: MockServer) -> None:
    status, body = get(locked, "/_mock/", host="mock.internal")
    assert (status, "Control token" in body, TOKEN in body) == (200, True, False)
    assert get(locked, "/_mock", host="mock.internal")[0] == 308


def test_anybody_may_ask_whether_it_is_ready(locked: MockServer, named: MockServer) -> None:
    for server in (locked, named):
        assert get(server, "/_mock/ready", host="mock.internal") == (200, '{"status": "ready"}\n')


def test_it_is_not_ready_without_its_database() -> None:
    with MockServer(control=True) as server:
        server.app.databases.drop(server.db)
        status, body = get(server, "/_mock/ready")
        assert (status, json.loads(body)) == (503, {"error": "the server's first database was dropped"})


@pytest.mark.parametrize("host", ["odoo.test", "ODOO.test:8069", "odoo_2", "localhost"])
def test_further_hosts_are_answered_on_this_machine(named: MockServer, host: str) -> None:
    assert get(named, address="127.0.0.1", host=host)[0] == 200
    status, body = get(named, host=host)
    assert (status, "serve --control-token" in json.loads(body)["error"]) == (403, True)


@pytest.mark.parametrize("host", ["other.test", "odoo.test.evil.example", "x.odoo.test"])
def test_other_hosts_stay_refused(named: MockServer, host: str) -> None:
    status, body = get(named, address="127.0.0.1", host=host)
    assert status == 403
    assert "answers to localhost and 127.0.0.1, odoo.test, odoo_2 only" in json.loads(body)["error"]


@pytest.mark.parametrize("token", ["", "two words", "tab\t", "ünï", "line\n"])
def test_a_token_that_no_header_can_hold_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="the control token is a text of printable ASCII characters"):
        Access(token)


@pytest.mark.parametrize("host", ["", "http://odoo.test", "odoo.test:8069", "a b", "*"])
def test_a_host_is_a_name(host: str) -> None:
    with pytest.raises(ValueError, match=r"a host is a name such as odoo\.test"):
        Access(hosts=[host])


def test_the_description_names_the_token() -> None:
    from mockserver.control import ROUTES

    description = openapi.description(ROUTES)
    assert description["security"] == [{"token": []}, {}]
    ready, health = (description["paths"][f"/_mock/{name}"]["get"] for name in ("ready", "health"))
    assert (ready["security"], set(ready["responses"])) == ([], {"200", "503"})
    assert ("security" in health, set(health["responses"])) == (False, {"200", "401", "403"})
