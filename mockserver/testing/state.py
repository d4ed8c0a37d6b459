"""Snapshots of a server, and loading and exporting fixtures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from mockserver import json_files
from mockserver.orm.database import Database
from mockserver.saving import save
from mockserver.seed import build as seed
from mockserver.seed.files import Fixture
from mockserver.testing.journal.wording import brief

if TYPE_CHECKING:
    from typing_extensions import Self

    from mockserver.server.app import App


class Checkpoint:
    """The state of every database and session at one moment; `restore` restores it, any number of times.

        with odoo.snapshot():
            odoo.env["res.partner"].search([]).write({"active": False})
        # the partners are active again

    Restoring it invalidates the checkpoints that were taken after it.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._state = app.snapshot()

    def restore(self) -> None:
        """Restore the state; the cost grows with what changed since."""
        self._app.restore(self._state)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.restore()


def load(database: Database, fixture: str | Path | Mapping[str, Any]) -> None:
    """Add the data of a fixture: the name of a bundled pack, the path of a JSON file, or the parsed data.

    All of it is added or nothing; a pack or file that is already loaded is not loaded again.  Raises FixtureError.
    """
    if isinstance(fixture, (str, Path)):
        seed.load_file(database, fixture)
    elif not isinstance(fixture, Mapping):
        raise seed.FixtureError(f"load takes the name of a pack, a path or the data of a fixture, not {brief(fixture)}")
    elif json_files.is_deep(dict(fixture)):
        raise seed.FixtureError(f"the fixture: more than {json_files.MAX_DEPTH} brackets in each other")
    else:
        seed.load(database, dict(fixture), source="the fixture")


def export(database: Database, path: str | Path | None = None) -> Fixture:
    """Return the state beside a new database with the same packs as a fixture; also write it to `path`, if given.

    The file is written completely or not at all.
    """
    fixture = seed.export(database)
    if path is not None:
        save(path, json.dumps(fixture, indent=2, ensure_ascii=False) + "\n")
    return fixture
