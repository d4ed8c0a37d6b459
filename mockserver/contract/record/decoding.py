"""Decode recorded requests: methods of services, JSON-2 calls, and any other HTTP request."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from xmlrpc.client import Binary, DateTime

from mockserver.contract.live import protocols
from mockserver.contract.live.connection import Answer
from mockserver.contract.live.protocols import Reply
from mockserver.contract.placeholders import FORM
from mockserver.dialects.rpc.xmlrpc import loads
from mockserver.server.exchange import Passed

JSON_TYPES = ("application/json", "application/json-rpc")
# static files of the web client and long polling, which no contract holds
_IGNORED_PATHS = (
    "/web/static/",
    "/web/assets/",
    "/web/webclient/",
    "/longpolling/",
    "/websocket",
    "/bus/",
    "/favicon.ico",
)


@dataclass
class RecordedRequest:
    """One recorded request with its decoded answer.

    `target` is path and query; `json` or `form` is the decoded body if it has that type.
    """

    method: str
    target: str
    headers: dict[str, str]
    answer: Answer
    moment: datetime
    json: Any = None
    form: list[tuple[str, str]] = field(default_factory=list)
    text: str | None = None  # the body of any other type

    @property
    def path(self) -> str:
        """The decoded path."""
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> list[tuple[str, str]]:
        """The parameters of the query."""
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies of the request."""
        try:
            return {name: morsel.value for name, morsel in SimpleCookie(self.headers.get("cookie", "")).items()}
        except CookieError:
            return {}

    @property
    def label(self) -> str:
        """A label for the log, without secrets."""
        return f"{self.method} {'/'.join('…' if len(part) > 24 else part for part in self.path.split('/'))}"

    def payloads(self) -> Iterator[Any]:
        """Yield the objects in the request and in its answer."""
        yield from (self.json, dict(self.form), dict(self.query), self.answer.json())


@dataclass
class RpcRequest(RecordedRequest):
    """A method of a service over `jsonrpc`, `xmlrpc` or `xmlrpc1`."""

    via: str = ""
    service: str = ""
    name: str = ""
    args: list[Any] = field(default_factory=list)
    reply: Reply = field(default_factory=dict)

    @property
    def model_call(self) -> tuple[str, str, list[Any], dict[str, Any]] | None:
        """`(model, method, args, kwargs)` of a call of `object`; None for other services and malformed calls."""
        if self.service != "object" or len(self.args) < 5 or not all(isinstance(a, str) for a in self.args[3:5]):
            return None
        model, method, *rest = self.args[3:]
        if self.name == "execute":
            return model, method, rest, {}
        if self.name != "execute_kw" or len(rest) > 2:
            return None
        args, kwargs = [*rest, [], {}][:2] if len(rest) != 1 else [rest[0], {}]
        if kwargs == []:  # PHP clients send [] for no keyword arguments
            kwargs = {}
        return (model, method, args, kwargs) if isinstance(args, list) and isinstance(kwargs, dict) else None

    @property
    def label(self) -> str:
        """Protocol, and model or service with the method."""
        called = self.model_call
        target = f"{called[0]}.{called[1]}" if called else f"{self.service}.{self.name}"
        return f"{self.via} {target[:80]}"

    def payloads(self) -> Iterator[Any]:
        """Yield the arguments and the result."""
        yield from (self.args, self.reply.get("result"))


@dataclass
class Json2Request(RecordedRequest):
    """A JSON-2 call."""

    model: str = ""
    name: str = ""

    @property
    def key(self) -> str | None:
        """The API key in the header."""
        scheme, _, key = self.headers.get("authorization", "").partition(" ")
        return key.strip() or None if scheme.lower() == "bearer" else None

    @property
    def label(self) -> str:
        """Protocol, model and method."""
        return f"json2 {self.model}.{self.name}"


def decode(passed: Passed) -> RecordedRequest | None:
    """Decode a request; None for one that belongs in no contract."""
    target = _path_and_query(passed.target)
    path = urlsplit(target).path
    if path.startswith(_IGNORED_PATHS) or passed.method == "OPTIONS":
        return None
    common: dict[str, Any] = {
        "method": passed.method,
        "target": target,
        "headers": dict(passed.headers),
        "answer": _answer(passed),
        "moment": passed.moment,
    }
    parts = path.strip("/").split("/")
    if passed.method == "POST":
        found = _rpc(passed, parts, common)
        if found is not None:
            return found
    common |= _body(passed)
    if passed.method == "POST" and parts[:2] == ["json", "2"] and len(parts) == 4 and not common.get("form"):
        return Json2Request(**common, model=unquote(parts[2]), name=unquote(parts[3]))
    return RecordedRequest(**common)


def _path_and_query(target: str) -> str:
    """Return path and query, also of an absolute URL, which clients send to a proxy."""
    if target.startswith("/"):
        return target
    parts = urlsplit(target)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _rpc(passed: Passed, parts: list[str], common: dict[str, Any]) -> RpcRequest | None:
    """Decode a call of a service; None if request or answer does not follow the protocol."""
    if parts == ["jsonrpc"]:
        envelope = _parse_json(passed.body)
        params = envelope.get("params") if isinstance(envelope, dict) else None
        if not isinstance(params, dict) or not all(isinstance(params.get(k), str) for k in ("service", "method")):
            return None
        args, reply = params.get("args"), protocols.read_json(common["answer"])
        if not isinstance(args, list) or reply is None or common["answer"].status != 200:
            return None
        return RpcRequest(
            **common, via="jsonrpc", service=params["service"], name=params["method"], args=args, reply=reply
        )
    if parts[0] != "xmlrpc" or len(parts) not in (2, 3) or (len(parts) == 3 and parts[1] != "2"):
        return None
    try:
        args, name = loads(passed.body)
    except Exception:  # not XML-RPC; the parser raises errors of many classes
        return None
    reply = protocols.read_xml(common["answer"].body)
    if reply is None or name is None:
        return None
    via = "xmlrpc" if len(parts) == 3 else "xmlrpc1"
    return RpcRequest(**common, via=via, service=parts[-1], name=name, args=_as_json(list(args)), reply=_as_json(reply))


def _as_json(value: Any) -> Any:
    """Return a value of XML-RPC with JSON types: times and files as the texts that Odoo uses for them."""
    if isinstance(value, dict):
        return {key: _as_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_json(item) for item in value]
    if isinstance(value, DateTime):
        text = str(value.value)
        return f"{text[:4]}-{text[4:6]}-{text[6:8]} {text[9:]}" if len(text) == 17 else text
    if isinstance(value, Binary):
        import base64

        return base64.b64encode(value.data).decode()
    return value


def _body(passed: Passed) -> dict[str, Any]:
    kind = passed.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in JSON_TYPES and (value := _parse_json(passed.body)) is not None:
        return {"json": value}
    try:
        text = passed.body.decode()
    except UnicodeDecodeError:
        return {}
    if kind == FORM:
        return {"form": parse_qsl(text, keep_blank_values=True)}
    return {"text": text} if text else {}


def _parse_json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _answer(passed: Passed) -> Answer:
    """Return the answer, without the body if it is neither JSON nor XML."""
    headers = {name.lower(): value for name, value in passed.answer_headers}
    kind = headers.get("content-type", "").partition(";")[0].strip()
    body = passed.answer if any(word in kind for word in ("json", "xml")) or "json" in passed.target else b""
    if headers.get("content-encoding", "").lower() in ("gzip", "deflate"):
        try:
            body = zlib.decompress(body, zlib.MAX_WBITS | 32)
        except zlib.error:
            body = b""
    return Answer(passed.status, kind, body, headers, passed.answer_headers)


def is_readable(passed: Passed) -> bool:
    """Return whether the body is text, which a contract can hold."""
    try:
        passed.body.decode()
    except UnicodeDecodeError:
        return False
    return True
