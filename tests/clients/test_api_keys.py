"""Clients that know API keys and JSON-2 against a server of 19: odooly, odoo-client-lib, odoo-connect, requests."""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Iterator
from typing import Any

import odoo_connect
import odoolib
import odooly
import pytest
import requests
from odoo_connect.explore import GLOBAL_CACHE

from mockserver import MockServer
from tests.waiting import HANG

pytestmark = [
    pytest.mark.mockserver(profile="odoo-19.0"),
    pytest.mark.usefixtures("open_sockets"),
    pytest.mark.filterwarnings("ignore:unclosed <socket.socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Implicitly cleaning up:ResourceWarning"),
]


# -- odoo-client-lib


@pytest.fixture
def lib(mockserver: MockServer) -> Any:
    return odoolib.get_connection(
        hostname=mockserver.host, port=mockserver.port, protocol="json2",
        database=mockserver.db, login=mockserver.login, password=mockserver.api_key,
    )  # fmt: skip


def test_odoo_client_lib_reads_the_parameters_from_the_doc(lib: Any) -> None:
    lib.check_login()
    partners = lib.get_model("res.partner")
    (one,) = partners.create([{"name": "Azure Interior"}])
    assert partners.search([["id", "=", one]]) == [one]
    assert partners.read([one], ["name"]) == {"id": one, "name": "Azure Interior"}
    assert partners.write([one], {"city": "Gent"}) is True
    assert partners.search_count([["city", "=", "Gent"], ["id", "=", one]]) == 1
    assert partners.search_read(domain=[["id", "=", one]], fields=["city"]) == [{"id": one, "city": "Gent"}]
    assert partners.unlink([one]) is True


def test_odoo_client_lib_tells_what_failed(lib: Any) -> None:
    with pytest.raises(ValueError, match="422"):
        lib.get_model("res.partner").search()
    with pytest.raises(ValueError, match="404"):
        lib.get_model("no.such.model").search(domain=[])


# -- odoo-connect


@pytest.fixture
def odoo(mockserver: MockServer) -> Iterator[Any]:
    client = odoo_connect.connect(mockserver.url, database=mockserver.db, token=mockserver.api_key)
    yield client
    GLOBAL_CACHE.get().clear()
    client.session.close()


def test_odoo_connect_works_with_a_token(odoo: Any) -> None:
    assert (odoo.protocol, odoo.major_version) == ("json/2", 19)
    partners = odoo.get_model("res.partner")
    (one,) = partners.create([{"name": "Azure Interior"}])
    assert partners.search_read([["id", "=", one]], fields=["name"]) == [{"id": one, "name": "Azure Interior"}]
    assert partners.write([one], {"city": "Gent"}) is True
    assert partners.fields()["city"]["type"] == "char"
    assert odoo.user["login"] == "admin"


# -- odooly


@pytest.fixture
def client(mockserver: MockServer) -> Iterator[Any]:
    odooly.Env._cache.clear()
    made = odooly.Client(mockserver.url, mockserver.db, "admin", "admin")
    yield made
    odooly.Env._cache.clear()
    if odooly.requests:
        made._http._session.close()


def test_odooly_passes_the_check_of_the_password_and_makes_a_key(client: Any, mockserver: MockServer) -> None:
    # its own `generate_api_key` ends with a change of the protocol, which it does at an interactive prompt alone
    wizard = client.env._get("res.users.apikeys.description", transient=True).create({"name": "by odooly"})
    key = wizard.make_key()["context"]["default_key"]
    odooly.Env._cache.clear()
    other = odooly.Client(mockserver.url, mockserver.db, "admin", api_key=key)
    assert other.env.uid == 2
    seen: list[str] = []
    stop = mockserver.app.observe(lambda exchange: seen.append(exchange.dialect))
    made = other.env["res.partner"].create({"name": "Azure Interior"})  # a list over JSON-2
    made.write({"city": "Gent"})
    assert made.city == ["Gent"]
    stop()
    assert set(seen) <= {"json2", "doc"}
    if odooly.requests:
        other._http._session.close()


def test_odooly_logs_in_with_a_key(mockserver: MockServer) -> None:
    odooly.Env._cache.clear()
    client = odooly.Client(mockserver.url, mockserver.db, "admin", api_key=mockserver.api_key)
    assert client.env.uid == 2
    assert client.env["res.users"].browse(2).login == "admin"
    assert client.env["res.partner"]._methods("search")["search"] == ["domain", "offset", "limit", "order"]
    odooly.Env._cache.clear()
    if odooly.requests:
        client._http._session.close()


# -- the older wires


@pytest.mark.parametrize("profile", ["odoo-14.0", "odoo-17.0", "odoo-19.0", "flectra-2.0"])
def test_xmlrpc_takes_a_key_for_the_password(mockserver_factory: Any, profile: str) -> None:
    server = mockserver_factory(profile=profile)
    with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/common") as common:
        uid = common.authenticate(server.db, "admin", server.api_key, {})
    with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object") as models:
        found = models.execute_kw(server.db, uid, server.api_key, "res.users", "search", [[["id", "=", uid]]])
    assert found == [uid]


def test_plain_requests(mockserver: MockServer) -> None:
    assert requests.get(f"{mockserver.url}/web/version", timeout=HANG).json()["version"] == "19.0"
    answer = requests.post(
        f"{mockserver.url}/json/2/res.partner/search_count",
        headers={"Authorization": f"bearer {mockserver.api_key}", "X-Odoo-Database": mockserver.db},
        json={"domain": [["name", "=", "nobody"]]},
        timeout=HANG,
    )
    assert (answer.status_code, answer.json()) == (200, 0)
