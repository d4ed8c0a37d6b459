"""Bytes to `Call` and back, one module a wire; here is what they share.

A dialect has routes, and for each request: `parse` (a `Call`), `perform` (a value), `render` or
`render_error` (a `Reply`).  A parse may also refuse by raising one of werkzeug's HTTP exceptions.
"""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.wrappers import Response

from mockserver import errors
from mockserver.clock import DATE_FORMAT, DATETIME_FORMAT
from mockserver.profiles import Profile
from mockserver.services import Call, Services
from mockserver.services.sessions import Session

MAX_BODY = 128 * 1024 * 1024  # bytes; the real server's upload limit
HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"
JSON_TYPES = {"application/json", "application/json-rpc"}


class Reply(NamedTuple):
    """A finished HTTP answer: `status` is such as "200 OK"."""

    status: str
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Route:
    """A path of a dialect: `rule` in werkzeug's syntax, `methods` None for every verb."""

    rule: str
    endpoint: str
    methods: frozenset[str] | None = None


class Request:
    """One request as far as a dialect reads it: the WSGI environ, the route, and what was found out so far."""

    __slots__ = ("arguments", "call", "environ", "id", "max_body", "method", "path", "route", "session")

    def __init__(self, environ: dict[str, Any], max_body: int = MAX_BODY) -> None:
        self.environ = environ
        self.max_body = max_body
        self.method: str = environ["REQUEST_METHOD"]
        self.path: str = environ.get("PATH_INFO", "")
        self.route: Route
        self.arguments: dict[str, str] = {}
        self.call: Call | None = None
        self.id: Any = None  # of a JSON-RPC request
        self.session: Session | None = None  # whose cookie the answer carries

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters, in lower case."""
        content_type: str = self.environ.get("CONTENT_TYPE") or ""
        return content_type.partition(";")[0].strip().lower()

    def body(self) -> bytes:
        """The whole body; refuses one above `max_body` before it is read."""
        text = self.environ.get("CONTENT_LENGTH") or ""
        if text:
            if not (text.isascii() and text.isdigit()):
                raise BadRequest("Content-Length is not a number")
            length = int(text[:20])
        else:
            length = self.max_body + 1 if self.environ.get("wsgi.input_terminated") else 0
        if text and length > self.max_body:
            raise RequestEntityTooLarge()
        data: bytes = self.environ["wsgi.input"].read(length) if length else b""
        if len(data) > self.max_body:
            raise RequestEntityTooLarge()
        return data


class Dialect:
    """Base of all dialects; `name` is what log lines show."""

    name: str
    routes: tuple[Route, ...] = ()

    def __init__(self, services: Services, profile: Profile) -> None:
        self.services = services
        self.profile = profile

    def parse(self, request: Request) -> Call:
        """The call that the request asks for; sets what `render` needs on the request."""
        raise NotImplementedError

    def perform(self, request: Request, call: Call) -> Any:
        """The value of the call."""
        return self.services.rpc(call)

    def render(self, request: Request, value: Any) -> Reply:
        """The answer that carries a value."""
        raise NotImplementedError

    def render_error(self, request: Request, error: Exception) -> Reply:
        """The answer that carries an error."""
        raise NotImplementedError


class JsonRpcDialect(Dialect):
    """The JSON-RPC envelope.  Source: versions.md §1.2, §2; recorded in core-envelope (17.0)."""

    def params(self, request: Request) -> dict[str, Any]:
        """The `params` of the envelope, whose id is kept on the request.

        Raises werkzeug's BadRequest for another content type and for what is no JSON object; what makes no
        mapping is the TypeError or ValueError that Python's `dict` raises.
        """
        if request.media_type not in JSON_TYPES:
            raise BadRequest(f"{request.path} wants the Content-Type application/json.")
        # a RecursionError of deep nesting is answered as any error of a call
        try:
            envelope = json.loads(request.body().decode("utf-8", "replace"))
        except ValueError:
            raise BadRequest(response=_plain("Invalid JSON data")) from None
        if not isinstance(envelope, dict):
            raise BadRequest(response=_plain("Invalid JSON-RPC data"))
        request.id = envelope.get("id")
        return dict(envelope.get("params", {}))

    def render(self, request: Request, value: Any) -> Reply:
        """`{"jsonrpc", "id", "result"}`; no result for None."""
        envelope = {"jsonrpc": "2.0", "id": request.id}
        if value is not None:
            envelope["result"] = value
        return Reply("200 OK", JSON, to_json(envelope))

    def render_error(self, request: Request, error: Exception) -> Reply:
        """`{"jsonrpc", "id", "error"}`, with status 200."""
        profile = self.profile
        expired = isinstance(error, errors.SessionExpired)
        content = {
            "code": profile.session_expired_code if expired else profile.error_code,
            "message": f"{profile.brand} {'Session Expired' if expired else 'Server Error'}",
            "data": {
                "name": errors.wire_name(error, profile.package),
                "debug": errors.debug(error, profile.package),
                "message": errors.message(error),
                "arguments": list(error.args),
                "context": getattr(error, "context", {}),
            },
        }
        return Reply("200 OK", JSON, to_json({"jsonrpc": "2.0", "id": request.id, "error": content}))


def required(function: str, names: Sequence[str], params: dict[str, Any]) -> list[Any]:
    """The values of those parameters; others are dropped.

    Raises the TypeError that Python raises for a call of `function` without some of them.
    """
    missing = [repr(name) for name in names if name not in params]
    if not missing:
        return [params[name] for name in names]
    plural = "s" if len(missing) > 1 else ""
    listed = " and ".join(missing) if len(missing) < 3 else f"{', '.join(missing[:-1])}, and {missing[-1]}"
    raise TypeError(f"{function}() missing {len(missing)} required positional argument{plural}: {listed}")


def page(title: str, text: str) -> Reply:
    """A small HTML page; `text` is HTML already."""
    head = f'<!DOCTYPE html><html lang="en"><head><title>{html.escape(title)}</title></head>'
    return Reply("200 OK", HTML, f"{head}<body><h1>{html.escape(title)}</h1>{text}</body></html>".encode())


def to_json(value: Any) -> bytes:
    """The JSON text of a value, with the separators and the unescaped characters of the real server."""
    text = _ENCODER.encode(value)
    try:
        return text.encode()
    except UnicodeEncodeError:  # a lone surrogate, which only an escape can carry
        return json.dumps(value, default=as_text).encode()


def as_text(value: Any) -> str:
    """Dates in the server's format, bytes as the text that they hold, anything else as Python prints it."""
    if isinstance(value, datetime):
        return value.strftime(DATETIME_FORMAT)
    if isinstance(value, date):
        return value.strftime(DATE_FORMAT)
    if isinstance(value, (bytes, bytearray)):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.decode("latin-1")
    return str(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False, default=as_text)


def _plain(text: str) -> Response:
    return Response(text, status=400, content_type=HTML)
