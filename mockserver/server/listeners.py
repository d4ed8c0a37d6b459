"""Functions that are told of something, and the list in which errors of the server's own are kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

Listener = TypeVar("Listener", bound=Callable[..., object])
Stop = Callable[[], None]

MOST_ERRORS = 1000  # that are kept: a function that fails may do so at each request


class Listeners(Generic[Listener]):
    """Functions in order; any thread may add one or stop one while others call them.

    `current` is all of them.  It is replaced and never changed, so a reader needs no lock.
    """

    __slots__ = ("_lock", "current")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.current: tuple[Listener, ...] = ()

    def add(self, function: Listener, *, first: bool = False) -> Stop:
        """Add a function, behind the others or before them; gives how to take it away, which may be called twice."""
        stopped = False
        with self._lock:
            self.current = (function, *self.current) if first else (*self.current, function)

        def stop() -> None:
            nonlocal stopped
            with self._lock:
                if not stopped:
                    stopped = True
                    place = next(number for number, other in enumerate(self.current) if other is function)
                    self.current = (*self.current[:place], *self.current[place + 1 :])

        return stop

    def notify(self, errors: list[BaseException], event: Any) -> None:
        """Call each with the event; what one raises goes to the errors, and the others are called all the same."""
        for function in self.current:
            try:
                function(event)
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException as error:  # pytest.fail() is no Exception
                errors.append(error)


class Errors(list[BaseException]):
    """Errors of the server's own, in order, at most `MOST_ERRORS`; `told` is called with each as it comes."""

    on_append: Callable[[BaseException], object] | None = None

    def append(self, error: BaseException) -> None:
        """Keep one more."""
        if len(self) < MOST_ERRORS:
            super().append(error)
        if self.on_append is not None:
            self.on_append(error)
