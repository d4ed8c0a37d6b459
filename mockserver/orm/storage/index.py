"""The ids of rows by the values of a field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any


class Index(Mapping[Any, Set[int]]):
    """The ids of the rows that hold each value; such a set is that of the rows as they are until the next write.

    Each element of a tuple is a value; None is none.  Most values stand in one row alone, whose id is kept as it is,
    since a set of one takes 216 bytes.
    """

    __slots__ = ("_ids", "_own")

    def __init__(self) -> None:
        self._ids: dict[Any, int | set[int]] = {}
        # the values whose sets another index does not have, too; None: all of them
        self._own: set[Any] | None = None

    def copy(self) -> Index:
        """Return an index of the same rows.

        This one must not be changed any more: the other one copies a set when it first changes it.
        """
        other = Index()
        other._ids = self._ids.copy()
        other._own = set()
        return other

    def __getitem__(self, value: Any) -> Set[int]:
        ids = self._ids[value]
        return ids if type(ids) is set else {ids}  # type: ignore[arg-type]

    def get(self, value: Any, default: Any = None) -> Any:
        """Return the ids of the rows that hold a value, or the default if there are none."""
        ids = self._ids.get(value)
        return default if ids is None else ids if type(ids) is set else {ids}

    def __contains__(self, value: object) -> bool:
        return value in self._ids

    def __iter__(self) -> Iterator[Any]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def having(self, values: Iterable[Any]) -> set[int]:
        """Return the ids of the rows that hold one of the values, as a set of the caller's own."""
        found, get = set[int](), self._ids.get
        for value in values:
            ids = get(value)
            if type(ids) is set:
                found |= ids
            elif ids is not None:
                found.add(ids)  # type: ignore[arg-type]
        return found

    def add(self, value: Any, id_: int) -> None:
        """Note that a row holds a value."""
        for element in value if isinstance(value, tuple) else () if value is None else (value,):
            ids = self._ids.setdefault(element, id_)
            if type(ids) is set:
                self._set_of(element, ids).add(id_)
            elif ids != id_:
                self._set_of(element, {ids}).add(id_)  # type: ignore[arg-type]

    def remove(self, value: Any, id_: int) -> None:
        """Note that a row holds a value no longer."""
        for element in value if isinstance(value, tuple) else () if value is None else (value,):
            ids = self._ids.get(element)
            if ids == id_:
                del self._ids[element]
            elif type(ids) is set and id_ in ids:
                left = self._set_of(element, ids)
                left.discard(id_)
                if len(left) == 1:
                    self._ids[element] = next(iter(left))

    def replace(self, changes: Iterable[tuple[int, Any, Any]]) -> None:
        """Change what is known of rows, each given by its id and its values before and after."""
        for id_, before, after in changes:
            if before != after:
                self.remove(before, id_)
                self.add(after, id_)

    def _set_of(self, value: Any, ids: set[int]) -> set[int]:
        """Return the set of a value, which may be changed."""
        if self._own is not None and value not in self._own:
            self._own.add(value)
            ids = ids.copy()
        self._ids[value] = ids
        return ids
