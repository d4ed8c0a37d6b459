"""The `mockserver` fixture for tests that run against a live server without the mock."""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

from mockserver.contract.dual.cleanup import Cleanup
from mockserver.contract.dual.live_env import LiveDatabase, LiveEnvironment
from mockserver.contract.dual.live_records import LiveRecordset
from mockserver.contract.live.client import Client
from mockserver.contract.pull.server_profile import profile_of
from mockserver.profiles import Profile
from mockserver.seed.files import folder, read
from mockserver.server.server import MockServer

# models whose new records no test made itself, or that are deleted along with others
_NOT_WATCHED = ("ir.model.data", "ir.model.access", "ir.model.fields", "ir.model", "res.users.log", "ir.logging")


@dataclass(frozen=True)
class LiveUser:
    """A user who can log in on the live server."""

    uid: int
    login: str
    password: str
    env: LiveEnvironment


class LiveServer:
    """A database of a live server with the interface of `MockServer`; what only a mock has skips the test."""

    def __init__(self, client: Client, cleanup: Cleanup, skip: Callable[[str], NoReturn]) -> None:
        self.client = client
        self.url = self.base_url = client.url
        self.db = client.db
        self.login = client.login
        self.password = client.password
        self._live = LiveDatabase(cleanup, skip)

    def __repr__(self) -> str:
        return f"<LiveServer {self.url} db={self.db}>"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not (hasattr(MockServer, name) or name in _MOCK_ATTRIBUTES):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        self._live.skip(self._missing(name))

    def _missing(self, name: str) -> str:
        """Return why a test that uses an attribute of `MockServer` is skipped."""
        return f"mockserver.{name} exists only on the mock"

    @property
    def uid(self) -> int:
        """The id of the user."""
        return self.client.uid

    @cached_property
    def profile(self) -> Profile:
        """The profile closest to the version of the server."""
        return profile_of(self.client.version(), "odoo")

    @cached_property
    def env(self) -> LiveEnvironment:
        """The database accessed over RPC as the user."""
        return LiveEnvironment(self._live, self.client)

    def ref(self, xmlid: str) -> LiveRecordset:
        """Return the record of an external id; raises ValueError for an unknown one."""
        found = self.env.ref(xmlid)
        assert found is not None  # it raises instead
        return found

    def user(
        self,
        login: str,
        groups: Iterable[str] = ("base.group_user",),
        password: str | None = None,
        *,
        name: str | None = None,
        company: LiveRecordset | str | None = None,
        companies: Iterable[LiveRecordset | str] = (),
    ) -> LiveUser:
        """Create a user, as `MockServer.user` does."""
        password, users = password or login, self.env["res.users"]
        field = "group_ids" if "group_ids" in users else "groups_id"
        ids = [self.ref(group).id for group in groups]
        values: dict[str, Any] = {"login": login, "name": name or login, "password": password, field: [(6, 0, ids)]}
        others = [self.ref(other) if isinstance(other, str) else other for other in companies]
        if company is not None or others:
            own = self.ref(company) if isinstance(company, str) else company or self.env.company
            values |= {"company_id": own.id, "company_ids": [(6, 0, [own.id, *(other.id for other in others)])]}
        self._live.cleanup.watch("res.partner")
        uid = int(users.create(values).id)
        first = self.client
        self._live.users[uid] = client = Client(first.url, first.db, login, password, timeout=first.connection.timeout)
        return LiveUser(uid, login, password, LiveEnvironment(self._live, client))

    def xmlrpc(self, service: str = "object", **options: Any) -> xmlrpc.client.ServerProxy:
        """Return a `ServerProxy` on `/xmlrpc/2/<service>`."""
        return xmlrpc.client.ServerProxy(f"{self.url}/xmlrpc/2/{service}", **options)

    def environ(self) -> dict[str, str]:
        """Return environment variables for a subprocess, as `MockServer.environ` does."""
        password = str(self.password)
        values = {"URL": self.url, "DB": self.db, "LOGIN": self.login, "USER": self.login, "PASSWORD": password}
        return {f"{head}_{name}": value for head in ("ODOO", "MOCKSERVER") for name, value in values.items()}

    def close(self) -> None:
        """Close the connections of the test."""
        self._live.close()

    def watch(self) -> None:
        """Delete the records that the code under test creates, after the test.

        They are looked for in the models of the bundled packs and in custom ones (`x_…`).
        """
        domain = [("transient", "=", False)]
        rows = self.client.call("ir.model", "search_read", [domain], {"fields": ["model"]})
        packs = {
            model
            for file in folder().glob("*.json")
            if "schema" not in file.stem
            for model in read(file).get("models", ())
        }
        watched = [row["model"] for row in rows if row["model"] in packs or row["model"].startswith("x_")]
        self._live.cleanup.watch(*sorted(model for model in watched if model not in _NOT_WATCHED))


# attributes of a MockServer instance that its class does not have
_MOCK_ATTRIBUTES = (
    "app", "calls", "changes", "faults", "errors", "outage", "overrides", "allowed", "strict", "inprocess",
    "master_password", "host", "port",
)  # fmt: skip
