"""Snapshots by name, in the order in which they were taken."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from typing import Any, NamedTuple

from mockserver.server.app import App
from mockserver.testing.state import Checkpoint

MOST = 100


class Kept(NamedTuple):
    """One snapshot; `time` is that of the server's clock."""

    name: str
    time: str
    checkpoint: Checkpoint

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {"name": self.name, "time": self.time}


class Snapshots:
    """Those of one server.  Raises ValueError for a name that is taken, KeyError for one that is not there."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._kept: dict[str, Kept] = {}

    def __iter__(self) -> Iterator[Kept]:
        return iter(list(self._kept.values()))

    def take(self, name: str | None) -> Kept:
        """Keep the present state; without a name it is numbered."""
        with self._lock:
            if name in self._kept:
                raise ValueError(f"there is a snapshot {name!r} already")
            if len(self._kept) >= MOST:
                raise ValueError(f"there are {MOST} snapshots already: remove one")
            chosen = name or next(free for number in itertools.count(1) if (free := str(number)) not in self._kept)
            kept = self._kept[chosen] = Kept(chosen, self._app.clock.now(), Checkpoint(self._app))
            return kept

    def restore(self, name: str | None) -> Kept:
        """Come back to one, to the latest without a name; those that were taken after it are gone."""
        with self._lock:
            if name is None and not self._kept:
                raise KeyError(name)
            kept = self._kept[next(reversed(self._kept)) if name is None else name]
            kept.checkpoint.restore()
            while next(reversed(self._kept)) != kept.name:
                self._kept.popitem()
            return kept

    def remove(self, name: str) -> None:
        """Forget one."""
        with self._lock:
            del self._kept[name]

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._kept.clear()
