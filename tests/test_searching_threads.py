"""Threads that search, write and copy databases at once: each finds what it wrote, wherever it looks for it.

Copies of a database share tables and what searches build of them, but each has a lock of its own.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from mockserver import MockServer
from mockserver.errors import OdooError
from mockserver.orm.database import Database
from tests.properties.bounds import lower
from tests.properties.budget import FACTOR
from tests.waiting import HANG

THREADS, TURNS = 6, 120 * FACTOR
PARTNER = "res.partner"


class Worker:
    """Works on records of its own, of which it knows the ids by database."""

    def __init__(self, server: MockServer, number: int) -> None:
        self.databases, self.number, self.uid = server.app.databases, number, server.uid
        self.random = Random(number)
        self.mine = [("ref", "=", f"worker {number}")]
        self.own: dict[str, set[int]] = defaultdict(set)

    def work(self) -> None:
        """Take turns in databases of our choice."""
        turns = (
            self.create,
            self.create,
            self.write,
            self.unlink,
            self.fail,
            self.find,
            self.group,
            self.sort,
            self.copy,
        )
        for _ in range(TURNS):
            name = self.random.choice(["mock", "first", "second"])
            self.random.choice(turns)(self.databases[name], self.own[name])

    def partners(self, db: Database) -> Any:
        """Return no record of the partners of a database."""
        return db.env(self.uid, {"active_test": False})[PARTNER]

    def vals(self) -> dict[str, Any]:
        """Return the values of a record."""
        return {"name": f"{self.random.randrange(5)} of {self.number}", "color": self.random.randrange(4)}

    def create(self, db: Database, own: set[int]) -> None:
        """Create records."""
        found = [{**self.vals(), "ref": self.mine[0][2]} for _ in range(self.random.randrange(1, 4))]
        own.update(self.partners(db).create(found).ids)

    def write(self, db: Database, own: set[int]) -> None:
        """Write some of them."""
        self.partners(db).browse(self.random.sample(sorted(own), len(own) // 2)).write(self.vals())

    def unlink(self, db: Database, own: set[int]) -> None:
        """Delete some of them."""
        gone = self.random.sample(sorted(own), len(own) // 4)
        self.partners(db).browse(gone).unlink()
        own.difference_update(gone)

    def fail(self, db: Database, own: set[int]) -> None:
        """Create one of which a part is refused: nothing is left of it."""
        with pytest.raises(OdooError):
            self.partners(db).create({**self.vals(), "ref": self.mine[0][2], "child_ids": [(1, 10**8, {"name": "x"})]})

    def find(self, db: Database, own: set[int]) -> None:
        """Find them, by several conditions."""
        partners = self.partners(db)
        assert set(partners.search(self.mine).ids) == own
        assert partners.search_count([*self.mine, ("name", "ilike", f" OF {self.number}")]) == len(own)
        assert partners.search_count([*self.mine, "|", ("color", "<", 2), ("color", "in", [2, 3])]) == len(own)

    def group(self, db: Database, own: set[int]) -> None:
        """Count them by color."""
        groups = self.partners(db).read_group(self.mine, ["color"], ["color"])
        assert sum(group["color_count"] for group in groups) == len(own)

    def sort(self, db: Database, own: set[int]) -> None:
        """Read the first of them."""
        names = [row["name"] for row in self.partners(db).search_read(self.mine, ["name"], limit=5, order="name desc")]
        assert names == sorted(names, reverse=True)
        assert len(names) == min(5, len(own))

    def copy(self, db: Database, own: set[int]) -> None:
        """Copy the database, and write to the copy alone."""
        copy = self.databases.duplicate(db.name, f"copy{self.number}")
        self.find(copy, own)
        new = self.partners(copy).create({**self.vals(), "ref": self.mine[0][2]})
        self.find(copy, own | {new.id})
        self.find(db, own)
        self.databases.drop(copy.name)


@pytest.mark.usefixtures("quick_switches")
def test_each_thread_finds_what_it_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    lower(monkeypatch)
    server = MockServer(journal=False)
    for name in ("first", "second"):
        server.app.databases.duplicate("mock", name)
    faults: list[BaseException] = []

    def caught(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            faults.append(error)

    workers = [Worker(server, number) for number in range(THREADS)]
    threads = [threading.Thread(target=caught, args=(worker.work,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HANG)
    assert not any(thread.is_alive() for thread in threads)
    assert faults == []
    for worker in workers:
        for name, own in worker.own.items():
            worker.find(server.app.databases[name], own)
