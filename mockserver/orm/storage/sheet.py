"""The rows of a table at one time, by column, for searches that ask something of all of them at once.

A sheet never changes, so copies of a database share it.  Its columns are built when they are asked for often enough to
pay: what a column takes is eight bytes a row, one byte if it holds few different values; its joined texts take as much
as the texts; its places about a hundred bytes a value.

A mask is a byte for each row: 1 if it matches, else 0.  Masks are combined as long integers, which takes C a
nanosecond a row.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import accumulate, compress, repeat
from operator import itemgetter
from typing import Any

# {field: value}, always with "id"; an absent field is NULL
Row = dict[str, Any]
Mask = bytes
Test = Callable[[Any], bool]

FEW = 256  # different values that a byte tells apart
END = "\0"  # stands before, between and after joined texts; no text of the database holds it
# searches by equality that cost as much as the dict that answers them; those of texts, as joining the texts
_LOOKUPS, _TEXTS = 8, 2
_SAMPLE = 1024
_row_id = itemgetter("id")


class Column:
    """The values under one key of the rows, None for NULL."""

    def __init__(self, values: list[Any]) -> None:
        self._size = len(values)
        self._values: list[Any] | None = values
        self._codes = b""
        self._distinct = _few(values)  # the different values, if they are few: a row holds the number of one
        if self._distinct is not None:
            numbers = {value: number for number, value in enumerate(self._distinct)}
            self._codes = bytes(map(numbers.__getitem__, values))
            self._values = None
        self._text: str | None = None
        self._texts = self._lookups = 0  # searches so far
        # the last row that holds a value, and for each row the one before it with the same value, or -1
        self._last: dict[Any, int] | None = None
        self._before = array("i")

    @property
    def values(self) -> Sequence[Any]:
        """The value of each row."""
        if self._values is not None:
            return self._values
        return list(map((self._distinct or []).__getitem__, self._codes))

    def matching(self, test: Test) -> Mask:
        """Return which rows hold a value that passes a test."""
        if self._values is not None:
            return bytes(map(test, self._values))
        passed = bytes(map(test, self._distinct or ()))
        return self._codes.translate(passed.ljust(256, b"\0"))

    def holding(self, values: Collection[Any]) -> Mask:
        """Return which rows hold one of the values, which are hashable."""
        if self._values is None:
            return self.matching(values.__contains__)
        self._lookups += 1
        if len(values) > 1:
            return self.matching(values.__contains__)
        found, at, index = bytearray(self._size), -1, self._values.index
        for value in values:
            try:
                while True:
                    at = index(value, at + 1)
                    found[at] = 1
            except ValueError:
                pass
        return bytes(found)

    def places(self, values: Collection[Any]) -> Iterator[int] | None:
        """Return which rows hold one of the values, in any order; None as long as a scan is not dearer."""
        if self._values is None or self._lookups < _LOOKUPS:
            return None
        if self._last is None:
            last: dict[Any, int] = {}
            get, before = last.get, array("i", repeat(-1, self._size))
            try:
                for place, value in enumerate(self._values):
                    before[place] = get(value, -1)
                    last[value] = place
            except TypeError:  # a value that cannot be looked up
                self._lookups = -self._size
                return None
            self._before, self._last = before, last
        return self._chains(values, self._last)

    def _chains(self, values: Collection[Any], last: Mapping[Any, int]) -> Iterator[int]:
        for value in values:
            place = last.get(value, -1)
            while place >= 0:
                yield place
                place = self._before[place]

    def containing(self, part: str, left: int) -> Mask | None:
        """Return which rows hold a text that contains the part, in lower case; `END` in it is where a text ends.

        Returns None if testing the texts of the rows that are left is no dearer.
        """
        self._texts += 1
        if self._values is None or self._texts < _TEXTS:
            return None
        if self._text is None:
            self._text = self._joined(self._values)
        if not self._text:
            return None
        if END in part:
            return self._matching_end(part, self._text) if self._text.count(part) * 8 <= left else None
        between = self._text.split(part, 2 * left + 1)
        if len(between) > 2 * left + 1:
            return None
        if len(between) * 2 > self._size:
            return bytes([part in text for text in self._text[1:-1].split(END)])
        between.pop()
        found = bytearray(self._size)
        # as many ends of texts stand before an occurrence as there are texts up to its own
        for ends in accumulate(map(str.count, between, repeat(END))):
            found[ends - 1] = 1
        return bytes(found)

    def _joined(self, values: Sequence[Any]) -> str:
        """Return the texts in lower case with `END` around each; nothing if they are none."""
        try:
            joined = END.join(["" if value is None else value for value in values])
        except TypeError:
            return ""
        # letters are folded by what stands around them in the text, where `END` is as good as its end
        return f"{END}{joined}{END}".lower() if joined.count(END) == len(values) - 1 else ""

    def _matching_end(self, part: str, text: str) -> Mask:
        found, place, counted, at = bytearray(self._size), -1, 0, text.find(part)
        while at >= 0:
            place += text.count(END, counted, at + 1)
            found[place] = 1
            counted = at + 1
            at = text.find(part, text.index(END, counted))
        return bytes(found)

    def tally(self, mask: Mask) -> Counter[Any]:
        """Return how often each value occurs in the rows of a mask."""
        if self._values is not None:
            return Counter(compress(self._values, mask))
        distinct = self._distinct or ()
        return Counter({distinct[number]: count for number, count in Counter(compress(self._codes, mask)).items()})


def _few(values: list[Any]) -> list[Any] | None:
    """Return the different values, None if they are many or cannot be told apart by a dict."""
    try:
        if len(set(values[:: len(values) // _SAMPLE + 1])) > FEW:
            return None
        distinct = list(dict.fromkeys(values))
    except TypeError:
        return None
    return distinct if len(distinct) <= FEW else None


class Sheet:
    """The rows in id order, and their columns by name."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.columns: dict[str, Column] = {}
        self.searches = 0
        self._asked: dict[str, int] = {}  # the search that was the first to ask for a column
        self.derived: dict[Any, Any] = {}  # what queries keep that follows from the rows alone, by a key of theirs
        self._first = rows[0]["id"] if rows else 0

    def place(self, id_: int) -> int:
        """Return the place of the row with an id, -1 if there is none."""
        rows, guess = self.rows, id_ - self._first  # the right one as long as no row was deleted
        if not 0 <= guess < len(rows) or rows[guess]["id"] != id_:
            guess = bisect_left(rows, id_, key=_row_id)
        return guess if guess < len(rows) and rows[guess]["id"] == id_ else -1

    def mask(self, rows: Sequence[Row]) -> Mask:
        """Return the mask of some of the rows."""
        if len(rows) * 8 < len(self.rows):
            found = bytearray(len(self.rows))
            for row in rows:
                found[self.place(row["id"])] = 1
            return bytes(found)
        ids = set(map(_row_id, rows))
        return bytes(map(ids.__contains__, map(_row_id, self.rows)))

    def column(self, name: str) -> Column | None:
        """Return a column; None in the first search that asks for it, for which a scan of the rows is no dearer."""
        found = self.columns.get(name)
        if found is None and self._asked.setdefault(name, self.searches) < self.searches:
            found = self.columns[name] = Column(list(map(dict.get, self.rows, repeat(name))))
        return found
