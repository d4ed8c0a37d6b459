"""`/doc` and `/doc-bearer`: the list of models, fields and methods, which clients of 19.0 read.

Source: versions.md §1.1; the shape is what odooly, odoo-client-lib and odoo-connect read.
"""

from __future__ import annotations

import inspect
from typing import Any

from werkzeug.exceptions import NotFound

from mockserver import errors
from mockserver.dialects import Reply, Request, Route, page
from mockserver.dialects.rpc.json2 import BearerDialect
from mockserver.orm.database import Database
from mockserver.orm.rights.access import allowed
from mockserver.orm.schema import api
from mockserver.services import Call
from mockserver.services.named_arguments import public_methods, signature

_READ = frozenset({"GET", "HEAD", "OPTIONS"})


class Doc(BearerDialect):
    """The index of all models and the description of one, for a session (`/doc`) or a key (`/doc-bearer`)."""

    name = "doc"
    routes = (
        Route("/doc", "page", _READ, since=19),
        Route("/doc/index.html", "page", _READ, since=19),
        Route("/doc/index.json", "index", _READ, since=19),
        Route("/doc/<model>.json", "model", _READ, since=19),
        Route("/doc-bearer/index.json", "bearer index", _READ, since=19),
        Route("/doc-bearer/<model>.json", "bearer model", _READ, since=19),
    )

    def parse(self, request: Request) -> Call:
        """Return the user's call; raises Unauthorized without an API key (`/doc-bearer`) or a session (`/doc`)."""
        database = self.database(request)
        endpoint = request.route.endpoint
        if endpoint.startswith("bearer"):
            uid = self.user(request, database)
        elif request.session is None:
            raise errors.Unauthorized("A session is needed here; with an API key there is /doc-bearer.")
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
        return value if isinstance(value, Reply) else super().render(request, value)


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
    """Return `{"model", "name", "doc", "fields": as fields_get, "methods": {name: see _method}}`.

    Raises werkzeug's NotFound.
    """
    model = database.registry.get(name)
    if model is None or not allowed(database.env(uid), name, "read"):
        raise NotFound()
    fields = database.env(uid)[name].call("fields_get")
    return {
        "model": name,
        "name": model.description or name,
        "doc": None,
        "fields": {field: {**values, "module": model.module} for field, values in fields.items()},
        "methods": {method: _method(name, found) for method, found in public_methods(name, database).items()},
    }


def _method(model: str, method: api.Method) -> dict[str, Any]:
    """Return the description of a method.

    `{"signature", "parameters": {name: {"kind", "default"}}, "api": ["model"] or [], "doc", "model", "module"}`.
    """
    parameters = list(signature(method.function).parameters.values())[1:]
    shown = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters]
    return {
        "signature": str(inspect.Signature(shown)),
        "parameters": {parameter.name: _parameter(parameter) for parameter in parameters},
        "api": [] if method.takes_ids else ["model"],
        "doc": inspect.getdoc(method.function),
        "model": model,
        "module": "base",
    }


def _parameter(parameter: inspect.Parameter) -> dict[str, Any]:
    values: dict[str, Any] = {"name": parameter.name}
    if parameter.kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD:
        values["kind"] = parameter.kind.name
    if parameter.default is not inspect.Parameter.empty:
        values["default"] = parameter.default
    return values
