"""A scratch database on a live server: one that tests may write to, made for a run or marked by its owner."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from mockserver import profiles
from mockserver.contract.live.client import Client
from mockserver.contract.live.errors import LiveError, NotOdoo, RemoteError

SUFFIXES = ("-scratch", "_scratch")  # of the names of databases that may be written to
PARAMETER = "mockserver.scratch"  # the system parameter that says so of any other database
MAX_NAME = 63  # characters of a database's name in PostgreSQL
COPY_TIMEOUT = 1800.0  # seconds that the copy of a large database may take
_TRUE = ("true", "1", "yes")


class NotScratch(LiveError):
    """A database that nobody has marked as one that tests may write to."""


@dataclass(frozen=True)
class Upstream:
    """Where the live server is, and who we are there; with a master password, a copy of `db` is made for the run."""

    url: str
    db: str
    login: str
    password: str = field(repr=False)
    master_password: str | None = field(default=None, repr=False)
    timeout: float = 60

    def client(self, db: str, login: str | None = None, password: str | None = None) -> Client:
        """A client of one of its databases; raises ValueError for a URL that is none."""
        return Client(self.url, db, login or self.login, password or self.password, timeout=self.timeout)


@contextmanager
def scratch(upstream: Upstream) -> Iterator[Client]:
    """A client that is logged in to a database that may be written to; raises `LiveError` and ValueError.

    A copy that was made for the run is dropped in the end.
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
    """Raises `NotScratch` for a database without a mark, and what the login raises."""
    _ = client.uid
    if client.db.endswith(SUFFIXES):
        return
    value = None
    with contextlib.suppress(RemoteError):  # who may not read parameters has not set this one either
        value = client.call("ir.config_parameter", "get_param", [PARAMETER])
    if str(value).strip().lower() not in _TRUE:
        raise NotScratch(
            f"the database {client.db!r} of {client.url} is not marked as scratch, and the tests would write to it: "
            f"name one that ends in {' or '.join(SUFFIXES)}, set its system parameter {PARAMETER} to true "
            f"(Settings > Technical > System Parameters, or ir.config_parameter.set_param({PARAMETER!r}, 'true')), "
            f"or give --mockserver-upstream-master-password-env to have it copied for the run"
        )


@contextmanager
def copied(upstream: Upstream, master_password: str) -> Iterator[str]:
    """The name of a copy of the database, neutralised where the server can do that; dropped in the end."""
    suffix = f"-{secrets.token_hex(3)}{SUFFIXES[0]}"
    name = f"{upstream.db[: MAX_NAME - len(suffix)]}{suffix}"
    # any password will do: these calls have the master password
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
    """The argument that keeps a copy from sending mail and running jobs, where the server takes one."""
    major = str(client.version().get("server_serie") or "").partition(".")[0]
    known = major.isdigit() and profiles.offered(int(major), profiles.FIRST, None)
    return [True] if known and profiles.rules(int(major)).copies_neutralised else []


def error_line(error: Exception) -> str:
    """What a live server says, in one line."""
    message = getattr(error, "message", None) or str(error)
    return next((line for line in reversed(str(message).splitlines()) if line.strip()), type(error).__name__)
