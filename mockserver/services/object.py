"""The `object` service: methods of models, with the password in every call.  Source: versions.md §4.3."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockserver.errors import AccessError
from mockserver.services import auth
from mockserver.services.call import Call, execute as run
from mockserver.services.db import Databases, dispatch_table

_UID_TEXT = (
    "Database fetch misses ids ({given}) and has extra ids ({read}), may be caused by a type incoherence in a previous"
    " request"
)
# (model, method, args, kwargs)
Binding = tuple[Any, Any, tuple[Any, ...], dict[str, Any]]


def execute(db: str, uid: int, obj: str, method: str, *args: Any, **kw: Any) -> Binding:
    """Take positional arguments only; the parameter names are those that "missing argument" texts show."""
    return obj, method, args, kw


def execute_kw(db: str, uid: int, obj: str, method: str, args: Any, kw: Any = None) -> Binding:
    """Take a list and a mapping; an empty list or None is an empty mapping."""
    return execute(db, uid, obj, method, *args, **kw or {})


def service(databases: Databases) -> Callable[[Call], Any]:
    """Return the function that answers calls of `object`.

    The order of the checks is the real server's: number of arguments, database, password, method, its arguments.
    """
    functions = dispatch_table(f"{databases.profile.package}.service.model", (execute, execute_kw))

    arity = databases.profile.rules.arity_by_unpacking

    def object_(call: Call) -> Any:
        params = call.args
        if arity == "three":
            _, _, _ = params[:3]
        elif arity == "five":
            _, _, _, _, _, *rest = params
            if call.method == "execute_kw" and not rest:
                _, _ = rest
        db, uid, password = params[0], int(params[1]), params[2]
        database = databases.connect(db)
        auth.check(database, uid, password)
        function = functions.get(call.method)
        if function is None:
            raise NameError(f"Method not available {call.method}")
        model, method, args, kwargs = function(db, uid, *params[3:])
        if isinstance(params[1], str) and not databases.profile.rules.uid_may_be_text:
            raise AccessError(_UID_TEXT.format(given=(params[1],), read=(uid,)))
        call.db, call.uid = db, uid
        call.model, call.method, call.args, call.kwargs = model, method, args, kwargs
        return run(database, call)

    return object_
