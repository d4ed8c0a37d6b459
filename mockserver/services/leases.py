"""Databases that end when nobody has used them for a while: those of test runs, which may have been killed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Lease:
    """How long a database may be idle, in seconds, and when it was used last."""

    seconds: float
    used: float


class Leases(dict[str, Lease]):
    """The leases of databases by name.  Each method is one step, so that threads need no lock."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.now = now  # seconds, not those of the server's clock, which tests set

    def begin(self, name: str, seconds: float | None) -> None:
        """Let a database end after that many idle seconds; None: never."""
        self.pop(name, None)
        if seconds is not None:
            self[name] = Lease(seconds, self.now())

    def renew(self, name: str) -> None:
        """Note that a database is used."""
        lease = self.get(name)
        if lease is not None:
            lease.used = self.now()

    def over(self) -> list[str]:
        """Return the databases that have been idle for too long."""
        now = self.now()
        return [name for name, lease in list(self.items()) if now - lease.used > lease.seconds]
