"""The description of a finished request, and how a guard can replace its answer."""

from __future__ import annotations

import io
import socket
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from mockserver.clock import Reading
from mockserver.orm.database import Database
from mockserver.orm.storage.store import Row
from mockserver.services.call import Call, printable

# environ key under which a guard stores the `Wire` that sends the answer
WIRE = "mockserver.wire"


class Exchange(NamedTuple):
    """One finished request, for `App.observe`.

    `verb` is the HTTP method; `error` is the exception, `value` the result before the dialect encoded it; `seconds` is
    how long the server took, `size` the bytes of request and answer together.  `database`, the row of the `user`, the
    `reading` of the server's clock and the number of `restores` so far are those at the end of the request.
    """

    dialect: str
    verb: str
    path: str
    call: Call | None
    error: Exception | None = None
    value: Any = None
    seconds: float = 0.0
    size: int = 0
    database: Database | None = None
    user: Row | None = None
    reading: Reading = (0.0, timedelta())
    restores: int = 0

    @property
    def request(self) -> str:
        """Method and path."""
        return f"{self.verb} {self.path}"

    @property
    def outcome(self) -> str:
        """`ok`, or the name of the error's class."""
        return "ok" if self.error is None else type(self.error).__name__

    @property
    def target(self) -> str:
        """`res.partner.search`, `common.version`, or method and path if there was no call: one printable line."""
        call = self.call
        return printable(self.request) if call is None or call.service == "page" else call.label


class RawExchange(NamedTuple):
    """The bytes of one request and its answer, for `App.tap` and for recorders.

    `target` is path and query, names of `headers` are in lower case with dashes; `moment` is when it was answered,
    in UTC by the server's clock.  `faults` are those that a test injected.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    status: int
    answer_headers: Sequence[tuple[str, str]]
    answer: bytes
    moment: datetime
    faults: Sequence[Any] = ()


class Connection(Protocol):
    """What a `Wire` writes to: the socket, and its output stream."""

    connection: socket.socket
    wfile: io.BufferedIOBase


class Wire(Protocol):
    """An object that sends an answer in place of the handler, for example truncated or slowly.

    `head` and `body` are the bytes of the HTTP answer, empty where there is none.
    """

    def send(self, client: Connection, head: bytes, body: bytes) -> None:
        """Send anything or nothing; the connection is closed afterwards."""
        ...


class NoAnswer(Exception):
    """Raised by a guard to prevent an answer: `wire` handles the connection instead; the text gives the reason."""

    def __init__(self, wire: Wire, reason: object = None) -> None:
        super().__init__(str(reason or type(wire).__name__))
        self.wire = wire
