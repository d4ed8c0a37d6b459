"""The web client's routes to models: `/web/dataset/…`.  Source: versions.md §1.4; recorded in core-envelope (17.0)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mockserver import errors
from mockserver.dialects import Request, Route
from mockserver.dialects.web.session import SessionDialect
from mockserver.services import Call
from mockserver.services.sessions import Session


class Dataset(SessionDialect):
    """Calls of model methods by the user of a session."""

    routes = (
        Route("/web/dataset/call_kw", "call_kw"),
        Route("/web/dataset/call_kw/<path:path>", "call_kw"),
        Route("/web/dataset/call_button", "call_button"),
        Route("/web/dataset/call_button/<path:path>", "call_button", since=18),
        Route("/web/dataset/call", "call", until=16),
        Route("/web/dataset/search_read", "search_read", until=16),
        Route("/web/dataset/load", "load", until=16),
        Route("/web/dataset/resequence", "resequence", until=18),
    )

    def parse(self, request: Request) -> Call:
        """Return the call; raises `SessionExpired` or NotFound without a login."""
        endpoint = request.route.endpoint
        if self.profile.rules.web_unknown_model == "NotFound":
            session, params = self._known_model_first(request)
        else:
            session, params = self.as_user(request)
        call = self.call(session, "dataset", endpoint)
        names, optional = self._parameters(endpoint)
        values = dict(zip(names, self.required(f"DataSet.{endpoint}", names, params, optional), strict=True))
        values |= {name: params[name] for name in optional if name in params}
        call.model = values["model"]
        call.method = values.get("method", endpoint)
        call.args, call.kwargs = values.get("args", ()), values.get("kwargs", {})
        if endpoint == "search_read":
            call.kwargs = _search_arguments(values)
        elif endpoint == "load":
            call.method, call.args = "read", [[values["id"]]]
        elif endpoint == "resequence":
            call.kwargs = {name: values[name] for name in ("ids", "field", "offset") if name in values}
        return call

    def _parameters(self, endpoint: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the names of the required and of the optional parameters of a route."""
        if endpoint == "call_button" and not self.profile.rules.button_keywords:
            return _PARAMETERS["call"]
        return _PARAMETERS[endpoint]

    def _known_model_first(self, request: Request) -> tuple[Session, dict[str, Any]]:
        """Return the session and the params; checks the model before the login; neither error has an id."""
        expired = None
        try:
            session = self.session(request)
        except errors.SessionExpired as error:
            expired = error
        params = self.params(request)
        id_, request.id = request.id, None
        databases = self.services.databases
        database = databases.get(request.session.db if request.session else next(iter(databases), ""))
        model = params.get("model")
        if database is not None and isinstance(model, str) and database.registry.get(model) is None:
            if expired is None and isinstance(params.get("method"), str):  # so that observers see this call
                request.call = call = self.call(session, "dataset", params["method"], params.get("args") or ())
                call.model, call.kwargs = model, params.get("kwargs") or {}
            raise errors.NotFound()
        if expired is not None:
            raise expired
        request.id = id_
        return session, params

    # -- the call

    def perform(self, request: Request, call: Call) -> Any:
        """Return the value of the call."""
        if self.services.databases.connect(call.db).registry.get(call.model or "") is None:
            # differs from /jsonrpc: versions.md §1.4
            raise KeyError(call.model)
        if request.route.endpoint == "resequence":
            return self._resequence(call)
        value = self.services.execute(call)
        return _SHAPES.get(request.route.endpoint, _unchanged)(self, call, value)

    def _resequence(self, call: Call) -> bool:
        """Number the records in the order of their ids; False if the model has no such field."""
        database, values = self.services.databases.connect(call.db), call.kwargs
        field, first = values.get("field", "sequence"), values.get("offset", 0)
        if field not in database.registry[str(call.model)].fields:
            return False
        with database.transaction():
            for number, id_ in enumerate(values["ids"]):
                one = Call(self.name, "dataset", "write", [[id_], {field: first + number}], db=call.db, uid=call.uid)
                one.model, one.watched = call.model, call.watched
                self.services.execute(one)
                call.changes = (*call.changes, *one.changes)
        return True

    def _action(self, call: Call, value: Any) -> Any:
        return value if isinstance(value, dict) and value.get("type") != "" else False

    def _page(self, call: Call, records: Any) -> dict[str, Any]:
        """Return `{"length", "records"}`; `length` counts all records of the domain."""
        limit, offset = call.kwargs["limit"], call.kwargs["offset"]
        length = len(records) + (offset or 0) if records else 0
        if limit and len(records) == limit:
            count = Call(self.name, "dataset", "search_count", [call.kwargs["domain"]], db=call.db, uid=call.uid)
            count.model, count.kwargs = call.model, {"context": call.kwargs.get("context")}
            length = self.services.execute(count)
        return {"length": length, "records": records}

    def _values(self, call: Call, records: Any) -> dict[str, Any]:
        return {"value": records[0] if records else {}}


def _search_arguments(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "domain": values.get("domain") or [],
        "fields": values.get("fields") or [],
        "offset": values.get("offset") or 0,
        "limit": values.get("limit") or None,
        "order": values.get("sort") or None,
    }


def _unchanged(dialect: Dataset, call: Call, value: Any) -> Any:
    return value


# endpoint → its required and its optional parameters
_PARAMETERS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "call_kw": (("model", "method", "args", "kwargs"), ("path",)),
    "call_button": (("model", "method", "args", "kwargs"), ("path",)),
    "call": (("model", "method", "args"), ("domain_id", "context_id")),
    "search_read": (("model",), ("fields", "offset", "limit", "domain", "sort")),
    "load": (("model", "id"), ("fields",)),
    "resequence": (("model", "ids"), ("field", "offset")),
}
_SHAPES: dict[str, Callable[[Dataset, Call, Any], Any]] = {
    "call_button": Dataset._action,
    "search_read": Dataset._page,
    "load": Dataset._values,
}
