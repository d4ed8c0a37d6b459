"""A database in its files: every transaction is a change of them, and they make the database again.

Beside the tables of the models there are `_models` (their definitions), `_sequences` (the last ids and numbers that
were given), `_loaded` (what was loaded) and `_fixtures` (of that, the files that are no packs).
"""

from __future__ import annotations

import contextlib
import errno
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from mockserver import addons
from mockserver.addons import summaries
from mockserver.addons.base_automation import wrapping
from mockserver.clock import Clock
from mockserver.durable import DataFolderError
from mockserver.durable.files import Rows, StateFiles, Tables, Wait
from mockserver.errors import DatabaseError
from mockserver.orm import dump
from mockserver.orm.database import Database, Loaded
from mockserver.orm.schema.registry import Registry
from mockserver.orm.schema.summary import Summary, class_name
from mockserver.profiles import Profile
from mockserver.seed import addons as folders
from mockserver.seed.files import FixtureError
from mockserver.seed.packs import connect
from mockserver.seed.versions import ABSENT

OWN_TABLES = MODELS, SEQUENCES, LOADED, FIXTURES = "_models", "_sequences", "_loaded", "_fixtures"


class Table:
    """A table of ours by the names of what is in it: each keeps the id that it had, or gets a new one."""

    def __init__(self, key: str, rows: Mapping[int, Mapping[str, Any]] | None = None) -> None:
        self._key = key
        self._ids: dict[str, int] = {row[key]: id_ for id_, row in (rows or {}).items()}
        self._last = max(rows or {}, default=0)

    def changes(self, found: Mapping[str, Mapping[str, Any] | None]) -> dict[int, dict[str, Any] | None]:
        """Return rows by id; None for what is no more."""
        rows: dict[int, dict[str, Any] | None] = {}
        for name, values in found.items():
            if values is None:
                if name in self._ids:
                    rows[self._ids[name]] = None
                continue
            if name not in self._ids:
                self._last += 1
                self._ids[name] = self._last
            rows[self._ids[name]] = {self._key: name, **values}
        return rows

    def forget(self, name: str) -> None:
        """Give no later thing of that name the same id, and need no memory for it."""
        self._ids.pop(name, None)


class DatabaseKeeper:
    """Keeps the changes of a database in files; it is what `Database.keep` calls.

    `tell` is called with a sentence about what cannot be kept.
    """

    def __init__(self, database: Database, tables: Tables | None = None) -> None:
        """Begin with the state of a database, which the tables have already, if they are given."""
        known = tables or {}
        self._database = database
        self._models = Table("name", known.get(MODELS))
        self._sequences = Table("name", known.get(SEQUENCES))
        self._fixtures = Table("source", known.get(FIXTURES))
        self._pending: dict[tuple[str, int], None] = {}  # rows of which the change could not be kept
        self.files: StateFiles | None = None
        self._registry, self._loaded, self._numbers = self._refused = self._present()

    @property
    def stem(self) -> str:
        """The name of its files."""
        assert self.files is not None
        return self.files.stem

    def close(self) -> None:
        """Put all on the disk."""
        if self.files is not None:
            self.files.close()

    def remove(self) -> None:
        """Delete the files, as far as the operating system lets us."""
        if self.files is not None:
            with contextlib.suppress(OSError):
                self.files.remove()

    def _present(self) -> tuple[Registry, Loaded, dict[str, int]]:
        """Return what the database has beside its rows."""
        database = self._database
        return database.registry, database.loaded, database.store.sequences

    def _is_new(self, present: tuple[Registry, Loaded, dict[str, int]]) -> bool:
        """Return whether it is neither what was kept last, nor what a failed call left."""
        return not any(
            present[0] is registry and present[1] is loaded and present[2] == numbers
            for registry, loaded, numbers in ((self._registry, self._loaded, self._numbers), self._refused)
        )

    def __call__(self, touched: Iterable[tuple[str, int]]) -> Wait | None:
        """Keep the present values of rows, and what else has changed; return what waits until the disk has it.

        Raises `DatabaseError`; the change is part of the next one then.
        """
        files, present, keys = self.files, self._present(), dict.fromkeys(touched)
        if files is None or not (keys or self._is_new(present)):
            return None
        keys = {**self._pending, **keys}
        changes = dict(self._changes(keys))
        try:
            wait = files.append(changes) if changes else None
        except OSError as error:
            self._pending, self._refused = keys, present
            raise refusal(error) from error
        self._pending = {}
        self._registry, self._loaded, self._numbers = self._refused = present
        if wait is None:
            return None
        if files.due:
            files.compact(self.rows())
        return wait_with(wait)

    def _changes(self, keys: Iterable[tuple[str, int]]) -> Iterator[tuple[str, Mapping[int, Mapping[str, Any] | None]]]:
        database = self._database
        store, registry, loaded = database.store, database.registry, database.loaded
        tables: dict[str, dict[int, Any]] = {}
        for model, id_ in keys:
            tables.setdefault(model, {})[id_] = store.get(model, id_)
        yield from tables.items()
        if registry is not self._registry:
            old, new = self._registry.models, registry.models
            found = {name: dump.model_data(model) for name, model in new.items() if old.get(name) is not model}
            yield from _some(MODELS, self._models.changes({**found, **dict.fromkeys(old.keys() - new.keys())}))
        if loaded is not self._loaded or registry.everywhere != self._registry.everywhere:
            before, after = self._loaded.files, loaded.files
            files = {name: _fixture_row(item) for name, item in after.items() if before.get(name) is not item}
            yield LOADED, {1: self._loaded_row()}
            yield from _some(FIXTURES, self._fixtures.changes({**files, **dict.fromkeys(before.keys() - after.keys())}))
        numbers = store.sequences
        if numbers != self._numbers:
            rows = {name: {"last": last} for name, last in numbers.items() if self._numbers.get(name) != last}
            gone = dict.fromkeys(self._numbers.keys() - numbers.keys())
            yield from _some(SEQUENCES, self._sequences.changes({**rows, **gone}))

    def _loaded_row(self) -> dict[str, Any]:
        database = self._database
        loaded = database.loaded
        return {
            "profile": database.profile.name,
            "demo": database.profile.demo,
            "packs": loaded.packs,
            "labels": loaded.labels,
            "frozen": loaded.frozen and loaded.frozen.isoformat(),
            "everywhere": [class_name(cls) for cls in database.registry.everywhere],
        }

    def rows(self) -> Rows:
        """Return all rows as they are now, whatever changes later; the lock of the database is held."""
        database = self._database
        store, registry = database.store, database.registry
        models = {name: dump.model_data(model) for name, model in registry.models.items()}
        fixtures = {name: _fixture_row(item) for name, item in database.loaded.files.items()}
        numbers = {name: {"last": last} for name, last in store.sequences.items()}
        own: dict[str, Mapping[int, dict[str, Any] | None]] = {
            LOADED: {1: self._loaded_row()},
            FIXTURES: self._fixtures.changes(fixtures),
            MODELS: self._models.changes(models),
            SEQUENCES: self._sequences.changes(numbers),
        }
        kept = {name: store.in_order(name) for name in store.models() if name in registry}
        return [
            *((name, [(id_, row) for id_, row in rows.items() if row is not None]) for name, rows in own.items()),
            *((name, ((row["id"], row) for row in rows)) for name, rows in sorted(kept.items())),
        ]


def _some(table: str, rows: Mapping[int, Any]) -> Iterator[tuple[str, Mapping[int, Any]]]:
    if rows:
        yield table, rows


def wait_with(wait: Wait) -> Wait:
    """Return a function that waits for the disk; it raises `DatabaseError` if the disk fails."""

    def wait_or_refuse() -> None:
        try:
            wait()
        except OSError as error:
            raise refusal(error) from error

    return wait_or_refuse


def refusal(error: OSError) -> DatabaseError:
    """Return the error that a client gets for what cannot be kept."""
    name = "errors.DiskFull" if error.errno == errno.ENOSPC else "OperationalError"
    return DatabaseError(name, f"could not write to the folder of --data: {error.strerror or error}\n")


# -- fixtures that were loaded


def _fixture_row(fixture: Mapping[str, Any]) -> dict[str, Any]:
    """Return a fixture as JSON-able data; of the classes of an add-on only that it has some."""
    if "classes" in fixture:
        return {"module": fixture["module"]}
    return {"fixture": json.loads(json.dumps(fixture, default=_absent))}


def _absent(value: object) -> None:
    """Return null for a record that this version has not."""
    if value is not ABSENT:
        raise TypeError(f"a fixture has a {type(value).__name__}")


def _fixture(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the fixture of a row; that of an add-on is read again.  Raises `DataFolderError`."""
    if "fixture" in row:
        return {
            key: [ABSENT if item is None else item for item in value] if isinstance(value, list) else value
            for key, value in row["fixture"].items()
        }
    source = Path(row["source"])
    try:
        found = folders.read(source) if source.is_dir() else None
    except FixtureError as error:
        raise DataFolderError(f"the database {name!r} has models of an add-on: {error}") from None
    if found is None:
        raise DataFolderError(f"the database {name!r} has models of the add-on {source}, which is not there")
    return {"classes": found["classes"], "module": found["module"]}


# -- databases that are made again


class Classes(Mapping[str, Summary]):
    """What the classes of the bundled add-ons and others say, by the names that dumps have for them."""

    def __init__(self, others: Iterable[type]) -> None:
        self._bundled = addons.ByName()
        self._others = {class_name(cls): summaries.of_class(cls) for cls in others}

    def __getitem__(self, name: str) -> Summary:
        return self._others[name] if name in self._others else self._bundled[name]

    def __iter__(self) -> Iterator[str]:
        yield from (*self._others, *self._bundled)

    def __len__(self) -> int:
        return len(self._others) + len(self._bundled)


def recovered(name: str, tables: Tables, profile: Profile, clock: Clock) -> Database:
    """Return the database of these tables.  Raises `DataFolderError`."""
    try:
        return _recovered(name, tables, profile, clock)
    except DataFolderError:
        raise
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise DataFolderError(
            f"the rows of the database {name!r} are damaged: {type(error).__name__}: {error}"
        ) from error


def _recovered(name: str, tables: Tables, profile: Profile, clock: Clock) -> Database:
    about = tables[LOADED][1]
    database = Database(name, profile.with_demo(about["demo"]), clock)
    files = {row["source"]: _fixture(row, name) for row in tables.get(FIXTURES, {}).values()}
    classes = Classes(cls for fixture in files.values() for cls in fixture.get("classes", ()))
    database.add_model(*dump.models_of([row for _, row in sorted(tables[MODELS].items())], classes))
    for cls in reversed(about["everywhere"]):
        if cls in classes:
            database.registry = database.registry.extended_everywhere(classes[cls].cls)
    for model, rows in tables.items():
        if model in database.registry:
            dump.put_rows(database, model, [{**row, "id": id_} for id_, row in sorted(rows.items())])
    numbers = {row["name"]: row["last"] for row in tables.get(SEQUENCES, {}).values()}
    used = {model: max(rows) for model, rows in tables.items() if rows and model in database.registry}
    database.store.sequences = {**numbers, **{m: max(last, numbers.get(m, 0)) for m, last in used.items()}}
    frozen = datetime.fromisoformat(about["frozen"]) if about["frozen"] else None
    labels = {label: (str(model), int(id_)) for label, (model, id_) in about["labels"].items()}
    database.loaded = Loaded(tuple(about["packs"]), labels, files, frozen)
    connect(database)
    wrapping.install(database)
    database.store.forget()
    return database
