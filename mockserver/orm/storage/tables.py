"""The rows of tables by id, and their indexes, shared by the copies of a store until one of them writes.

TinyDB sees them, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

from mockserver.orm.storage.indexes import Indexes
from mockserver.orm.storage.sheet import Row

Rows = dict[int, Row]


class Tables(dict[str, Rows]):
    """The rows of tables by model; `first` makes those of a table that is not there.

    They may be those of a copy, too, so that nobody changes them but through `own`.
    """

    def __init__(self, first: Callable[[str], Rows]) -> None:
        super().__init__()
        self._first = first
        self.indexes: dict[str, Indexes] = {}
        self.own = OwnTables(self)

    def __missing__(self, model: str) -> Rows:
        return self._first(model)

    def share(self, other: Tables, models: Iterable[str]) -> None:
        """Give another store the tables; from now on the first write of one by either of them copies it.

        The indexes of these models are shared as long, so that what either of them builds is for both.
        """
        self.own.clear()
        other.update(self)
        for model in models:
            indexes = other.indexes[model] = self.indexes_of(model)
            if model in self:  # what nobody has used here, nobody has written
                indexes.settle(self[model])

    def indexes_of(self, model: str) -> Indexes:
        """Return the indexes of a table."""
        found = self.indexes.get(model)
        return self.indexes.setdefault(model, Indexes()) if found is None else found

    def forget(self, model: str) -> None:
        """Let the rows of a table be made anew."""
        self.pop(model, None)
        self.indexes.pop(model, None)
        self.own.pop(model, None)


class OwnTables(dict[str, Rows]):
    """The rows of the tables that no copy shares, which may be changed; one that is not there is copied first.

    A table that is shared is never changed again by anyone, so that stores with different locks can read it.
    """

    def __init__(self, tables: Tables) -> None:
        super().__init__()
        self._tables = tables

    def __missing__(self, model: str) -> Rows:
        rows = self[model] = self._tables[model] = dict(self._tables[model])
        indexes = self._tables.indexes.get(model)
        if indexes is not None:
            self._tables.indexes[model] = indexes.copy()
        return rows


class RowStorage(Storage):
    """The tables of a store, as TinyDB asks for them."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def read(self) -> dict[str, dict[str, Any]]:
        """Return the tables themselves."""
        return cast("dict[str, dict[str, Any]]", self.tables)

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Keep no tables but these, as TinyDB does when it drops some."""
        for model in [model for model in self.tables if model not in data]:
            self.tables.forget(model)


class RowTable(Table):
    """A TinyDB table that is written in place.

    TinyDB's own table rebuilds its id map at every write, which takes longer the larger the table is.
    TinyDB's own methods still work, but copy the table.
    """

    document_id_class = int

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        return {str(id_): row for id_, row in cast(RowStorage, self._storage).tables[self.name].items()}

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        rows = cast(RowStorage, self._storage).tables.own[self.name]
        table: dict[int, Any] = {id_: dict(row) for id_, row in rows.items()}  # TinyDB changes rows in place
        updater(table)
        rows.clear()
        rows.update(table)


class RowTables(TinyDB):
    """TinyDB over the tables of a store."""

    table_class = RowTable

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables, storage=RowStorage)
