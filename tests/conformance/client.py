"""The raw client that replays a recording: one keep-alive connection, both protocols, nothing interpreted."""

from __future__ import annotations

import http.client
import json
import xmlrpc.client
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

# {"result": …} or {"error": {…}} (JSON-RPC) or {"fault": {"code", "string"}} (XML-RPC); {} where a result is left out
Reply = dict[str, Any]


@dataclass
class Answer:
    """One HTTP answer: `kind` is the content type without parameters."""

    status: int
    kind: str
    body: bytes

    def json(self) -> Any:
        """The parsed body, or None where it is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


class Client:
    """Logs in at `url` and sends what a recording's steps say."""

    def __init__(self, url: str, db: str, login: str, password: str, api_key: str | None = None) -> None:
        self.db, self.login, self.password, self.api_key = db, login, password, api_key
        self._http = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self.uid = self.service("jsonrpc", "common", "authenticate", [db, login, password, {}])["result"]
        if not self.uid:
            raise PermissionError(f"{login!r} cannot log in to {db!r} at {url}")

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Answer:
        """One request; a connection that the server closed after its last answer is opened again."""
        self._http.request(method, path, body=body, headers=headers)
        response = self._http.getresponse()
        kind = (response.getheader("Content-Type") or "").partition(";")[0].strip()
        return Answer(response.status, kind, response.read())

    def service(self, via: str, service: str, method: str, args: list[Any]) -> Reply:
        """A method of `common`, `object` or `db` over the protocol named."""
        if via == "xmlrpc":
            return self._xmlrpc(service, method, args)
        params = {"service": service, "method": method, "args": args}
        request = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": params}
        headers = {"Content-Type": "application/json"}
        reply = self.send("POST", "/jsonrpc", headers, json.dumps(request).encode()).json()
        if not isinstance(reply, dict):
            raise ValueError(f"/jsonrpc answered no JSON object to {service}.{method}")
        return reply

    def _xmlrpc(self, service: str, method: str, args: list[Any]) -> Reply:
        body = xmlrpc.client.dumps(tuple(args), method, allow_none=True).encode()
        answer = self.send("POST", f"/xmlrpc/2/{service}", {"Content-Type": "text/xml"}, body)
        try:
            (result,), _ = xmlrpc.client.loads(answer.body)
        except xmlrpc.client.Fault as fault:
            return {"fault": {"code": fault.faultCode, "string": fault.faultString}}
        return {"result": result}

    def call(self, via: str, model: str, method: str, args: list[Any], kwargs: dict[str, Any]) -> Reply:
        """`execute_kw` as the user who logged in."""
        return self.service(
            via, "object", "execute_kw", [self.db, self.uid, self.password, model, method, args, kwargs]
        )

    def json2(self, model: str, method: str, body: Any, headers: dict[str, str | None]) -> Answer:
        """A method over JSON-2; a body of text goes out as it is, a header of None is left out."""
        usual = {
            "Authorization": f"bearer {self.api_key}",
            "X-Odoo-Database": self.db,
            "Content-Type": "application/json",
        }
        sent = {name: value for name, value in {**usual, **headers}.items() if value is not None}
        text = body if isinstance(body, str) else json.dumps(body)
        return self.send("POST", f"/json/2/{model}/{method}", sent, text.encode())

    def fill(self, value: Any) -> Any:
        """The value with `{db} {login} {password} {uid}` filled in, as text."""
        if isinstance(value, dict):
            return {key: self.fill(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        if isinstance(value, str):
            for name in ("db", "login", "password", "uid"):
                value = value.replace(f"{{{name}}}", str(getattr(self, name)))
        return value
