"""Faults: values that describe a failure of a call.  `Faults.add` applies them to calls.

    Delay(0.1) + HttpError(503)           # together, in one call
    [HttpError(503), Reset(), None]       # in turn: one for each call that is hit; None is no fault
    UserError("Not today.")               # any exception is a fault: the call raises it

With `after=True` the call is performed and its answer is lost: the case in which a retry does the work twice.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.exceptions import HTTPException, default_exceptions
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wrappers import Response

from mockserver.errors import DatabaseError
from mockserver.server.exchange import NoAnswer
from mockserver.testing.faults.fault import Fault, is_count, is_number
from mockserver.testing.faults.wires import Broken, Closed, Garbled, Held, Pause, Replaced, Slow, Truncated, Wire

__all__ = [
    "Delay",
    "Fault",
    "Garbage",
    "HttpError",
    "Reset",
    "SerializationFailure",
    "ServerError",
    "SlowBody",
    "Timeout",
    "Truncate",
]

_PAGE = (
    "<html>\r\n<head><title>{title}</title></head>\r\n"
    "<body>\r\n<center><h1>{title}</h1></center>\r\n<hr><center>proxy</center>\r\n</body>\r\n</html>\r\n"
)


@dataclass(frozen=True, repr=False)
class Delay(Fault):
    """The call is delayed before it is performed; `after`: its answer is delayed."""

    seconds: float
    after: bool = False
    ends = False

    @property
    def effect(self) -> str:
        """The outcome: the call or its answer is late."""
        return "answer late" if self.after else "late"

    def __post_init__(self) -> None:
        self._check_seconds()
        self._check_after()

    def strike(self, over: threading.Event) -> None:
        """Wait; a call that still waits when its test ends is not performed, since the data are reset by then."""
        if over.wait(self.seconds):
            raise NoAnswer(Closed(over=over), self)

    def wire(self, over: threading.Event) -> Wire:
        """Return a pause."""
        return Pause(self.seconds, over)


@dataclass(frozen=True, repr=False)
class Timeout(Fault):
    """No answer: the connection is held until the client gives up, at most for `seconds`, and then closed."""

    seconds: float = 30.0
    after: bool = False

    def __post_init__(self) -> None:
        self._check_seconds()
        self._check_after()

    def wire(self, over: threading.Event) -> Wire:
        """Return a held connection."""
        return Held(self.seconds, over)


@dataclass(frozen=True, repr=False)
class Reset(Fault):
    """The connection is reset (RST).  Clients that retry by themselves may hide it."""

    after: bool = False

    def __post_init__(self) -> None:
        self._check_after()

    def wire(self, over: threading.Event) -> Wire:
        """Return a reset connection."""
        return Broken(over=over)


@dataclass(frozen=True, repr=False)
class HttpError(Fault):
    """A proxy's page instead of the server's answer; `retry_after` is seconds, or the text of that header."""

    status: int
    retry_after: float | str | None = None
    after: bool = False

    def __post_init__(self) -> None:
        possible = isinstance(self.status, int) and 400 <= self.status <= 599
        self._check("status", "a number from 400 to 599", possible)
        after = self.retry_after
        # the text is sent unchanged, and a line break in it would end the header
        good = str(after).isprintable() if isinstance(after, str) else is_number(after) and after >= 0
        self._check("retry_after", "seconds, or one line of text", after is None or good)
        self._check_after()

    @property
    def title(self) -> str:
        """Such as `503 Service Unavailable`."""
        return f"{self.status} {HTTP_STATUS_CODES.get(self.status, 'Error')}"

    def page(self) -> Response:
        """Return the proxy's page."""
        response = Response(_PAGE.format(title=self.title), self.title, content_type="text/html")
        if self.retry_after is not None:
            value = self.retry_after
            response.headers["Retry-After"] = value if isinstance(value, str) else str(math.ceil(value))
        return response

    def strike(self, over: threading.Event) -> None:
        """Raise what makes the app answer with the page."""
        raise default_exceptions.get(self.status, HTTPException)(response=self.page())

    def wire(self, over: threading.Event) -> Wire:
        """Return the page, in place of the answer."""
        page = self.page()
        page.headers["Connection"] = "close"
        lines = [f"HTTP/1.1 {self.title}", *(f"{key}: {value}" for key, value in page.headers), "", ""]
        return Replaced(over=over, head="\r\n".join(lines).encode("latin-1", "replace"), body=page.get_data())


class _Answer(Fault):
    """A fault of the answer: the call is performed."""

    after = True


@dataclass(frozen=True, repr=False)
class Truncate(_Answer):
    """The call is performed; only `part` of its answer's body is sent (0 to 1), less than its Content-Length."""

    part: float = 0.5
    effect = "answer cut short"

    def __post_init__(self) -> None:
        self._check("part", "a number from 0 to 1, below 1", is_number(self.part) and 0 <= self.part < 1)

    def wire(self, over: threading.Event) -> Wire:
        """Return the truncated answer."""
        return Truncated(over=over, part=self.part)


@dataclass(frozen=True, repr=False)
class Garbage(_Answer):
    """The call is performed; the body of its answer is random bytes.  `whole`: the head too, so it is not HTTP."""

    whole: bool = False
    effect = "answer garbled"

    def __post_init__(self) -> None:
        self._check("whole", "True or False", isinstance(self.whole, bool))

    def wire(self, over: threading.Event) -> Wire:
        """Return the garbled answer."""
        return Garbled(over=over, whole=self.whole)


@dataclass(frozen=True, repr=False)
class SlowBody(_Answer):
    """The call is performed; the body of its answer is sent in `pieces`, over `seconds`."""

    seconds: float = 1.0
    pieces: int = 10
    effect = "answer slow"

    def __post_init__(self) -> None:
        self._check_seconds()
        self._check("pieces", "a whole number above 0", is_count(self.pieces))

    def wire(self, over: threading.Event) -> Wire:
        """Return the slow answer."""
        return Slow(self.seconds, over, self.pieces)


class ServerError(RuntimeError):
    """An unexpected error in the server's code."""

    def __init__(self, message: str = "something went wrong") -> None:
        super().__init__(message)


class SerializationFailure(DatabaseError):
    """The error of a call after all its retries failed, since other transactions wrote the same row.

    Source: psycopg2's own text, with its line break.
    """

    def __init__(self) -> None:
        super().__init__("errors.SerializationFailure", "could not serialize access due to concurrent update\n")


SINGLE: dict[str, Callable[..., Fault]] = {
    fault.__name__: fault for fault in (Delay, Timeout, HttpError, Reset, Truncate, Garbage, SlowBody)
}
