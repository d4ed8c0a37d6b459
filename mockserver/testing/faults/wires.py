"""What a client receives instead of a complete answer, on a socket and on transports without one.

The request handler calls `send`; a transport without a socket reads what `script` yields.
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

LOOK_SECONDS = 0.05  # a held connection checks this often whether the test is over
_LINGER_NONE = struct.pack("ii", 1, 0)  # close at once with RST


@dataclass(frozen=True)
class Wire:
    """A complete answer, and the base class of the incomplete ones.

    `kind` is "answer", "delay", "slow", "truncated", "garbage", "reset", "timeout" or "closed"; `seconds` how long
    it takes.  `over` is set when the test ends, and ends every wait.
    """

    kind: ClassVar[str] = "answer"
    seconds: float = 0.0
    over: threading.Event = field(default_factory=threading.Event, compare=False, repr=False)

    def arrives(self, head: bytes, body: bytes) -> tuple[bytes, bytes]:
        """Return the head and body that reach the client: complete, in part or empty."""
        return head, body

    def script(self, head: bytes, body: bytes) -> Iterator[tuple[float, bytes]]:
        """Yield that part in pieces: the seconds to wait before each, and its bytes."""
        yield 0.0, b"".join(self.arrives(head, body))

    def send(self, client: Connection, head: bytes, body: bytes) -> None:
        """Send the pieces on a socket; the caller closes the connection."""
        for seconds, data in self.script(head, body):
            if seconds:
                self.over.wait(seconds)
            client.wfile.write(data)


@dataclass(frozen=True)
class Pause(Wire):
    """A wait before anything is sent."""

    kind = "delay"

    def script(self, head: bytes, body: bytes) -> Iterator[tuple[float, bytes]]:
        """Yield the wait."""
        yield self.seconds, b""


@dataclass(frozen=True)
class Replaced(Wire):
    """Another answer, such as the page of a proxy."""

    head: bytes = b""
    body: bytes = b""

    def arrives(self, head: bytes, body: bytes) -> tuple[bytes, bytes]:
        """Return the other head and body."""
        return self.head, self.body


@dataclass(frozen=True)
class Truncated(Wire):
    """The head with the length of the whole body, then `part` of the body (0 to 1), then the end of the connection."""

    kind = "truncated"
    part: float = 0.5

    def arrives(self, head: bytes, body: bytes) -> tuple[bytes, bytes]:
        """Return the head, and the beginning of the body."""
        return head, body[: int(len(body) * self.part)]


@dataclass(frozen=True)
class Garbled(Wire):
    """Bytes that are neither XML nor JSON nor UTF-8, the same in every run; `whole`: the head too."""

    kind = "garbage"
    whole: bool = False

    def arrives(self, head: bytes, body: bytes) -> tuple[bytes, bytes]:
        """Return random bytes of the same length."""
        size = len(head) + len(body) if self.whole else len(body)
        noise = b"\xff" + random.Random(size).randbytes(max(size - 1, 0))
        return (b"", noise) if self.whole else (head, noise[:size])


@dataclass(frozen=True)
class Slow(Wire):
    """The head at once, and the body in `pieces`, `seconds` from the first to the last."""

    kind = "slow"
    pieces: int = 10

    def script(self, head: bytes, body: bytes) -> Iterator[tuple[float, bytes]]:
        """Yield the head and the pieces."""
        yield 0.0, head
        step = max(1, -(-len(body) // self.pieces))
        starts = range(0, len(body), step)
        silence = self.seconds / max(1, len(starts) - 1)  # before all but the first, unless that is the only one
        for start in starts:
            yield silence if start or len(starts) == 1 else 0.0, body[start : start + step]


@dataclass(frozen=True)
class Closed(Wire):
    """The connection is closed normally, without an answer."""

    kind = "closed"

    def arrives(self, head: bytes, body: bytes) -> tuple[bytes, bytes]:
        """Return an empty head and body."""
        return b"", b""


@dataclass(frozen=True)
class Broken(Closed):
    """A connection that is reset."""

    kind = "reset"

    def script(self, head: bytes, body: bytes) -> Iterator[tuple[float, bytes]]:
        """Raise the ConnectionResetError that a reader gets."""
        yield 0.0, b""
        raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))

    def send(self, client: Connection, head: bytes, body: bytes) -> None:
        """Close the socket at once: after a FIN, as in a normal end, no client would see the RST."""
        connection = client.connection
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NONE)
        # the streams of the connection would keep its descriptor open, so detach it from them
        socket.close(connection.detach())


@dataclass(frozen=True)
class Held(Closed):
    """No answer: the connection stays open until the client gives up, at most for so many seconds."""

    kind = "timeout"

    def script(self, head: bytes, body: bytes) -> Iterator[tuple[float, bytes]]:
        """Yield the wait."""
        yield self.seconds, b""

    def send(self, client: Connection, head: bytes, body: bytes) -> None:
        """Wait until the client closes the connection."""
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
        """The kind of the last one."""
        return self.wires[-1].kind

    @property
    def seconds(self) -> float:
        """The sum of all."""
        return sum(wire.seconds for wire in self.wires)

    def arrives(self, head: bytes, body: bytes) -> tuple[bytes, bytes]:
        """Return what the last one sends."""
        return self.wires[-1].arrives(head, body)

    @property
    def over(self) -> threading.Event:
        """The event of any of them: all belong to one call."""
        return self.wires[-1].over

    def script(self, head: bytes, body: bytes) -> Iterator[tuple[float, bytes]]:
        """Yield the pieces of all in order; only the last one sends bytes."""
        for wire in self.wires:
            yield from wire.script(head, body)

    def send(self, client: Connection, head: bytes, body: bytes) -> None:
        """Send all in order."""
        for wire in self.wires:
            wire.send(client, head, body)


def chain(wires: Sequence[Wire]) -> Chain:
    """Return the wires as one; after pauses alone the complete answer follows."""
    return Chain(wires if wires[-1].kind != Pause.kind else (*wires, Wire(over=wires[-1].over)))
