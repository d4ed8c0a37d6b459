"""What is derived from the rows of one table and kept true by every write: reverse indexes, sums, and a view."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from mockserver.orm.storage.index import Index
from mockserver.orm.storage.sheet import Row
from mockserver.orm.storage.sums import Sums
from mockserver.orm.storage.view import View, viewed

# a change of a row: its id, and the row before and after, None where there is none
Change = tuple[int, "Row | None", "Row | None"]


class Indexes:
    """The indexes and sums of one table, each built on first use.

    Copies of a store share those of a table that none of them has written: several threads may read and build, so that
    each is kept only when it is complete.
    """

    def __init__(self) -> None:
        self._plain: dict[str, Index] = {}
        # {(field, other): index of the rows in which the other field is NULL}
        self._partial: dict[tuple[str, str], Index] = {}
        self._sums: dict[tuple[str, ...], Sums] = {}  # {(field, *fields that it is added up by): …}
        self._view: View | None = None
        self._asked: set[str] = set()  # fields whose index was asked for where a scan would do

    def copy(self) -> Indexes:
        """Return the indexes of another table with the same rows.

        These ones must not be changed any more.
        """
        other = Indexes()
        other._view = self._view and self._view.copy()
        # other threads may add some meanwhile
        other._plain = {field: index.copy() for field, index in self._plain.copy().items()}
        other._partial = {fields: index.copy() for fields, index in self._partial.copy().items()}
        other._sums = {key: sums.copy() for key, sums in self._sums.copy().items()}
        other._asked = self._asked.copy()
        return other

    def settle(self, rows: Mapping[int, Row]) -> None:
        """Compare what was noted with the rows, so that those who share these indexes only read them."""
        if self._view is not None and self._view.noted:
            self._view.refresh(rows)

    def view(self, rows: Mapping[int, Row], in_order: Callable[[], Sequence[Row]]) -> View | None:
        """Return the table as searches see it; None if it is so small that they scan it."""
        self._view = viewed(self._view, rows, in_order)
        return self._view

    def worth(self, field: str) -> bool:
        """Return whether a search should use the index of a field: if it is there, or not asked for the first time."""
        if field in self._plain or field in self._asked:
            return True
        self._asked.add(field)
        return False

    def index(self, rows: Mapping[int, Row], field: str) -> Index:
        """Return the index of a field; each element of a tuple is indexed, NULL is not."""
        index = self._plain.get(field)
        if index is None:
            index = Index()
            for id_, row in rows.items():
                index.add(row.get(field), id_)
            self._plain[field] = index
        return index

    def partial(self, rows: Mapping[int, Row], field: str, without: str) -> Index:
        """Return the index of a field over the rows in which another one is NULL."""
        index = self._partial.get((field, without))
        if index is None:
            index = Index()
            for id_, row in rows.items():
                if row.get(without) is None:
                    index.add(row.get(field), id_)
            self._partial[field, without] = index
        return index

    def total(self, rows: Mapping[int, Row], field: str, where: Mapping[str, Any]) -> float:
        """Return the sum of a field over the rows with these values."""
        key = (field, *where)
        found = self._sums.get(key)
        if found is None:
            found = Sums(tuple(where), field)
            for row in rows.values():
                found.add(row)
            self._sums[key] = found
        return found.of(tuple(where.values()))

    def added(self, new: Iterable[Row]) -> None:
        """Add new rows."""
        if self._view is not None:
            self._view.noted.update([row["id"] for row in new])
        for field, index in self._plain.items():
            for row in new:
                if field in row:
                    index.add(row[field], row["id"])
        for (field, without), index in self._partial.items():
            for row in new:
                if row.get(without) is None:
                    index.add(row.get(field), row["id"])
        for sums in self._sums.values():
            for row in new:
                sums.add(row)

    def changed(self, changes: Collection[Change], names: Iterable[str] | None = None) -> None:
        """Replace rows; only the fields in `names` may differ."""
        if self._view is not None:
            self._view.noted.update([id_ for id_, _, _ in changes])
        plain = self._plain
        for field in plain if names is None else names:
            if field in plain:
                plain[field].replace(
                    [(id_, old and old.get(field), new and new.get(field)) for id_, old, new in changes]
                )
        for (field, without), index in self._partial.items():
            index.replace(
                [(id_, _unless(old, without, field), _unless(new, without, field)) for id_, old, new in changes]
            )
        for sums in self._sums.values():
            for _, old, new in changes:
                if old:
                    sums.add(old, -1)
                if new:
                    sums.add(new)


def _unless(row: Row | None, without: str, field: str) -> Any:
    """Return the value of a field of a row in which another one is NULL."""
    return row.get(field) if row and row.get(without) is None else None
