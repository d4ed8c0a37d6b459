"""A request as data: made by the generators, kept in the corpus as JSON, written as the bytes that a client sends."""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

JSON, XML, FORM = "application/json", "text/xml", "application/x-www-form-urlencoded"

# {"json": value}, {"xmlrpc": [method, parameters]}, {"form": {name: text}}, {"text": text} or {"base64": text}
Body = Mapping[str, Any]


@dataclass(frozen=True)
class Sent:
    """One request.

    `login`: whose proof is added: `session`, `key`, `muk` or `flectra`.  `fair`: every value is of a type that its
    place takes, so that an error of Python's own is a bug.  `raw`: the bytes for the socket as base64, in place of all.
    """

    path: str = "/"
    verb: str = "POST"
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    media: str = ""
    body: Body = field(default_factory=dict)
    login: str = ""
    fair: bool = False
    raw: str = ""

    def to_data(self) -> dict[str, Any]:
        """Return what differs from the defaults, as JSON has it."""
        plain = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return {name: value for name, value in plain.items() if value}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Sent:
        """Return a request from what `to_data` gave."""
        return cls(**data)

    def content(self) -> bytes:
        """Return the bytes of the body."""
        body = self.body
        if "json" in body:
            return json.dumps(body["json"]).encode()
        if "xmlrpc" in body:
            method, params = body["xmlrpc"]
            return method_call(method, params)
        if "form" in body:
            return urlencode(body["form"], errors="surrogatepass").encode()
        if "text" in body:
            return str(body["text"]).encode("utf-8", "surrogatepass")
        return base64.b64decode(body["base64"]) if "base64" in body else b""

    def written(self, extra: Mapping[str, str] = {}) -> bytes:
        """Return the whole request as the bytes of HTTP/1.1."""
        if self.raw:
            return base64.b64decode(self.raw)
        content = self.content()
        target = quote(self.path, safe="/%", errors="surrogatepass") + (f"?{self.query}" if self.query else "")
        headers = {"Host": "localhost", "Content-Length": str(len(content)), **self.headers, **extra}
        if self.media:
            headers["Content-Type"] = self.media
        lines = [f"{self.verb} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        return "\r\n".join(lines).encode("utf-8", "surrogatepass") + content


def raw(data: bytes) -> Sent:
    """Return a request that is only bytes for the socket."""
    return Sent(raw=base64.b64encode(data).decode())


def method_call(method: Any, params: Any) -> bytes:
    """Return the document of an XML-RPC call; also for numbers and texts that the client library refuses to write."""
    values = "".join(f"<param>{_value(param)}</param>" for param in params)
    document = f"<methodCall><methodName>{_escaped(method)}</methodName><params>{values}</params></methodCall>"
    return document.encode("utf-8", "surrogatepass")


def _value(value: Any) -> str:
    if value is None:
        inner = "<nil/>"
    elif isinstance(value, bool):
        inner = f"<boolean>{int(value)}</boolean>"
    elif isinstance(value, int):
        inner = f"<int>{value}</int>" if abs(value) < 2**31 else f"<i8>{value}</i8>"
    elif isinstance(value, float):
        inner = f"<double>{value!r}</double>"
    elif isinstance(value, Mapping):
        inner = "".join(f"<member><name>{_escaped(k)}</name>{_value(v)}</member>" for k, v in value.items())
        inner = f"<struct>{inner}</struct>"
    elif isinstance(value, (list, tuple)):
        inner = f"<array><data>{''.join(map(_value, value))}</data></array>"
    else:
        inner = f"<string>{_escaped(value)}</string>"
    return f"<value>{inner}</value>"


def _escaped(text: Any) -> str:
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
