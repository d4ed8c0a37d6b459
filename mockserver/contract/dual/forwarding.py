"""Repeat calls of methods on the live server, with the ids that the records have there."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mockserver.contract.dual.cleanup import Cleanup
from mockserver.contract.dual.counterparts import Counterparts
from mockserver.contract.live.client import Client
from mockserver.contract.live.errors import RemoteError
from mockserver.contract.live.protocols import Reply
from mockserver.contract.shapes import READ_ONLY_METHODS, shape
from mockserver.orm.database import Change, Database
from mockserver.orm.records.recordset import Recordset
from mockserver.orm.schema import api
from mockserver.services.named import signature

USERS = "res.users"


class UnknownPassword(LookupError):
    """A user of the mock whose password on the live server is unknown."""


class Forwarder:
    """Sends the calls of one database of the mock to the live database, during one test."""

    def __init__(self, database: Database, client: Client, pairs: Counterparts, cleanup: Cleanup) -> None:
        self.database = database
        self.pairs = pairs
        self._cleanup = cleanup
        self._client = client
        self._clients = {database.profile.admin_id: client}
        self._accounts: dict[int, tuple[str, str]] = {}

    def close(self) -> None:
        """Close the connections of other users."""
        for client in self._clients.values():
            if client is not self._client:
                client.close()

    def client(self, uid: int) -> Client:
        """Return the client of a user of the mock; raises `UnknownPassword` and `LiveError`."""
        if uid not in self._clients:
            if uid not in self._accounts:
                raise UnknownPassword(f"the password of user {uid} of the mock is not known")
            first = self._client
            self._clients[uid] = Client(first.url, first.db, *self._accounts[uid], timeout=first.connection.timeout)
        return self._clients[uid]

    def send(
        self,
        uid: int,
        model: str,
        method: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        changes: Iterable[Change],
    ) -> Reply:
        """Return the reply of the live server; raises `NoCounterpart`, `UnknownPassword` and `LiveError`."""
        client = self.client(uid)
        found = self.database.method(model, method)
        names = tuple(signature(found.function).parameters)[1:] if found else ()
        takes_ids = found.takes_ids if found else _is_id_list(args)
        sent, options = self.pairs.arguments(
            model, names, takes_ids, to_json_value(list(args)), to_json_value(dict(kwargs))
        )
        if method not in READ_ONLY_METHODS:
            self._cleanup.watch(model, *dict.fromkeys(change.model for change in changes if change.old is None))
            if takes_ids and sent:
                self._cleanup.before_change(model, method, _as_list(sent[0]), sent[1:])
        return client.reply("jsonrpc", model, method, sent, options)

    def pair_created(
        self, model: str, method: str, args: Sequence[Any], mock_value: Any, live_value: Any, changes: Iterable[Change]
    ) -> None:
        """Pair the records that a call created on both servers, and those created along with them."""
        if shape(model, method, mock_value).startswith("id") and method not in READ_ONLY_METHODS:
            for one, other in zip(_as_list(mock_value), _as_list(live_value), strict=False):
                self.pairs.pair(model, one, other)
        self._align(changes)
        if model == USERS:
            self._remember_accounts(method, args, _as_list(mock_value))

    def _remember_accounts(self, method: str, args: Sequence[Any], created: list[int]) -> None:
        for uid, values in zip(created, _as_list(args[0] if args else None), strict=False):
            if method == "create" and isinstance(values, Mapping) and values.get("password"):
                self._accounts[uid] = str(values.get("login")), str(values["password"])

    def _align(self, changes: Iterable[Change]) -> None:
        """Pair the records created along with others, such as the lines of an order, through their relations."""
        created = [(change.model, change.id) for change in changes if change.old is None]
        for _ in range(3):  # the partner of a user, the addresses of that partner
            new = {model for model, id_ in created if not self.pairs.knows(model, id_)}
            if not new:
                return
            for change in changes:
                if change.new is not None and self.pairs.knows(change.model, change.id):
                    self._align_one(change.model, change.id, new)

    def _align_one(self, model: str, id_: int, comodels: set[str]) -> None:
        fields = self.database.registry[model].fields
        names = [name for name, field in fields.items() if field.relational and field.relation in comodels]
        if not names:
            return
        try:
            (row,) = self._client.call(model, "read", [[self.pairs.id(model, id_)], names], {"load": "_classic_write"})
        except (RemoteError, ValueError):
            return
        record = self.database.env()[model].browse(id_)
        for name in names:
            mock_value, live_value = record[name].ids, _as_list(row.get(name) or [])
            if len(mock_value) == len(live_value):
                for one, other in zip(mock_value, live_value, strict=True):
                    self.pairs.pair(str(fields[name].relation), one, other)


def environment_arguments(
    records: Recordset, method: api.Method, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> list[Any]:
    """Return the positional arguments of a call through the environment as a client would send them."""
    head = [records.ids] if method.takes_ids else []
    return [*head, *args]


def to_json_value(value: Any) -> Any:
    """Return the value with JSON types only: records become ids, binaries base64."""
    return json.loads(json.dumps(value, default=_json_default))


def _json_default(value: Any) -> Any:
    if isinstance(value, Recordset):
        return value.ids
    data = getattr(value, "data", value)  # an xmlrpc.client.Binary
    if isinstance(data, (bytes, bytearray)):
        return base64.b64encode(data).decode()
    if isinstance(value, (set, frozenset, Mapping)) or hasattr(value, "__iter__"):
        return dict(value) if isinstance(value, Mapping) else list(value)
    return str(value)


def _is_id_list(args: Sequence[Any]) -> bool:
    return bool(args) and isinstance(args[0], list) and bool(args[0]) and all(type(item) is int for item in args[0])


def _as_list(value: Any) -> list[Any]:
    if isinstance(value, (list, tuple)):
        return list(value)
    return [] if value is None or value is False else [value]
