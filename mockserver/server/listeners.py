"""Registered functions that are called with events, and the list of internal errors."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

Listener = TypeVar("Listener", bound=Callable[..., object])
Stop = Callable[[], None]

MAX_ERRORS = 1000  # kept: a function that fails may do so at each request


class Listeners(Generic[Listener]):
    """An ordered list of functions; any thread may add or remove one while others call them.

    `current` has all of them.  The tuple is replaced, never modified, so readers need no lock.
    """

    __slots__ = ("_lock", "current")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.current: tuple[Listener, ...] = ()

    def add(self, function: Listener, *, first: bool = False) -> Stop:
        """Add a function, at the end or `first`; return a function that removes it and may be called twice."""
        stopped = False
        with self._lock:
            self.current = (function, *self.current) if first else (*self.current, function)

        def stop() -> None:
            nonlocal stopped
            with self._lock:
                if not stopped:
                    stopped = True
                    at = next(number for number, other in enumerate(self.current) if other is function)
                    self.current = (*self.current[:at], *self.current[at + 1 :])

        return stop

    def notify(self, errors: list[BaseException], event: Any) -> None:
        """Call each function with the event; an exception is added to `errors` and does not stop the others."""
        for function in self.current:
            try:
                function(event)
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException as error:  # pytest.fail() is not an Exception
                errors.append(error)


class Errors(list[BaseException]):
    """Internal errors in order, at most `MAX_ERRORS`; `on_append` is called with each one."""

    on_append: Callable[[BaseException], object] | None = None

    def append(self, error: BaseException) -> None:
        """Add an error and call `on_append`."""
        if len(self) < MAX_ERRORS:
            super().append(error)
        if self.on_append is not None:
            self.on_append(error)
