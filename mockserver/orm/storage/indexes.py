"""What is derived from the rows of one table and kept true by every write: reverse indexes, sums, and a view."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from mockserver.orm.storage.sheet import Row
from mockserver.orm.storage.sums import Sums
from mockserver.orm.storage.view import View, viewed

# value → ids of the rows that hold it; such a set is that of the rows as they are until the next write
Index = dict[Any, set[int]]
# the values whose sets of ids nobody else has; None: all of them
Own = set[Any] | None
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
        # of indexes that were copied, by their keys above: which sets of ids are not those of the other table any more
        self._own: dict[str | tuple[str, str], set[Any]] = {}
        self._view: View | None = None
        self._asked: set[str] = set()  # fields whose index was asked for where a scan would do

    @property
    def viewed(self) -> bool:
        """Whether there is a view, which notes what is written."""
        return self._view is not None

    def copy(self) -> Indexes:
        """Return the indexes of another table with the same rows.

        These ones must not be changed any more: a set of ids is copied when the other table first changes it.
        """
        other = Indexes()
        other._view = self._view and self._view.copy()
        # other threads may add some meanwhile
        other._plain = {field: index.copy() for field, index in self._plain.copy().items()}
        other._partial = {fields: index.copy() for fields, index in self._partial.copy().items()}
        other._sums = {key: sums.copy() for key, sums in self._sums.copy().items()}
        other._own = {**{key: set() for key in other._plain}, **{key: set() for key in other._partial}}
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
        """Return the index `{value: ids}` of a field; each element of a tuple is indexed, NULL is not."""
        index = self._plain.get(field)
        if index is None:
            index = {}
            for id_, row in rows.items():
                _add(index, row.get(field), id_)
            self._plain[field] = index
        return index

    def partial(self, rows: Mapping[int, Row], field: str, without: str) -> Index:
        """Return the index of a field over the rows in which another one is NULL."""
        index = self._partial.get((field, without))
        if index is None:
            index = {}
            for id_, row in rows.items():
                if row.get(without) is None:
                    _add(index, row.get(field), id_)
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
            own = self._own.get(field)
            for row in new:
                if field in row:
                    _add(index, row[field], row["id"], own)
        for (field, without), index in self._partial.items():
            own = self._own.get((field, without))
            for row in new:
                if row.get(without) is None:
                    _add(index, row.get(field), row["id"], own)
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
                values = [(id_, old and old.get(field), new and new.get(field)) for id_, old, new in changes]
                _replace(plain[field], values, self._own.get(field))
        for (field, without), index in self._partial.items():
            values = [(id_, _unless(old, without, field), _unless(new, without, field)) for id_, old, new in changes]
            _replace(index, values, self._own.get((field, without)))
        for sums in self._sums.values():
            for _, old, new in changes:
                if old:
                    sums.add(old, -1)
                if new:
                    sums.add(new)


def _unless(row: Row | None, without: str, field: str) -> Any:
    """Return the value of a field of a row in which another one is NULL."""
    return row.get(field) if row and row.get(without) is None else None


def _replace(index: Index, changes: Iterable[tuple[int, Any, Any]], own: Own) -> None:
    """Change what is known of rows, each given by its id and its values before and after."""
    for id_, before, after in changes:
        if before != after:
            _remove(index, before, id_, own)
            _add(index, after, id_, own)


def _add(index: Index, value: Any, id_: int, own: Own = None) -> None:
    for element in value if isinstance(value, tuple) else () if value is None else (value,):
        if own is not None:
            _make_own(index, element, own)
        index.setdefault(element, set()).add(id_)


def _make_own(index: Index, value: Any, own: set[Any]) -> None:
    """Give an index that was copied a set of its own for a value."""
    if value not in own:
        own.add(value)
        if value in index:
            index[value] = index[value].copy()


def _remove(index: Index, value: Any, id_: int, own: Own) -> None:
    for element in value if isinstance(value, tuple) else () if value is None else (value,):
        if own is not None:
            _make_own(index, element, own)
        ids = index.get(element)
        if ids is not None:
            ids.discard(id_)
            if not ids:
                del index[element]
