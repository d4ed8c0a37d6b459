"""A test run with a live server, with or without the mock."""

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
    """One run of tests with one scratch database; call `open` first and `close` last.

    `tallies` has the results of each test by its name.
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
        """Log in to the scratch database, which is copied first if necessary; raises `LiveError` and ValueError."""
        self.client = self._stack.enter_context(scratch(self.upstream))
        self.cleanup = Cleanup(self.client)

    def close(self) -> None:
        """Log out; drop the database if it was copied for the run.  Raises `LiveError`."""
        self._stack.close()

    def start_dual(
        self, server: MockServer, name: str, fixtures: Iterable[str], skip: Skip
    ) -> tuple[DualServer, Comparison]:
        """Return the server and the comparison of a test; skip the test if the live server lacks its fixtures."""
        database = server.database(server.db)
        known = self._places(sorted({str(row.get("model")) for row in database.store.rows("ir.model.data").values()}))
        self._check_fixtures(fixtures, known, skip)
        pairs = Counterparts(database, counterparts.initial_pairs(database, self.client, known))
        comparison = Comparison(server, Forwarder(database, self.client, pairs, self.cleanup), skip)
        self.tallies[name] = comparison.tally
        return DualServer(server, skip), comparison

    def start_live(self, name: str, fixtures: Iterable[str], skip: Skip) -> LiveServer:
        """Return the live server for a test; skip the test if its fixtures are missing there."""
        wanted = [*_xmlids(fixtures)]
        models = sorted({model for _, model in wanted})
        self._check_fixtures(fixtures, self._places(models) if wanted else {}, skip)
        self.tallies[name] = Tally()
        server = LiveServer(self.client, self.cleanup, skip)
        server.watch()
        return server

    def end_test(self, name: str) -> None:
        """Undo the changes of a test; raises `LiveError`."""
        self.tallies[name].leftovers += self.cleanup.undo()

    def _places(self, models: Iterable[str]) -> dict[str, counterparts.RecordKey]:
        """Return external id → record of the live server."""
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

    # -- results

    def differing(self) -> dict[str, Tally]:
        """Return the tests in which calls differ."""
        return {name: tally for name, tally in self.tallies.items() if tally.verdicts}

    def summary(self) -> list[str]:
        """Return the lines of the report on the run."""
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
    """A mock that is compared with a live server: what only the mock can do skips the test."""

    def __init__(self, server: MockServer, skip: Skip) -> None:
        # both objects share their attributes
        self.__dict__ = server.__dict__
        self.__dict__.update(skip=skip, itself=server)

    @property
    def api_key(self) -> str:
        """An API key of the mock, whose clock determines it."""
        key: str = self.__dict__["itself"].api_key
        return key


def _skipping_property(name: str) -> property:
    def refuse(self: DualServer) -> Any:
        self.__dict__["skip"](f"mockserver.{name} exists only on the mock")

    return property(refuse)


# methods that use one of these attributes skip the test too
MOCK_ONLY = (
    "clock", "faults", "fail", "overrides", "strict", "load", "down", "model", "on_call", "respond", "reset",
    "snapshot",
)  # fmt: skip
for _name in MOCK_ONLY:
    setattr(DualServer, _name, _skipping_property(_name))


def _xmlids(fixtures: Iterable[str]) -> list[tuple[str, str]]:
    """Return external id and model of every record in fixture files; live servers have the data of packs."""
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
