"""What a database sent out, such as mail."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, overload

MAX_KEPT = 10_000  # then the oldest is forgotten: a server may run for days


class Outgoing(Sequence[Any]):
    """Things that were sent, in order, the latest `MAX_KEPT`; `mark` is the number of the next one."""

    __slots__ = ("_items", "mark")

    def __init__(self) -> None:
        self.mark = 0
        self._items: deque[tuple[int, Any]] = deque(maxlen=MAX_KEPT)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> list[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        return [item for _, item in list(self._items)][index]

    def __len__(self) -> int:
        return len(self._items)

    def append(self, item: Any) -> None:
        """Add a thing."""
        self._items.append((self.mark, item))
        self.mark += 1

    def take_back(self, mark: int) -> None:
        """Forget the things from this number on."""
        while self._items and self._items[-1][0] >= mark:
            self._items.pop()

    def forget(self, kind: type) -> None:
        """Forget the things of a kind."""
        kept = [(number, item) for number, item in list(self._items) if not isinstance(item, kind)]
        self._items = deque(kept, maxlen=MAX_KEPT)
