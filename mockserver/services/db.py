"""The databases of one server, and the `db` service that makes, copies and drops them.

Source: versions.md §4.2; recorded in core-errors (17.0).
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver import addons
from mockserver.clock import Clock
from mockserver.errors import AccessDenied, DatabaseError, DatabaseExists
from mockserver.orm.database import Database, Snapshot
from mockserver.profiles import Profile
from mockserver.seed.packs import connect
from mockserver.services import dumps
from mockserver.services.auth import same_secret
from mockserver.services.call import Call
from mockserver.services.leases import Leases

# (name, login, password, lang, demo, country_code) → a new database; demo None: as the server's others
Factory = Callable[[str, str, str, str, "bool | None", "str | None"], Database]
# adds something to every database
Addition = Callable[[Database], object]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
# these need no master password
_OPEN = {"db_exist", "list", "list_lang", "server_version"}


class Databases(Mapping[str, Database]):
    """The databases of one server by name, and its master password.  Thread-safe.

    `factory` makes the databases of `create_database`; `additions` are applied to every new database.
    """

    def __init__(self, profile: Profile, clock: Clock, factory: Factory, master_password: str = "admin") -> None:
        self.profile = profile
        self.clock = clock
        self.factory = factory
        self.master_password = master_password
        self._lock = threading.RLock()
        self._by_name: dict[str, Database] = {}
        self.additions: tuple[Addition, ...] = ()
        self.leases = Leases()
        # keeps which databases there are by name, and the master password, before the answer leaves; what it raises
        # undoes the change
        self.keep: Callable[[Mapping[str, Database], str], object] | None = None

    def __getitem__(self, name: str) -> Database:
        return self._by_name[name]

    def get(self, name: str, default: Database | None = None) -> Database | None:  # type: ignore[override]
        """Return a database, or None; the method of any mapping takes five times as long."""
        return self._by_name.get(name, default)

    def of(self, call: Call) -> Database | None:
        """Return the database that a call names, which may not have been performed; None if there is none."""
        name = call.db
        if name is None and call.service == "object" and (args := call.positional):
            name = args[0]
        return self._by_name.get(name) if isinstance(name, str) else None

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._by_name))

    def __len__(self) -> int:
        return len(self._by_name)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[dict[str, Database]]:
        """Give the databases by name to be changed; what is made of them is served once it is kept, or not at all.

        Databases with a lease are not kept.
        """
        with self._lock:
            changed, password = dict(self._by_name), self.master_password
            try:
                yield changed
                if self.keep is not None:
                    lasting = {name: database for name, database in changed.items() if name not in self.leases}
                    self.keep(lasting, self.master_password)
            except BaseException:
                self.master_password = password
                for name, database in self._by_name.items():
                    database.name = name
                raise
            self._by_name = changed

    def connect(self, name: Any) -> Database:
        """Return the database of that name; raises the `DatabaseError` of the real server's driver if there is none."""
        try:
            found = self._by_name[name]
        except (KeyError, TypeError):
            text = self.profile.rules.unknown_database_text.format(name=name)
            raise DatabaseError("OperationalError", text) from None
        if self.leases:
            self.leases.renew(name)
        return found

    def add(self, database: Database) -> None:
        """Serve one more database; raises `DatabaseExists`, or ValueError for a bad name."""
        with self._changing() as by_name:
            try:
                self._check_free(database.name)
            except ValueError as error:  # unlike a client, who wrote the name last may be far from here
                raise ValueError(f"{error} Not: {database.name!r}") from None
            by_name[database.name] = self._with_additions(database)

    def create(
        self, name: str, login: str, password: str, lang: str, demo: bool | None = None, country_code: str | None = None
    ) -> Database:
        """Create a database with the factory."""
        with self._changing() as by_name:
            self._check_free(name)
            made = self.factory(name, login, password, lang, demo, country_code)
            database = by_name[name] = self._with_additions(made)
        return database

    def duplicate(self, source: str, name: str, *, seconds: float | None = None, replace: bool = False) -> Database:
        """Create an independent copy under another name, in the place of a database of that name if `replace`.

        `seconds`: drop it when it was idle for that long.  Such databases are dropped when the next one is made.
        """
        if seconds is not None:
            self.drop_idle()
        original = self.connect(source)
        if not replace:
            self._check_free(name)
        self._check_name(name)
        copy = original.clone(name)  # without the lock: a running call in a database may be waiting for it
        with self._changing() as by_name:
            if not replace:
                self._check_free(name)
            by_name[name] = copy
            self.leases.begin(name, seconds)
        return copy

    def drop_idle(self) -> None:
        """Drop the databases that were made for a while and are not used any more."""
        with self._lock:
            for name in self.leases.over():
                self.drop(name)

    def rename(self, old: str, new: str) -> None:
        """Rename a database; sessions on it end."""
        with self._changing() as by_name:
            database = self.connect(old)
            self._check_free(new)
            by_name[new] = by_name.pop(old)
            self.leases.pop(old, None)
            database.name = new

    def drop(self, name: str) -> bool:
        """Delete a database; return whether it existed."""
        with self._changing() as by_name:
            if not isinstance(name, str):
                return False
            self.leases.pop(name, None)
            return by_name.pop(name, None) is not None

    def change_master_password(self, new: str) -> None:
        """Set the master password."""
        with self._changing():
            self.master_password = new

    def undump(self, name: str, data: str) -> Database:
        """Create a database from the text that `db.dump` returned; raises ValueError for any other text."""
        with self._changing() as by_name:
            if name in by_name:
                raise Exception("Database already exists")
            self._check_free(name)
            database = Database.undump(dumps.unpack(data), name, self.profile, self.clock, addons.ByName())
            from mockserver.addons.base_automation import wrapping  # most servers restore nothing

            connect(database)
            wrapping.install(database)
            by_name[name] = self._with_additions(database)
        return database

    def extend(self, addition: Addition) -> None:
        """Apply an addition to every database, present and future; `restore` undoes it.

        Raises what the addition raises, and does not keep it then.
        """
        databases = self.enlist(addition)
        try:
            # without the lock: a running call in a database may be waiting for it
            for database in databases:
                with database.transaction():
                    if addition in self.additions:  # a restore may have come first
                        addition(database)
        except BaseException:
            with contextlib.suppress(ValueError):
                self.withdraw(addition)
            raise

    def enlist(self, addition: Addition) -> list[Database]:
        """Apply an addition to future databases, and return the present ones; `restore` undoes it."""
        with self._lock:
            self.additions += (addition,)
            return list(self._by_name.values())

    def withdraw(self, addition: Addition) -> list[Database]:
        """Apply an addition to no further databases, and return the present ones; raises ValueError if it is gone."""
        with self._lock:
            additions = list(self.additions)
            additions.remove(addition)
            self.additions = tuple(additions)
            return list(self._by_name.values())

    def free(self, seconds: float) -> bool:
        """Return whether no call holds a database for longer than this."""
        databases = list(self._by_name.values())
        taken = [database for database in databases if database.lock.acquire(timeout=seconds)]
        for database in taken:
            database.lock.release()
        return len(taken) == len(databases)

    def _with_additions(self, database: Database) -> Database:
        for addition in self.additions:
            addition(database)
        return database

    def _check_free(self, name: Any) -> None:
        self._check_name(name)
        if name in self._by_name:
            raise DatabaseExists(f"database {name!r} already exists!")

    def _check_name(self, name: Any) -> None:
        # Differs: over RPC the real server takes any name that its SQL server takes
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ValueError(
                "Invalid database name. Only alphanumerical characters, underscore, hyphen and dot are allowed."
            )

    def snapshot(self) -> DatabasesSnapshot:
        """Return the current state of all databases, for `restore`."""
        with self._lock:
            named, password, additions = list(self._by_name.items()), self.master_password, self.additions
        # without the lock, as in `duplicate`
        states = tuple((name, database, database.snapshot()) for name, database in named)
        return DatabasesSnapshot(password, states, additions)

    def restore(self, snapshot: DatabasesSnapshot) -> None:
        """Restore rows, names, dropped databases and master password; the cost depends only on what changed.

        Databases with a lease stay: they belong to somebody else, who works in them at the same time.
        """
        self.additions = snapshot.additions  # first: who extends a database meanwhile looks there
        for name, database, state in snapshot.databases:
            database.name = name
            database.restore(state)  # without the lock, as in `duplicate`
        with self._changing() as by_name:
            leased = {name: database for name, database in by_name.items() if name in self.leases}
            by_name.clear()
            by_name.update({name: database for name, database, _ in snapshot.databases} | leased)
            self.master_password = snapshot.master_password


@dataclass(frozen=True)
class DatabasesSnapshot:
    """The state that `Databases.restore` restores: `(name, database, its snapshot)` for each."""

    master_password: str
    databases: tuple[tuple[str, Database, Snapshot], ...]
    additions: tuple[Addition, ...] = ()


def dispatch_table(module: str, functions: Iterable[Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Return the functions of a service by name.

    Clients see Python's error texts for wrong arguments, which name the function: so each function is given the
    module and the qualified name of the real server's function.
    """
    table = {}
    for function in functions:
        function.__module__, function.__qualname__ = module, function.__name__
        table[function.__name__] = function
    return table


def service(databases: Databases) -> Callable[[Call], Any]:
    """Return the function that answers calls of `db`; an unknown method is a KeyError, whatever the password."""
    module = f"{databases.profile.package}.service.db"
    functions = dispatch_table(
        module, [*_open_functions(databases), *_creating_functions(databases), *_managing_functions(databases)]
    )

    def db(call: Call) -> Any:
        function = functions.get("exp_" + call.method)
        if function is None:
            raise KeyError(f"Method not found: {call.method}")
        if call.method in _OPEN:
            return function(*call.args)
        if not same_secret(databases.master_password, call.args[0]):
            raise AccessDenied()
        return function(*call.args[1:])

    return db


def _open_functions(databases: Databases) -> Iterable[Callable[..., Any]]:
    def exp_db_exist(db_name: str) -> bool:
        return isinstance(db_name, str) and db_name in databases

    def exp_list(document: bool = False) -> list[str]:
        return sorted(databases)

    def exp_server_version() -> str:
        return databases.profile.server_version

    def exp_list_lang() -> list[list[str]]:
        return _codes_and_names(databases, "res.lang") or [["en_US", "English (US)"]]

    def exp_list_countries() -> list[list[str]]:
        # the real server reads its data file, which has the codes in lower case
        return [[code.lower(), name] for code, name in _codes_and_names(databases, "res.country")]

    return exp_db_exist, exp_list, exp_server_version, exp_list_lang, exp_list_countries


def _codes_and_names(databases: Databases, model: str) -> list[list[str]]:
    """Return `[[code, name] …]` sorted by name, from the first database that has rows."""
    for database in list(databases.values()):
        with database.lock:
            rows = list(database.store.rows(model).values())
        if rows:
            return sorted(([row["code"], row["name"]] for row in rows if row.get("code")), key=lambda pair: pair[1])
    return []


def _creating_functions(databases: Databases) -> Iterable[Callable[..., Any]]:
    def exp_create_database(
        db_name: str, demo: Any, lang: str, user_password: str = "admin", login: str = "admin",
        country_code: str | None = None, phone: str | None = None,
    ) -> bool:  # fmt: skip
        databases.create(db_name, login, user_password, lang, bool(demo), country_code or None)
        return True

    def exp_restore(db_name: str, data: str, copy: bool = False) -> bool:
        databases.undump(db_name, data)
        return True

    duplicating = _duplicate_neutralised if databases.profile.rules.copies_neutralised else _duplicate
    return exp_create_database, duplicating(databases), exp_restore


def _duplicate(databases: Databases) -> Callable[[str, str], bool]:
    def exp_duplicate_database(db_original_name: str, db_name: str) -> bool:
        databases.duplicate(db_original_name, db_name)
        return True

    return exp_duplicate_database


def _duplicate_neutralised(databases: Databases) -> Callable[..., bool]:
    def exp_duplicate_database(db_original_name: str, db_name: str, neutralize_database: bool = False) -> bool:
        databases.duplicate(db_original_name, db_name)
        return True

    return exp_duplicate_database


def _managing_functions(server: Databases) -> Iterable[Callable[..., Any]]:
    def exp_drop(db_name: str) -> bool:
        return server.drop(db_name)

    def exp_rename(old_name: str, new_name: str) -> bool:
        server.rename(old_name, new_name)
        return True

    def exp_dump(db_name: str, format: str) -> str:
        return dumps.pack(server.connect(db_name), format)

    def exp_change_admin_password(new_password: str) -> bool:
        server.change_master_password(new_password)
        return True

    def exp_migrate_databases(databases: list[str]) -> bool:
        for name in databases:
            server.connect(name)
        return True

    return exp_drop, exp_rename, exp_dump, exp_change_admin_password, exp_migrate_databases
