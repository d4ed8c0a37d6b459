"""JSON-RPC routes that the web client calls besides those of datasets: actions, and what can be exported.

Source: versions.md §1.4; recorded in web-dataset (17.0).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockserver.dialects import Request, Route
from mockserver.dialects.web.session import SessionDialect
from mockserver.orm.records.environment import Environment
from mockserver.services import Call, actions, exports

_GET_FIELDS = ("prefix", "parent_name", "import_compat", "parent_field_type", "parent_field", "exclude")


class ClientCalls(SessionDialect):
    """Calls of the web client as the user of a session."""

    routes = (
        Route("/web/action/load", "load_action"),
        Route("/web/action/run", "run_action"),
        Route("/web/export/formats", "formats"),
        Route("/web/export/get_fields", "get_fields"),
        Route("/web/export/namelist", "namelist"),
    )

    def parse(self, request: Request) -> Call:
        """Return the call; raises `SessionExpired` or NotFound without a login."""
        session, params = self.as_user(request)
        endpoint = request.route.endpoint
        function, names, optional, model = _SIGNATURES[endpoint]
        optional = (*optional, self.profile.rules.action_context_param) if endpoint == "load_action" else optional
        self.required(function, names, params, optional)
        call = self.call(session, "web", endpoint)
        call.kwargs = {name: params[name] for name in (*names, *optional) if name in params}
        call.model = params.get("model") if model is None else model
        return call

    def perform(self, request: Request, call: Call) -> Any:
        """Return the value of the call."""
        assert call.uid is not None
        session = request.session
        env = self.services.databases.connect(call.db).env(call.uid, session.context if session else {})
        with env.db.transaction():
            return _ACTIONS[request.route.endpoint](self, env, call)

    def _load_action(self, env: Environment, call: Call) -> Any:
        added = call.kwargs.get(self.profile.rules.action_context_param)
        return actions.load(env.with_context(**added) if isinstance(added, dict) else env, call.kwargs["action_id"])

    def _run_action(self, env: Environment, call: Call) -> Any:
        added = call.kwargs.get("context")
        env = env.with_context(**added) if isinstance(added, dict) else env
        found = env["ir.actions.server"].browse(call.kwargs["action_id"]).call("run")
        return actions.cleaned(env, found) if isinstance(found, dict) and found else False

    def _formats(self, env: Environment, call: Call) -> Any:
        formats = self.profile.rules.export_formats
        return [{"tag": tag, "label": label, **({} if tag == "csv" else {"error": None})} for tag, label in formats]

    def _get_fields(self, env: Environment, call: Call) -> Any:
        if call.model is None or call.model not in env:
            raise KeyError(call.model)
        given = {name: call.kwargs[name] for name in _GET_FIELDS if name in call.kwargs}
        return exports.fields(env[call.model], **given)

    def _namelist(self, env: Environment, call: Call) -> Any:
        lines = env["ir.exports"].browse(call.kwargs["export_id"]).export_fields
        names = [line.name for line in lines]
        labels = exports.labels(env[str(call.model)], names)
        return [{"name": name, "label": labels[name]} for name in names if name in labels]


# endpoint → the function that argument errors name, its required and its optional parameters, the model
_SIGNATURES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...], str | None]] = {
    "load_action": ("Action.load", ("action_id",), (), "ir.actions.actions"),
    "run_action": ("Action.run", ("action_id",), ("context",), "ir.actions.server"),
    "formats": ("Export.formats", (), (), "ir.exports"),
    "get_fields": ("Export.get_fields", ("model",), (*_GET_FIELDS, "domain"), None),
    "namelist": ("Export.namelist", ("model", "export_id"), (), None),
}
_ACTIONS: dict[str, Callable[[ClientCalls, Environment, Call], Any]] = {
    "load_action": ClientCalls._load_action,
    "run_action": ClientCalls._run_action,
    "formats": ClientCalls._formats,
    "get_fields": ClientCalls._get_fields,
    "namelist": ClientCalls._namelist,
}
