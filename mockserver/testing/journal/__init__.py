"""`mockserver.calls`: the calls of a test over all protocols."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import TYPE_CHECKING, overload

from mockserver.testing.journal.criteria import Criteria
from mockserver.testing.journal.entry import JournalEntry, aim
from mockserver.testing.journal.wording import plural
from mockserver.testing.part import Part

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from mockserver.server.app import App
    from mockserver.server.exchange import Exchange
    from mockserver.server.listeners import Stop
    from mockserver.testing.journal.keywords import Keywords

MAX_TALLY = 1000  # names of methods whose calls are counted when they are no longer kept
SIZE = 1000  # calls that a journal keeps
MAX_BYTES = 32 * 1024 * 1024  # of requests and answers, as sent over HTTP
REFUSED = 50  # requests that were not calls
_OTHERS = (None, "")  # stands for the names beyond
RESTORED = "-- restored --"  # the effects of the calls before this line were undone


class Calls:
    """Calls in order: `len`, iteration, `[0]`, `[-5:]`; printed, one a line.

    `dropped` is the number of earlier calls that would match but are no longer kept.
    """

    def __init__(self, entries: Iterable[JournalEntry] = (), dropped: int = 0) -> None:
        self._kept = tuple(entries)
        self._dropped = dropped

    def _now(self) -> tuple[JournalEntry, ...]:
        return self._kept

    @property
    def dropped(self) -> int:
        """The number of earlier calls that are not kept."""
        return self._dropped

    def of(self, model: str | None = None, method: str | None = None, **criteria: Unpack[Keywords]) -> Calls:
        """Return the calls of a model (or a service, such as `common`) and of a method; the criteria
        are those of `assert_called`."""
        return self.matching(Criteria.of(model, method, criteria))

    def matching(self, wanted: Criteria) -> Calls:
        """Return the calls that match criteria."""
        return Calls(filter(wanted.match, self._now()), self._dropped_of(wanted))

    def _dropped_of(self, wanted: Criteria) -> int:
        return self._dropped

    @property
    def last(self) -> JournalEntry:
        """The latest call; raises LookupError when there is none."""
        entries = self._now()
        if not entries:
            raise LookupError("no call of this kind was made")
        return entries[-1]

    @property
    def count(self) -> int:
        """The number of calls."""
        return len(self._now())

    def __len__(self) -> int:
        return len(self._now())

    def __iter__(self) -> Iterator[JournalEntry]:
        return iter(self._now())

    @overload
    def __getitem__(self, index: int) -> JournalEntry: ...
    @overload
    def __getitem__(self, index: slice) -> Calls: ...
    def __getitem__(self, index: int | slice) -> JournalEntry | Calls:
        entries = self._now()
        return Calls(entries[index], self.dropped) if isinstance(index, slice) else entries[index]

    def __eq__(self, other: object) -> bool:
        return self._now() == tuple(other) if isinstance(other, (Calls, list, tuple)) else NotImplemented

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        lines = [f"({plural(self.dropped, 'earlier call')} not kept)"] if self.dropped else []
        lines += self.lines(repr)
        return "\n".join(lines) if lines else "no calls"

    def lines(self, as_text: Callable[[JournalEntry], str]) -> Iterator[str]:
        """Yield a line for each call, those of its gaps, and one wherever a state was restored between two calls."""
        before: JournalEntry | None = None
        for entry in self._now():
            if before is not None and before.restores != entry.restores:
                yield RESTORED
            yield as_text(entry)
            yield from (f"   note: {gap}" for gap in entry.gaps)
            before = entry


class Journal(Calls, Part):
    """The calls since the test began: the last `size` of them, fewer where they are very large.  Safe for threads.

    Requests for pages are not in it; `refused` has those that were not calls: a wrong path, an ended session.
    With a `size` of 0 or False it is off until `enabled` is set.
    """

    def __init__(self, app: App, size: int | bool = SIZE) -> None:
        super().__init__()
        self._app = app
        self._on = bool(size)
        self._size = SIZE if size is True or not size else size
        self._lock = threading.Lock()
        self._stop: Stop | None = None  # while calls are kept
        self.begin()

    def begin(self) -> None:
        """Forget every call; keep those from now on, unless the server was created without a journal."""
        self._clear()
        self.enabled = self._on

    def _clear(self) -> None:
        with self._lock:
            # calls in order: those whose entries were read before, and the later ones
            self._entries: deque[JournalEntry] = deque()
            self._unread: deque[Exchange] = deque()
            self._refused: deque[JournalEntry] = deque(maxlen=REFUSED)
            self._tally: Counter[tuple[str | None, str]] = Counter()  # of calls that are not kept
            self._number = self._bytes = 0

    @property
    def enabled(self) -> bool:
        """Whether calls are kept; `mockserver.calls.enabled = False` until the test ends."""
        return self._stop is not None

    @enabled.setter
    def enabled(self, enabled: bool) -> None:
        if enabled:
            self._stop = self._stop or self._app.observe(self._keep, changes=True)
        elif self._stop is not None:
            self._stop()
            self._stop = None

    @property
    def size(self) -> int:
        """The maximum number of calls that are kept."""
        return self._size

    @property
    def restored(self) -> bool:
        """Whether a state was restored after the last call."""
        entries = self._now()
        return bool(entries) and entries[-1].restores != self._app.restores

    @property
    def refused(self) -> Calls:
        """The latest requests that were not calls, with the reason."""
        with self._lock:
            return Calls(self._refused)

    @property
    def dropped(self) -> int:
        """The number of earlier calls that are not kept."""
        with self._lock:
            return self._tally.total()

    def _dropped_of(self, wanted: Criteria) -> int:
        with self._lock:
            return sum(number for aim, number in self._tally.items() if aim == _OTHERS or wanted.concerns(*aim))

    def _now(self) -> tuple[JournalEntry, ...]:
        with self._lock:
            self._entries += map(JournalEntry, self._unread, count(self._number - len(self._unread) + 1))
            self._unread.clear()
            return tuple(self._entries)

    def _keep(self, exchange: Exchange) -> None:
        """Record a request; this is all that the journal costs a call."""
        call = exchange.call
        if call is None or call.service == "page":
            if exchange.error is not None:
                with self._lock:
                    self._refused.append(JournalEntry(exchange))
            return
        with self._lock:
            self._number += 1
            self._unread.append(exchange)
            self._bytes += exchange.size
            kept = len(self._entries) + len(self._unread)
            while kept > self._size or (self._bytes > MAX_BYTES and kept > 1):
                self._drop()
                kept -= 1

    def _drop(self) -> None:
        exchange = self._entries.popleft().exchange if self._entries else self._unread.popleft()
        self._bytes -= exchange.size
        name, tally = aim(exchange.call), self._tally
        if len(tally) >= MAX_TALLY and name not in tally:
            name = _OTHERS  # a client may invent names without end; calls beyond are counted together
        tally[name] += 1
