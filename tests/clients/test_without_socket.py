"""The client libraries on a server that was never started: what each takes instead of a socket."""

from __future__ import annotations

import asyncio
import importlib.util
import time
import xmlrpc.client
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import erppeek
import odoolib
import odoorpc
import pytest
from aio_odoorpc import AsyncOdooRPC

from mockserver import HttpError, MockServer, UserError

NAME = "Made in process"


@pytest.fixture(scope="module")
def shared() -> MockServer:
    server = MockServer()
    server.remember()
    return server


@pytest.fixture
def odoo(shared: MockServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[MockServer]:
    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("a socket is opened")

    shared.reset()
    # to find out that none is used
    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    yield shared
    shared.raise_errors()


def made(odoo: MockServer) -> list[str]:
    """Who made the partners of that name, by login."""
    return list(odoo.env["res.partner"].search([("name", "=", NAME)]).mapped("create_uid.login"))


# -- odoorpc ----------------------------------------------------------------------------------------


@pytest.fixture
def rpc(odoo: MockServer) -> odoorpc.ODOO:
    client = odoorpc.ODOO("erp.example.com", port=8069, opener=odoo.opener())
    client.login(odoo.db, odoo.login, odoo.password)
    return client


def test_odoorpc_takes_an_opener(rpc: odoorpc.ODOO, odoo: MockServer) -> None:
    partners = rpc.env["res.partner"]
    record = partners.browse(partners.create({"name": NAME}))
    record.city = "Gent"
    assert (record.city, record.create_uid.login) == ("Gent", "admin")
    assert made(odoo) == ["admin"]
    odoo.assert_called("res.partner", "write", ids=record.id)


def test_odoorpc_keeps_its_session_by_cookie(rpc: odoorpc.ODOO, odoo: MockServer) -> None:
    who = {"db": odoo.db, "login": odoo.login, "password": odoo.password}
    assert rpc.json("/web/session/authenticate", who)["result"]["uid"] == 2
    assert rpc.json("/web/session/get_session_info", {})["result"]["username"] == "admin"
    rpc.json("/web/session/destroy", {})
    with pytest.raises(odoorpc.error.RPCError, match="Session expired"):
        rpc.json("/web/session/get_session_info", {})


def test_odoorpc_meets_errors_and_faults(rpc: odoorpc.ODOO, odoo: MockServer) -> None:
    with pytest.raises(odoorpc.error.RPCError, match="Contacts require a name"):
        rpc.env["res.partner"].create({})
    odoo.fail("res.partner", "create", [UserError("Not today."), HttpError(503)])
    with pytest.raises(odoorpc.error.RPCError, match=r"Not today\."):
        rpc.env["res.partner"].create({"name": NAME})
    with pytest.raises(OSError, match="503"):
        rpc.env["res.partner"].create({"name": NAME})
    assert made(odoo) == []


# -- odooly -----------------------------------------------------------------------------------------


def load(time_ns: int) -> ModuleType:
    """Odooly with one of the two HTTP libraries that it throws a coin for."""
    spec = importlib.util.find_spec("odooly")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time_ns", lambda: time_ns)
        spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", ["", "/jsonrpc"], ids=["web", "jsonrpc"])
@pytest.mark.parametrize("coin", [0, 1], ids=["requests", "urllib"])
def test_odooly_takes_an_adapter_or_a_handler(odoo: MockServer, coin: int, path: str) -> None:
    odooly: Any = load(coin)

    class Client(odooly.Client):  # type: ignore[misc]  # which has no types
        """It has no argument for that, so its session gets one before it is used."""

        def _set_services(self, server: str, db: str) -> None:
            session = self._http._session
            if odooly.requests:
                session.mount(server, odoo.requests_adapter())
            else:
                session.add_handler(odoo.urllib_handler())
            super()._set_services(server, db)

    odooly.Env._cache.clear()
    client = Client(f"https://erp.example.com{path}", odoo.db, "admin", "admin")
    record = client.env["res.partner"].create({"name": NAME})
    record.city = "Gent"
    assert (record.city, made(odoo)) == ("Gent", ["admin"])
    with pytest.raises(odooly.ServerError, match="Contacts require a name"):
        client.env["res.partner"].create({})
    odooly.Env._cache.clear()


# -- the others -------------------------------------------------------------------------------------


def test_erppeek_takes_a_transport(odoo: MockServer) -> None:
    client = erppeek.Client(odoo.base_url, odoo.db, "admin", "admin", transport=odoo.xmlrpc_transport())
    client.model("res.partner").create({"name": NAME})
    assert made(odoo) == ["admin"]


def test_odoo_client_lib_takes_a_connector(odoo: MockServer) -> None:
    class Connector(odoolib.main.XmlRPCConnector):  # type: ignore[misc]  # which has no types
        def send(self, service_name: str, method: str, *args: Any) -> Any:
            return getattr(odoo.xmlrpc(service_name), method)(*args)

    connection = odoolib.main.Connection(Connector("erp.example.com", 8069), odoo.db, "admin", "admin")
    connection.get_model("res.partner").create({"name": NAME})
    assert made(odoo) == ["admin"]
    with pytest.raises(xmlrpc.client.Fault, match="Contacts require a name"):
        connection.get_model("res.partner").create({})


def test_aio_odoorpc_takes_an_asynchronous_client(odoo: MockServer) -> None:
    async def create() -> None:
        async with odoo.httpx_async_client() as http:
            client = AsyncOdooRPC(
                database=odoo.db,
                username_or_uid="admin",
                password="admin",
                http_client=http,
                url_jsonrpc_endpoint=f"{odoo.base_url}/jsonrpc",
                default_model_name="res.partner",
            )
            await client.login()
            await client.execute_kw("create", [{"name": NAME}])

    asyncio.run(create())
    assert made(odoo) == ["admin"]
