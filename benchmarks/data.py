"""Servers with as many partners as wanted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from mockserver import MockServer
from mockserver.orm.database import Database
from mockserver.services import Call, execute

SMALL, LARGE = 1_000, 100_000
FAMILY = 10  # partners with the same parent


@contextmanager
def servers(*sizes: int) -> Iterator[list[MockServer]]:
    """Running servers, each with so many partners more than the base data; `reset` keeps those."""
    with ExitStack() as stack:
        running = []
        for size in sizes:
            server = MockServer()
            fill(server.database(server.db), size)
            running.append(stack.enter_context(server))
        yield running


def fill(database: Database, count: int) -> list[int]:
    """Give the database so many partners, which differ as those of a company do; their ids.

    One is made by `create`; the others are its row with other values, so that filling takes a second.
    """
    store = database.store
    first = database.env()["res.partner"].create({"name": "Acme 0", "email": "0@example.com", "city": "Brussels"})
    row = store.rows("res.partner")[first.id]
    for i in range(1, count):
        other = {
            **row,
            "id": first.id + i,
            "name": f"Acme {i}",
            "complete_name": f"Acme {i}",
            "email": f"{i}@example.com",
            "is_company": i % 2 == 0,
            "color": i % 12,
            "country_id": 1 + i % 240,
        }
        if i % FAMILY:
            other["parent_id"] = first.id + i - i % FAMILY
        store.insert("res.partner", other)
    store.forget()
    return list(range(first.id, first.id + count))


def run(database: Database, method: str, *args: Any, **kwargs: Any) -> Any:
    """A call on partners as the wire makes it, without the wire."""
    uid = database.profile.admin_id
    return execute(database, Call("bench", "object", method, args, kwargs, uid=uid, model="res.partner"))
