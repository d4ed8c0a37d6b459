"""The state of a database as it is compared, and what is true of any state: written down a second time, for reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from mockserver.orm.database import Database
from mockserver.orm.schema.model import Constraint, Model
from mockserver.orm.writing import checks

Rows = Mapping[int, Any]


class Shadow:
    """Copies of the tables of a database, brought up to date table by table."""

    def __init__(self) -> None:
        self._copies: dict[str, tuple[int, Rows]] = {}
        self._database: Database | None = None
        self._others: tuple[Any, ...] = ()
        self._changes = -1

    def follow(self, database: Database) -> None:
        """Copy the tables that have changed."""
        store = database.store
        if self._database is not database:
            self._copies, self._database, self._changes = {}, database, -1
        if store.changes != self._changes:
            for model, version in store.versions.items():
                if self._copies.get(model, (-1,))[0] != version and _has_table(database, model):
                    self._copies[model] = version, dict(store.rows(model))
            self._changes = store.changes
        self._others = _others(database)

    def differences(self, database: Database) -> list[str]:
        """Return what is not as it was, and make it what is compared from now on."""
        store = database.store
        found = []
        if store.changes != self._changes:
            for model, (version, rows) in self._copies.items():
                if store.versions.get(model, 0) != version and dict(store.rows(model)) != rows:
                    found.append(f"rows of {model}")
        if _others(database) != self._others:
            found.append("definitions, packs or mail")
        self.follow(database)
        return found


def _has_table(database: Database, name: str) -> bool:
    model = database.registry.get(name)
    return model is not None and model.auto and not model.abstract


def _others(database: Database) -> tuple[Any, ...]:
    return database.registry, database.loaded, len(database.sent)


def copies(database: Database) -> dict[str, Rows]:
    """Return a copy of every table."""
    names = [model for model in database.store.models() if _has_table(database, model)]
    return {name: dict(database.store.rows(name)) for name in names}


def faults(database: Database, before: Mapping[str, Rows]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the rows that are not as in `before`, `(kind, text)`."""
    now = copies(database)
    new: dict[str, Rows] = {}
    gone: dict[str, set[int]] = {}
    for name, rows in now.items():
        known = before.get(name, {})
        if rows != known:
            new[name] = {id_: row for id_, row in rows.items() if known.get(id_) != row}
            gone[name] = {id_ for id_ in known if id_ not in rows}
    for name, rows in now.items():
        model = database.registry[name]
        yield from _foreign_keys(model, new.get(name, {}), now)
        # rows that were left alone may refer to some that are gone
        if any(gone.get(column.comodel or "") for column in model.columns):
            yield from _foreign_keys(model, rows, now)
    for name, rows in new.items():
        yield from _missing(database.registry[name], rows, before.get(name, {}))
        yield from _constraints(database.registry[name], rows, now[name])


def _constraints(model: Model, new: Rows, rows: Rows) -> Iterator[tuple[str, str]]:
    for constraint in model.constraints:
        if constraint.unique and not constraint.key:
            yield from _twice(model, rows, constraint)
        for id_, row in new.items() if constraint.check else ():
            if not checks.allows(str(constraint.check), row):
                yield "check", f"{model.name}({id_},): {constraint.check}"


def _foreign_keys(model: Model, rows: Rows, tables: Mapping[str, Rows]) -> Iterator[tuple[str, str]]:
    columns = [column for column in model.columns if column.type in ("many2one", "many2many") and column.has_column]
    columns = [c for c in columns if c.comodel in tables and not c.company_dependent] if rows else []
    for column in columns:
        targets = tables[column.comodel or ""]
        for id_, row in rows.items():
            held = row.get(column.name)
            for target in () if held is None else held if column.type == "many2many" else (held,):
                if target not in targets:
                    yield "foreign key", f"{model.name}({id_},).{column.name} is {column.comodel}({target},)"


def _missing(model: Model, rows: Rows, before: Mapping[int, Any]) -> Iterator[tuple[str, str]]:
    """Yield the mandatory columns that are empty, but for those of base data that were empty before."""
    for column in model.required_columns:
        if not column.company_dependent:
            for id_, row in rows.items():
                if row.get(column.name) is None and before.get(id_, {column.name: True}).get(column.name) is not None:
                    yield "mandatory", f"{model.name}({id_},).{column.name} is empty"


def _twice(model: Model, rows: Rows, constraint: Constraint) -> Iterator[tuple[str, str]]:
    seen: dict[tuple[Any, ...], int] = {}
    for id_, row in rows.items():
        key = tuple(row.get(name) for name in constraint.unique)
        if None in key or (constraint.where and checks.parsed(constraint.where)(row) is not True):
            continue
        if seen.setdefault(key, id_) != id_:
            yield "unique", f"{model.name}({seen[key]}, {id_}): both have {constraint.unique} = {key!r}"


def wrong_answers(database: Database, random: Random, number: int) -> Iterator[tuple[str, str]]:
    """Yield searches for a value that do not find what a walk over all rows finds; of as many columns, at random."""
    names = [model.name for model in database.registry.values() if model.auto and not model.abstract]
    for _ in range(number):
        name = random.choice(names)
        model, rows = database.registry[name], database.store.rows(name)
        plain = [f for f in model.columns if f.type in ("many2one", "selection", "integer", "boolean", "date")]
        columns = [f.name for f in plain if f.store and f.searchable and f.has_column and not f.company_dependent]
        if not rows or not columns or name in ("res.users", "ir.attachment"):  # whose search has conditions of its own
            continue
        column = random.choice(columns)
        value = rows[random.choice(list(rows))].get(column)
        if value in (None, False, 0):
            continue
        wanted = sorted(id_ for id_, row in rows.items() if row.get(column) == value)
        records = database.env(1, {"active_test": False})[name]
        found = sorted(records.search([(column, "=", value)]).ids)
        if found != wanted and not model.restricted.get(column):
            yield "index", f"search([({column!r}, '=', {value!r})]) of {name}: {found[:9]}, not {wanted[:9]}"
