"""Calls with named arguments only, as in JSON-2.

Source: versions.md §11.2, §11.4; recorded in json2 (19.0).
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from mockserver.errors import NotFound, UnprocessableEntity
from mockserver.orm.database import Database
from mockserver.orm.schema import api
from mockserver.services.call import Call, execute, public_method


def execute_named(database: Database, call: Call, ids: Any) -> Any:
    """Run the call and return its result, with records always as a list of ids; sets the call's `args`.

    `call.kwargs` has the arguments by name, and `context`.  Raises NotFound for an unknown model or method,
    UnprocessableEntity for arguments that do not fit, and what the method raises.
    """
    assert call.model is not None
    assert call.uid is not None
    if database.registry.get(call.model) is None:
        raise NotFound(f"the model {call.model!r} does not exist")
    try:
        found = public_method(database, call.model, call.method)
    except AttributeError as error:
        raise NotFound(str(error)) from None
    if ids and not found.takes_ids:
        raise UnprocessableEntity(f"cannot call {call.model}.{call.method} with ids")
    arguments = {name: value for name, value in call.kwargs.items() if name != "context"}
    if call.kwargs.get("context") is not None:
        dict(call.kwargs["context"])  # raises Python's error for another value
    try:
        signature(found.function).bind(None, **arguments)
    except TypeError as error:
        raise UnprocessableEntity(str(error)) from None
    call.args = [ids or []] if found.takes_ids else []
    if call.method == "create" and "vals_list" in arguments:
        # the form of its result depends on its first argument; in JSON-2 it is always a list
        call.args = [arguments["vals_list"]]
        call.kwargs = {name: value for name, value in call.kwargs.items() if name != "vals_list"}
        value = execute(database, call)
        return value if isinstance(value, list) else [value]
    return execute(database, call)


@functools.lru_cache(maxsize=4096)
def signature(function: Callable[..., Any]) -> inspect.Signature:
    """Return the signature that a caller sees: without the parameter for the overridden method."""
    found = inspect.signature(function)
    names = list(found.parameters)
    if len(names) > 1 and names[1] == api.PARENT:
        return found.replace(parameters=[p for name, p in found.parameters.items() if name != api.PARENT])
    return found


def public_methods(model: str, database: Database) -> Mapping[str, api.Method]:
    """Return the methods of a model that a client may call, by name."""
    rules = database.profile.rules
    methods = database.registry.methods_of(model)
    return {
        name: method
        for name, method in sorted(methods.items())
        if not name.startswith("_") and not method.refused(rules) and name not in api.PRIVATE_NAMES
    }
