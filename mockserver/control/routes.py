"""Routes with their parameters and bodies, declared once, for the checks and for the OpenAPI description."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from mockserver.control.answers import Refusal
from mockserver.control.snapshots import Snapshots
from mockserver.dialects import Request
from mockserver.dialects.volume import json_value
from mockserver.seed.files import nearest
from mockserver.testing.kit import Kit

MAX_BODY = 16 * 1024 * 1024  # bytes

# kind → its Python types, its name in error texts, its JSON schema
KINDS: dict[str, tuple[tuple[type, ...], str, dict[str, Any]]] = {
    "text": ((str,), "a text", {"type": "string"}),
    "integer": ((int,), "a whole number", {"type": "integer"}),
    "number": ((int, float), "a number", {"type": "number"}),
    "boolean": ((bool,), "true or false", {"type": "boolean"}),
    "moment": ((str, bool), "a moment such as '2026-01-31 12:00:00', or true", {"type": ["string", "boolean"]}),
    "fixture": ((str, dict), "the name of a pack, or a fixture", {"type": ["string", "object"]}),
    "values": ((dict,), 'values by field, such as {"name": "Acme"}', {"type": "object"}),
    "domain": ((list,), 'a domain such as [["name","ilike","azure"]]', {"type": "array"}),
    "names": ((list,), "a list of names", {"type": "array", "items": {"type": "string"}}),
}


@dataclass(frozen=True)
class Controlled:
    """What the control API acts on: a kit, the function that resets it, and the snapshots taken over the API."""

    kit: Kit
    reset: Callable[[], None]
    snapshots: Snapshots


@dataclass(frozen=True)
class Value:
    """A parameter of a request: in the query, in the path, or a key of the body."""

    name: str
    kind: str
    about: str
    required: bool = False

    def check(self, value: Any) -> Any:
        """Return the value; raises Refusal if it is not of this kind."""
        types, wanted, _ = KINDS[self.kind]
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise Refusal(400, f"{self.name} is {wanted}, not {quoted(value)}")
        return value

    def read(self, text: str) -> Any:
        """Return the value that a URL gives as text; raises Refusal."""
        if self.kind == "text":
            return text
        if self.kind == "names":
            return [name for name in text.split(",") if name]
        try:
            value = parsed(text)
        except ValueError:
            value = text
        return self.check(value)


@dataclass(frozen=True)
class Route:
    """A path with a verb.  `function` takes the `Controlled` and, by name, the values of the request.

    `body`: its keys, or the name of a schema; the function then gets the whole body, unchecked, as `body`.
    `answer` is the name of a schema; `errors` are the statuses besides those that any route may answer with.
    `open`: anybody is answered, also other machines and without the token.
    """

    verb: str
    path: str
    summary: str
    function: Callable[..., Any]
    answer: str
    path_values: tuple[Value, ...] = ()
    query: tuple[Value, ...] = ()
    body: tuple[Value, ...] | str = ()
    status: int = 200
    errors: tuple[int, ...] = ()
    open: bool = False


def arguments(route: Route, path: Mapping[str, str], request: Request) -> dict[str, Any]:
    """Return the values of the request by name; raises Refusal for what the route does not take."""
    values = {value.name: value.read(path[value.name]) for value in route.path_values}
    values |= _query(route, request.environ.get("QUERY_STRING", ""))
    if route.verb == "POST":
        if request.media_type != "application/json":
            raise Refusal(415, "the body of a POST is JSON: send Content-Type: application/json")
        body = _body(request)
        values |= {"body": body} if isinstance(route.body, str) else _keys(route.body, body)
    return values


def _query(route: Route, text: str) -> dict[str, Any]:
    known = {value.name: value for value in route.query}
    found = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        if name not in known:
            raise Refusal(400, f"{route.path} has no parameter {name!r}{nearest(name, known)}{_listed(known)}")
        if value:
            found[name] = known[name].read(value)
    return found


def _body(request: Request) -> Any:
    data = request.body()
    try:
        return parsed(data.decode()) if data.strip() else {}
    except UnicodeDecodeError as error:
        raise Refusal(400, f"the body is not UTF-8: byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise Refusal(400, f"the body is not JSON: line {error.lineno} column {error.colno}: {error.msg}") from None
    except ValueError as error:
        raise Refusal(400, f"the body is not JSON: {error}") from None


def _keys(values: Sequence[Value], body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise Refusal(400, f"the body is a JSON object, not {quoted(body)}")
    known = {value.name: value for value in values}
    for name in body:
        if name not in known:
            raise Refusal(400, f"the body has no key {name!r}{nearest(name, known)}{_listed(known)}")
    for value in values:
        if value.required and value.name not in body:
            raise Refusal(400, f"the body needs {value.name}: {KINDS[value.kind][1]}")
    return {name: known[name].check(value) for name, value in body.items()}


def parsed(text: str) -> Any:
    """Return JSON as Python; raises ValueError, also for NaN, which is not JSON, and for too deep nesting."""

    def constant(name: str) -> Any:
        raise ValueError(f"there is no {name} in it")

    try:
        return json_value(text, parse_constant=constant)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def quoted(value: Any) -> str:
    """Return a value for an error text, as JSON of at most 80 characters."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _listed(known: Mapping[str, Value]) -> str:
    return f" (known: {', '.join(known)})" if known else " (it takes none)"
