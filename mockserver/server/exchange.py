"""What the app tells those who watch its requests, and how they may cut one short."""

from __future__ import annotations

import io
import socket
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from mockserver.services.call import Call, printable

# environ key under which a guard leaves the `Wire` that is to send the answer
WIRE = "mockserver.wire"


class Exchange(NamedTuple):
    """One finished request, for `App.observe`.

    `request` is verb and path; `outcome` is "ok" or the name of the error's class; `error` the exception itself,
    `value` the answer before it was written in the dialect; `size` the bytes of request and answer together.
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
        """`res.partner.search`, `common.version`, or verb and path where no call came of it: one printable line."""
        call = self.call
        return printable(self.request) if call is None or call.service == "page" else call.label


class RawExchange(NamedTuple):
    """One request with its answer as they went over the wire, for `App.tap` and for recorders.

    `target` is path and query, names of `headers` are in lower case with dashes; `moment` is when it was answered,
    in UTC by the server's clock.  `faults` are those that a test had it meet.
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
    """What a `Wire` has in hand: the socket, and the stream that writes to it."""

    connection: socket.socket
    wfile: io.BufferedIOBase


class Wire(Protocol):
    """Something that sends an answer in the handler's place, such as a broken connection.

    `head` and `body` are the bytes of the HTTP answer, empty where there is none.
    """

    def send(self, client: Connection, head: bytes, body: bytes) -> None:
        """Send what it likes; the connection is closed afterwards."""
        ...


class NoAnswer(Exception):
    """A guard let no answer come about: `wire` is what the client meets instead, and the text `why`."""

    def __init__(self, wire: Wire, why: object = None) -> None:
        super().__init__(str(why or type(wire).__name__))
        self.wire = wire
