"""The arguments of a call as the client sent them, and by the parameter names of the method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mockserver.orm.database import Database
from mockserver.orm.schema import api
from mockserver.services.call import Call, take_context
from mockserver.services.named_arguments import signature
from mockserver.testing.journal.masking import HIDDEN
from mockserver.testing.journal.wording import brief

# parameters of the services' methods; arguments of unknown methods are hidden, since they may be secrets
PARAMETERS = {
    "common.login": ("db", "login", "password"),
    "common.authenticate": ("db", "login", "password", "user_agent_env"),
    "session.authenticate": ("password",),
    "db.create_database": (
        "master_password", "db_name", "demo", "lang", "user_password", "login", "country_code", "phone",
    ),
    "db.duplicate_database": ("master_password", "db_original_name", "db_name", "neutralize_database"),
    "db.drop": ("master_password", "db_name"),
    "db.dump": ("master_password", "db_name", "format"),
    "db.restore": ("master_password", "db_name", "data", "copy"),
    "db.rename": ("master_password", "old_name", "new_name"),
    "db.change_admin_password": ("master_password", "new_password"),
    "db.db_exist": ("db_name",),
    "db.list": ("document",),
}  # fmt: skip
# other names of a parameter in some versions and methods
ALIASES = {"vals": ("vals_list", "values"), "domain": ("args",)}


class Sent(NamedTuple):
    """The request of the client, also where the server did not read it (a wrong password, a fault)."""

    db: str | None
    uid: int | None
    model: str | None
    method: str
    args: Sequence[Any]
    kwargs: Mapping[str, Any]


class Bound(NamedTuple):
    """Arguments by name, positional ones without a name, the ids and the context; with secrets."""

    args: dict[str, Any]
    positional: tuple[Any, ...]
    ids: list[Any]
    context: Mapping[str, Any]


def sent(call: Call | None) -> Sent:
    """Return the request as far as the server has read it."""
    if call is None:
        return Sent(None, None, None, "", (), {})
    if call.model is None and call.service == "object":
        return _unread(call)
    db = call.db
    args = call.positional
    if db is None and call.service == "common" and args:
        db = args[0] if isinstance(args[0], str) else None
    model = None if call.model is None else text(call.model)
    return Sent(db, call.uid, model, text(call.method), args, call.named)


def bind(request: Sent, service: str | None, database: Database | None) -> Bound:
    """Return the arguments by name; those of an unknown method of a service are hidden."""
    _, _, model, method, args, kwargs = request
    if model is None:
        names = PARAMETERS.get(f"{service}.{method}", ())
        hidden = (HIDDEN,) * len(args[len(names) :])
        return Bound(dict(zip(names, args, strict=False)), hidden, [], {})
    options = dict(kwargs)
    found = naming(database, model, method)
    if database is not None and found and database.profile.rules.context_argument:
        args = take_context(found, args, options)
    # a context that is not a mapping stays among the arguments
    context = options.pop("context", None) if isinstance(options.get("context") or {}, Mapping) else None
    ids: list[Any] = []
    if args and (_are_ids(args[0]) if found is None else found.takes_ids):
        ids, args = _listed(args[0]), args[1:]
    elif args and args[0] == () and service == "json2":  # a call that a fault stopped before the ids were removed
        args = args[1:]
    names = () if found is None else tuple(signature(found.function).parameters)[1:]
    named = {name: value for name, value in zip(names, args, strict=False) if name not in options}
    rest = (*(v for n, v in zip(names, args, strict=False) if n in options), *args[len(names) :])
    return Bound({**named, **options}, rest, ids, context if isinstance(context, Mapping) else {})


def naming(database: Database | None, model: str, method: str) -> api.Method | None:
    """Return the method whose parameter names apply: for an override that of the server."""
    if database is None:
        return None
    return database.registry.own_method(model, method) or database.method(model, method)


def _unread(call: Call) -> Sent:
    """Return the request of a call of `object` whose arguments the server did not read."""
    given = call.positional
    params = (*given[:7], *(None,) * (7 - len(given[:7])))
    db, uid, _, model, method, args, kwargs = params
    if call.method != "execute_kw":
        args, kwargs = given[5:], {}
    return Sent(
        db if isinstance(db, str) else None,
        uid if isinstance(uid, int) else None,
        None if model is None else text(model),
        text(method),
        args if isinstance(args, (list, tuple)) else (),
        kwargs if isinstance(kwargs, Mapping) else {},
    )


def text(name: Any) -> str:
    """Return a name as text; clients may send anything."""
    return name if isinstance(name, str) else brief(name)


def _are_ids(value: Any) -> bool:
    return type(value) is int or (isinstance(value, list) and all(type(item) is int for item in value))


def _listed(ids: Any) -> list[Any]:
    if isinstance(ids, (list, tuple)):
        return list(ids)
    return [] if ids is None or ids is False else [ids]
