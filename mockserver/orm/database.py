"""One database: its models, its rows and its lock; every call on it is atomic."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, NamedTuple, Protocol, TypeVar, cast, overload

from mockserver.clock import Clock
from mockserver.errors import DatabaseError
from mockserver.orm import dump
from mockserver.orm.methods import BaseModel
from mockserver.orm.outgoing import Outgoing
from mockserver.orm.query.computing import Frame
from mockserver.orm.query.kept import Kept
from mockserver.orm.records.environment import Environment
from mockserver.orm.schema import api
from mockserver.orm.schema.model import Model, UnknownField
from mockserver.orm.schema.registry import Registry
from mockserver.orm.schema.summary import Summary
from mockserver.orm.storage.store import LogEntry, Row, Store
from mockserver.orm.writing.recompute import Postponed
from mockserver.profiles import Profile

Found = TypeVar("Found")


@dataclass(frozen=True)
class Loaded:
    """What was loaded into a database: the names of bundled packs, and other fixtures with their content by path.

    `labels` lead to those records of packs that have no external id: `{label: (model, id)}`.  `frozen` is the time of
    the clock, if it stood still while they were loaded.
    """

    packs: tuple[str, ...] = ()
    labels: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    files: Mapping[str, Any] = field(default_factory=dict)
    frozen: datetime | None = None


@dataclass(frozen=True)
class Snapshot:
    """A state that can be restored; valid until an earlier one is restored."""

    mark: int
    registry: Registry
    sequences: dict[str, int]
    loaded: Loaded
    sent: int


class Change(NamedTuple):
    """One row before and after: None where it did not exist."""

    model: str
    id: int
    old: Row | None
    new: Row | None


class Changes(Sequence[Change]):
    """What a transaction changed, in the order of each row's first change; made of the log on first use.

    The log may have several entries of one row: the first one has what was there before.
    """

    __slots__ = ("_log", "_new", "_read")

    def __init__(self, log: Sequence[LogEntry], new: Sequence[Row | None]) -> None:
        self._log = log
        self._new = new
        self._read: list[Change] | None = None

    def _changes(self) -> list[Change]:
        if self._read is None:
            found: dict[tuple[str, int], Change] = {}
            for (model, id_, old), new in zip(self._log, self._new, strict=True):
                found.setdefault((model, id_), Change(model, id_, old, new))
            self._read = list(found.values())
        return self._read

    @overload
    def __getitem__(self, index: int) -> Change: ...
    @overload
    def __getitem__(self, index: slice) -> list[Change]: ...
    def __getitem__(self, index: int | slice) -> Change | list[Change]:
        return self._changes()[index]

    def __len__(self) -> int:
        return len(self._changes())

    def __iter__(self) -> Iterator[Change]:
        return iter(self._changes())


# `(model, id)` of the rows that changed → what waits until it is kept
Keep = Callable[[Iterable[tuple[str, int]]], "Callable[[], object] | None"]


class Hints(Protocol):
    """What may follow the text of an error that a test's own code caused: the right name, or where it is to be had."""

    def model(self, database: Database, name: str) -> str:
        """Return the hint for an unknown model, or an empty text."""

    def field(self, database: Database, model: str, name: str) -> str:
        """Return the hint for an unknown field of a model, or an empty text."""


class Database:
    """Models and rows under one name, shared by threads."""

    def __init__(self, name: str, profile: Profile, clock: Clock) -> None:
        self.name = name
        self.profile = profile
        self.clock = clock
        self.lock = threading.RLock()
        self.registry = Registry(base=BaseModel, generation=profile.generation)
        self.store = Store()
        self.store.query_of = self._query_of
        self.loaded = Loaded()
        # loads the bundled packs among the modules of these names; what builds databases sets it
        self.install: Callable[[Database, Collection[str]], None] | None = None
        # hints for errors of a test's own code; set likewise
        self.hints: Hints | None = None
        # caches of `rights.access`, and the state of the tables that they were computed from
        # (uid, model, mode) → whether it is granted; (uid, groups) → whether the user is in one of them
        self.access_cache: dict[tuple[Any, ...], bool] = {}
        self.access_stamp: tuple[int | None, ...] = ()
        self.access_seen = -1
        self.groups: dict[int, frozenset[int]] = {}
        self.limits: dict[Any, Any] = {}
        self.kept = Kept()
        # if set, called instead of a method that a test calls through `env`: `witness(records, method, args, kwargs)`
        self.witness: Callable[..., Any] | None = None
        # the id of the thread that is in a transaction
        self.owner: int | None = None
        # the compute, inverse and onchange methods that are running
        self.frames: list[Frame] = []
        # computations that wait until a group of changes is complete; None while there is no such group
        self.postponed: Postponed | None = None
        # the environment of the first write of the transaction, and what models note until it ends
        self.writer: Environment | None = None
        self.notes: dict[str, Any] = {}
        # what models sent out, such as mail; a transaction that fails sends nothing
        self.sent = Outgoing()
        # sentences: what the transaction did not do although the real server does it
        self.unmet: list[str] = []
        # sends out what leaves the server, such as a webhook; the server sets it
        self.deliver: Callable[[Any], object] | None = None
        # keeps what a transaction has changed, `keep(keys of rows)`, before its answer leaves; it returns what to call
        # once the lock is free, or None; what it raises undoes the transaction
        self.keep: Keep | None = None
        # functions to call once the transaction is over and the lock is free
        self.afterwards: list[Callable[[], object]] = []
        # what was derived from the rows of tables, with the version of each table then
        self._derived: dict[tuple[Any, ...], tuple[list[int], Any]] = {}
        self._depth = 0
        self._began: str | None = None  # the time of the transaction, once it is asked for
        self._snapshots = 0

    def __repr__(self) -> str:
        return f"<Database {self.name!r} {self.profile.name}>"

    def env(self, uid: int = 1, context: Mapping[str, Any] | None = None) -> Environment:
        """This database as a user sees it; uid 1 is the superuser, without access checks."""
        return Environment(self, uid, context)

    def add_model(self, *models: Model) -> None:
        """Define models, or replace their definitions."""
        self.registry = self.registry.evolve(*models)

    def method(self, model: str, name: str) -> api.Method | None:
        """Return the model's method of that name, or None."""
        return self.registry.method(model, name)

    def derived(self, key: tuple[Any, ...], tables: Iterable[str], make: Callable[[], Found]) -> Found:
        """Return what `make` derives from the rows of tables; it is called anew once one of them has changed."""
        versions = [self.store.versions.get(table, 0) for table in tables]
        known, found = self._derived.get(key, (None, None))
        if known != versions:
            found = make()
            self._derived[key] = versions, found
        return cast(Found, found)

    def add_hint(self, error: ValueError) -> None:
        """Add a note about an unknown field to an error that a test's own call met; clients do not see notes."""
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, UnknownField):
            cause = cause.__context__
        if cause is not None and self.hints is not None and sys.version_info >= (3, 11):
            hint = self.hints.field(self, cause.model, str(cause.field)).removeprefix("; ")
            if hint:
                error.add_note(hint)

    def log_time(self) -> str:
        """Return the time of what is written now: the same in a whole transaction, to the microsecond.

        Source: `write_date` of real servers is the time of the transaction in PostgreSQL.
        """
        if self.clock.frozen or not self._depth:
            return self.clock.exact()
        self._began = self._began or self.clock.exact()
        return self._began

    def transaction(self) -> Transaction:
        """Return a context manager that holds the lock; an exception inside undoes everything done in it."""
        return Transaction(self)

    def snapshot(self) -> Snapshot:
        """Return the present state; from then on the undo log is kept."""
        with self.lock:
            if not self._snapshots and not self._depth:
                self.store.forget()
            self._snapshots += 1
            return Snapshot(self.store.hold(), self.registry, self.store.sequences, self.loaded, self.sent.mark)

    def restore(self, snapshot: Snapshot) -> None:
        """Restore a snapshot, which stays valid; the cost depends on how much has changed since."""
        with self.lock:
            touched = self.store.touched(snapshot.mark) if self.keep is not None else ()
            self.store.rollback(snapshot.mark)
            self.registry = snapshot.registry
            self.store.sequences = snapshot.sequences
            self.loaded = snapshot.loaded
            self.sent.take_back(snapshot.sent)
            kept = self.keep(touched) if self.keep is not None else None
        if kept is not None:
            kept()

    def dump(self) -> dict[str, Any]:
        """Return the whole database as JSON-able data."""
        with self.lock:
            return dump.dump(self)

    @classmethod
    def undump(
        cls, data: Any, name: str, profile: Profile, clock: Clock, classes: Mapping[str, Summary] | None = None
    ) -> Database:
        """Return a database from the data of `dump`; raises ValueError for anything else.

        `classes`: see `dump.load`.
        """
        database = cls(name, profile, clock)
        dump.load(database, data, classes or {})
        return database

    def clone(self, name: str) -> Database:
        """Return an independent copy under another name; rows are shared until they are written."""
        with self.lock:
            other = Database(name, self.profile, self.clock)
            other.registry = self.registry
            other.loaded, other.install, other.deliver = self.loaded, self.install, self.deliver
            other.hints = self.hints
            other.store = self.store.clone()
            other.store.query_of = other._query_of
            return other

    def _query_of(self, name: str) -> Callable[[], Iterator[Row]] | None:
        """Return what makes the rows of a model without a table; see `BaseModel._query_rows`."""
        model = self.registry.get(name)
        if model is None or model.auto or model.abstract:
            return None

        # attributes of records are false where they are empty; rows hold it for booleans alone
        truths = {f.name for f in model.fields.values() if f.type == "boolean"}

        def rows() -> Iterator[Row]:
            for row in self.env()[name]._query_rows():
                yield {k: v for k, v in row.items() if v is not None and (v is not False or k in truths)}

        return rows


class Transaction:
    """The lock and a savepoint; a nested one undoes only its own changes."""

    __slots__ = ("_afterwards", "_before", "_completed", "_db", "_loaded", "_mark", "_registry", "_sent")

    def __init__(self, db: Database) -> None:
        self._db = db

    def __enter__(self) -> Transaction:
        db = self._db
        db.lock.acquire()
        db._depth += 1
        db.owner = threading.get_ident()
        if db._depth == 1:
            if db.store.queried:
                db.store.forget_queries()  # they may depend on the time
            db._began = None
            db.unmet = []
        self._mark = self._completed = db.store.mark()
        self._before = db.store.changes
        self._registry = db.registry
        self._loaded = db.loaded
        self._sent = db.sent.mark
        self._afterwards = len(db.afterwards)
        return self

    @property
    def outermost(self) -> bool:
        """Whether the transaction is not nested in another one."""
        return self._db._depth == 1

    def complete(self) -> None:
        """Run the methods `_at_commit` of models on what the outermost transaction has written since the last time."""
        db = self._db
        if db.writer is None or db._depth > 1:
            return
        env, db.writer = db.writer, None
        for committing in db.registry.committing:
            touched = db.store.touched(self._completed)
            if committing.concerns(touched):
                env[committing.model]._at_commit(touched)
        db.writer = None
        db.notes.clear()
        self._completed = db.store.mark()

    def changes(self) -> Sequence[Change]:
        """Return what the transaction has changed so far, in the order of each row's first change."""
        store = self._db.store
        if store.changes == self._before:
            return ()
        log, rows = store.since(self._mark), store.rows
        return Changes(log, [rows(model).get(id_) for model, id_, _ in log])

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        db = self._db
        kept: Callable[[], object] | None = None
        try:
            if kind is not None:
                self._undo()
                return
            try:
                if db.writer is not None:
                    self.complete()
                if db.keep is not None and db._depth == 1:
                    kept = db.keep(db.store.touched(self._mark))
            except BaseException:
                self._undo()
                raise
            if db._depth == 1 and db.store.changes != self._before:
                if db._snapshots:
                    db.store.shorten()
                else:
                    db.store.forget()
        finally:
            afterwards: list[Callable[[], object]] = []
            db._depth -= 1
            if not db._depth:
                db.owner = db.writer = None
                db.notes.clear()
                afterwards, db.afterwards = db.afterwards, afterwards
            db.lock.release()
            if kept is not None:
                kept()
            for act in afterwards:
                act()

    def _undo(self) -> None:
        db = self._db
        db.store.rollback(self._mark)
        db.registry = self._registry
        db.loaded = self._loaded
        db.sent.take_back(self._sent)
        del db.afterwards[self._afterwards :]
        if db.keep is not None and db._depth == 1:
            with contextlib.suppress(DatabaseError):
                db.keep(())  # no later row gets the ids that were given
