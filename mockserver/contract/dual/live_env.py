"""`mockserver.env` for a live server: the environment of a test, in which every read and write is a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from mockserver import errors
from mockserver.contract.dual.cleanup import Cleanup
from mockserver.contract.dual.live_records import LiveRecordset
from mockserver.contract.live.client import Client
from mockserver.contract.live.errors import RemoteError
from mockserver.contract.shapes import READ_ONLY_METHODS

# errors that a test may expect from an environment
_ERRORS = {
    error.__name__: error
    for error in (
        errors.UserError, errors.ValidationError, errors.AccessError, errors.AccessDenied, errors.MissingError,
    )
}  # fmt: skip


class LiveDatabase:
    """One database of a live server, shared by the environments of a test.

    `skip` ends the test with a reason; `users` are the clients of users that the test created.
    """

    def __init__(self, cleanup: Cleanup, skip: Callable[[str], NoReturn]) -> None:
        self.cleanup = cleanup
        self.skip = skip
        self.users: dict[int, Client] = {}
        self._fields: dict[str, dict[str, dict[str, Any]]] = {}

    def close(self) -> None:
        """Close the connections of the users."""
        for client in self.users.values():
            client.close()

    def fields(self, env: LiveEnvironment, model: str) -> dict[str, dict[str, Any]]:
        """Return the result of `fields_get`, called once in a test; raises KeyError for an unknown model."""
        if model not in self._fields:
            try:
                found = env.client.call(model, "fields_get", [], {"attributes": ["type", "relation"]})
            except RemoteError as error:
                raise KeyError(f"there is no model {model!r}: {error}") from None
            self._fields[model] = found
        return self._fields[model]


class LiveEnvironment:
    """A database accessed over RPC as one user, in one context."""

    def __init__(self, live: LiveDatabase, client: Client, context: Mapping[str, Any] | None = None) -> None:
        self.live = live
        self.client = client
        self.context = dict(context or {})

    @property
    def uid(self) -> int:
        """The id of the user."""
        return self.client.uid

    def __getitem__(self, model: str) -> LiveRecordset:
        """Return the empty recordset of a model; raises KeyError for an unknown one."""
        self.live.fields(self, model)
        return LiveRecordset(self, model, ())

    def __contains__(self, model: object) -> bool:
        try:
            self.live.fields(self, str(model))
        except KeyError:
            return False
        return True

    def __repr__(self) -> str:
        return f"<LiveEnvironment {self.client.url} db={self.client.db!r} uid={self.uid}>"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self.live.skip(f"mockserver.env.{name} exists only on the mock: a live server does not offer it over RPC")

    def with_context(self, context: Mapping[str, Any] | None = None, **more: Any) -> LiveEnvironment:
        """Return the environment in another context: `context` replaces it, keywords add to it."""
        base = self.context if context is None else context
        return LiveEnvironment(self.live, self.client, {**base, **more})

    def with_user(self, user: int | LiveRecordset) -> LiveEnvironment:
        """Return the environment of another user: the logged-in one, or one made by `mockserver.user()`."""
        uid = user if isinstance(user, int) else int(user.id)
        if uid != self.uid and uid not in self.live.users:
            self.live.skip(f"the tests cannot log in as user {uid} on the live server: the password is not known")
        return LiveEnvironment(self.live, self.live.users.get(uid, self.client), self.context)

    def sudo(self) -> LiveEnvironment:
        """Return the same environment: over RPC access is always checked."""
        return self

    @property
    def user(self) -> LiveRecordset:
        """The current user."""
        return self["res.users"].browse(self.uid)

    @property
    def company(self) -> LiveRecordset:
        """The company of the user."""
        found: LiveRecordset = self.user.company_id
        return found

    def ref(self, xmlid: str, raise_if_not_found: bool = True) -> LiveRecordset | None:
        """Return the record with that external id (`module.name`); None or ValueError when there is none."""
        module, _, name = xmlid.partition(".")
        domain = [("module", "=", module), ("name", "=", name)]
        rows = self.client.call("ir.model.data", "search_read", [domain], {"fields": ["model", "res_id"]})
        if rows:
            return self[rows[0]["model"]].browse(rows[0]["res_id"])
        if raise_if_not_found:
            raise ValueError(f"External ID not found in the system: {xmlid}")
        return None

    def call(self, model: str, method: str, args: list[Any], kwargs: Mapping[str, Any], *, ids: bool) -> Any:
        """Call a method and return its value; raises the error of the mock's environment, or `RemoteError`."""
        if method.startswith("_"):
            self.live.skip(f"{model}.{method} is private: it cannot be called over RPC")
        if method not in READ_ONLY_METHODS:
            self.live.cleanup.watch(model)
            if ids:
                self.live.cleanup.before_change(model, method, args[0], args[1:])
        options = {**kwargs, **({"context": self.context} if self.context else {})}
        try:
            return self.client.call(model, method, args, options)
        except RemoteError as error:
            known = _ERRORS.get(error.name.rpartition(".")[2])
            if known is None:
                raise
            raise known(error.message) from error
