"""Rows by model and id, with an undo log: savepoints, snapshots, copies and reverse indexes.

Rows are never changed in place: a write replaces the dict by a new one.  So the cost of undoing depends on what
changed, a snapshot is a position in the log, and a copy of a database shares its rows.
TinyDB reads and writes the tables, too: `Store.tinydb`; its storage and tables are in `tables.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, Protocol

from mockserver.orm.storage.index import Index
from mockserver.orm.storage.indexes import Change
from mockserver.orm.storage.sheet import Row
from mockserver.orm.storage.tables import Rows, RowTables, Tables
from mockserver.orm.storage.view import View
from mockserver.orm.storage.work import Work

__all__ = ["Index", "LogEntry", "Row", "Store"]

# model, id, and the row before, None where there was none
LogEntry = tuple[str, int, "Row | None"]

_NOTHING: Row = {}

SHORT = 10_000  # entries of an undo log that is short enough to be left alone


class Deferred(Protocol):
    """What makes the rows of a table when it is first used."""

    def rows(self) -> Rows:
        """Return the rows by id, always the same, which nobody changes."""


class Store:
    """The rows of one database."""

    def __init__(self) -> None:
        self._rows = Tables(self._first_rows)
        # returns the rows of a model by id until its next write; the caller must not change them; no method, since all
        # ask for it
        self.rows: Callable[[str], Rows] = self._rows.__getitem__
        self._own: Callable[[str], Rows] = self._rows.own.__getitem__  # the same for writing
        self._deferred: dict[str, Deferred] = {}  # what makes the rows of tables that nothing has used so far
        self._sequences: dict[str, int] = {}
        self._indexes = self._rows.indexes
        self._log: list[LogEntry] = []
        # {model: ids of the rows in the log since the latest mark}: undoing later changes of them needs no other entry
        self._logged: dict[str, set[int]] = {}
        self._held = 0  # the latest position in the log that a snapshot needs
        self._shortened = 0  # the length of the log beyond it when it was last shortened
        # tables whose rows are not in id order, because a deleted row was put back
        self._disordered: set[str] = set()
        # the sorted rows of those tables, each with the version of the table that was sorted
        self._ordered: dict[str, tuple[int, list[Row]]] = {}
        # the number of changes of each table, so that values derived from it can be cached until the next one
        self.versions: dict[str, int] = {}
        self.changes = 0  # the number of changes of all tables
        # returns the query whose rows a table without rows of its own has; None for any other table
        self.query_of: Callable[[str], Callable[[], Iterable[Row]] | None] = lambda model: None
        self.work = Work()  # of the search that is under way
        self.queried: list[str] = []  # the tables with rows of a query, which are made anew after the next change

    @cached_property
    def tinydb(self) -> RowTables:
        """The tables as a TinyDB."""
        return RowTables(self._rows)

    # -- reading

    def _first_rows(self, model: str) -> Rows:
        """Return the rows of a table that nothing has used so far."""
        query = self.query_of(model)
        if query is not None:
            return self._query(model, query)
        deferred = self._deferred.get(model)
        rows = self._rows.setdefault(model, {} if deferred is None else deferred.rows())
        self._deferred.pop(model, None)
        return rows

    def defer(self, model: str, deferred: Deferred) -> None:
        """Let the rows of a table that is unused be made when it is first used; no later row may have their ids."""
        self._deferred[model] = deferred
        self._indexes.pop(model, None)
        self.changes += 1
        self.versions[model] = self.versions.get(model, 0) + 1

    def deferred(self, model: str) -> Deferred | None:
        """Return what makes the rows of a table when it is first used, or None."""
        return self._deferred.get(model)

    def is_unused(self, model: str) -> bool:
        """Return whether nothing has used a table so far."""
        return model not in self._rows

    def _query(self, model: str, query: Callable[[], Iterable[Row]]) -> Rows:
        """Return the rows of a query by id, and keep them until the next change."""
        self._rows[model] = {}  # while the query runs
        self.queried.append(model)
        try:
            made = {row["id"]: row for row in query()}
        except BaseException:
            self.forget_queries()
            raise
        rows = self._rows[model] = {id_: made[id_] for id_ in sorted(made)}
        return rows

    def forget_queries(self) -> None:
        """Let the rows of queries be made anew."""
        for model in self.queried:
            self._rows.forget(model)
        self.queried.clear()

    def get(self, model: str, id_: int) -> Row | None:
        """Return one row, or None."""
        return self.rows(model).get(id_)

    def in_order(self, model: str) -> Sequence[Row]:
        """Return all rows of a model, in id order."""
        rows = self.rows(model)
        if model not in self._disordered:
            return list(rows.values())
        version = self.versions.get(model, 0)
        known, ordered = self._ordered.get(model, (-1, []))
        if known != version:
            ordered = [rows[id_] for id_ in sorted(rows)]
            self._ordered[model] = version, ordered
        return ordered

    def models(self) -> list[str]:
        """Return the names of the models that have a table of their own."""
        return [*(model for model in self._rows if model not in self.queried), *self._deferred]

    def index(self, model: str, field: str) -> Index:
        """Return the index of a field, `{value: ids}`, built on first use and updated by every write.

        Each element of a tuple (a many2many) is indexed; NULL is not.
        """
        return self._rows.indexes_of(model).index(self.rows(model), field)

    def view(self, model: str) -> View | None:
        """Return the table of a model as searches see it; None if it is so small that they scan it."""
        return self._rows.indexes_of(model).view(self.rows(model), partial(self.in_order, model))

    def worth(self, model: str, field: str) -> bool:
        """Return whether a search should use the index of a field; see `Indexes.worth`."""
        return self._rows.indexes_of(model).worth(field)

    def forget_indexes(self, model: str) -> None:
        """Let everything that is derived from the rows of a table be made anew."""
        self._indexes.pop(model, None)

    def having(self, model: str, field: str, values: Iterable[Any], without: str | None = None) -> set[int]:
        """Return the ids of the rows whose field holds one of the values; `without`: in which that field is NULL."""
        rows, indexes = self.rows(model), self._rows.indexes_of(model)
        index = indexes.index(rows, field) if without is None else indexes.partial(rows, field, without)
        return index.having(values)

    def total(self, model: str, field: str, **where: Any) -> float:
        """Return the sum of a field over the rows with these values, which every write keeps up after the first use."""
        return self._rows.indexes_of(model).total(self.rows(model), field, where)

    # -- writing

    def next_id(self, model: str) -> int:
        """Return a new id; as with a database sequence, a failed call does not release it."""
        id_ = self._sequences[model] = self._sequences.get(model, 0) + 1
        return id_

    def counted(self, name: str) -> int | None:
        """Return the last number of a sequence that is not that of a table; None for one that has not begun."""
        return self._sequences.get(name)

    def count(self, name: str, number: int | None) -> None:
        """Set the last number of such a sequence, or let it begin anew; a failed call does not undo it."""
        if number is None:
            self._sequences.pop(name, None)
        else:
            self._sequences[name] = number

    def insert(self, model: str, row: Row) -> int:
        """Store a new row, with its own "id" or a new one, and return the id."""
        id_ = self.reserve(model, row.get("id"))
        self.put(model, {"id": id_, **row})
        return id_

    def reserve(self, model: str, id_: int | None = None) -> int:
        """Return this id or a new one, which no later row gets."""
        if not id_:
            return self.next_id(model)
        if id_ > self._sequences.get(model, 0):
            self._sequences[model] = id_
        return id_

    def reserve_many(self, model: str, number: int) -> int:
        """Return the first of as many new ids."""
        first = self._sequences.get(model, 0) + 1
        self._sequences[model] = first + number - 1
        return first

    def insert_all(self, model: str, new: Sequence[Row]) -> None:
        """Store many new rows under new ids, which they get as "id"."""
        for id_, row in enumerate(new, self.reserve_many(model, len(new))):
            row["id"] = id_
        self.put_all(model, new)

    def put_all(self, model: str, new: Sequence[Row]) -> None:
        """Store many rows with ids that no row has."""
        rows = self._own(model)
        last = next(reversed(rows), 0)
        for row in new:
            id_ = row["id"]
            if id_ < last:
                self._disordered.add(model)
            rows[id_] = row
            last = id_
        self._log += [(model, row["id"], None) for row in new]
        self._logged.setdefault(model, set()).update([row["id"] for row in new])
        self._count_changes(model, len(new))
        if model in self._indexes:
            self._indexes[model].added(new)

    def put(self, model: str, row: Row, names: Iterable[str] | None = None) -> None:
        """Store a row, replacing the one with the same id, if any; only the fields in `names` may differ."""
        id_ = row["id"]
        rows = self._own(model)
        old = rows.get(id_)
        if old is None and rows and id_ < next(reversed(rows)):
            self._disordered.add(model)
        logged = self._logged.get(model)
        if logged is None:
            logged = self._logged[model] = set()
        if id_ not in logged:
            logged.add(id_)
            self._log.append((model, id_, old))
        rows[id_] = row
        self._changed(model, id_, old, row, names)

    def assign(self, model: str, columns: Mapping[str, Mapping[int, Any]], log: Row = _NOTHING) -> dict[str, set[int]]:
        """Set fields of rows, `{field: {id: value}}`, those of one row at once; return the ids that changed, by field.

        A row that changes gets the values of `log`, too.  Ids without a row are ignored.
        """
        rows, changes, names = self.rows(model), {name: set[int]() for name in columns}, (*columns, *log)
        touched: dict[int, Row] = {}
        for name, column in columns.items():
            found = [id_ for id_, value in column.items() if id_ in rows and rows[id_].get(name) != value]
            for id_ in found:
                value, row = column[id_], touched.get(id_)
                if row is None:
                    row = touched[id_] = dict(rows[id_])
                if value is None:
                    del row[name]
                else:
                    row[name] = value
            changes[name].update(found)
        for row in touched.values() if log else ():
            row.update(log)
        if touched:
            self.replace(model, touched.values(), names)
        return changes

    def replace(self, model: str, new: Iterable[Row], names: Iterable[str] | None = None) -> None:
        """Store many rows in the place of those with their ids; only the fields in `names` may differ."""
        rows, log, logged = self._own(model), self._log, self._logged.setdefault(model, set())
        changes: list[Change] = []
        for row in new:
            id_ = row["id"]
            old = rows[id_]
            if id_ not in logged:
                logged.add(id_)
                log.append((model, id_, old))
            rows[id_] = row
            changes.append((id_, old, row))
        self._count_changes(model, len(changes))
        if model in self._indexes:
            self._indexes[model].changed(changes, names)

    def delete(self, model: str, id_: int) -> None:
        """Delete a row."""
        old = self._own(model).pop(id_)
        self._log.append((model, id_, old))
        self._changed(model, id_, old, None)

    def _changed(
        self, model: str, id_: int, old: Row | None, new: Row | None, names: Iterable[str] | None = None
    ) -> None:
        self._count_changes(model, 1)
        if model in self._indexes:
            self._indexes[model].changed(((id_, old, new),), names)

    def _count_changes(self, model: str, number: int) -> None:
        self.changes += number
        if self.queried:
            self.forget_queries()
        self.versions[model] = self.versions.get(model, 0) + number

    # -- undo

    def mark(self) -> int:
        """Return the current position in the log, for `rollback`."""
        self._logged.clear()
        return len(self._log)

    def hold(self) -> int:
        """Return the current position in the log for as long as the log is kept, across transactions."""
        self._held = self.mark()
        self._shortened = 0
        return self._held

    def shorten(self) -> None:
        """Keep only what undoes the changes since the latest `hold`, if the log has grown: an entry a row.

        For the end of a transaction: positions after the latest `hold` are not valid any more.
        """
        if len(self._log) - self._held <= max(SHORT, 2 * self._shortened):
            return
        before = self.touched(self._held)
        gone = [key for key, old in before.items() if old is None and self.get(*key) is None]
        for key in gone:
            del before[key]
        self._log[self._held :] = [(model, id_, old) for (model, id_), old in before.items()]
        self._shortened = len(before)
        self._logged.clear()

    def rollback(self, mark: int) -> None:
        """Undo all changes since the mark."""
        log = self._log
        self._logged.clear()
        self._held = min(self._held, mark)
        while len(log) > mark:
            model, id_, old = log.pop()
            rows = self._own(model)
            new = rows.get(id_)
            if old is None:
                rows.pop(id_, None)  # those of a query are gone already
            else:
                if new is None and rows and id_ < next(reversed(rows)):
                    self._disordered.add(model)
                rows[id_] = old
            self._changed(model, id_, new, old)

    def forget(self) -> None:
        """Clear the log: earlier changes can no longer be undone."""
        self._log.clear()
        self._logged.clear()
        self._held = self._shortened = 0

    def since(self, mark: int) -> list[LogEntry]:
        """Return the entries of the log since the mark."""
        return self._log[mark:]

    def touched(self, mark: int) -> dict[tuple[str, int], Row | None]:
        """Return `{(model, id): row at the mark}` for every row written since; None for one that did not exist."""
        found: dict[tuple[str, int], Row | None] = {}
        for model, id_, old in self._log[mark:]:
            found.setdefault((model, id_), old)
        return found

    @property
    def sequences(self) -> dict[str, int]:
        """The last id given, by model; a copy."""
        return dict(self._sequences)

    @sequences.setter
    def sequences(self, sequences: Mapping[str, int]) -> None:
        self._sequences = dict(sequences)

    def clone(self) -> Store:
        """Return an independent store; the two share each table until one of them writes it."""
        other = Store()
        self.forget_queries()
        self._rows.share(other._rows, self.models())
        other._deferred.update(self._deferred)
        other._sequences.update(self._sequences)
        other._disordered.update(self._disordered)
        return other
