"""Clients of three wires over a WSGI app in this process, for the tests of the dialects."""

from __future__ import annotations

import io
import json
import xmlrpc.client
from typing import Any, NamedTuple

from mockserver import errors
from mockserver.dialects.web import csrf
from mockserver.profiles import PROFILES, Profile
from mockserver.server.app import App

DB, LOGIN, PASSWORD, UID = "mock", "admin", "admin", 2
KEY = "0123456789abcdef0123456789abcdef01234567"
JSON = "application/json"


class Answer(NamedTuple):
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0]

    def json(self) -> Any:
        return json.loads(self.body)


class Failure(NamedTuple):
    """An error as one wire shows it."""

    code: int | str
    name: str
    text: str


def environ(method: str, path: str, body: bytes = b"", content_type: str = "", **extra: Any) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8069", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http",
        "CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), **extra,
    }  # fmt: skip


class Wire:
    """Plain HTTP requests; keeps the `session_id` cookie when `cookies` is on."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.cookie = ""
        self.uid = app.profile.admin_id

    def http(self, method: str, path: str, body: bytes | str = b"", content_type: str = "", **extra: Any) -> Answer:
        data = body.encode() if isinstance(body, str) else body
        started: list[Any] = []
        if self.cookie:
            extra.setdefault("HTTP_COOKIE", self.cookie)

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            started[:] = [status, headers]

        content = b"".join(self.app(environ(method, path, data, content_type, **extra), start_response))
        return Answer(int(started[0][:3]), dict(started[1]), content)

    def json(self, path: str, envelope: Any, **extra: Any) -> Answer:
        return self.http("POST", path, json.dumps(envelope), JSON, **extra)

    def rpc(self, service: str, method: Any, args: Any) -> Any:
        """The envelope that /jsonrpc answers."""
        params = {"service": service, "method": method, "args": args}
        return self.json("/jsonrpc", {"id": 1, "params": params}).json()

    def xmlrpc(self, service: str, method: str, args: tuple[Any, ...], path: str = "/xmlrpc/2/") -> Any:
        """The value, or the Fault that was raised."""
        body = xmlrpc.client.dumps(args, method, allow_none=True)
        answer = self.http("POST", path + service, body, "text/xml")
        assert answer.status == 200
        try:
            return loads(answer.body)
        except xmlrpc.client.Fault as fault:
            return fault

    def json2(self, model: str, method: str, body: Any = None, key: str = KEY, **extra: Any) -> Answer:
        """POST /json/2/<model>/<method>; a body of text goes out as it is."""
        text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
        headers = {"HTTP_AUTHORIZATION": f"Bearer {key}", "HTTP_X_ODOO_DATABASE": DB, **extra}
        sent = {name: value for name, value in headers.items() if value is not None}
        return self.http("POST", f"/json/2/{model}/{method}", text, sent.pop("content_type", JSON), **sent)

    def login(self) -> dict[str, Any]:
        """The session information; the cookie is kept."""
        answer = self.json("/web/session/authenticate", {"params": {"db": DB, "login": LOGIN, "password": PASSWORD}})
        self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        info: dict[str, Any] = answer.json()["result"]
        return info

    @property
    def csrf_token(self) -> str:
        """The token that forms of the session need."""
        return csrf.token(self.cookie.partition("=")[2])


def loads(body: bytes) -> Any:
    """The value of an XML-RPC answer; raises the Fault that it tells."""
    return xmlrpc.client.loads(body)[0][0]


def expected(error: Exception, wire: str, profile: Profile = PROFILES["odoo-17.0"]) -> Failure:
    """How that error looks on that wire."""
    if wire.startswith("xmlrpc"):
        code, text = errors.xmlrpc_fault(error, 1 if wire == "xmlrpc 1" else 2, profile)
        return Failure(code, "", text)
    return Failure(profile.error_code, errors.wire_name(error, profile), errors.message(error, profile))


def call(wire: Wire, dialect: str, model: str, method: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """The value or the `Failure` of one model method through one dialect."""
    params: tuple[Any, ...] = (DB, wire.uid, PASSWORD, model, method, args, kwargs)
    if dialect.startswith("xmlrpc"):
        value = wire.xmlrpc("object", "execute_kw", params, "/xmlrpc/" if dialect == "xmlrpc 1" else "/xmlrpc/2/")
        return Failure(value.faultCode, "", value.faultString) if isinstance(value, xmlrpc.client.Fault) else value
    if dialect == "jsonrpc":
        envelope = wire.rpc("object", "execute_kw", list(params))
    else:
        wire.cookie or wire.login()
        asked = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        envelope = wire.json(f"/web/dataset/call_kw/{model}/{method}", {"params": asked}).json()
    if "error" in envelope:
        data = envelope["error"]["data"]
        return Failure(envelope["error"]["code"], data["name"], data["message"])
    return envelope["result"]


DIALECTS = ("xmlrpc 2", "xmlrpc 1", "jsonrpc", "web")
