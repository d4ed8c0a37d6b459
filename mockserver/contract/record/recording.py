"""Record the requests of one test, with the data that it created before the first of them as a fixture."""

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

DATA = "data"  # the folder for fixtures of contracts, next to the contracts
# models whose rows no fixture needs
_TRANSIENT_MODELS = ("res.users.log", "ir.logging", "bus.bus")


class Recording:
    """Records the requests to a server until `close`.

    `fixtures` and `rest` are those of the server; `rest` is None for the REST add-ons of its profile.
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
        """Stop recording."""
        self._stop_recording()
        self._stop_waiting()

    def _tap(self, passed: Passed) -> None:
        self._recorder.add(passed)

    def _before_first_call(self, *_: Any) -> None:
        """Keep the data of the database before the first call."""
        self._stop_waiting()
        if self._data is None:
            self._data = self._initial_data()

    def _initial_data(self) -> Fixture:
        """Return the data that a fresh server does not have."""
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
        """Return the contract as data; `head` are keys besides the steps, such as `name`."""
        return self._recorder.contract(profile=self._server.profile.name, **head)

    def write(self, path: Path, name: str) -> int:
        """Write the contract, and its fixture into the folder `data`; return the number of steps.

        Writes nothing for a test without requests.  Raises OSError and ValueError.
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
    """Return the name of a pack, or the path of a file relative to the contract."""
    return os.path.relpath(fixture, path.parent) if Path(fixture).is_file() else fixture
