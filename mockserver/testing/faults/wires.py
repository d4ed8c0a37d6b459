"""What a client meets instead of a whole answer: each is real on a socket, and described for what has none.

A transport without a socket reads by `script`; the request handler calls `send`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import random
import socket
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from mockserver.server.exchange import Connection

LOOK_SECONDS = 0.05  # a held connection looks this often whether the test is over
_LINGER_NONE = struct.pack("ii", 1, 0)  # close at once, and tell the other side by RST


@dataclass(frozen=True)
class Wire:
    """An answer sent whole, and the base of those that are not.

    `kind` is "answer", "delay", "slow", "truncated", "garbage", "reset", "timeout" or "closed"; `seconds` how long
    it takes.  When `over` is set, which is when the test ends, nothing waits any longer.
    """

    kind: ClassVar[str] = "answer"
    seconds: float = 0.0
    over: threading.Event = field(default_factory=threading.Event, compare=False, repr=False)

    def arrives(self, head: bytes, body: bytes) -> tuple[bytes, bytes]:
        """Return the part of the answer that reaches the client: all, some or nothing of head and body."""
        return head, body

    def script(self, head: bytes, body: bytes) -> Iterator[tuple[float, bytes]]:
        """That part in the pieces in which it arrives: the seconds of silence before each, and its bytes."""
        yield 0.0, b"".join(self.arrives(head, body))

    def send(self, client: Connection, head: bytes, body: bytes) -> None:
        """Send them on a socket; the caller closes the connection."""
        for seconds, data in self.script(head, body):
            if seconds:
                self.over.wait(seconds)
            client.wfile.write(data)


@dataclass(frozen=True)
class Pause(Wire):
    """A wait; what is sent comes after it."""

    kind = "delay"

    def script(self, head: bytes, body: bytes) -> Iterator[tuple[float, bytes]]:
        """Nothing yet."""
        yield self.seconds, b""


@dataclass(frozen=True)
class Replaced(Wire):
    """Another answer, such as the page of a proxy."""

    head: bytes = b""
    body: bytes = b""

    def arrives(self, head: bytes, body: bytes) -> tuple[bytes, bytes]:
        """Its own head and body."""
        return self.head, self.body


@dataclass(frozen=True)
class Truncated(Wire):
    """The head with the length of the whole body, `part` of the bytes (0 to 1), and the end of the connection."""

    kind = "truncated"
    part: float = 0.5

    def arrives(self, head: bytes, body: bytes) -> tuple[bytes, bytes]:
        """Return the head, and the beginning of the body."""
        return head, body[: int(len(body) * self.part)]


@dataclass(frozen=True)
class Garbled(Wire):
    """Bytes that are neither XML nor JSON nor UTF-8, the same in every run; `whole`: no HTTP either."""

    kind = "garbage"
    whole: bool = False

    def arrives(self, head: bytes, body: bytes) -> tuple[bytes, bytes]:
        """As many bytes as there would have been."""
        size = len(head) + len(body) if self.whole else len(body)
        noise = b"\xff" + random.Random(size).randbytes(max(size - 1, 0))
        return (b"", noise) if self.whole else (head, noise[:size])


@dataclass(frozen=True)
class Slow(Wire):
    """The head at once, and the body in so many `pieces`, `seconds` from the first to the last."""

    kind = "slow"
    pieces: int = 10

    def script(self, head: bytes, body: bytes) -> Iterator[tuple[float, bytes]]:
        """Piece by piece."""
        yield 0.0, head
        step = max(1, -(-len(body) // self.pieces))
        starts = range(0, len(body), step)
        silence = self.seconds / max(1, len(starts) - 1)  # before all but the first, unless that is the only one
        for start in starts:
            yield silence if start or len(starts) == 1 else 0.0, body[start : start + step]


@dataclass(frozen=True)
class Closed(Wire):
    """The end of the connection, in good order, where an answer was due."""

    kind = "closed"

    def arrives(self, head: bytes, body: bytes) -> tuple[bytes, bytes]:
        """Nothing."""
        return b"", b""


@dataclass(frozen=True)
class Broken(Closed):
    """The connection is reset."""

    kind = "reset"

    def script(self, head: bytes, body: bytes) -> Iterator[tuple[float, bytes]]:
        """The end that a reader meets: ConnectionResetError."""
        yield 0.0, b""
        raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))

    def send(self, client: Connection, head: bytes, body: bytes) -> None:
        """Close the socket here and now: where a FIN goes first, as in a usual end, no client sees the RST."""
        connection = client.connection
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NONE)
        # the streams of the connection keep its descriptor open, so it is taken away from them
        socket.close(connection.detach())


@dataclass(frozen=True)
class Held(Closed):
    """No answer: the connection stays open until the client gives up, at most for so many seconds."""

    kind = "timeout"

    def script(self, head: bytes, body: bytes) -> Iterator[tuple[float, bytes]]:
        """Silence."""
        yield self.seconds, b""

    def send(self, client: Connection, head: bytes, body: bytes) -> None:
        """Wait."""
        deadline = time.monotonic() + self.seconds
        with contextlib.suppress(ConnectionError):
            while (left := deadline - time.monotonic()) > 0 and not self.over.is_set():
                client.connection.settimeout(min(left, LOOK_SECONDS))
                with contextlib.suppress(TimeoutError):
                    if not client.connection.recv(1 << 16):
                        return


@dataclass(frozen=True)
class Chain:
    """Pauses, and what comes after them."""

    wires: Sequence[Wire]

    @property
    def kind(self) -> str:
        """That of the last one."""
        return self.wires[-1].kind

    @property
    def seconds(self) -> float:
        """Of all."""
        return sum(wire.seconds for wire in self.wires)

    def arrives(self, head: bytes, body: bytes) -> tuple[bytes, bytes]:
        """Return what the last one lets through."""
        return self.wires[-1].arrives(head, body)

    @property
    def over(self) -> threading.Event:
        """That of any: they are of one call."""
        return self.wires[-1].over

    def script(self, head: bytes, body: bytes) -> Iterator[tuple[float, bytes]]:
        """One after the other; nothing arrives twice, since only the last one sends."""
        for wire in self.wires:
            yield from wire.script(head, body)

    def send(self, client: Connection, head: bytes, body: bytes) -> None:
        """One after the other."""
        for wire in self.wires:
            wire.send(client, head, body)


def chain(wires: Sequence[Wire]) -> Chain:
    """Return the wires in order, with the whole answer at the end where they are but pauses."""
    return Chain(wires if wires[-1].kind != Pause.kind else (*wires, Wire(over=wires[-1].over)))
