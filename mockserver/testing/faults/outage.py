"""A server that is down for a while: nobody listens on its port."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Self


class Outage:
    """Down from the beginning to the end of a `with` block, to `up()`, or for so many seconds.

    `close` and `open` are what makes the server unreachable and reachable.
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
        """Be reachable again, at the same address."""
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
