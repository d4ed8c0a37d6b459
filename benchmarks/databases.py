"""(j) Many databases: what a copy costs, what a call costs beside many others, and how many calls threads can make."""

from __future__ import annotations

import gc
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from benchmarks.data import LARGE, fill, run
from benchmarks.measuring import Figure, best
from benchmarks.wire import Client, constant, encoded, on_one_core, wsgi_call
from mockserver import MockServer
from mockserver.orm.database import Database
from mockserver.server.serving import KeepAliveServer

COPIES = 100  # of which the memory is counted
MANY = (1, 100, 10_000)
THREADS = (1, 8, 64)
SECONDS = 1.0  # of calls by threads, a round
ROUNDS = 5


def figures() -> Iterator[Figure]:
    """Copies of several databases, calls in many of them, and threads."""
    for name, fixtures, partners in (
        ("base", (), 0),
        ("business", ("business",), 0),
        ("base and 100 000 partners", (), LARGE),
    ):
        with MockServer(fixtures=fixtures) as server:
            database = server.database(server.db)
            if partners:
                fill(database, partners)
            yield from _copies(database, name)
            if not partners:
                yield from _first_calls(database, name)
    with on_one_core(), MockServer(journal=False) as server:
        yield from _among_many(server)
        yield from _threads(server)


def _copies(database: Database, name: str) -> Iterator[Figure]:
    """A copy beside one that copies the pointers of each table."""
    tables = [database.store.rows(model) for model in database.store.models()]
    ours, baseline = best(lambda: database.clone("copy"), lambda: [dict(rows) for rows in tables], rounds=50)
    yield Figure(f"(j) copy of a database: {name}", ours * 1e3, "ms", baseline * 1e3, "dict() of each table", within=2)
    size = _kilobytes(lambda: [database.clone("copy") for _ in range(COPIES)], COPIES)
    whole = _kilobytes(lambda: [[dict(rows) for rows in tables] for _ in range(4)], 4)
    yield Figure("    memory of that copy", size, "KB", whole, "dict() of each table", within=50)


def _first_calls(database: Database, name: str) -> Iterator[Figure]:
    """What the first calls in a copy cost, a search and a create: they copy the tables that they write."""

    def calls(copy: Database) -> None:
        run(copy, "search_read", [("name", "ilike", "a")], ["name", "email", "country_id"])
        run(copy, "create", {"name": "Azure"})

    calls(database.clone("first"))  # the indexes of what nobody writes are built once for all copies
    copies = [database.clone("copy") for _ in range(COPIES)]
    costs = [_seconds(lambda c=copy: calls(c)) for _ in range(2) for copy in copies]  # type: ignore[misc]
    first, second = min(costs[:COPIES]), min(costs[COPIES:])
    yield Figure(f"    first search and create in a copy: {name}", first * 1e3, "ms", second * 1e3, "the second time")
    copies = [database.clone("copy") for _ in range(COPIES)]
    size = _kilobytes(lambda: [run(copy, "create", {"name": "Azure"}) for copy in copies], COPIES)
    yield Figure("    memory that the create takes in a copy", size, "KB")


def _among_many(server: MockServer) -> Iterator[Figure]:
    """A call in each of many databases in turn, in the app alone, beside calls in one."""
    bodies: list[Callable[[], bytes]] = []
    for number in MANY:
        started, held = time.process_time(), len(bodies)
        for name in range(held, number):
            server.app.databases.duplicate(server.db, f"db{name}")
        made = (time.process_time() - started) / max(number - held, 1)
        bodies += [wsgi_call(server.app, "JSON-RPC", _read(server, f"db{name}")) for name in range(held, number)]
        turn = bodies[:: max(number // 1000, 1)]
        costs = best(lambda t=turn: [call() for call in t], lambda t=turn: [t[0]() for _ in t], rounds=10)  # type: ignore[misc]
        ours, baseline = (cost / len(turn) * 1e6 for cost in costs)
        yield Figure(f"    read of 1 record in {number} databases in turn", ours, "µs", baseline, "in one of them")
        if number == max(MANY):
            yield Figure(f"    database.duplicate, to {number} databases", made * 1e3, "ms", within=2)


def _threads(server: MockServer) -> Iterator[Figure]:
    """Calls a second of clients at once, each in a database of its own, in the process of the server."""
    body = _read(server, "db0")
    answer = wsgi_call(server.app, "JSON-RPC", body)()
    bare = KeepAliveServer(constant(answer, "application/json"))
    bare.start()
    try:
        for number in THREADS:
            ours = _rate(server.url, [_read(server, f"db{name}") for name in range(number)])
            baseline = _rate(bare.url, [body] * number)
            name = f"(j) calls a second, {number} clients, each in a database of its own"
            yield Figure(name, ours, "/s", baseline, "constant app")
    finally:
        bare.stop()


def _rate(url: str, bodies: Sequence[bytes]) -> float:
    """Calls of as many clients as there are bodies, by second of the processor, which is theirs and the server's alone.

    So other work of the machine does not count.  The best of some rounds.
    """
    clients = [Client(url, "JSON-RPC", ()) for _ in bodies]
    found = 0.0
    for _ in range(ROUNDS):
        counts = [0] * len(clients)
        until = time.perf_counter() + SECONDS

        def work(number: int, counts: list[int] = counts, until: float = until) -> None:
            while time.perf_counter() < until:
                clients[number].exchange(bodies[number])
                counts[number] += 1

        threads = [threading.Thread(target=work, args=(number,)) for number in range(len(clients))]
        started = time.process_time()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = max(found, sum(counts) / (time.process_time() - started))
    for client in clients:
        client.close()
    return found


def _read(server: MockServer, name: str) -> bytes:
    params = (name, server.uid, server.password, "res.partner", "read", [[3], ["name", "email", "country_id"]])
    return encoded("JSON-RPC", params)


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _kilobytes(make: Callable[[], Any], number: int) -> float:
    """Kilobytes of each of the things that a function makes, or leaves behind."""
    gc.collect()
    tracemalloc.start()
    kept = make()
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return size / number / 1024
