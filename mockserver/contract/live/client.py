"""A client of a live server over one of three protocols; it returns values or raises an error of `live`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from mockserver.contract.live import protocols
from mockserver.contract.live.connection import Answer, Connection
from mockserver.contract.live.errors import NotOdoo, RemoteError, WrongLogin
from mockserver.contract.live.protocols import Reply

PROTOCOLS = ("jsonrpc", "xmlrpc", "json2")

# the meaning of fault codes of /xmlrpc/2; code 1 carries a traceback, whose last line names the class
_FAULTS = {2: "exceptions.UserError", 3: "exceptions.AccessDenied", 4: "exceptions.AccessError"}
_SENDERS = {"jsonrpc": protocols.jsonrpc, "xmlrpc": protocols.xmlrpc2, "xmlrpc1": protocols.xmlrpc1}
_LAST_LINE = re.compile(r"([A-Za-z_][\w.]*): ?(.*)", re.DOTALL)


class Client:
    """Calls one database of a live server as one user; logs in at the first call.

        with Client("https://erp.example.com", "production", "admin", password=secret) as erp:
            names = erp.call("res.partner", "search_read", [[]], {"fields": ["name"]})

    `protocol`: `jsonrpc`, `xmlrpc` or `json2`, which needs an `api_key`; over the others a key serves as the
    password if none is given.  `timeout`: seconds for each answer.  `patience`: total seconds to wait for a
    busy server.  `connection`: one that there is already, in place of a new one to `url`.
    Raises ValueError for invalid arguments.
    """

    def __init__(
        self,
        url: str,
        db: str,
        login: str = "",
        password: str | None = None,
        api_key: str | None = None,
        protocol: str = "jsonrpc",
        timeout: float = 60,
        patience: float = 60,
        connection: Connection | None = None,
    ) -> None:
        if protocol not in PROTOCOLS:
            raise ValueError(f"unknown protocol {protocol!r} (protocols: {', '.join(PROTOCOLS)})")
        if protocol == "json2" and api_key is None:
            raise ValueError("JSON-2 takes an API key, not a password")
        if password is None and api_key is None:
            raise ValueError(f"there is neither a password nor an API key of {login!r}")
        self.connection = connection or Connection(url, timeout, patience)
        self.url = self.connection.url
        self.db = db
        self.login = login
        self.protocol = protocol
        self.password = password if password is not None else api_key
        self.api_key = api_key
        self._uid: int | None = None

    def __repr__(self) -> str:
        return f"<Client {self.protocol} {self.url} db={self.db} login={self.login}>"

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def of_other_user(self, login: str, password: str) -> Client:
        """Return a client of another user on the same connection, logged in; its `uid` is False if that is refused."""
        other = Client(self.url, self.db, login, password, self.api_key, connection=self.connection)
        try:
            other._uid = other._authenticate()
        except WrongLogin:
            other._uid = False  # what the server answered: calls as nobody are refused, which a contract may expect
        return other

    # -- values ----------------------------------------------------------------------

    @property
    def uid(self) -> int:
        """The id of the user; logs in if necessary.  Raises `WrongLogin`, and the errors of `call`."""
        if self._uid is None:
            self._uid = self._key_owner() if self.protocol == "json2" else self._authenticate()
        return self._uid

    def version(self) -> dict[str, Any]:
        """Return the answer of `common.version`: `server_version` and others; for JSON-2 it is called over JSON-RPC."""
        found: dict[str, Any] = self.service("common", "version", [])
        return found

    def call(self, model: str, method: str, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None) -> Any:
        """Call a method of a model with `args` and `kwargs` as `execute_kw` takes them, and return its value.

        Over JSON-2 the arguments get the names of the method's parameters; raises ValueError where they are unknown.
        Raises `RemoteError` for errors of the call, and the other errors of `live`.
        """
        if self.protocol == "json2":
            value = self._call_json2(model, method, arguments_by_name(model, method, args, kwargs or {}))
            # over JSON-2 the result is always a list
            return value[0] if method == "create" and args and isinstance(args[0], dict) else value
        return _result(self.reply(self.protocol, model, method, list(args), dict(kwargs or {})))

    def service(self, service: str, method: str, args: Sequence[Any] = ()) -> Any:
        """Call a method of `common`, `object` or `db` and return its value; raises the errors of `call`."""
        return _result(
            self.service_reply("xmlrpc" if self.protocol == "xmlrpc" else "jsonrpc", service, method, list(args))
        )

    # -- replies, errors included ----------------------------------------------------------------------

    def reply(self, via: str, model: str, method: str, args: list[Any], kwargs: dict[str, Any]) -> Reply:
        """Return the reply to `execute_kw` over `jsonrpc` or `xmlrpc`, errors included."""
        params = [self.db, self.uid, self.password, model, method, args, kwargs]
        return self.service_reply(via, "object", "execute_kw", params)

    def service_reply(self, via: str, service: str, method: str, args: list[Any]) -> Reply:
        """Return the reply of a method of a service over `jsonrpc`, `xmlrpc` or `xmlrpc1`, errors included."""
        return _SENDERS[via](self.connection, service, method, args)

    def json2(
        self, model: str, method: str, body: Any = None, headers: Mapping[str, str | None] | None = None
    ) -> Answer:
        """Return the answer of JSON-2; `headers` replace the usual ones, None removes one."""
        return protocols.json2(self.connection, self.db, self.api_key, model, method, body, headers)

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Return the answer to any other request; a busy server is not asked again."""
        return self.connection.send(method, path, headers, body)

    # -- logging in ------------------------------------------------------------------------------------

    def _authenticate(self) -> int:
        try:
            uid = self.service("common", "authenticate", [self.db, self.login, self.password, {}])
        except RemoteError as error:  # some servers raise an error for an unknown database, others answer False
            raise self._wrong_login(error.message.splitlines()[-1] if error.message else error.name) from None
        if isinstance(uid, bool) or not isinstance(uid, int):
            raise self._wrong_login("wrong login or password")
        return uid

    def _key_owner(self) -> int:
        try:
            context = self._call_json2("res.users", "context_get", {})
        except NotOdoo:
            reason = f"{self.url} has no database {self.db!r}, or no JSON-2, which Odoo has from 19.0 on"
            raise WrongLogin(reason) from None
        if not isinstance(context, dict) or not isinstance(context.get("uid"), int):
            raise NotOdoo(f"{self.url} does not tell whose API key that is")
        return int(context["uid"])

    def _wrong_login(self, reason: str) -> WrongLogin:
        return WrongLogin(f"{self.url} does not let {self.login!r} into database {self.db!r}: {reason}")

    def _call_json2(self, model: str, method: str, arguments: Mapping[str, Any]) -> Any:
        answer = self.json2(model, method, dict(arguments))
        value = answer.json()
        if answer.status == 200 and answer.kind == "application/json":
            return value
        if not isinstance(value, dict) or "name" not in value:
            raise protocols.not_odoo(self.connection, f"/json/2/{model}/{method}", answer)
        if answer.status == 401:
            raise WrongLogin(f"{self.url} does not accept the API key for database {self.db!r}: {value['message']}")
        raise RemoteError(str(value["name"]), str(value.get("message", "")), answer.status)


def arguments_by_name(model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call by name, as JSON-2 takes them; the names are those of the method in this package.

    Raises ValueError where the name of an argument is unknown.
    """
    if not args:
        return dict(kwargs)
    from mockserver import addons, profiles
    from mockserver.services.named_arguments import signature

    found = addons.method(model, method, profiles.LAST)
    if found is None:
        raise ValueError(f"{model}.{method} is not known here: over JSON-2 its arguments must be given by name")
    names = list(signature(found.function).parameters)[1:]
    if found.takes_ids:
        names.insert(0, "ids")
    if len(args) > len(names):
        raise ValueError(f"{model}.{method} takes {len(names)} arguments, not {len(args)}")
    return {**dict(zip(names, args, strict=False)), **kwargs}


def _result(reply: Reply) -> Any:
    """Return the result of a reply; raises `RemoteError`."""
    if "error" in reply:
        error = reply["error"]
        data = error.get("data") or {}
        name, message = data.get("name") or error.get("message"), data.get("message") or ""
        raise RemoteError(str(name), str(message), error.get("code"))
    if "fault" in reply:
        raise _fault_error(reply["fault"]["code"], reply["fault"]["string"])
    return reply.get("result")


def _fault_error(code: int | str, text: str) -> RemoteError:
    if isinstance(code, int) and code in _FAULTS:
        return RemoteError(_FAULTS[code], text, code)
    lines = [line for line in text.splitlines() if line.strip()] or [""]
    match = _LAST_LINE.fullmatch(lines[-1])
    if text.startswith("Traceback") and match:
        return RemoteError(match.group(1), match.group(2), code)
    return RemoteError("Fault", text, code)
