"""Many clients on many databases at once: no update is lost, none reaches another database, and nobody waits for ever.

`MOCKSERVER_PROPERTIES=thorough` has 64 clients on 64 databases; otherwise there are fewer of both.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from mockserver.orm.records.recordset import Recordset
from mockserver.server.server import MockServer
from tests.properties.budget import THOROUGH
from tests.waiting import HANG

CLIENTS, DATABASES, TURNS = (64, 64, 200) if THOROUGH else (12, 12, 25)
TAG = "res.partner.category"
FIRST, SECOND = 1, 2  # two counters, which one call raises together


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(journal=False) as server:

        @server.on_call(TAG, "count_up")
        def count_up(records: Recordset) -> list[int]:
            """Read each record's number, and write the next one."""
            for record in records:
                record.write({"color": record.color + 1})
            return [int(record.color) for record in records]

        server.env[TAG].browse([FIRST, SECOND]).write({"color": 0})
        for number in range(DATABASES):
            server.app.databases.duplicate("mock", f"db{number}")
        yield server


class Client:
    """One keep-alive connection, which works in any of the databases."""

    def __init__(self, server: MockServer, number: int, tally: Counter[str], lock: threading.Lock) -> None:
        self.number, self._tally, self._lock = number, tally, lock
        self._random = random.Random(number)
        self._http = http.client.HTTPConnection(server.host, server.port, timeout=HANG)

    def work(self) -> None:
        """Take turns in databases of our choice."""
        with closing(self._http):
            for turn in range(TURNS):
                database = f"db{self._random.randrange(DATABASES)}"
                action = self._random.choice([self.count_up, self.count_up, self.create, self.create, self.copy])
                action(database, turn)

    def count_up(self, database: str, turn: int) -> None:
        """Raise both counters."""
        first, second = self.call(database, TAG, "count_up", [[FIRST, SECOND]])
        assert first == second
        self.count(f"{database} up")

    def create(self, database: str, turn: int) -> None:
        """Create a record, and find it and all that we created there before."""
        name = f"{database} {self.number}."
        self.call(database, TAG, "create", [{"name": f"{name} {turn}"}])
        mine = self.count(f"{name} made")
        self.count(f"{database} made")
        assert self.call(database, TAG, "search_count", [[("name", "like", name)]]) == mine
        others = ["&", "!", ("name", "=like", f"{database} %"), ("name", "=like", "db%")]
        assert self.call(database, TAG, "search_count", [others]) == 0

    def copy(self, database: str, turn: int) -> None:
        """Copy a database while others write to it: the copy is as the original was between two calls."""
        name = f"copy{self.number}"
        self.service("db", "duplicate_database", ["admin", database, name])
        rows = self.call(name, TAG, "read", [[FIRST, SECOND], ["color"]])
        assert rows[0]["color"] == rows[1]["color"]
        assert self.call(name, TAG, "count_up", [[FIRST]]) == [rows[0]["color"] + 1]
        assert self.service("db", "drop", ["admin", name]) is True

    def call(self, database: str, model: str, method: str, args: list[Any]) -> Any:
        """Call a method of a model."""
        return self.service("object", "execute_kw", [database, 2, "admin", model, method, args])

    def service(self, service: str, method: str, args: list[Any]) -> Any:
        """Call a method of a service."""
        body = json.dumps({"params": {"service": service, "method": method, "args": args}})
        self._http.request("POST", "/jsonrpc", body, {"Content-Type": "application/json"})
        answer = json.load(self._http.getresponse())
        assert "result" in answer, answer
        return answer["result"]

    def count(self, what: str) -> int:
        """Count what is to be found at the end; return how often it was counted."""
        with self._lock:
            self._tally[what] += 1
            return self._tally[what]


@pytest.mark.usefixtures("quick_switches")
def test_nothing_is_lost_and_nothing_is_mixed_up(server: MockServer) -> None:
    tally, lock, faults = Counter[str](), threading.Lock(), list[BaseException]()

    def work(number: int) -> None:
        try:
            Client(server, number, tally, lock).work()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HANG)
    assert not any(thread.is_alive() for thread in threads)
    assert faults == []
    assert set(server.app.databases) == {"mock", *(f"db{number}" for number in range(DATABASES))}
    for number in range(DATABASES):
        tags = server.app.databases[f"db{number}"].env()[TAG]
        assert tags.browse([FIRST, SECOND]).mapped("color") == [tally[f"db{number} up"]] * 2
        assert tags.search_count([("name", "=like", f"db{number} %")]) == tally[f"db{number} made"]
    assert server.env[TAG].browse([FIRST, SECOND]).mapped("color") == [0, 0]
