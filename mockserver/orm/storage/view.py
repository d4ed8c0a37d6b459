"""A table as searches see it: a sheet, and the ids of the rows that differ from it by now.

A write only notes an id.  A row that is put back, as by a rollback, is the same dict as in the sheet, so it no longer
differs: a reset between tests leaves a view as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from typing import Any

from mockserver.orm.storage.masks import both, chosen
from mockserver.orm.storage.sheet import Column, Mask, Row, Sheet

SMALL = 200  # rows of a table for which a scan is never dearer


class View:
    """The present rows of a table, by the sheet of earlier ones."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.changed: set[int] = set()  # ids of rows that are not those of the sheet: new, written or deleted
        self.noted: set[int] = set()  # ids of rows that may have changed since they were last compared
        self.masks: dict[Any, Any] = {}  # masks that searches keep, by keys of theirs
        self._rows: Mapping[int, Row] = {}
        self._kept: bytearray | None = None  # the mask of the rows that have not changed; None for all
        self._scanned = 0  # changed rows that searches have looked at

    def copy(self) -> View:
        """Return an independent view of the same sheet."""
        other = View(self.sheet)
        other.noted = self.noted | self.changed
        return other

    def refresh(self, rows: Mapping[int, Row]) -> bool:
        """Compare what was noted with the present rows, for a search; return False if a new sheet is worth its cost."""
        self._rows = rows
        self.sheet.searches += 1
        if (len(self.noted) + len(self.changed)) * 2 > len(self.sheet.rows):
            return False
        for id_ in self.noted:
            place = self.sheet.place(id_)
            now = rows.get(id_)
            same = now is None if place < 0 else now is self.sheet.rows[place]
            (self.changed.discard if same else self.changed.add)(id_)
            if place >= 0 and (self._kept is not None or not same):
                self._kept = self._kept or bytearray(b"\1" * len(self.sheet.rows))
                self._kept[place] = same
        self.noted.clear()
        self._scanned += len(self.changed)
        return self._scanned <= len(self.sheet.rows)

    def column(self, name: str) -> Column | None:
        """Return a column of the sheet; see there."""
        return self.sheet.column(name)

    def candidates(self, name: str, values: Collection[object]) -> Set[int] | None:
        """Return the ids of rows among which all are that hold one of the values, if they can be looked up."""
        column = self.sheet.columns.get(name)
        places = column.places(values) if column is not None else None
        if places is None:
            return None
        rows = self.sheet.rows
        return {rows[place]["id"] for place in places} | self.changed

    def current(self, mask: Mask) -> Mask:
        """Return the rows of a mask that have not changed."""
        return mask if self._kept is None or not self.changed else both((mask, bytes(self._kept)))

    def changed_rows(self) -> Sequence[Row]:
        """Return the rows that are not in the sheet as they are now, in id order."""
        rows = self._rows
        return [rows[id_] for id_ in sorted(self.changed) if id_ in rows]

    def rows(self, mask: Mask, count: int, more: Sequence[Row]) -> Sequence[Row]:
        """Return the rows of a mask, of which there are `count`, and some changed ones, in id order."""
        found = list(chosen(self.sheet.rows, mask, count))
        return merged(found, more)


def merged(rows: list[Row], more: Iterable[Row]) -> list[Row]:
    """Return rows in id order and others in id order as one list in id order."""
    last = rows[-1]["id"] if rows else 0
    late = list(more)
    if late and late[0]["id"] < last:
        return sorted([*rows, *late], key=_id)  # two runs, which sorting merges
    return rows + late if late else rows


def _id(row: Row) -> int:
    return row["id"]  # type: ignore[no-any-return]


def viewed(known: View | None, rows: Mapping[int, Row], in_order: Callable[[], Sequence[Row]]) -> View | None:
    """Return the view of the present rows, a new one if the known one is outdated; None for a small table."""
    if len(rows) < SMALL:
        return None
    if known is not None and known.refresh(rows):
        return known
    made = View(Sheet(in_order()))
    made.refresh(rows)
    return made
