"""Sources of fields for a recorder: the recorded server, or a mock in this process."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any

from mockserver.contract.live import protocols
from mockserver.contract.live.connection import Connection
from mockserver.contract.live.errors import LiveError
from mockserver.contract.record import Described
from mockserver.contract.record.accounts import SESSION, Account, Accounts
from mockserver.orm.database import Database

_ATTRIBUTES = {"attributes": ["type", "relation"]}


class LiveFields:
    """Reads fields from a live server with the recorded credentials."""

    def __init__(self, url: str, timeout: float = 60) -> None:
        self.connection = Connection(url, timeout, patience=0)
        self._lock = threading.Lock()  # several threads share the connection

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def fields(self, model: str, accounts: Accounts) -> Described | None:
        """Return the result of `fields_get` for the first user who may see the model."""
        for account in [a for a in (accounts.main, *accounts.all) if a]:
            try:
                with self._lock:
                    answer = self._fields_get(model, account)
            except LiveError:
                continue
            if isinstance(answer, dict) and answer:
                return {name: field for name, field in answer.items() if isinstance(field, dict)}
        return None

    def version(self) -> Mapping[str, Any]:
        """Return the answer of `common.version`; empty if the call fails."""
        try:
            answer = protocols.jsonrpc(self.connection, "common", "version", []).get("result")
        except LiveError:
            return {}
        return answer if isinstance(answer, dict) else {}

    def _fields_get(self, model: str, account: Account) -> Any:
        """Call `fields_get` with each credential of the account until one succeeds; raises `LiveError`."""
        password = account.password
        if account.db and password:
            if account.uid is None and account.login:
                login = [account.db, account.login, password, {}]
                uid = protocols.jsonrpc(self.connection, "common", "authenticate", login).get("result")
                account.uid = uid if type(uid) is int else None
            args: list[Any] = [account.db, account.uid, password, model, "fields_get", [], _ATTRIBUTES]
            answer = protocols.jsonrpc(self.connection, "object", "execute_kw", args).get("result")
            if answer:
                return answer
        if account.api_key:
            headers: dict[str, str | None] = {} if account.db else {"X-Odoo-Database": None}
            answer = protocols.json2(
                self.connection, account.db or "", account.api_key, model, "fields_get", _ATTRIBUTES, headers
            )
            if answer.status == 200:
                return answer.json()
        if account.session:
            params = {"model": model, "method": "fields_get", "args": [], "kwargs": _ATTRIBUTES}
            body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
            cookie = {"Content-Type": "application/json", "Cookie": f"{SESSION}={account.session}"}
            answer = self.connection.send("POST", "/web/dataset/call_kw", cookie, body)
            payload = answer.json()
            return payload.get("result") if isinstance(payload, dict) else None
        return None


class MockFields:
    """Reads fields from the registry of a mock's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def fields(self, model: str, accounts: Accounts) -> Described | None:
        """Return the current fields of a model."""
        found = self._database.registry.get(model)
        if found is None:
            return None
        return {field.name: {"type": field.type, "relation": field.relation or ""} for field in found.fields.values()}
