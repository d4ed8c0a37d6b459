"""The bytes of a `Wire`, as a stream for clients without a socket."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from typing import Any

from mockserver.testing.faults.wires import Wire

# the text of the TimeoutError of socket.recv
TIMED_OUT = "timed out"


class WireStream(io.RawIOBase):
    """The pieces of a wire as a stream, with the waits between them.

    A read that waits longer than `timeout` seconds raises TimeoutError; for the first read the time counts from
    `since`, a moment of `time.monotonic`.
    """

    def __init__(self, wire: Wire, head: bytes, body: bytes, timeout: float | None, since: float) -> None:
        self._over = wire.over
        self._script: Iterator[tuple[float, bytes]] = wire.script(head, body)
        self._timeout = timeout
        self._since: float | None = since
        self._rest = b""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read the available bytes; wait for the first one."""
        since, self._since = self._since or time.monotonic(), None
        while not self._rest:
            piece = next(self._script, None)
            if piece is None:
                return 0
            seconds, self._rest = piece
            self._wait(seconds, since)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def _wait(self, seconds: float, since: float) -> None:
        left = seconds if self._timeout is None else since + self._timeout - time.monotonic()
        if seconds > left:
            self._over.wait(max(left, 0))
            raise TimeoutError(TIMED_OUT)
        if seconds:
            self._over.wait(seconds)
