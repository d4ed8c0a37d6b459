"""What a wire lets through, as the stream that a client without a socket reads."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from typing import Any

from mockserver.testing.faults.wires import Wire

# the text of socket.recv when its time is over
TIMED_OUT = "timed out"


class Arriving(io.RawIOBase):
    """The stream of what a wire lets through, piece by piece; the silences before them are waited for.

    A read that meets more than `timeout` seconds of silence raises TimeoutError; the first one waits `since` a
    moment of `time.monotonic`.
    """

    def __init__(self, wire: Wire, head: bytes, body: bytes, timeout: float | None, since: float) -> None:
        self._over = wire.over
        self._script: Iterator[tuple[float, bytes]] = wire.script(head, body)
        self._timeout = timeout
        self._since: float | None = since
        self._rest = b""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """As many bytes as are there; waits for the first one."""
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
