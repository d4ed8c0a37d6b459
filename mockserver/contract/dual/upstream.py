"""A test run with a live server: beside the mock, or alone."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

from mockserver.contract.dual import counterparts
from mockserver.contract.dual.cleanup import Cleanup
from mockserver.contract.dual.comparison import Comparison, Tally
from mockserver.contract.dual.counterparts import Counterparts
from mockserver.contract.dual.forwarding import Forwarder
from mockserver.contract.dual.live_server import LiveServer
from mockserver.contract.dual.scratch import Upstream, scratch
from mockserver.contract.live.client import Client
from mockserver.seed import files as fixture_files
from mockserver.server.server import MockServer

Skip = Callable[[str], NoReturn]


class Run:
    """One run of tests with one scratch database; `open` it first, `close` it last.

    `tallies` has what came of each test, by its name.
    """

    def __init__(self, upstream: Upstream) -> None:
        self.upstream = upstream
        self.tallies: dict[str, Tally] = {}
        self._stack = contextlib.ExitStack()
        self.client: Client
        self.cleanup: Cleanup
        self._known: dict[str, counterparts.RecordKey] = {}
        self._read: set[str] = set()

    def open(self) -> None:
        """Log in to the scratch database, made first if need be; raises `LiveError` and ValueError."""
        self.client = self._stack.enter_context(scratch(self.upstream))
        self.cleanup = Cleanup(self.client)

    def close(self) -> None:
        """Log out; drop the database if it was made for the run.  Raises `LiveError`."""
        self._stack.close()

    def start_dual(
        self, server: MockServer, name: str, fixtures: Iterable[str], skip: Skip
    ) -> tuple[DualServer, Comparison]:
        """The server of a test with what compares it; skips the test where the two begin with different data."""
        database = server.database(server.db)
        known = self._places(sorted({str(row.get("model")) for row in database.store.rows("ir.model.data").values()}))
        self._check_fixtures(fixtures, known, skip)
        pairs = Counterparts(database, counterparts.initial_pairs(database, self.client, known))
        comparison = Comparison(server, Forwarder(database, self.client, pairs, self.cleanup), skip)
        self.tallies[name] = comparison.tally
        return DualServer(server, skip), comparison

    def start_live(self, name: str, fixtures: Iterable[str], skip: Skip) -> LiveServer:
        """The live server as a test sees it; skips the test where data that it wants are not there."""
        wanted = [*_xmlids(fixtures)]
        models = sorted({model for _, model in wanted})
        self._check_fixtures(fixtures, self._places(models) if wanted else {}, skip)
        self.tallies[name] = Tally()
        server = LiveServer(self.client, self.cleanup, skip)
        server.watch()
        return server

    def end_test(self, name: str) -> None:
        """A test is over: make the database what it was before; raises `LiveError`."""
        self.tallies[name].leftovers += self.cleanup.undo()

    def _places(self, models: Iterable[str]) -> dict[str, counterparts.RecordKey]:
        """External id → record, of the live server."""
        new = [model for model in models if model not in self._read]
        if new:
            self._known |= counterparts.read_external_ids(self.client, new)
            self._read.update(new)
        return self._known

    def _check_fixtures(self, fixtures: Iterable[str], known: dict[str, Any], skip: Skip) -> None:
        missing = [xmlid for xmlid, _ in _xmlids(fixtures) if xmlid not in known]
        if missing:
            number = (
                f"{len(missing)} records of the test's fixtures" if len(missing) > 1 else "a record of its fixtures"
            )
            skip(f"the database {self.client.db!r} of the live server lacks {number}: {', '.join(missing[:3])}")

    # -- what came of it

    def differing(self) -> dict[str, Tally]:
        """The tests in which calls differ."""
        return {name: tally for name, tally in self.tallies.items() if tally.verdicts}

    def summary(self) -> list[str]:
        """What came of the run, line by line."""
        where = f"{self.client.url}, database {self.client.db}"
        total = Tally()
        for tally in self.tallies.values():
            total.compared += tally.compared
            total.verdicts += tally.verdicts
            total.uncompared += tally.uncompared
            total.leftovers += tally.leftovers
        lines = (
            [f"{where}: {_calls(total.compared)} compared, {len(total.verdicts)} differ"] if total.compared else [where]
        )
        if total.uncompared:
            reasons = ", ".join(f"{reason} ({number})" for reason, number in total.uncompared.most_common())
            lines.append(f"not compared: {reasons}")
        return [*lines, *(f"left on the live server: {what}" for what in Counter(total.leftovers))]


class DualServer(MockServer):
    """A mock beside a live server: what only the mock can do skips the test."""

    def __init__(self, server: MockServer, skip: Skip) -> None:
        # the same server under another class: whatever one changes, the other has
        self.__dict__ = server.__dict__
        self.__dict__.update(skip=skip, itself=server)

    @property
    def api_key(self) -> str:
        """An API key of the mock, whose clock makes it."""
        key: str = self.__dict__["itself"].api_key
        return key


def _skipping_property(name: str) -> property:
    def refuse(self: DualServer) -> Any:
        self.__dict__["skip"](f"mockserver.{name} is of the mock alone: the live server has no such thing")

    return property(refuse)


# methods that act on one of these meet its property
MOCK_ONLY = (
    "clock", "faults", "fail", "overrides", "strict", "load", "down", "model", "on_call", "respond", "reset",
    "snapshot",
)  # fmt: skip
for _name in MOCK_ONLY:
    setattr(DualServer, _name, _skipping_property(_name))


def _xmlids(fixtures: Iterable[str]) -> list[tuple[str, str]]:
    """External id and model of every record in files of the user's own; packs are what servers have."""
    found = []
    for name in fixtures:
        if Path(name).suffix != ".json" or not Path(name).is_file():
            continue
        for record in fixture_files.read(Path(name)).get("records", []):
            if record.get("xmlid"):
                found.append((str(record["xmlid"]), str(record.get("model"))))
    return found


def _calls(number: int) -> str:
    return "1 call" if number == 1 else f"{number} calls"
