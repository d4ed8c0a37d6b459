"""The expectations of a consumer contract: the requested fields and their types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.contract import structure
from mockserver.contract.steps import Fields

_CREATING = ("create", "copy")
# methods that return all fields if none are requested; which of them are read cannot be seen
_ALL_FIELDS_BY_DEFAULT = (
    "read", "search_read", "fields_get", "default_get", "web_read", "web_search_read", "get_views", "get_view",
    "fields_view_get", "load_views", "onchange",
)  # fmt: skip


def expectation(
    method: str, model: str, call: Mapping[str, Any], value: Any, error: str | None, fields: Fields
) -> dict[str, Any]:
    """Return the keys `shape`, `expect` and `at_least` of a step.  `error` is the class of the raised error."""
    if error is not None:
        return {"expect": {"error": {"name": error}}, "at_least": True}
    if method in _CREATING:
        placeholder = ["<new>"] * len(value) if isinstance(value, list) else "<new>"
        return {"shape": "created", "expect": {"result": placeholder}}
    if value is None:
        return {"shape": "type", "expect": {"result": structure.ANY}}
    if method in _ALL_FIELDS_BY_DEFAULT and not _names_fields(call, method):
        return {"shape": "type", "expect": {"result": type(value).__name__}}
    shape = f"types:{model}"
    return {"shape": shape, "expect": {"result": structure.expected(value, fields.get(model))}, "at_least": True}


def _names_fields(call: Mapping[str, Any], method: str) -> bool:
    """Return whether the call names the fields that it requests."""
    kwargs, args = call.get("kwargs", {}), call.get("args", [])
    if any(kwargs.get(name) for name in ("fields", "allfields", "fields_list", "specification")):
        return True
    position = 0 if method in ("fields_get", "default_get") else 1
    return len(args) > position and bool(args[position]) and isinstance(args[position], (list, dict))
