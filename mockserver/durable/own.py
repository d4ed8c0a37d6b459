"""The folder's own tables, in `mockserver.json` and its journals, as those of a database are:

server      {"name", "value"}: `version` and `profile` with which it was begun, `master_password`
databases   {"name", "file"}: the databases, and the names of their files
unfinished  {"file"}: files that are being made or deleted; the next start deletes them
asked       {"name"}: the databases that a start made; one that was dropped is not made again
sessions    {"sid", "db", "uid", "context", "fingerprint", "expires"}
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mockserver import __version__
from mockserver.durable import DataFolderError
from mockserver.durable.files import StateFiles, base_of, read
from mockserver.durable.keeper import Table

NAME = "mockserver"  # of its files
SERVER, DATABASES, UNFINISHED, ASKED, SESSIONS = "server", "databases", "unfinished", "asked", "sessions"
_KEYS = {SERVER: "name", DATABASES: "name", UNFINISHED: "file", ASKED: "name", SESSIONS: "sid"}
VERSION, PROFILE, PASSWORD = "version", "profile", "master_password"


class OwnTables:
    """The own tables of a folder: what is written is on the disk at once.  Thread-safe.

    Raises `DataFolderError` for a folder of others, or of another version or profile, and OSError.
    """

    def __init__(self, folder: Path, profile: str, *, sync: bool, tell: Callable[[str], object]) -> None:
        self.lock = threading.RLock()
        if not base_of(folder, NAME).exists():
            _check_empty(folder)
            about = {VERSION: __version__, PROFILE: profile}
            rows = {id_: {"name": name, "value": about[name]} for id_, name in enumerate(about, 1)}
            self._tables: dict[str, dict[int, dict[str, Any]]] = {SERVER: rows}
            self._files = StateFiles.create(folder, NAME, [(SERVER, rows.items())], sync=sync, tell=tell)
        else:
            found = read(folder, NAME)
            self._tables = found.tables
            self._check(folder, profile)
            for damage in found.damage:
                tell(f"{NAME}: {damage}")
            self._files = StateFiles(folder, NAME, found, sync=sync, tell=tell)
        self._ids = {table: Table(key, self._tables.get(table)) for table, key in _KEYS.items()}

    def _check(self, folder: Path, profile: str) -> None:
        about = self.values(SERVER)
        version, other = about[VERSION]["value"], about[PROFILE]["value"]
        if version != __version__:
            raise DataFolderError(
                f"{folder} was written by mockserver {version}, and this is {__version__}: let the other one serve it "
                "once more with --save FILE, and begin a new folder with --fixtures FILE"
            )
        if other != profile:
            raise DataFolderError(f"{folder} was written with --profile {other}, not {profile}")

    def values(self, table: str) -> dict[str, dict[str, Any]]:
        """Return the rows of a table by their keys, in order."""
        return {row[_KEYS[table]]: row for _, row in sorted(self._tables.get(table, {}).items())}

    def write(self, changes: Mapping[str, Mapping[str, Mapping[str, Any] | None]]) -> None:
        """Write rows by table and key, None for one to delete: all of it or nothing.  Raises OSError."""
        with self.lock:
            changed = {table: rows for table, found in changes.items() if (rows := self._ids[table].changes(found))}
            if not changed:
                return
            self._files.append(changed)()
            for table, rows in changed.items():
                known = self._tables.setdefault(table, {})
                for id_, row in rows.items():
                    if row is None:
                        self._ids[table].forget(known.pop(id_)[_KEYS[table]])
                    else:
                        known[id_] = row
            if self._files.due:
                self._files.compact([(table, list(rows.items())) for table, rows in self._tables.items()])

    def close(self) -> None:
        """Put all on the disk."""
        self._files.close()


def _check_empty(folder: Path) -> None:
    """Raise `DataFolderError` for a folder with the files of others, where a mistake in the path has led."""
    others = sorted(found.name for found in folder.iterdir() if found.suffix in (".json", ".journal"))
    if others:
        raise DataFolderError(f"{folder} has {others[0]}, but no {NAME}.json: it is not a folder of --data")
