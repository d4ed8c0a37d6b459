"""A small JSON-RPC client of Odoo's external API."""

from __future__ import annotations

from typing import Any

import requests


class Refused(Exception):
    """Odoo understood the request and refused it; the text is Odoo's own."""


class Erp:
    """A database on a server, as one user sees it."""

    def __init__(self, url: str, db: str, login: str, password: str, http: requests.Session | None = None) -> None:
        self._url = url.rstrip("/") + "/jsonrpc"
        self._db, self._login, self._password = db, login, password
        self._http = http or requests.Session()
        self._uid: int | None = None

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method and return its result.  Raises Refused, or an exception of requests if the answer is lost."""
        if self._uid is None:
            self._uid = self._service("common", "login", self._db, self._login, self._password) or None
            if self._uid is None:
                raise Refused("wrong database, login or password")
        return self._service("object", "execute_kw", self._db, self._uid, self._password, model, method, args, kwargs)

    def _service(self, service: str, method: str, *args: Any) -> Any:
        params = {"service": service, "method": method, "args": args}
        answer = self._http.post(self._url, json={"jsonrpc": "2.0", "method": "call", "params": params}, timeout=30)
        answer.raise_for_status()
        body = answer.json()
        if "error" in body:
            raise Refused(body["error"]["data"]["message"])
        return body.get("result")  # a method that returns nothing has no result
