"""`mockserver.changes`: what was created, written and deleted since the test began."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mockserver.orm.schema.model import LOG_FIELDS
from mockserver.orm.storage.store import Row
from mockserver.testing.journal.masking import masked
from mockserver.testing.journal.wording import brief, cut
from mockserver.testing.part import Part

if TYPE_CHECKING:
    from mockserver.orm.database import Database
    from mockserver.server.app import App

CREATED, WRITTEN, DELETED = "created", "written", "deleted"
_LABELS = ("display_name", "name", "x_name", "login", "key")
_ROOM = 100

Key = tuple["Database", str, int]


class RecordChange:
    """One record before and after.  Values are as the database keeps them: ids for relations, False for nothing."""

    __slots__ = ("_new", "_old", "db", "id", "model")

    def __init__(self, db: str, model: str, id: int, old: Row | None, new: Row | None) -> None:
        self.db = db
        self.model = model
        self.id = id
        self._old = old
        self._new = new

    @property
    def kind(self) -> str:
        """`created`, `written` or `deleted`."""
        return CREATED if self._old is None else DELETED if self._new is None else WRITTEN

    @property
    def old(self) -> dict[str, Any] | None:
        """The values before; None for a record that was created."""
        return None if self._old is None else masked(self._old, self.model)

    @property
    def new(self) -> dict[str, Any] | None:
        """The values after; None for a record that was deleted."""
        return None if self._new is None else masked(self._new, self.model)

    @property
    def fields(self) -> dict[str, tuple[Any, Any]]:
        """`{field: (old, new)}` of the values that differ, without the log fields (`write_uid`, `write_date` …)."""
        before, after = self._old or {}, self._new or {}
        names = [name for name in {**before, **after} if name not in LOG_FIELDS and name != "id"]
        found = {}
        for name in names:
            old, new = before.get(name, False), after.get(name, False)
            if old != new or type(old) is not type(new):
                found[name] = masked({name: old}, self.model)[name], masked({name: new}, self.model)[name]
        return found

    @property
    def label(self) -> str | None:
        """The record's name, now or before it was deleted; None where it has none."""
        row = self._new or self._old or {}
        label = next((row[name] for name in _LABELS if row.get(name)), None)
        return None if label is None else str(masked({"name": label})["name"])

    def __repr__(self) -> str:
        head = f"{self.kind} {self.model}({self.id})"
        if self.kind == WRITTEN:
            texts = (f"{name}: {brief(old, 40)} -> {brief(new, 40)}" for name, (old, new) in self.fields.items())
            return cut(f"{head} {', '.join(texts)}", _ROOM)
        return cut(head if self.label is None else f"{head} {brief(self.label)}", _ROOM)


def effective(changes: Iterable[RecordChange]) -> Iterator[RecordChange]:
    """Yield the changes with an effect: no writes of equal values, no records that were created and deleted."""
    for change in changes:
        if change.kind == WRITTEN:
            if change.fields:
                yield change
        elif change._old is not change._new:
            yield change


class ChangeSet:
    """Changes in order: `.created`, `.written` and `.deleted` select a kind, `.of(model)` a model.

    Calling a change set is short for `of`: `changes.created("res.partner")`.
    """

    def __init__(self, changes: Iterable[RecordChange] = ()) -> None:
        self._changes = tuple(changes)

    def _now(self) -> tuple[RecordChange, ...]:
        return self._changes

    def of(self, model: str | None = None, *, db: str | None = None) -> ChangeSet:
        """Return the changes of a model, and of a database."""
        return ChangeSet(c for c in self._now() if model in (None, c.model) and db in (None, c.db))

    def __call__(self, model: str | None = None, *, db: str | None = None) -> ChangeSet:
        return self.of(model, db=db)

    def _kind(self, kind: str) -> ChangeSet:
        return ChangeSet(change for change in self._now() if change.kind == kind)

    @property
    def created(self) -> ChangeSet:
        """The records that were created."""
        return self._kind(CREATED)

    @property
    def written(self) -> ChangeSet:
        """The records whose values changed."""
        return self._kind(WRITTEN)

    @property
    def deleted(self) -> ChangeSet:
        """The records that were deleted."""
        return self._kind(DELETED)

    @property
    def ids(self) -> list[int]:
        """The ids, in order."""
        return [change.id for change in self._now()]

    @property
    def count(self) -> int:
        """The number of changes."""
        return len(self._now())

    def by_model(self) -> dict[str, ChangeSet]:
        """Return `{model: its changes}`, ordered by the first change of each model."""
        now = self._now()
        return {model: self.of(model) for model in dict.fromkeys(change.model for change in now)}

    def __len__(self) -> int:
        return len(self._now())

    def __iter__(self) -> Iterator[RecordChange]:
        return iter(self._now())

    def __getitem__(self, index: int) -> RecordChange:
        return self._now()[index]

    def __repr__(self) -> str:
        lines = [repr(change) for change in self._now()]
        return "\n".join(lines) if lines else "no changes"


class Changes(ChangeSet, Part):
    """The changes since the test began, up to date at every access; none before the server starts.

    A record whose values were restored is not among them, nor one that was created and deleted.  Changes through
    `env` count as any other: `since_now()` excludes those made so far.  A database that is created during the test
    is not watched.
    """

    def __init__(self, app: App) -> None:
        super().__init__()
        self._app = app
        self._marks: dict[Database, int] = {}
        # the rows to compare with, where they are not those at the mark
        self._base: Mapping[Key, Row | None] = {}

    def begin(self) -> None:
        """Record changes from now on.  A snapshot taken before makes the databases keep their undo logs."""
        self._base = {}
        self._marks = {database: database.store.hold() for database in self._app.databases.values()}

    def since_now(self) -> Changes:
        """Return the changes from this moment on: `changes = mockserver.changes.since_now()`."""
        later = Changes(self._app)
        later._marks = self._marks
        later._base = {key: new for key, (_, new) in self._rows().items()}
        return later

    def _rows(self) -> dict[Key, tuple[Row | None, Row | None]]:
        """Return every row that was touched, as before and as now."""
        found: dict[Key, tuple[Row | None, Row | None]] = {}
        for database, mark in self._marks.items():
            with database.lock:
                touched = database.store.touched(mark)
                # rows of the base too: a snapshot may have restored them since
                known = ((model, id_) for owner, model, id_ in self._base if owner is database)
                for model, id_ in dict.fromkeys([*touched, *known]):
                    key = database, model, id_
                    old = self._base[key] if key in self._base else touched[model, id_]
                    found[key] = old, database.store.get(model, id_)
        return found

    def _now(self) -> tuple[RecordChange, ...]:
        rows = self._rows().items()
        return tuple(effective(RecordChange(key[0].name, key[1], key[2], old, new) for key, (old, new) in rows))
