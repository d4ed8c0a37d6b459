"""Faults as JSON, for the control API and for files.

{"type": "HttpError", "status": 503, "retry_after": 2}       a fault, or an error of Odoo by its class
[{"type": "HttpError", "status": 503}, null]                 in turn
{"together": [{"type": "Delay", "seconds": 0.1}, …]}         in one call
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from mockserver import errors
from mockserver.testing.faults import SINGLE, SerializationFailure, ServerError
from mockserver.testing.faults.aim import AIM, nearest
from mockserver.testing.faults.fault import Fault, FaultError, InTurn, Raises, Together, as_fault

ERRORS: dict[str, Callable[..., Exception]] = {
    error.__name__: error
    for error in (
        *(errors.UserError, errors.AccessError, errors.AccessDenied, errors.MissingError, errors.ValidationError),
        *(errors.RedirectWarning, errors.SessionExpired, SerializationFailure, ServerError),
        *(KeyError, TypeError, ValueError),
    )
}
OPTIONS = ("required", "known")
_COUNTS = ("id", "calls", "hits")  # keys that only `Armed.as_dict` adds


def read(data: Any) -> Fault:
    """Return the fault that the JSON describes; raises FaultError, which names what is wrong."""
    if isinstance(data, list):
        return InTurn(tuple(None if one is None else read(one) for one in data))
    if not isinstance(data, Mapping):
        raise FaultError(f"a fault is an object with a type, or a list of them, not {data!r}")
    if "together" in data:
        parts = data["together"]
        if len(data) > 1 or not isinstance(parts, list) or not parts:
            raise FaultError(f'faults in one call are {{"together": [fault, …]}}, not {dict(data)!r}')
        return Together(tuple(read(part) for part in parts))
    values = dict(data)
    kind = values.pop("type", None)
    if kind is None:
        raise FaultError(f'a fault has a type, such as {{"type": "Reset"}}; {dict(data)!r} has none')
    make = SINGLE.get(kind) or ERRORS.get(kind) if isinstance(kind, str) else None
    if make is None:
        known = [*SINGLE, *ERRORS]
        hint = nearest(str(kind), known)
        raise FaultError(f"there is no fault {kind!r}{hint} (known: {', '.join(known)})")
    return as_fault(_made(kind, make, values))


def _made(kind: str, make: Callable[..., Any], values: dict[str, Any]) -> Any:
    parameters = _parameters(make)
    for name in values:
        if name not in parameters:
            takes = ", ".join(parameters) or "no parameters"
            raise FaultError(f"{kind} has no parameter {name!r}{nearest(name, parameters)} (it takes {takes})")
    for name, default in parameters.items():
        if default is inspect.Parameter.empty and name not in values:
            raise FaultError(f"{kind} needs {name!r}")
    if "message" in parameters and not isinstance(values.get("message", ""), str):
        raise FaultError(f"{kind}: message is text, not {values['message']!r}")
    # by position, as exceptions want it
    return make(*(values.get(name, default) for name, default in parameters.items()))


def _parameters(make: Callable[..., Any]) -> dict[str, Any]:
    """Return the defaults of the parameters, by name."""
    try:
        found = inspect.signature(make).parameters
    except ValueError:  # a built-in
        return {"message": inspect.Parameter.empty}
    if any(parameter.kind is inspect.Parameter.VAR_POSITIONAL for parameter in found.values()):
        return {"message": inspect.Parameter.empty}
    return {name: parameter.default for name, parameter in found.items()}


def to_json(fault: Fault | None) -> Any:
    """Return the JSON that `read` takes; an exception of another class has its name and text."""
    if fault is None:
        return None
    if isinstance(fault, InTurn):
        return [to_json(one) for one in fault.faults]
    if isinstance(fault, Together):
        return {"together": [to_json(one) for one in fault.faults]}
    if isinstance(fault, Raises):
        return _error(fault.error)
    values = {field.name: getattr(fault, field.name) for field in fields(fault)}  # type: ignore[arg-type]
    return {"type": type(fault).__name__, **values}


def _error(error: Exception) -> dict[str, Any]:
    kind = type(error).__name__
    parameters = _parameters(ERRORS[kind]) if kind in ERRORS else ("message",)
    # the arguments of an exception are in the order of its parameters; others are attributes
    values = {name: getattr(error, name, None) for name in parameters} | dict(zip(parameters, error.args, strict=False))
    return {"type": kind, **values}


def read_armed(data: Any) -> dict[str, Any]:
    """Return the arguments of `Faults.add`, from the JSON of a fault with its aim; raises FaultError."""
    if not isinstance(data, Mapping) or "fault" not in data:
        raise FaultError(f'a fault with its aim is {{"fault": …, "model": …, …}}, not {data!r}')
    values = {name: value for name, value in data.items() if name not in _COUNTS}
    known = ("fault", *AIM, *OPTIONS)
    for name in values:
        if name not in known:
            raise FaultError(f"a fault has no {name!r}{nearest(str(name), known)} (known: {', '.join(known)})")
    for name in OPTIONS:
        if not isinstance(values.get(name, True), bool):
            raise FaultError(f"{name} is true or false, not {values[name]!r}")
    return {**values, "fault": read(values["fault"])}
