"""The protocols: each dialect reads requests into a `Call` and writes its result; this module has what they share.

A dialect has routes, and for each request the steps `parse` (gives a `Call`), `perform` (a value), and `render` or
`render_error` (a `Reply`).  `parse` may also raise one of werkzeug's HTTP exceptions.
"""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple

from werkzeug.exceptions import BadRequest, HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.http import parse_cookie
from werkzeug.wrappers import Response

from mockserver.clock import DATE_FORMAT, DATETIME_FORMAT
from mockserver.profiles import DEFAULT, FIRST, PROFILES, Profile, offered
from mockserver.services import Call, Services
from mockserver.services.sessions import Session

MAX_BODY = 128 * 1024 * 1024  # bytes; the real server's upload limit
HTML = "text/html; charset=utf-8"
DEFAULT_PROFILE = PROFILES[DEFAULT]  # of the functions that write values
JSON_TYPES = {"application/json", "application/json-rpc"}


class Reply(NamedTuple):
    """A finished HTTP answer: `status` is such as "200 OK"; without a content type it has no body (304)."""

    status: str
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Route:
    """A path of a dialect: `rule` in werkzeug's syntax; `methods` None accepts every HTTP method.

    It exists in the generations from `since` to `until`, both included; None means the last.
    """

    rule: str
    endpoint: str
    methods: frozenset[str] | None = None
    since: int = FIRST
    until: int | None = None


class Request:
    """One request: the WSGI environ, the route, and what a dialect has read from it."""

    __slots__ = (
        "arguments",
        "call",
        "environ",
        "id",
        "length",
        "max_body",
        "method",
        "no_cookie",
        "path",
        "route",
        "session",
        "value",
    )

    def __init__(self, environ: dict[str, Any], max_body: int = MAX_BODY) -> None:
        self.environ = environ
        self.max_body = max_body
        self.method: str = environ["REQUEST_METHOD"]
        self.path: str = environ.get("PATH_INFO", "")
        self.route: Route
        self.arguments: dict[str, str] = {}
        self.call: Call | None = None
        self.id: Any = None  # of a JSON-RPC request
        self.session: Session | None = None  # whose cookie the answer sets
        self.value: Any = None  # the result of the call, once it was performed
        self.length = 0  # of the body in bytes, once it was read
        self.no_cookie = False  # the session id was not sent as a cookie, so the answer sets none

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters, in lower case; of a list the first one."""
        content_type: str = self.environ.get("CONTENT_TYPE") or ""
        return content_type.partition(";")[0].partition(",")[0].strip().lower()

    @property
    def bearer(self) -> str | None:
        """The API key of the header `Authorization: bearer KEY`."""
        scheme, *key = (self.environ.get("HTTP_AUTHORIZATION") or "").split(None, 1) or [""]
        return key[0].strip() if key and scheme.lower() == "bearer" else None

    def cookie(self, name: str) -> str:
        """Return the value of a cookie, an empty text if there is none; bytes that are not UTF-8 are replaced.

        Inferred: servers with an older werkzeug replace them; a newer one raises an error for them.
        """
        sent: str = self.environ.get("HTTP_COOKIE") or ""
        clean = sent.encode("latin-1", "replace").decode("utf-8", "replace")
        return parse_cookie(clean.encode().decode("latin-1")).get(name, "")

    def body(self) -> bytes:
        """Read the whole body; refuses one above `max_body` before reading it."""
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
        self.length = len(data)
        return data


class Dialect:
    """Base of all dialects; `name` appears in log lines."""

    name: str
    routes: tuple[Route, ...] = ()

    def __init__(self, services: Services, profile: Profile) -> None:
        self.services = services
        self.profile = profile

    def offered(self) -> list[Route]:
        """Return the routes that the profile has."""
        return [route for route in self.routes if offered(self.profile.generation, route.since, route.until)]

    def wrong_verb(self, methods: frozenset[str]) -> HTTPException:
        """Return the answer to an HTTP method that a route does not accept."""
        return MethodNotAllowed(sorted(methods))

    def parse(self, request: Request) -> Call:
        """Return the call that the request asks for; stores what `render` needs in the request."""
        raise NotImplementedError

    def perform(self, request: Request, call: Call) -> Any:
        """Perform the call and return its value."""
        return self.services.rpc(call)

    def render(self, request: Request, value: Any) -> Reply:
        """Return the answer for a value."""
        raise NotImplementedError

    def render_error(self, request: Request, error: Exception) -> Reply:
        """Return the answer for an error."""
        raise NotImplementedError


def page(title: str, text: str) -> Reply:
    """Return a small HTML page; `text` is HTML already."""
    head = f'<!DOCTYPE html><html lang="en"><head><title>{html.escape(title)}</title></head>'
    return Reply("200 OK", HTML, f"{head}<body><h1>{html.escape(title)}</h1>{text}</body></html>".encode())


def with_header(refusal: HTTPException, name: str, value: str) -> HTTPException:
    """Return the same refusal with one more header."""
    response = refusal.get_response()
    response.headers[name] = value
    return HTTPException(response=Response(response.get_data(), refusal.code, response.headers))


def to_json(value: Any, profile: Profile = DEFAULT_PROFILE) -> bytes:
    """Return the JSON text of a value, with the escapes of the profile's server.

    Raises UnicodeDecodeError for bytes that are not UTF-8, if the server does.
    """
    rules = profile.rules
    encoder = _STRICT if rules.strict_bytes else _ESCAPING if rules.escapes_json else _ENCODER
    try:
        return encoder.encode(value).encode()
    except UnicodeEncodeError:  # a lone surrogate, which only an escape can represent
        return _ESCAPING.encode(value).encode()


def as_text(value: Any, strict: bool = False) -> str:
    """Return dates in the server's format, bytes decoded (UTF-8, else Latin-1), anything else as `str` gives it."""
    if isinstance(value, datetime):
        return value.strftime(DATETIME_FORMAT)
    if isinstance(value, date):
        return value.strftime(DATE_FORMAT)
    if isinstance(value, (bytes, bytearray)):
        try:
            return value.decode()
        except UnicodeDecodeError:
            if strict:
                raise
            return value.decode("latin-1")
    return str(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False, default=as_text)
_STRICT = json.JSONEncoder(ensure_ascii=False, default=partial(as_text, strict=True))
_ESCAPING = json.JSONEncoder(default=as_text)
