"""The rows that match a condition: here is decided how they are found.

- By ids: where a condition gives a few candidates, they alone are looked at.
- By masks: a large table has columns, each built when it is asked for the second time; a part of the condition that
  has one gives the mask of all rows, and what is left filters the rows of the mask.  Rows that have changed since the
  columns were made are filtered one by one.
- By a scan: the first time, and in small tables.

What is asked of the rows that were found decides how far they are looked for: a number of them needs no rows, and the
first ones of an order no sorting of the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Protocol

from mockserver.orm.query import order as orders
from mockserver.orm.query.conditions import Condition, all_of
from mockserver.orm.query.order import Term
from mockserver.orm.storage import masks
from mockserver.orm.storage.sheet import Mask
from mockserver.orm.storage.store import Row, Store
from mockserver.orm.storage.view import View, merged

_PIECE = 1024  # rows that are filtered at a time: what the processor's cache holds
_MASKS = 16  # that are kept of a table
_HEADS = 16  # orders of a table whose first rows are kept
_HEAD = 4096  # rows of a table that are sorted when the first ones of an order are asked for


class Limit(Protocol):
    """A condition that rows must match too, for some of which it is known."""

    @property
    def condition(self) -> Condition:
        """The condition."""

    def allowed(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return those of the rows that match."""


class Found:
    """Rows in id order."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def nothing(self) -> bool:
        """Whether it is known without a search that there are no rows."""
        return not self._rows

    def rows(self) -> Sequence[Row]:
        """Return the rows in id order."""
        return self._rows

    def ids(self) -> set[int]:
        """Return the ids of the rows."""
        return {row["id"] for row in self.rows()}

    def page(self, keys: Sequence[Term], offset: int, limit: int) -> Sequence[Row]:
        """Return the rows sorted by keys, from an offset on, and no more than a limit if it is not 0."""
        if not limit:
            return orders.sort_by(self.rows(), keys)[offset:]
        return orders.first(self.rows(), keys, offset + limit)[offset:]

    def tally(self, name: str) -> Mapping[Any, int] | None:
        """Return how many rows have each value under a key, None if counting the rows is no dearer."""
        return None


class _Scanned(Found):
    """The rows among others that match a condition, which are looked for when they are needed."""

    nothing = False

    def __init__(self, condition: Condition, rows: Sequence[Row], more: Sequence[Row] = ()) -> None:
        self._condition, self._all, self._more = condition, rows, more
        self._found: Sequence[Row] | None = None

    def __len__(self) -> int:
        return len(self.rows())

    def rows(self) -> Sequence[Row]:
        if self._found is None:
            self._found = merged([row for piece in self._pieces() for row in piece], self._more)
        return self._found

    def _pieces(self) -> Iterator[Sequence[Row]]:
        rows, keep = self._all, self._condition.filter
        if not self._condition.single or len(rows) <= _PIECE:
            yield keep(rows)
            return
        for at in range(0, len(rows), _PIECE):
            yield keep(rows[at : at + _PIECE])

    def page(self, keys: Sequence[Term], offset: int, limit: int) -> Sequence[Row]:
        keys = orders.significant(keys)
        if not limit or self._more or self._found is not None or offset + limit > _HEAD:
            return super().page(keys, offset, limit)
        if keys:
            return orders.first_of(self._pieces(), keys, offset + limit)[offset:]
        size = len(self._all)  # at most; larger numbers than an index may be given
        found = (row for piece in self._pieces() for row in piece)
        return list(islice(found, min(offset, size), min(offset + limit, size)))


class _Masked(Found):
    """The rows of a mask, and changed rows that match."""

    nothing = False

    def __init__(self, view: View, mask: Mask, more: Sequence[Row]) -> None:
        self._view, self._mask, self._more = view, mask, more
        self._count = mask.count(1)

    def __len__(self) -> int:
        return self._count + len(self._more)

    def rows(self) -> Sequence[Row]:
        return merged(list(masks.chosen(self._view.sheet.rows, self._mask, self._count)), self._more)

    def page(self, keys: Sequence[Term], offset: int, limit: int) -> Sequence[Row]:
        number, keys = offset + limit, orders.significant(keys)
        if not limit or self._count <= 2 * number:
            return super().page(keys, offset, limit)
        places = self._first(keys, number)
        if places is None:
            return super().page(keys, offset, limit)
        rows = merged([self._view.sheet.rows[place] for place in sorted(places)], self._more)
        return orders.first(rows, keys, number)[offset:]

    def _first(self, keys: Sequence[Term], number: int) -> Sequence[int] | None:
        """Return the places of the first rows of the mask; None if the rows themselves tell their order."""
        if not keys:
            return list(islice(masks.places(self._mask, self._count), number))
        found = [None if key.column is None else self._view.column(key.column) for key in keys]
        columns = [column for column in found if column is not None]
        if len(columns) < len(keys):
            return None
        sheet, mask = self._view.sheet, self._mask
        signature = tuple((key.column, key.descending, key.nulls_first, key.null) for key in keys)
        deep = 2 * number * len(mask) // self._count + 64  # as far as the first ones are expected in all rows
        head: Sequence[int] = sheet.derived.get(signature, ())
        if deep * 8 < len(mask) or min(deep, len(mask)) <= max(len(head), _HEAD):
            if min(deep, len(mask)) > len(head):
                head = orders.first(range(len(mask)), _by_place(keys, columns), max(_HEAD, 8 * len(head), deep))
                _make_room(sheet.derived, _HEADS)
                sheet.derived[signature] = head
            first = list(islice(filter(mask.__getitem__, head), number))
            if len(first) == number:
                return first
        places = list(masks.places(mask, self._count))
        return orders.first(places, _by_place(keys, columns), number)

    def tally(self, name: str) -> Mapping[Any, int] | None:
        column = self._view.column(name)
        if column is None:
            return None
        found = column.tally(self._mask)
        return found + Counter(row.get(name) for row in self._more) if self._more else found


def _by_place(keys: Sequence[Term], columns: Sequence[Any]) -> list[Term]:
    """Return keys for places of rows, by the columns of the keys."""
    found = []
    for key, column in zip(keys, columns, strict=True):
        values = column.values
        if key.null is not None:
            values = [key.null if value is None else value for value in values]
        found.append(key._replace(key=values.__getitem__))
    return found


def find(store: Store, model: str, condition: Condition, limit: Limit | None = None) -> Found:
    """Return the rows of a model that match a condition, and a limit if there is one."""
    view = store.view(model)
    ids = condition.candidates(view)
    if ids is None and limit is not None:
        ids = limit.condition.candidates(view)
    if ids is not None or view is None:
        table = store.rows(model)
        rows = store.in_order(model) if ids is None else [table[id_] for id_ in sorted(ids) if id_ in table]
        store.work.add(condition.weight, len(rows))
        rows = condition.filter(rows)
        return Found(rows if limit is None else limit.allowed(rows))
    store.work.add(condition.weight, len(view.sheet.rows))
    key = (condition,) if limit is None else (condition, limit.condition)
    whole, mask, rest = view.masks.get(key) or _planned(all_of(key), view, key)
    if mask is None:
        return _Scanned(whole, store.in_order(model) if view.changed else view.sheet.rows)
    mask, more = view.current(mask), whole.filter(view.changed_rows())
    if not rest:
        return _Masked(view, mask, more)
    return _Scanned(all_of(rest), list(masks.chosen(view.sheet.rows, mask, mask.count(1))), more)


def _planned(condition: Condition, view: View, key: Any) -> tuple[Condition, Mask | None, list[Condition]]:
    """Return a condition, the mask of those parts of it that have one, and the other parts.

    If each row is judged by its own values, the others are applied at once and the mask is kept: the rows that it
    tells of do not change.
    """
    mask, rest = _masked(condition, view)
    if mask is None or not condition.single:
        return condition, mask, rest
    if rest:
        left = _Scanned(all_of(rest), list(masks.chosen(view.sheet.rows, mask, mask.count(1))))
        mask = view.sheet.mask(left.rows())
    _make_room(view.masks, _MASKS)
    found = view.masks[key] = condition, mask, list[Condition]()
    return found


def _make_room(kept: dict[Any, Any], most: int) -> None:
    """Let the oldest go of what is kept, so that one more fits."""
    for oldest in list(kept)[: max(0, len(kept) - most + 1)]:
        kept.pop(oldest, None)  # another database with the same rows may do the same


def _masked(condition: Condition, view: View) -> tuple[Mask | None, list[Condition]]:
    """Return the mask of the parts of a condition that have one, None without one, and the other parts.

    Where few rows are left, filtering them is cheaper than the mask of another part.
    """
    known: Mask | None = None
    rest: list[Condition] = []
    size = few = len(view.sheet.rows)
    for part in condition.parts or (condition,):
        mask = part.mask(view, few) if few * masks.SPARSE > size else None
        if mask is None:
            rest.append(part)
        else:
            known = mask if known is None else masks.both((known, mask))
            few = known.count(1)
    return known, rest
