"""Named snapshots, in the order in which they were taken."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from typing import Any, NamedTuple

from mockserver.testing.journal.changes import Changes
from mockserver.testing.kit import Kit
from mockserver.testing.state import Checkpoint

MAX_SNAPSHOTS = 100


class NamedSnapshot(NamedTuple):
    """A snapshot with its name; `time` is by the server's clock, `changes` are those since it was taken."""

    name: str
    time: str
    checkpoint: Checkpoint
    changes: Changes

    def as_dict(self) -> dict[str, Any]:
        """Return the name and the time, as JSON."""
        return {"name": self.name, "time": self.time}


class Snapshots:
    """The snapshots of one server.  Raises ValueError for a name in use, KeyError for an unknown one."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._lock = threading.Lock()
        self._kept: dict[str, NamedSnapshot] = {}

    def __iter__(self) -> Iterator[NamedSnapshot]:
        return iter(list(self._kept.values()))

    def take(self, name: str | None) -> NamedSnapshot:
        """Take a snapshot; without a name it gets the next free number."""
        with self._lock:
            if name in self._kept:
                raise ValueError(f"there is a snapshot {name!r} already")
            if len(self._kept) >= MAX_SNAPSHOTS:
                raise ValueError(f"there are {MAX_SNAPSHOTS} snapshots already: remove one")
            chosen = name or next(free for number in itertools.count(1) if (free := str(number)) not in self._kept)
            kit = self._kit
            kept = NamedSnapshot(chosen, kit.clock.now(), kit.snapshot(), kit.changes.since_now())
            self._kept[chosen] = kept
            return kept

    def named(self, name: str) -> NamedSnapshot:
        """Return the snapshot of that name."""
        with self._lock:
            return self._kept[name]

    def restore(self, name: str | None) -> NamedSnapshot:
        """Restore a snapshot, the latest without a name, and forget those taken after it."""
        with self._lock:
            if name is None and not self._kept:
                raise KeyError(name)
            kept = self._kept[next(reversed(self._kept)) if name is None else name]
            kept.checkpoint.restore()
            while next(reversed(self._kept)) != kept.name:
                self._kept.popitem()
            return kept

    def remove(self, name: str) -> None:
        """Forget a snapshot."""
        with self._lock:
            del self._kept[name]

    def clear(self) -> None:
        """Forget all snapshots."""
        with self._lock:
            self._kept.clear()
