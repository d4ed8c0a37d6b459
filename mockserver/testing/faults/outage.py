"""A server that is down for a while: nothing listens on its port."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Self


class Outage:
    """A time in which the server is down: until the end of a `with` block, until `up()`, or for `seconds`.

    `close` and `open` make the server unreachable and reachable.
    """

    def __init__(self, close: Callable[[], object], open: Callable[[], object], seconds: float | None = None) -> None:
        self._open = open
        self._lock = threading.Lock()
        self.over = False
        self._timer = threading.Timer(seconds, self.up) if seconds is not None else None
        close()
        if self._timer is not None:
            self._timer.name = "mockserver outage"
            self._timer.daemon = True
            self._timer.start()

    def up(self) -> None:
        """Make the server reachable again, at the same address."""
        with self._lock:
            if self.over:
                return
            self.over = True
            self._open()
        if self._timer is not None:
            self._timer.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.up()
