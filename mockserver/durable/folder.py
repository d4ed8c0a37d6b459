"""The folder of a server: its databases with their files, its sessions and its master password."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from mockserver.clock import Clock
from mockserver.durable import DataFolderError
from mockserver.durable.files import Found, StateFiles, Tables, base_of, delete, free_stem, read
from mockserver.durable.keeper import OWN_TABLES, DatabaseKeeper, recovered, refusal
from mockserver.durable.lock import FolderLock
from mockserver.durable.own import ASKED, DATABASES, NAME, PASSWORD, SERVER, UNFINISHED, OwnTables
from mockserver.durable.sessions import SessionKeeper
from mockserver.errors import DatabaseError
from mockserver.orm.database import Database
from mockserver.profiles import Profile
from mockserver.seed.files import find, is_pack, nearest
from mockserver.services.db import Databases
from mockserver.services.sessions import Sessions

Keepers = dict[Database, DatabaseKeeper]


class DataFolder:
    """Keeps the state of a server in a folder, which no other server uses meanwhile.

    `told` are sentences about what was found; `tell` is called with those that come later.
    Raises `DataFolderError` for a folder that cannot be used.
    """

    def __init__(self, path: Path, profile: Profile, *, sync: bool = True) -> None:
        self.path, self.profile, self.sync = path, profile, sync
        self.told: list[str] = []
        self.tell: Callable[[str], object] = self.told.append
        self.closed = False
        self._keepers: Keepers = {}
        if path.exists() and not path.is_dir():
            raise DataFolderError(f"{path} is a file, not a folder")
        for link in (path, *path.parents):
            if link.is_symlink() and not link.exists():
                raise DataFolderError(f"{link} is a link to {link.readlink()}, which is not there")
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise DataFolderError(f"{path}: {error.strerror}") from None
        self._lock = FolderLock(path)
        try:
            self._own = OwnTables(path, profile.name, sync=sync, tell=self._tell)
            for stem in self._own.values(UNFINISHED):
                delete(path, stem)
                self._own.write({UNFINISHED: {stem: None}})
        except BaseException as error:
            self._lock.release()
            if isinstance(error, OSError):
                raise DataFolderError(f"{path}: {error.strerror}") from None
            raise

    def _tell(self, text: str) -> None:
        self.tell(text)

    # -- the start

    def serve(
        self,
        databases: Databases,
        sessions: Sessions,
        names: Sequence[str],
        fixtures: Sequence[str],
        make: Callable[[Iterable[str]], object],
    ) -> None:
        """Give a server the databases and sessions of the folder, and keep what changes from now on.

        `names` and `fixtures` are what the server was started with; `make` makes the databases that are missing.
        Raises `DataFolderError`, and what `make` raises.
        """
        try:
            for database in self._databases(databases.clock):
                databases.add(database)
                self._tell_of_fixtures(database, fixtures)
            if PASSWORD in self._own.values(SERVER):
                databases.master_password = self._own.values(SERVER)[PASSWORD]["value"]
            make(self._missing(names))
            self._own.write({ASKED: {name: {} for name in names if name not in self._own.values(ASKED)}})
            keeper = SessionKeeper(self._own)
            sessions.restore(dict(keeper.kept()))
            self._keep(databases, databases.master_password)
        except BaseException as error:
            self.close()
            cause = error.__cause__ if isinstance(error, DatabaseError) else error  # a client gets the former
            if isinstance(cause, OSError):
                raise DataFolderError(f"{self.path}: {cause.strerror}") from None
            raise
        databases.keep, sessions.keep = self._keep, keeper

    def _databases(self, clock: Clock) -> Iterator[Database]:
        """Yield the databases as they were, and keep what changes in them."""
        files = {name: row["file"] for name, row in self._own.values(DATABASES).items()}
        for name, stem in files.items():
            found = read(self.path, stem)
            database = recovered(name, found.tables, self.profile, clock)
            for damage in found.damage:
                self.tell(f"{name}: {damage}")
            self.tell(_told(name, found))
            for text in _unused(self.path, stem, found.tables, database):
                self.tell(f"{name}: {text}")
            keeper = DatabaseKeeper(database, found.tables)
            keeper.files = StateFiles(self.path, stem, found, sync=self.sync, tell=self._tell)
            database.keep = self._keepers[database] = keeper
            yield database
        for path in sorted(self.path.glob("*.json")):
            if path.stem not in (NAME, *files.values()):
                self.tell(f"{path} belongs to no database, and is left alone")

    def _missing(self, names: Iterable[str]) -> list[str]:
        """Return which of these databases a start has to make: those that no start has made before."""
        asked, served = self._own.values(ASKED), self._own.values(DATABASES)
        for name in names:
            if name in asked and name not in served:
                self.tell(f"the database {name!r} was dropped or renamed, and is not made again")
        return [name for name in names if name not in asked and name not in served]

    def _tell_of_fixtures(self, database: Database, fixtures: Iterable[str]) -> None:
        loaded = database.loaded
        for fixture in fixtures:
            path = find(fixture)
            if not (path.stem in loaded.packs if is_pack(path) else str(path) in loaded.files):
                self.tell(
                    f"{database.name} has not loaded {fixture}, and is not given it now; POST /_mock/fixtures loads it"
                )

    # -- which databases there are

    def _keep(self, databases: Mapping[str, Database], master_password: str) -> None:
        """Write files for new databases, note the names of all, and delete the files of those that are gone.

        Raises `DatabaseError`; then nothing has changed.
        """
        with self._own.lock:
            new = {name: database for name, database in databases.items() if database not in self._keepers}
            stems = {free_stem(self.path, name): database for name, database in new.items()}
            gone = self._keepers.keys() - set(databases.values())
            made: Keepers = {}
            try:
                self._own.write({UNFINISHED: {stem: {} for stem in stems}})
                for stem, database in stems.items():
                    made[database] = self._made(database, stem)
                self._note(databases, self._keepers | made, gone, master_password)
            except OSError as error:
                for database, keeper in made.items():
                    database.keep = None
                    keeper.remove()
                raise refusal(error) from error
            self._keepers |= made
            for database in gone:
                database.keep = None
                self._keepers.pop(database).remove()
            with contextlib.suppress(OSError):  # the next start deletes them once more
                self._own.write({UNFINISHED: dict.fromkeys(self._own.values(UNFINISHED))})

    def _made(self, database: Database, stem: str) -> DatabaseKeeper:
        with database.lock:
            keeper = DatabaseKeeper(database)
            keeper.files = StateFiles.create(self.path, stem, keeper.rows(), sync=self.sync, tell=self._tell)
            database.keep = keeper
            return keeper

    def _note(
        self, databases: Mapping[str, Database], keepers: Keepers, gone: Iterable[Database], master_password: str
    ) -> None:
        """Write which databases there are in which files: all that changes by one line.  Raises OSError."""
        own = self._own
        known = {name: row["file"] for name, row in own.values(DATABASES).items()}
        files = {name: keepers[database].stem for name, database in databases.items()}
        named = {name: {"file": stem} for name, stem in files.items() if known.get(name) != stem}
        left: dict[str, dict[str, str]] = {keepers[database].stem: {} for database in gone}
        is_new = own.values(SERVER).get(PASSWORD, {}).get("value") != master_password
        own.write(
            {
                DATABASES: {**dict.fromkeys(known.keys() - files.keys()), **named},
                UNFINISHED: {**dict.fromkeys(own.values(UNFINISHED)), **left},
                SERVER: {PASSWORD: {"value": master_password}} if is_new else {},
            }
        )

    def close(self) -> None:
        """Put all on the disk, keep nothing from now on, and let others use the folder."""
        if self.closed:
            return
        self.closed = True
        for database, keeper in self._keepers.items():
            with database.lock:
                with contextlib.suppress(Exception):
                    keeper(())  # the ids of calls that failed
                database.keep = None
            keeper.close()
        self._keepers.clear()
        self._own.close()
        self._lock.release()


def _told(name: str, found: Found) -> str:
    rows = sum(len(rows) for table, rows in found.tables.items() if not table.startswith("_"))
    writes = "1 write" if found.changes == 1 else f"{found.changes} writes"
    return f"{name} came back with {rows} rows" + (f", with {writes} of its journal" if found.changes else "")


def _unused(folder: Path, stem: str, tables: Tables, database: Database) -> Iterator[str]:
    """Yield a sentence on each table with rows that is of no model, as one is that was renamed by hand."""
    known = {*database.registry, *OWN_TABLES}
    for table, rows in tables.items():
        if rows and table not in known:
            unused = f"the rows of {table!r} in {base_of(folder, stem)} are not used ({len(rows)})"
            near = nearest(table, known)
            yield f"{unused}, and are gone once the file is written anew: there is no such model{near}"
