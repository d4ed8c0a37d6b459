"""The requests of one test, recorded; with what the test had arranged before the first of them, as a fixture."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockserver.clock import Clock
from mockserver.contract.record import Recorder
from mockserver.contract.record.field_sources import MockFields
from mockserver.contract.secrets import is_secret_model
from mockserver.dialects.rest import registry
from mockserver.saving import save
from mockserver.seed import build as seed
from mockserver.seed.export import difference
from mockserver.seed.files import Fixture
from mockserver.server.exchange import Passed

if TYPE_CHECKING:
    from mockserver.server.server import MockServer

DATA = "data"  # the folder of the fixtures that contracts need, beside them
# rows that come and go with logins, and that no fixture needs
_TRANSIENT_MODELS = ("res.users.log", "ir.logging", "bus.bus")


class Recording:
    """Records what reaches a server until `close`.

    `fixtures` are those that the server was made with, `rest` its REST add-ons, if not those of its profile.
    """

    def __init__(self, server: MockServer, fixtures: Iterable[str], rest: Iterable[str] | None = None) -> None:
        self._server = server
        self._fixtures = list(fixtures)
        self._rest = rest
        self._database = server.database(server.db)
        self._data: Fixture | None = None
        self._recorder = Recorder(MockFields(self._database), everybody=True)
        self._stop_recording = server.app.tap(self._tap)
        self._stop_waiting = server.app.guard(self._before_first_call, first=True)

    def close(self) -> None:
        """Record no more."""
        self._stop_recording()
        self._stop_waiting()

    def _tap(self, passed: Passed) -> None:
        self._recorder.add(passed)

    def _before_first_call(self, *_: Any) -> None:
        """Keep what the database holds before the first call."""
        self._stop_waiting()
        if self._data is None:
            self._data = self._initial_data()

    def _initial_data(self) -> Fixture:
        """What the database has beyond that of a fresh server."""
        profile = self._server.profile
        packs = [pack for dialect in registry.chosen(self._rest, profile) for pack in dialect.packs]
        fresh = seed.build(
            self._database.name,
            profile=profile,
            fixtures=[*packs, *self._fixtures],
            login=self._server.login,
            password=self._server.password,
            clock=Clock(),
        )
        found = difference(self._database, fresh)
        kept = [r for r in found["records"] if not is_secret_model(r["model"]) and r["model"] not in _TRANSIENT_MODELS]
        return {**found, "records": kept}

    def contract(self, **head: Any) -> dict[str, Any]:
        """The contract as data; `head` are keys beside the steps, such as `name`."""
        return self._recorder.contract(profile=self._server.profile.name, **head)

    def write(self, path: Path, name: str) -> int:
        """Write the contract, and the fixture that it needs into the folder `data`; gives the number of steps.

        Writes nothing for a test that sent nothing.  Raises OSError and ValueError.
        """
        if not self._recorder.requests:
            return 0
        data_file = path.parent / DATA / path.name
        data = self._data if self._data and (self._data["models"] or self._data["records"]) else None
        fixtures = [_relative_name(fixture, path) for fixture in self._fixtures] + (
            [f"{DATA}/{path.name}"] if data else []
        )
        contract = self.contract(name=name, fixtures=fixtures)
        if data is not None:
            data_file.parent.mkdir(exist_ok=True)
            save(data_file, json.dumps(self._recorder.secrets.hide(data), indent=1, ensure_ascii=False) + "\n")
        return self._recorder.write(path, contract)


def _relative_name(fixture: str, path: Path) -> str:
    """A pack by its name, a file by its path from the contract."""
    return os.path.relpath(fixture, path.parent) if Path(fixture).is_file() else fixture
