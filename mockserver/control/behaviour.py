"""Faults and overrides."""

from __future__ import annotations

from typing import Any

from mockserver.control.answers import Refusal
from mockserver.control.routes import Controlled, Route, Value
from mockserver.testing.overrides.forms import listed


def list_faults(controlled: Controlled) -> dict[str, Any]:
    """Return the faults with their counts."""
    return {"faults": [armed.as_dict() for armed in controlled.kit.faults]}


def add_fault(controlled: Controlled, body: Any) -> dict[str, Any]:
    """Add a fault."""
    try:
        return controlled.kit.faults.add_json(body).as_dict()
    except (ValueError, TypeError) as error:  # FaultError, and what the constructor of an exception raises
        raise Refusal(400, str(error)) from None


def remove_fault(controlled: Controlled, id: int) -> dict[str, Any]:
    """Remove one fault."""
    for armed in controlled.kit.faults:
        if armed.number == id:
            armed.remove()
            return {"removed": 1}
    raise Refusal(404, f"there is no fault {id}")


def remove_faults(controlled: Controlled) -> dict[str, Any]:
    """Remove all faults."""
    count = len(controlled.kit.faults)
    controlled.kit.faults.clear()
    return {"removed": count}


def list_overrides(controlled: Controlled) -> dict[str, Any]:
    """Return the overrides."""
    return {"overrides": controlled.kit.overrides.as_list()}


def add_override(controlled: Controlled, body: Any) -> dict[str, Any]:
    """Override a method, or add one to a model."""
    try:
        return listed(controlled.kit.overrides.add_json(body))
    except (ValueError, TypeError) as error:
        raise Refusal(400, str(error)) from None


def remove_override(controlled: Controlled, id: int) -> dict[str, Any]:
    """Remove one override."""
    if not controlled.kit.overrides.remove_numbered(id):
        raise Refusal(404, f"there is no override {id}")
    return {"removed": 1}


def remove_overrides(controlled: Controlled) -> dict[str, Any]:
    """Remove all overrides."""
    count = len(controlled.kit.overrides.as_list())
    controlled.kit.overrides.clear()
    return {"removed": count}


_ID = Value("id", "integer", "Its id", required=True)

ROUTES = (
    Route(
        "GET",
        "/faults",
        "The faults, each with the number of calls that matched and that it hit",
        list_faults,
        "Faults",
    ),
    Route("POST", "/faults", "Add a fault", add_fault, "Fault", body="NewFault", status=201),
    Route("DELETE", "/faults", "Remove all faults", remove_faults, "Removed"),
    Route("DELETE", "/faults/{id}", "Remove a fault", remove_fault, "Removed", (_ID,), errors=(404,)),
    Route("GET", "/overrides", "The overridden methods", list_overrides, "Overrides"),
    Route("POST", "/overrides", "Override a method", add_override, "Override", body="NewOverride", status=201),
    Route("DELETE", "/overrides", "Remove all overrides", remove_overrides, "Removed"),
    Route("DELETE", "/overrides/{id}", "Remove an override", remove_override, "Removed", (_ID,), errors=(404,)),
)
