"""The description of a finished request, and how a guard can replace its answer."""

from __future__ import annotations

import io
import socket
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from mockserver.services.call import Call, printable

# environ key under which a guard stores the `Wire` that sends the answer
WIRE = "mockserver.wire"


class Exchange(NamedTuple):
    """One finished request, for `App.observe`.

    `request` is method and path; `outcome` is "ok" or the name of the error's class; `error` the exception itself,
    `value` the result before the dialect encoded it; `size` the bytes of request and answer together.
    """

    dialect: str
    request: str
    outcome: str
    milliseconds: float
    call: Call | None
    error: Exception | None
    value: Any = None
    size: int = 0

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
