"""Scratch databases on a live server: tests may write to them; copied for a run or marked by the owner."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from mockserver import profiles
from mockserver.contract.live.client import Client
from mockserver.contract.live.errors import LiveError, NotOdoo, RemoteError

SUFFIXES = ("-scratch", "_scratch")  # of the names of scratch databases
PARAMETER = "mockserver.scratch"  # the system parameter that marks any other database
MAX_NAME = 63  # characters of a database's name in PostgreSQL
COPY_TIMEOUT = 1800.0  # seconds allowed for the copy of a large database
_TRUE = ("true", "1", "yes")


class NotScratch(LiveError):
    """A database that is not marked as one that tests may write to."""


@dataclass(frozen=True)
class Upstream:
    """The live server and the user; with a master password, `db` is copied for the run."""

    url: str
    db: str
    login: str
    password: str = field(repr=False)
    master_password: str | None = field(default=None, repr=False)
    timeout: float = 60

    def client(self, db: str, login: str | None = None, password: str | None = None) -> Client:
        """Return a client of a database of the server; raises ValueError for an invalid URL."""
        return Client(self.url, db, login or self.login, password or self.password, timeout=self.timeout)


@contextmanager
def scratch(upstream: Upstream) -> Iterator[Client]:
    """Yield a client that is logged in to a scratch database; raises `LiveError` and ValueError.

    A copy made for the run is dropped at the end.
    """
    if upstream.master_password is None:
        with upstream.client(upstream.db) as client:
            check(client)
            yield client
        return
    with copied(upstream, upstream.master_password) as name, upstream.client(name) as client:
        _ = client.uid
        yield client


def check(client: Client) -> None:
    """Raise `NotScratch` for a database without a mark, and the errors of the login."""
    _ = client.uid
    if client.db.endswith(SUFFIXES):
        return
    value = None
    with contextlib.suppress(RemoteError):  # a user who may not read parameters has not set this one
        found = client.call("ir.config_parameter", "search_read", [[["key", "=", PARAMETER]], ["value"]])
        value = found[0]["value"] if found else None
    if str(value).strip().lower() not in _TRUE:
        raise NotScratch(
            f"the database {client.db!r} of {client.url} is not marked as scratch, and the tests would write to it: "
            f"name one that ends in {' or '.join(SUFFIXES)}, set its system parameter {PARAMETER} to true "
            f"(Settings > Technical > System Parameters, or ir.config_parameter.set_param({PARAMETER!r}, 'true')), "
            f"or give --mockserver-upstream-master-password-env to have it copied for the run"
        )


@contextmanager
def copied(upstream: Upstream, master_password: str) -> Iterator[str]:
    """Yield the name of a copy of the database, neutralised if the server supports it; drop it at the end."""
    suffix = f"-{secrets.token_hex(3)}{SUFFIXES[0]}"
    name = f"{upstream.db[: MAX_NAME - len(suffix)]}{suffix}"
    # these calls need only the master password
    with Client(upstream.url, upstream.db, upstream.login, upstream.password, timeout=COPY_TIMEOUT) as client:
        try:
            client.service("db", "duplicate_database", [master_password, upstream.db, name, *_neutralised(client)])
        except (RemoteError, NotOdoo) as error:
            raise LiveError(f"{client.url} does not copy the database {upstream.db!r}: {error_line(error)}") from None
        try:
            yield name
        finally:
            try:
                client.service("db", "drop", [master_password, name])
            except LiveError as error:
                raise LiveError(f"the copy {name!r} on {client.url} is still there: {error_line(error)}") from None


def _neutralised(client: Client) -> list[bool]:
    """Return the argument that stops a copy from sending mail and running jobs, if the server takes it."""
    major = str(client.version().get("server_serie") or "").partition(".")[0]
    known = major.isdigit() and profiles.offered(int(major), profiles.FIRST, None)
    return [True] if known and profiles.rules(int(major)).copies_neutralised else []


def error_line(error: Exception) -> str:
    """Return the message of an error in one line."""
    message = getattr(error, "message", None) or str(error)
    return next((line for line in reversed(str(message).splitlines()) if line.strip()), type(error).__name__)
