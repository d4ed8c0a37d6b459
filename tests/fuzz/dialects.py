"""The same call in every protocol, and the calls that are not calls of models."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Any

from tests.dialects.wire import DB, LOGIN, PASSWORD
from tests.fuzz.calls import ModelCall
from tests.fuzz.sent import FORM, JSON, XML, Sent
from tests.fuzz.target import Target
from tests.fuzz.values import Values


def dialects(target: Target) -> list[str]:
    """Return the protocols that calls of models can be made in."""
    found = ["xmlrpc", "xmlrpc 1", "execute", "jsonrpc", "jsonrpc", "web", "web", "button", "muk", "yezy"]
    return [*found, *(["json2"] * 3 if "key" in target.proofs and _serves(target, "/json/2/") else [])]


def _serves(target: Target, beginning: str) -> bool:
    return any(rule.rule.startswith(beginning) for rule in target.app._map.iter_rules())


def wrap(values: Values, target: Target, call: ModelCall, dialect: str) -> Sent:
    """Return the request for a call in a protocol.

    The REST add-on that takes private methods gets none: ours are not those of the real server.
    """
    if dialect == "yezy" and str(call.method).startswith("_"):
        dialect = "jsonrpc"
    return _WRITERS[dialect](values, target, call)


def _positional(call: ModelCall) -> list[Any]:
    return call.args if isinstance(call.args, list) else [call.args]


def _params(target: Target, call: ModelCall) -> list[Any]:
    return [DB, target.uid, PASSWORD, call.model, call.method, call.args, call.kwargs]


def _xmlrpc(values: Values, target: Target, call: ModelCall, path: str = "/xmlrpc/2/object") -> Sent:
    return Sent(path, media=XML, body={"xmlrpc": ["execute_kw", _params(target, call)]}, fair=values.fair)


def _execute(values: Values, target: Target, call: ModelCall) -> Sent:
    params = [DB, target.uid, PASSWORD, call.model, call.method, *_positional(call)]
    return _rpc("object", "execute", params, fair=values.fair)


def _jsonrpc(values: Values, target: Target, call: ModelCall) -> Sent:
    return _rpc("object", "execute_kw", _params(target, call), fair=values.fair)


def _rpc(service: Any, method: Any, args: Any, *, fair: bool) -> Sent:
    params = {"service": service, "method": method, "args": args}
    body = {"jsonrpc": "2.0", "id": 1, "params": params}
    return Sent("/jsonrpc", media=JSON, body={"json": body}, fair=fair)


def _web(values: Values, target: Target, call: ModelCall, route: str = "call_kw") -> Sent:
    params = {"model": call.model, "method": call.method, "args": call.args, "kwargs": call.kwargs}
    body = {"jsonrpc": "2.0", "id": 1, "params": params}
    return Sent(f"/web/dataset/{route}", media=JSON, body={"json": body}, login="session", fair=values.fair)


def _json2(values: Values, target: Target, call: ModelCall) -> Sent:
    names = _parameters(target, call)
    named = dict(zip(names, _positional(call), strict=False))
    keywords = call.kwargs if isinstance(call.kwargs, dict) else {}
    path = f"/json/2/{call.model}/{call.method}".replace("\n", "")
    return Sent(path, media=JSON, body={"json": {**named, **keywords}}, login="key", fair=values.fair)


def _parameters(target: Target, call: ModelCall) -> list[str]:
    """Return the names of the arguments of a method, `ids` first if it takes them."""
    if isinstance(call.model, str) and isinstance(call.method, str):
        method = target.database.method(call.model, call.method) if call.model in target.database.registry else None
        if method is not None:
            names = list(inspect.signature(method.function).parameters)[1:]
            return ["ids", *names] if method.takes_ids else names
    return ["ids", "a", "b", "c"]


def _muk(values: Values, target: Target, call: ModelCall) -> Sent:
    keywords = call.kwargs if isinstance(call.kwargs, dict) else {}
    ids, *args = _positional(call) or [[]]
    form = {"model": call.model, "method": call.method, "ids": json.dumps(ids), "args": json.dumps(args),
            "kwargs": json.dumps(keywords)}  # fmt: skip
    return Sent("/muk_rest/api/call", media=FORM, body={"form": form}, login="muk")


def _yezy(values: Values, target: Target, call: ModelCall) -> Sent:
    body = {"params": {"args": call.args, "kwargs": call.kwargs}}
    path = f"/odoo_rest_api/object/{call.model}/{call.method}"
    return Sent(path, media=JSON, body={"json": body}, login="session")


_WRITERS: dict[str, Callable[[Values, Target, ModelCall], Sent]] = {
    "xmlrpc": _xmlrpc, "xmlrpc 1": lambda v, t, c: _xmlrpc(v, t, c, "/xmlrpc/object"), "execute": _execute,
    "jsonrpc": _jsonrpc, "web": _web, "button": lambda v, t, c: _web(v, t, c, "call_button"), "json2": _json2,
    "muk": _muk, "yezy": _yezy,
}  # fmt: skip

# -- services

# `create_database` and `restore` build a database, which takes seconds; with a wrong password they do not
_SERVICES: dict[str, tuple[tuple[str, ...], ...]] = {
    "common": (("version",), ("about",), ("login", "db", "user", "secret"), ("authenticate", "db", "user", "secret",
    "junk")),
    "db": (("list",), ("db_exist", "db"), ("list_lang",), ("server_version",), ("list_countries", "master"),
           ("create_database", "wrong", "db", "junk", "lang"), ("duplicate_database", "master", "db", "new"),
           ("drop", "master", "new"), ("rename", "master", "new", "new"), ("change_admin_password", "wrong", "junk"),
           ("restore", "wrong", "new", "junk"), ("dump", "wrong", "db", "junk"), ("migrate_databases", "wrong",
           "junk")),
    "object": (("execute_kw", "db", "junk", "secret", "junk", "junk", "junk"), ("execute", "db", "junk"), ("x",
    "junk")),
    "report": (("render_report", "junk"),), "": (("x",),), "wizard": (("x",),),
}  # fmt: skip


def service(values: Values, target: Target) -> Sent:
    """Return a call of a service."""
    name = values.random.choice(list(_SERVICES))
    method, *kinds = values.random.choice(_SERVICES[name])
    good: dict[str, tuple[Any, ...]] = {
        "db": (DB, DB, "no_such", ""), "user": (LOGIN, "x", ""), "secret": (PASSWORD, "x"), "master": ("admin", "x"),
        "wrong": ("x",), "new": ("copy1", "copy2", "../x", "a b", ""), "lang": ("en_US", "xx"),
    }  # fmt: skip
    args = [values.hostile() if kind == "junk" or values.spoilt() else values.pick(*good[kind]) for kind in kinds]
    if values.spoilt():
        name, method, args = values.pick((name, values.hostile(), args), (name, method, values.hostile()),
                                         (values.hostile(), method, args), (name, method, args[:-1]))  # fmt: skip
    if values.chance(0.5):
        return _rpc(name, method, args, fair=False)
    params = args if isinstance(args, list) else [args]
    return Sent(f"/xmlrpc/{values.pick('', '2/')}{name}", media=XML, body={"xmlrpc": [method, params]})
