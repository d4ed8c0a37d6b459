"""aio-odoorpc with httpx: coroutines on `/jsonrpc/`, with the trailing slash that httpx makes of a base URL."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from aio_odoorpc import AsyncOdooRPC
from aio_odoorpc_base.aio import db_exist, server_version

from mockserver import MockServer

Scenario = Callable[[AsyncOdooRPC], Awaitable[Any]]


@pytest.fixture
def run(mockserver: MockServer) -> Callable[..., Any]:
    """Run a coroutine function on a client that has logged in."""

    def run(scenario: Scenario, password: str = "admin") -> Any:
        async def main() -> Any:
            async with httpx.AsyncClient(base_url=f"{mockserver.url}/jsonrpc") as session:
                client = AsyncOdooRPC(
                    database=mockserver.db,
                    username_or_uid="admin",
                    password=password,
                    http_client=session,
                    default_model_name="res.partner",
                )
                await client.login()
                return await scenario(client)

        return asyncio.run(main())

    return run


def test_a_login_gives_the_uid_and_a_wrong_password_false(run: Callable[..., Any]) -> None:
    async def uid(client: AsyncOdooRPC) -> Any:
        return client.uid

    assert run(uid) == 2
    assert run(uid, password="wrong") is False


def test_records_are_created_read_written_and_deleted(run: Callable[..., Any]) -> None:
    async def scenario(client: AsyncOdooRPC) -> Any:
        ids = await client.execute_kw("create", [{"name": "Aio 1"}, {"name": "Aio 2"}])
        assert await client.write(ids, {"city": "Gent"}) is True
        rows = await client.search_read([("id", "in", ids)], fields=["name", "city"], order="name desc", limit=1)
        assert rows == [{"id": ids[1], "name": "Aio 2", "city": "Gent"}]
        assert await client.read(ids[0], fields=["name"]) == [{"id": ids[0], "name": "Aio 1"}]
        assert await client.search_count([("city", "=", "Gent"), ("id", "in", ids)]) == 2
        assert await client.execute_kw("unlink", ids) is True
        return await client.search([("id", "in", ids)])

    assert run(scenario) == []


def test_calls_at_the_same_time_get_their_own_answers(run: Callable[..., Any], mockserver: MockServer) -> None:
    async def scenario(client: AsyncOdooRPC) -> Any:
        names = [f"Parallel {number}" for number in range(20)]
        ids = await asyncio.gather(*(client.execute_kw("create", {"name": name}) for name in names))
        rows = await asyncio.gather(*(client.read(id_, fields=["name"]) for id_ in ids))
        assert [row["name"] for [row] in rows] == names
        return ids

    assert len(set(run(scenario))) == 20
    assert len(mockserver.env["res.partner"].search([("name", "=like", "Parallel %")])) == 20


def test_a_many2one_is_shaped_by_the_client(run: Callable[..., Any], mockserver: MockServer) -> None:
    belgium = mockserver.ref("base.be").id

    async def scenario(client: AsyncOdooRPC) -> Any:
        partner = await client.execute_kw("create", {"name": "Ann", "country_id": belgium})
        client.set_format_for_id_fields("dict")
        return await client.read(partner, fields=["country_id", "parent_id"])

    [row] = run(scenario)
    assert (row["country_id"], row["parent_id"]) == ({"id": belgium}, None)


def test_services_need_an_args_member_even_when_it_is_empty(run: Callable[..., Any]) -> None:
    async def scenario(client: AsyncOdooRPC) -> Any:
        assert await db_exist(client.http_client, db_name="absent") is False
        await server_version(client.http_client)  # the library leaves `args` out

    with pytest.raises(RuntimeError, match="missing 1 required positional argument: 'args'"):
        run(scenario)


def test_an_error_has_the_text_of_the_server(run: Callable[..., Any]) -> None:
    async def scenario(client: AsyncOdooRPC) -> Any:
        await client.execute_kw("no_such_method", [])

    with pytest.raises(RuntimeError, match=r"The method 'res\.partner\.no_such_method' does not exist"):
        run(scenario)
