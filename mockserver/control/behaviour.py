"""Faults and overrides."""

from __future__ import annotations

from typing import Any

from mockserver.control.answers import Refusal
from mockserver.control.questions import Controlled, Route, Value


def list_faults(controlled: Controlled) -> dict[str, Any]:
    """Return those that calls may meet."""
    return {"faults": [armed.as_dict() for armed in controlled.kit.faults]}


def add_fault(controlled: Controlled, body: Any) -> dict[str, Any]:
    """Let calls meet a fault."""
    try:
        return controlled.kit.faults.add_json(body).as_dict()
    except (ValueError, TypeError) as error:  # FaultError, and what the constructor of an error says
        raise Refusal(400, str(error)) from None


def remove_fault(controlled: Controlled, id: int) -> dict[str, Any]:
    """Take one away."""
    for armed in controlled.kit.faults:
        if armed.number == id:
            armed.remove()
            return {"removed": 1}
    raise Refusal(404, f"there is no fault {id}")


def remove_faults(controlled: Controlled) -> dict[str, Any]:
    """Take all away."""
    count = len(controlled.kit.faults)
    controlled.kit.faults.clear()
    return {"removed": count}


def list_overrides(controlled: Controlled) -> dict[str, Any]:
    """Return the methods that answer otherwise."""
    return {"overrides": controlled.kit.overrides.as_list()}


def add_override(controlled: Controlled, body: Any) -> dict[str, Any]:
    """Let a method answer otherwise, or a model have one more."""
    overrides = controlled.kit.overrides
    try:
        added = overrides.add_json(body)
    except (ValueError, TypeError) as error:
        raise Refusal(400, str(error)) from None
    return next(told for told in overrides.as_list() if overrides.numbered(told["id"]) is added)


def remove_override(controlled: Controlled, id: int) -> dict[str, Any]:
    """Take one away."""
    found = controlled.kit.overrides.numbered(id)
    if found is None:
        raise Refusal(404, f"there is no override {id}")
    controlled.kit.overrides.remove(found)
    return {"removed": 1}


def remove_overrides(controlled: Controlled) -> dict[str, Any]:
    """Take all away."""
    count = len(controlled.kit.overrides.as_list())
    controlled.kit.overrides.clear()
    return {"removed": count}


_ID = Value("id", "integer", "Its id", required=True)

ROUTES = (
    Route("GET", "/faults", "The faults, with how many calls fitted and were hit", list_faults, "Faults"),
    Route("POST", "/faults", "Let calls meet a fault", add_fault, "Fault", body="NewFault", status=201),
    Route("DELETE", "/faults", "Take all faults away", remove_faults, "Removed"),
    Route("DELETE", "/faults/{id}", "Take a fault away", remove_fault, "Removed", (_ID,), errors=(404,)),
    Route("GET", "/overrides", "The methods that answer otherwise", list_overrides, "Overrides"),
    Route(
        "POST", "/overrides", "Let a method answer otherwise", add_override, "Override", body="NewOverride", status=201
    ),
    Route("DELETE", "/overrides", "Take all overrides away", remove_overrides, "Removed"),
    Route("DELETE", "/overrides/{id}", "Take an override away", remove_override, "Removed", (_ID,), errors=(404,)),
)
