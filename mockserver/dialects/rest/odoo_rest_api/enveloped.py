"""The routes with JSON-RPC's envelope: login, POST, PUT, and calls of functions.

Source: rest-yezy §2, §5, §6, §8; recorded in yezy-odoo-17.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import addons
from mockserver.dialects import Request
from mockserver.dialects.rest.odoo_rest_api.answers import NO_MODEL
from mockserver.dialects.rest.odoo_rest_api.calls import PlannedCall, plan_call
from mockserver.dialects.rest.odoo_rest_api.operations import links_missing_record, x2many_commands
from mockserver.dialects.web.session import base_url
from mockserver.errors import AccessDenied, DatabaseError, ValidationError
from mockserver.orm.records.environment import Recordset
from mockserver.services.session_info import session_info
from mockserver.services.sessions import Session

if TYPE_CHECKING:
    from mockserver.dialects.rest.odoo_rest_api import OdooRestApi

_NO_DATA = "`data` parameter is not found on {verb} request body"
_BROKEN = "current transaction is aborted, commands ignored until end of transaction block\n"


# -- login


def authenticate(dialect: OdooRestApi, request: Request) -> PlannedCall:
    """Log in and answer with the session information.

    Differs: with Odoo 18 and later the add-on's login fails, as it does not support their login function.
    """
    params = dialect.params(request)
    params.pop("context", None)
    for name in ("login", "password", "db"):
        if name not in params:
            raise AccessDenied(f"`{name}` is required.")
    call = PlannedCall(
        dialect.name, "rest", "authenticate", (params["password"],), db=params["db"], login=params["login"]
    )

    def work(dialect: OdooRestApi, call: PlannedCall) -> dict[str, Any]:
        services = dialect.services
        session = services.sessions.open(call.db, call.login, call.args[0], dialect.session_id(request))
        call.uid, request.session = session.uid, session
        return session_info(services.databases.connect(call.db), session, base_url(request))

    call.work = work
    return call


# -- records


def create(dialect: OdooRestApi, request: Request) -> PlannedCall:
    """Create a record and answer with its id."""
    session, params, context = _as_user(dialect, request)
    data = _data(params, "POST")
    model = _known_model(dialect, request, session)
    call = plan_call(dialect, session, model, "create", data, context=context)

    def work(dialect: OdooRestApi, call: PlannedCall) -> Any:
        with dialect.services.databases.connect(call.db).transaction():
            created = dialect.services.execute(call)
            # for several records, which the add-on does not expect, `.id` raises and the creation is rolled back
            return created if isinstance(created, int) else dialect.records(call).browse(created).id

    call.work = work
    return call


def update_one(dialect: OdooRestApi, request: Request) -> PlannedCall:
    """Write values to a record; the answer is False if the write fails."""
    session, params, context = _as_user(dialect, request)
    data = _data(params, "PUT")
    model = _known_model(dialect, request, session)
    values = x2many_commands(data, strict=True)
    call = plan_call(dialect, session, model, "write", [dialect.record_id(request)], values, context=context)
    call.work = _written
    return call


def update_many(dialect: OdooRestApi, request: Request) -> PlannedCall:
    """Write values to all records of a filter; the answer is True if there are none, whatever the values are."""
    session, params, context = _as_user(dialect, request)
    data = _data(params, "PUT")
    model = _known_model(dialect, request, session)
    search = plan_call(dialect, session, model, "search", params["filter"], context=context)
    call = plan_call(dialect, session, model, "write", [], data, context=context)

    def work(dialect: OdooRestApi, call: PlannedCall) -> bool:
        found = dialect.services.execute(search)
        if not found:
            return True
        call.args = [found, x2many_commands(data, strict=False)]
        return _written(dialect, call)

    call.work = work
    return call


def _written(dialect: OdooRestApi, call: PlannedCall) -> bool:
    try:
        return bool(dialect.services.execute(call))
    except Exception as error:
        if isinstance(error, ValidationError) and links_missing_record(dialect.records(call), call.args[1]):
            raise DatabaseError("errors.InFailedSqlTransaction", _BROKEN) from error
        return False


# -- functions


def function(dialect: OdooRestApi, request: Request) -> PlannedCall:
    """Call a function of a model; the answer has records as the text of Python's `repr`."""
    return _function(dialect, request, [])


def record_function(dialect: OdooRestApi, request: Request) -> PlannedCall:
    """Call a function of a record."""
    return _function(dialect, request, [dialect.record_id(request)])


def _function(dialect: OdooRestApi, request: Request, ids: list[int]) -> PlannedCall:
    session, params, _ = _as_user(dialect, request)
    model, name = request.arguments["model"], request.arguments["function"]
    args, kwargs = list(params.get("args", ())), params.get("kwargs", {})
    if not isinstance(kwargs, dict):
        raise TypeError(f"{name}() argument after ** must be a mapping, not {type(kwargs).__name__}")
    if "context" in kwargs:
        raise TypeError(f"{name}() got an unexpected keyword argument 'context'")
    found = addons.method(model, name, dialect.profile.generation)
    if found is not None and found.takes_ids:
        args.insert(0, ids)
    call = plan_call(dialect, session, model, name, *args, **kwargs)

    def work(dialect: OdooRestApi, call: PlannedCall) -> Any:
        value = dialect.services.execute(call, direct=True)
        return repr(value) if isinstance(value, Recordset) else value

    call.work = work
    return call


# -- parameters


def _as_user(dialect: OdooRestApi, request: Request) -> tuple[Session, dict[str, Any], dict[str, Any]]:
    """Return the session, the params without the context, and the context for the call."""
    session, params = dialect.as_user(request)
    given = params.pop("context", None)
    if given is None:
        return session, params, session.context
    if not isinstance(given, Mapping):
        raise TypeError(f"update_context() argument after ** must be a mapping, not {type(given).__name__}")
    replaces = dialect.profile.rules.context_param_replaces
    return session, params, dict(given) if replaces else {**session.context, **given}


def _data(params: Mapping[str, Any], verb: str) -> Any:
    if "data" not in params:
        raise ValidationError(_NO_DATA.format(verb=verb))
    return params["data"]


def _known_model(dialect: OdooRestApi, request: Request, session: Session) -> str:
    model = request.arguments["model"]
    if model not in dialect.services.databases.connect(session.db).registry:
        raise ValidationError(NO_MODEL.format(model=model))
    return model
