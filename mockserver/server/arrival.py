"""The bytes of requests as they arrive on a connection, within limits of time."""

from __future__ import annotations

import io
import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PAUSE_SECONDS = 10.0  # without a byte in the middle of a request
REQUEST_SECONDS = 60.0  # from the first byte of a request to its last one


class Arrival(io.RawIOBase):
    """The bytes that a client sends.  Reading raises TimeoutError where a request pauses or takes too long.

    Before the first byte of a request the timeout is that of the connection.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._deadline: float | None = None  # of the request that is being read
        self.ended = False  # whether reading met the end of what the client sends

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read what is there, at least one byte; return their number, 0 at the end."""
        if self._deadline is None:
            size = self._receive(buffer)
            self._deadline = time.monotonic() + REQUEST_SECONDS
            return size
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the request took too long to arrive")
        idle = self._connection.gettimeout()
        self._connection.settimeout(min(left, PAUSE_SECONDS))
        try:
            return self._receive(buffer)
        finally:
            self._connection.settimeout(idle)

    def _receive(self, buffer: WriteableBuffer) -> int:
        size = self._connection.recv_into(buffer)
        self.ended = not size
        return size

    def complete(self) -> None:
        """Say that a request was read: what comes now is the next one."""
        self._deadline = None
