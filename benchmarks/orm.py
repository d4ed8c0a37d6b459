"""Reset, search, create, write, unlink and copy: what they cost at 1 000 and at 100 000 records."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.data import FAMILY, LARGE, SMALL, fill, run, servers
from benchmarks.measuring import Figure, best
from mockserver import MockServer
from mockserver.orm.database import Database

Domain = list[Any]
Row = dict[str, Any]

BULK = 1_000, 8_000  # records that one call creates
SAME = 1.3  # what is the same cost may differ by this: one cache holds 1 000 rows, none holds 100 000


def figures() -> Iterator[Figure]:
    """Everything below, on the same two servers."""
    with servers(SMALL, LARGE) as (small, large):
        databases = small.database(small.db), large.database(large.db)
        yield from resets(small, large)
        yield from searches(databases[1])
        yield from lookups(*databases)
        yield from changes(*databases)
        yield _every_field(databases[0], "(k) read of 80 records, all 178 fields")
        yield from bulk(small)
    with MockServer(fixtures=["business"]) as business:
        database = business.database(business.db)
        fill(database, SMALL)
        yield _every_field(database, "(k) the same with `business`")


def resets(small: MockServer, large: MockServer) -> Iterator[Figure]:
    """(c) The reset between two tests, after 10 writes."""
    costs = [_reset(small), _reset(large)]
    for _ in range(40):
        costs = [min(costs[0], _reset(small)), min(costs[1], _reset(large))]
    ours, baseline = (cost * 1e3 for cost in reversed(costs))
    yield Figure("(c) reset after 10 writes, 100 000 records", ours, "ms", baseline, "1 000 records", SAME, 1.0)


def _every_field(database: Database, name: str) -> Figure:
    """80 records with all fields, stored, related and computed, in processor time."""
    ids = database.env()["res.partner"].search([], limit=80, order="id desc").ids
    cost = float("inf")
    for _ in range(40):
        started = time.process_time()
        run(database, "read", ids)
        cost = min(cost, time.process_time() - started)
    return Figure(name, cost * 1e3, "ms", within=15)


def _reset(server: MockServer) -> float:
    partners = server.env["res.partner"].search([("parent_id", "!=", False)], limit=10, order="id")
    server.env["res.partner"].search([("parent_id", "in", partners.ids)])  # an index that has to be kept right
    for partner in partners:
        partner.write({"name": "Changed", "parent_id": False, "color": 3})
    started = time.perf_counter()
    server.reset()
    return time.perf_counter() - started


def searches(database: Database) -> Iterator[Figure]:
    """(d) Three leaves against a list comprehension that gives the same ids (archived partners are left out)."""
    rows = database.store.rows("res.partner")

    def by_hand() -> list[int]:
        return [
            row["id"]
            for row in rows.values()
            if row.get("active") and row.get("is_company") and (row.get("color") or 0) > 5
            and "acme 1" in row.get("name", "").lower()
        ]  # fmt: skip

    def by_hand_sorted() -> list[int]:
        found = [rows[id_] for id_ in by_hand()]
        return [row["id"] for row in sorted(found, key=lambda row: (row.get("complete_name"), -row["id"]))]

    def by_hand_either() -> list[int]:
        return [
            row["id"]
            for row in rows.values()
            if row.get("active") and (row.get("city") == "Namur" or row.get("color") == 7
            or "acme 99" in row.get("name", "").lower())
        ]  # fmt: skip

    every: Domain = [("is_company", "=", True), ("color", ">", 5), ("name", "ilike", "acme 1")]
    either: Domain = ["|", "|", ("city", "=", "Namur"), ("color", "=", 7), ("name", "ilike", "acme 99")]
    for name, domain, order, hand, aim in (
        ("(d) search, three leaves, order id, 100 000 records", every, "id", by_hand, 1.5),
        ("(d) the same in the model's own order", every, None, by_hand_sorted, 1.5),
        ("    three leaves of which one suffices, order id", either, "id", by_hand_either, None),
    ):
        assert run(database, "search", domain, order=order) == hand()
        ours, baseline = best(lambda d=domain, o=order: run(database, "search", d, order=o), hand)  # type: ignore[misc]
        yield Figure(name, ours * 1e3, "ms", baseline * 1e3, "list comprehension, same rows", aim)


def lookups(small: Database, large: Database) -> Iterator[Figure]:
    """(d) What an index or the ids themselves answer."""
    for name, leaf in (("= on a many2one", "parent_id"), ("id in a list of ten", "id")):
        actions = []
        for database in (large, small):
            parent = run(database, "search", [("name", "=", f"Acme {5 * FAMILY}")])[0]
            ids = run(database, "search", [("parent_id", "=", parent)], order="id")
            domain = [("parent_id", "=", parent)] if leaf == "parent_id" else [("id", "in", ids)]
            actions.append(lambda db=database, d=domain: run(db, "search", d))
        assert len(actions[0]()) == len(actions[1]()) == FAMILY - 1
        ours, baseline = best(*actions, number=200, rounds=25)
        yield Figure(f"(d) search, {name}, 100 000 records", ours * 1e6, "µs", baseline * 1e6, "1 000 records", SAME)


def changes(small: Database, large: Database) -> Iterator[Figure]:
    """(e) One record made, changed, deleted."""
    number = 50
    made: dict[Database, list[int]] = {small: [], large: []}
    numbers = itertools.count()

    def create(database: Database) -> None:
        made[database].append(run(database, "create", {"name": f"New {next(numbers)}", "email": "new@example.com"}))

    def write(database: Database) -> None:
        run(database, "write", made[database][-1:], {"name": f"Newer {next(numbers)}", "color": 4})

    def unlink(database: Database) -> None:
        run(database, "unlink", [made[database].pop()])

    costs = {action: [float("inf")] * 2 for action in (create, write, unlink)}
    for _ in range(25):
        for action in costs:
            found = best(lambda a=action: a(large), lambda a=action: a(small), number=number, rounds=1)  # type: ignore[misc]
            costs[action] = [min(pair) for pair in zip(costs[action], found, strict=True)]
    for action, (ours, baseline) in costs.items():
        name = f"(e) {action.__name__} of one record, 100 000 records"
        yield Figure(name, ours * 1e6, "µs", baseline * 1e6, "1 000 records", SAME)


def bulk(server: MockServer) -> Iterator[Figure]:
    """(e) Many records by one call of create: each costs what each of fewer costs, and less than one by itself."""
    few, many = BULK
    made: dict[str, tuple[str, Callable[[int], list[Row]]]] = {
        "tags": ("res.partner.category", lambda number: [{"name": f"Tag {i}"} for i in range(number)]),
        "partners": ("res.partner", lambda number: [{"name": f"New {i}"} for i in range(number)]),
        "lines by commands": (
            "res.partner",
            lambda number: [{"name": "New", "child_ids": [(0, 0, {"name": f"Line {i}"}) for i in range(number)]}],
        ),
    }
    for name, (model, values) in made.items():
        ours, fewer = (_bulk(server, model, [values(number)]) / number for number in (many, few))
        alone = _bulk(server, model, [values(1)] * few) / few
        within = 100 if name == "tags" else None
        yield Figure(f"(e) create of {many} {name}, each", ours * 1e6, "µs", fewer * 1e6, f"of {few}", SAME, within)
        yield Figure("    the same beside one a call", ours * 1e6, "µs", alone * 1e6, "one a call")


def _bulk(server: MockServer, model: str, calls: list[list[Row]]) -> float:
    """Processor seconds of calls that create records, the best of some rounds; they are undone."""
    found = float("inf")
    for _ in range(3):
        started = time.process_time()
        for values in calls:
            server.env[model].create(values)
        found = min(found, time.process_time() - started)
        server.reset()
    return found
