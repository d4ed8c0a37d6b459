"""Requests to the control API, with what its routes take and what they do not."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote, urlencode

from mockserver.control import PREFIX, ROUTES
from mockserver.control.routes import Route, Value
from tests.dialects.wire import DB
from tests.fuzz import questions
from tests.fuzz.sent import JSON, Sent
from tests.fuzz.values import TEXTS, Values

_FAULTS: tuple[Any, ...] = (
    "UserError",
    "AccessError",
    "MissingError",
    "ValidationError",
    "ConnectionReset",
    "Reset",
    "x",
)
_NAMES = (
    "name",
    "model",
    "method",
    "values",
    "fault",
    "times",
    "ids",
    "x",
    "nth",
    "every",
    "probability",
    "answer",
    "error",
)

_LONG = ("/export", "/save")  # which take a second with all packs


def control(values: Values) -> Sent:
    """Return a request to the control API."""
    route = values.random.choice(ROUTES)
    if route.path.endswith(_LONG) and values.chance(0.9):
        route = ROUTES[0]
    path = re.sub(r"{(\w+)}", lambda match: quote(_in_path(values, match[1]), safe=""), route.path)
    query = {value.name: _in_query(values, value) for value in route.query if values.chance(0.4)}
    if values.spoilt():
        query[values.pick(*_NAMES)] = values.pick(*TEXTS)
    verb = values.pick("GET", "POST", "DELETE", "PUT") if values.spoilt() else route.verb
    body = {"json": values.hostile() if values.spoilt() else _body(values, route)} if verb == "POST" else {}
    return Sent(PREFIX + path, verb, urlencode(query, errors="surrogatepass"), {}, JSON if verb == "POST" else "", body)


def _in_path(values: Values, name: str) -> str:
    good = {"db": (DB, DB, "no"), "name": ("1", "2", "x"), "number": ("1", "2", "99"), "id": ("1", "2", "99")}
    if values.spoilt():
        return str(values.pick(*TEXTS)) or "x"
    if name == "model":
        return str(values.random.choice(list(values.database.registry)))
    return str(values.pick(*good.get(name, ("1", "x"))))


def _in_query(values: Values, value: Value) -> str:
    if values.spoilt():
        return str(values.pick(*TEXTS, json.dumps(values.hostile())))
    made = _of_kind(values, value)
    return made if isinstance(made, str) else json.dumps(made)


def _of_kind(values: Values, value: Value) -> Any:
    """Return a value for a parameter; no name of a database that is not there, since making one takes seconds."""
    name = values.random.choice(list(values.database.registry))
    if value.name in ("model", "db"):
        return name if value.name == "model" else DB
    made: dict[str, Any] = {
        "text": values.text(), "integer": values.pick(0, 1, 5, -1), "number": values.pick(0, 1.5, 60),
        "moment": "2026-04-01",
        "boolean": values.pick(True, False), "fixture": values.pick("contacts", "nope", {}, {"records": []}),
        "values": values.vals("res.partner"), "domain": questions.domain(values, "res.partner"), "names": ["name",
        "id"],
    }  # fmt: skip
    return made[value.kind]


def _body(values: Values, route: Route) -> Any:
    if route.path == "/databases":
        return {"name": values.pick("", "../x", "a b", DB)}
    if route.body == "NewFault":
        return _fault(values)
    if route.body == "NewOverride":
        outcome = values.pick({"answer": values.hostile()}, {"answers": [1, 2]}, {"error": values.pick(*_FAULTS)}, {})
        return {
            "model": values.pick("res.partner", "no.model"),
            "method": values.pick("search", "read", "x"),
            **outcome,
        }
    if isinstance(route.body, str):
        return _pattern(values)
    return {value.name: _of_kind(values, value) for value in route.body if value.required or values.chance(0.6)}


def _fault(values: Values) -> Any:
    """Return a fault; none that waits."""
    kind = values.pick({"error": values.pick(*_FAULTS), "message": values.text()}, values.pick(*_FAULTS),
    {"status": 503},
                       {"reset": True}, values.hostile())  # fmt: skip
    aim = {"model": "res.partner", "method": values.pick("search", "read", "write"), "times": values.pick(1, 0, -1, 2)}
    return {"fault": kind, **{name: value for name, value in aim.items() if values.chance(0.6)}}


def _pattern(values: Values) -> Any:
    made = {"model": "res.partner", "method": values.pick("read", "write", "x"), "times": values.pick(0, 1, -1),
            "ids": values.pick(1, [1], []), "user": values.pick("admin", 2), "context": {}, "error": values.pick(True,
            "x"),
            "args": {"vals": {"name": "x"}}, "vals__contains": {"name": "x"}, "at_least": values.pick(1,
            "x")}  # fmt: skip
    return {name: value for name, value in made.items() if values.chance(0.4)}
