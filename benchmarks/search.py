"""Searches at any size, beside the same queries of the same rows in `sqlite3` in memory.

Our side is the method of the ORM as a call of a client reaches it, with the rights and record rules of the
administrator, who is no superuser; it gives what goes to the wire.  The side of sqlite is one prepared SELECT of the
same columns with the same conditions and order, and a dict made of each row it gives; its table has a primary key and
no other index, as a database has in which nobody has foreseen the query.  A name that `read` or `read_group` adds to a
many2one is joined.

A first call finds nothing derived from the rows of the table.  A call of a known kind comes after some others on the
same fields, and finds their columns, but nothing kept of its own condition.  A repeated call is the same once more.
Times are those of the processor.
"""

from __future__ import annotations

import gc
import sqlite3
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from benchmarks.data import FAMILY, fill, run
from benchmarks.measuring import Figure
from mockserver import MockServer
from mockserver.orm.database import Database

SIZES = 1_000, 10_000, 100_000
FIRST, REPEATED = 1.5, 0.5  # the aims: at most so many times what sqlite takes
WRITING = 1.3
READ = ["name", "email", "city", "color", "is_company"]
COLUMNS = ["id", *READ, "complete_name", "ref", "vat", "company_registry", "country_id", "parent_id", "active",
           "partner_share", "company_id"]  # fmt: skip
TOWNS = 300
Domain = list[Any]


class Query(NamedTuple):
    """One query of both sides: a method with its arguments, and a SELECT of what it gives."""

    name: str
    method: str
    args: Sequence[Any]
    kwargs: dict[str, Any]
    sql: str
    values: Sequence[Any] = ()


def queries(database: Database) -> list[Query]:
    """What is measured; archived partners are left out, as in any search."""
    count = len(database.store.rows("res.partner"))
    names = [f"Acme {count * i // 11}" for i in range(1, 11)]
    parent = run(database, "search", [("parent_id", "!=", False)], order="id", limit=FAMILY * 5)[-1]
    parent = database.store.rows("res.partner")[parent]["parent_id"]
    select = f"SELECT id, {', '.join(READ)} FROM res_partner WHERE active AND (company_id IS NULL OR company_id = 1)"
    default = "ORDER BY complete_name, id DESC"
    three = [("is_company", "=", True), ("color", ">", 5), ("name", "ilike", "acme 1")]
    either: Domain = ["|", "|", ("city", "=", "Town 7"), ("name", "ilike", "acme 99"), "!", ("color", "<", 11)]
    named = " OR ".join(f"{name} LIKE '%acme 99%'" for name in ("complete_name", "email", "ref", "vat",
                                                                "company_registry"))  # fmt: skip
    page = {"limit": 80}
    return [
        Query("= on a char", "search_read", ([("name", "=", names[4])], READ), {},
              f"{select} AND name = ? {default}", [names[4]]),
        Query("= on a many2one", "search_read", ([("parent_id", "=", parent)], READ), {},
              f"{select} AND parent_id = ? {default}", [parent]),
        Query("in a list of ten", "search_read", ([("name", "in", names)], READ), {},
              f"{select} AND name IN ({', '.join('?' * 10)}) {default}", names),
        Query("ilike, limit 80", "search_read", ([("name", "ilike", "acme 99")], READ), page,
              f"{select} AND name LIKE '%acme 99%' {default} LIMIT 80"),
        Query("three leaves, limit 80", "search_read", (three, READ), page,
              f"{select} AND is_company AND color > 5 AND name LIKE '%acme 1%' {default} LIMIT 80"),
        Query("or and not, limit 80", "search_read", (either, READ), page,
              f"{select} AND (city = 'Town 7' OR name LIKE '%acme 99%' OR NOT color < 11) {default} LIMIT 80"),
        Query("sorted by a column, limit 80", "search_read", ([], READ), {**page, "order": "city, email desc"},
              f"{select} ORDER BY city, email DESC LIMIT 80"),
        Query("default order, limit 80", "search_read", ([], READ), page, f"{select} {default} LIMIT 80"),
        Query("name_search", "name_search", ("acme 99",), {},
              f"SELECT id, complete_name FROM res_partner WHERE active AND (company_id IS NULL OR company_id = 1)"
              f" AND ({named}) {default} LIMIT 100"),
        Query("search_count", "search_count", ([("is_company", "=", True), ("color", ">", 5)],), {},
              "SELECT count(*) FROM res_partner WHERE active AND (company_id IS NULL OR company_id = 1)"
              " AND is_company AND color > 5"),
        Query("read_group by a many2one", "read_group", ([], ["country_id"], ["country_id"]), {},
              "SELECT country_id, c.name, count(*) FROM res_partner p LEFT JOIN res_country c ON c.id = p.country_id"
              " WHERE active AND (company_id IS NULL OR company_id = 1) GROUP BY country_id ORDER BY c.name"),
    ]  # fmt: skip


def figures(sizes: Sequence[int] = SIZES) -> Iterator[Figure]:
    """Every query at every size, then what writes cost while indexes are alive."""
    for size in sizes:
        with MockServer() as server:
            database = server.database(server.db)
            gc.disable()
            _fill(database, size)
            yield from _queries(database, size)
            gc.enable()
            yield from _writes(database, size)
            if size <= SIZES[-1]:
                yield from _memory(database, size)


def _fill(database: Database, size: int) -> None:
    """Make the partners, with towns and with names that are not in the order of ids."""
    store = database.store
    for i, id_ in enumerate(fill(database, size)):
        name = f"Acme {i * 7919 % size}"
        own = {"name": name, "complete_name": name, "email": f"{name[5:]}@example.com", "city": f"Town {i % TOWNS}"}
        store.put("res.partner", {**store.rows("res.partner")[id_], **own})
    store.forget()


def _queries(database: Database, size: int) -> Iterator[Figure]:
    other = _sqlite(database)
    for query in queries(database):

        def ours(query: Query = query) -> Any:
            return run(database, query.method, *query.args, **query.kwargs)

        def theirs(query: Query = query) -> Any:
            found = other.execute(query.sql, query.values)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

        _check(query, ours(), theirs())
        first, scan = _best(
            ours, theirs, 9 if size < SIZES[-1] else 5, before=lambda: database.store.forget_indexes("res.partner")
        )
        yield Figure(f"{size} rows, {query.name}, first", first * 1e3, "ms", scan * 1e3, "sqlite3", FIRST)
        for _ in range(12):
            ours()
            _forget_masks(database)
        known, scan = _best(ours, theirs, 25 if size < SIZES[-1] else 5, before=lambda: _forget_masks(database))
        yield Figure(f"{size} rows, {query.name}, of a known kind", known * 1e3, "ms", scan * 1e3, "sqlite3", REPEATED)
        ours()
        again, scan = _best(ours, theirs, 25 if size < SIZES[-1] else 5)
        yield Figure(f"{size} rows, {query.name}, repeated", again * 1e3, "ms", scan * 1e3, "sqlite3", REPEATED)


def _forget_masks(database: Database) -> None:
    """Let the next search find the rows of its condition anew, by what is known of the columns."""
    view = database.store.view("res.partner")
    if view is not None:
        view.masks.clear()


def _writes(database: Database, size: int) -> Iterator[Figure]:
    """One record made, changed and deleted: with three columns indexed, and with nothing built."""
    made: list[int] = []
    actions: dict[str, Callable[[], Any]] = {
        "create": lambda: made.append(run(database, "create", {"name": "New", "email": "new@example.com"})),
        "write": lambda: run(database, "write", made[-1:], {"name": "Newer", "color": 4, "city": "Town 3"}),
        "unlink": lambda: run(database, "unlink", [made.pop()]),
    }
    costs = {name: [float("inf")] * 2 for name in actions}
    for turn in range(30):
        alive = turn % 2
        database.store.forget_indexes("res.partner")
        for leaf in [("name", "=", "Acme 7"), ("city", "=", "Town 7"), ("color", "=", 7)] * 10 * alive:
            run(database, "search", [leaf])
        for action in actions.values():
            action()  # what the ORM itself looks up is made anew, too
        for name, action in actions.items():
            started = time.process_time()
            for _ in range(20):
                action()
            costs[name][1 - alive] = min(costs[name][1 - alive], (time.process_time() - started) / 20)
    for name, (ours, baseline) in costs.items():
        title = f"{size} rows, {name} of one record, three columns indexed"
        yield Figure(title, ours * 1e6, "µs", baseline * 1e6, "nothing indexed", WRITING)


def _memory(database: Database, size: int) -> Iterator[Figure]:
    """What a table keeps for searches, as `tracemalloc` counts it, in bytes a row."""
    for name, leaf in (
        ("a column of few values", ("color", "=", 7)),
        ("a column of names that are looked up", ("name", "=", "Acme 7")),
        ("a column of names that are searched by a part", ("name", "ilike", "acme 77")),
    ):
        database.store.forget_indexes("res.partner")
        run(database, "search_count", [])
        run(database, "search_count", [])
        tracemalloc.start()
        for _ in range(12):
            run(database, "search", [leaf])
            _forget_masks(database)
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        yield Figure(f"{size} rows, memory of {name}, a row", kept / size, "B")


def _sqlite(database: Database) -> sqlite3.Connection:
    """The same rows in sqlite."""
    other = sqlite3.connect(":memory:")
    numbers = dict.fromkeys(("color", "country_id", "parent_id", "company_id"), "INTEGER")
    truths = dict.fromkeys(("active", "is_company", "partner_share"), "BOOLEAN")
    kinds = {**dict.fromkeys(COLUMNS, "TEXT"), **numbers, **truths, "id": "INTEGER PRIMARY KEY"}
    columns = ", ".join(f"{name} {kinds[name]}" for name in COLUMNS)
    other.execute(f"CREATE TABLE res_partner ({columns})")
    other.execute("CREATE TABLE res_country (id INTEGER PRIMARY KEY, name TEXT)")
    rows = database.store.rows
    other.executemany(
        f"INSERT INTO res_partner VALUES ({', '.join('?' * len(COLUMNS))})",
        ([row.get(name) for name in COLUMNS] for row in rows("res.partner").values()),
    )
    other.executemany("INSERT INTO res_country VALUES (?, ?)",
                      ([row["id"], row["name"]] for row in rows("res.country").values()))  # fmt: skip
    other.commit()
    return other


def _check(query: Query, ours: Any, theirs: list[dict[str, Any]]) -> None:
    """Raise AssertionError unless both sides have found the same."""
    if query.method == "search_read":
        assert [row["id"] for row in ours] == [row["id"] for row in theirs], query.name
    elif query.method == "name_search":
        assert [pair[0] for pair in ours] == [row["id"] for row in theirs], query.name
    elif query.method == "search_count":
        assert ours == theirs[0]["count(*)"]
    else:
        found = {row["country_id"] and row["country_id"][0]: row["country_id_count"] for row in ours}
        assert found == {row["country_id"] or False: row["count(*)"] for row in theirs}, query.name


def _best(ours: Callable[[], Any], theirs: Callable[[], Any], rounds: int, before: Any = None) -> tuple[float, float]:
    """Processor seconds of one run of each, the best of some rounds in turn."""
    costs = [float("inf")] * 2
    for _ in range(rounds):
        if before is not None:
            before()
        for i, action in enumerate((ours, theirs)):
            started = time.process_time()
            action()
            costs[i] = min(costs[i], time.process_time() - started)
    return costs[0], costs[1]
