"""`/doc` and `/doc-bearer`: the list of models, fields and methods, which clients of 19.0 read.

Source: versions.md §1.1; the shape is what odooly, odoo-client-lib and odoo-connect read.
"""

from __future__ import annotations

import inspect
from typing import Any

from werkzeug.exceptions import NotFound

from mockserver import errors
from mockserver.dialects import Reply, Request, Route, page
from mockserver.dialects.rpc.doc_types import PARAMETERS, READONLY, RETURNS
from mockserver.dialects.rpc.json2 import BearerDialect
from mockserver.orm.database import Database
from mockserver.orm.rights.access import allowed
from mockserver.orm.schema import api
from mockserver.orm.schema.model import Model
from mockserver.services import Call
from mockserver.services.named_arguments import public_methods, signature

_HEADERS = (("Content-Language", "en-US"), ("Cache-Control", "no-cache, private"))


class Doc(BearerDialect):
    """The index of all models and the description of one, for a session (`/doc`) or a key (`/doc-bearer`)."""

    name = "doc"
    routes = (
        Route("/doc", "page", since=19),
        Route("/doc/index.html", "page", since=19),
        Route("/doc/index.json", "index", since=19),
        Route("/doc/<model>.json", "model", since=19),
        Route("/doc-bearer/index.json", "bearer index", since=19),
        Route("/doc-bearer/<model>.json", "bearer model", since=19),
    )

    def parse(self, request: Request) -> Call:
        """Return the user's call; raises Unauthorized without an API key (`/doc-bearer`), SessionExpired for `/doc`."""
        database = self.database(request)
        endpoint = request.route.endpoint
        if endpoint.startswith("bearer"):
            uid = self.user(request, database)
        elif request.session is None:
            raise errors.SessionExpired()
        else:
            uid = request.session.uid
        # the service "page" makes log lines show the path
        return Call(self.name, "page", endpoint, db=database.name, uid=uid, model=request.arguments.get("model"))

    def perform(self, request: Request, call: Call) -> Any:
        """Return the description, or a `Reply` with the page."""
        database = self.services.databases.connect(call.db)
        assert call.uid is not None
        if request.route.endpoint == "page":
            return page(
                "API", '<p>As JSON: <a href="/doc/index.json">index</a>, <code>/doc/res.partner.json</code>.</p>'
            )
        with database.lock:
            return _index(database, call.uid) if call.model is None else _model(database, call.uid, call.model)

    def render(self, request: Request, value: Any) -> Reply:
        """Return the description as JSON."""
        if isinstance(value, Reply):
            return value
        reply = super().render(request, value)
        return reply._replace(headers=(*reply.headers, *_HEADERS))


def _index(database: Database, uid: int) -> dict[str, Any]:
    """Return the names of modules and models with their fields and methods.

    `{"modules": [name …], "models": [{"model", "name", "fields": {name: {"string"}}, "methods": [name …]}]}`.
    """
    env = database.env(uid)
    modules = database.store.rows("ir.module.module").values()
    return {
        "modules": sorted(row["name"] for row in modules if row.get("state") == "installed"),
        "models": [
            {
                "model": name,
                "name": model.description or name,
                "fields": env[name].call("fields_get", None, ["string"]),
                "methods": list(public_methods(name, database)),
            }
            for name, model in sorted(database.registry.items())
            if allowed(env, name, "read")
        ],
    }


def _model(database: Database, uid: int, name: str) -> dict[str, Any]:
    """Return `{"model", "name", "doc", "fields": as fields_get, "methods": {name: see _method}}`; raises NotFound."""
    model = database.registry.get(name)
    if model is None or not allowed(database.env(uid), name, "read"):
        raise errors.NotFound(str(NotFound.description))
    fields = database.env(uid)[name].call("fields_get")
    return {
        "model": name,
        "name": model.description or name,
        "doc": None,
        "fields": {field: {**values, "module": model.module} for field, values in fields.items()},
        "methods": {key: _method(model, found) for key, found in public_methods(name, database).items()},
    }


def _method(model: Model, method: api.Method) -> dict[str, Any]:
    """Return the description of a method.

    `{"signature", "parameters": {name: see _parameter}, "return", "raise", "doc", "model", "module",
    "api": ["model", "readonly"]}`.
    """
    name, parameters = method.name, list(signature(method.function).parameters.values())[1:]
    returned = RETURNS.get(name)
    shown = ", ".join(p.name if p.default is inspect.Parameter.empty else f"{p.name}={p.default!r}" for p in parameters)
    owner, module = _declared(model, method)
    return {
        "signature": f"({shown}) -> {returned}" if returned else f"({shown})",
        "parameters": {parameter.name: _parameter(name, parameter) for parameter in parameters},
        "return": {"annotation": returned} if returned else {},
        "raise": {},
        "doc": inspect.getdoc(method.function),
        "api": ["model"] * (not method.takes_ids) + ["readonly"] * (name in READONLY),
        "model": owner,
        "module": module,
    }


def _declared(model: Model, method: api.Method) -> tuple[str, str]:
    """Return the model and the module that declare a method."""
    owner = getattr(method.function, "__qualname__", "").partition(".")[0]
    return {"BaseModel": ("core", "core"), "Base": ("base", "web")}.get(owner, (model.name, model.module))


def _parameter(method: str, parameter: inspect.Parameter) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if parameter.kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD:
        values["kind"] = parameter.kind.name
    if parameter.default is not inspect.Parameter.empty:
        values["default"] = parameter.default
    if (annotation := PARAMETERS.get(method, {}).get(parameter.name)) is not None:
        values["annotation"] = annotation
    return values
