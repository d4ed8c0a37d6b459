"""The shapes of results in which no record has a label: what is left of a value, whatever server gave it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from mockserver.contract.paths import ABSENT

_ROOT = re.compile(r"<(\w+)")


def unchanged(value: Any) -> Any:
    """`raw`: return the value itself."""
    return value


def type_name(value: Any) -> str:
    """`type`: return the name of the Python type."""
    return type(value).__name__


def size(value: Any) -> Any:
    """`len`: return `list of 3`."""
    return f"{type_name(value)} of {len(value)}" if isinstance(value, (list, dict, str)) else value


def created(value: Any) -> Any:
    """`created`: return `<new>` for an id, a list of it for ids."""
    if isinstance(value, list):
        return ["<new>"] * len(value)
    return "<new>" if type(value) is int else value


def loaded(value: Any) -> Any:
    """`loaded`: return the answer of `load` with the number of ids in place of the ids."""
    return {**value, "ids": len(value["ids"])} if isinstance(value, dict) and value.get("ids") else value


def without_ids(value: Any) -> Any:
    """`webrecords`: return records at any depth without their ids."""
    if isinstance(value, dict):
        return {key: without_ids(item) for key, item in value.items() if key != "id"}
    return [without_ids(item) for item in value] if isinstance(value, list) else value


def external_id(value: Any) -> Any:
    """`xref`: return `[model, "#"]` for `[model, id]`."""
    if isinstance(value, list) and len(value) == 2 and type(value[1]) is int:
        return [value[0], "#"]
    return value


def keys(value: Any) -> Any:
    """`keys`: return the sorted names of an object."""
    return sorted(value) if isinstance(value, dict) else value


def keys_below(value: Any) -> Any:
    """`subkeys`: return for each name of an object the sorted names in its own value, or that value's type."""
    if not isinstance(value, dict):
        return value
    return {key: sorted(item) if isinstance(item, dict) else type_name(item) for key, item in value.items()}


def translations(value: Any) -> Any:
    """`translations`: return the answer of `get_field_translations` in one order, by source and language."""
    if not (isinstance(value, list) and len(value) == 2 and isinstance(value[0], list)):
        return value
    return [sorted(value[0], key=lambda told: (str(told.get("source")), str(told.get("lang")))), value[1]]


def views(value: Any) -> Any:
    """`viewkeys`: return which models, views, toolbars and root elements the answer of `get_views` has."""
    if not isinstance(value, dict):
        return value
    found = {name: _view(view) for name, view in (value.get("views") or {}).items()}
    return {"keys": sorted(value), "models": sorted(value.get("models") or {}), "views": found}


def _view(view: Mapping[str, Any]) -> dict[str, Any]:
    toolbar, root = view.get("toolbar"), _ROOT.match(view.get("arch") or "")
    return {
        "keys": sorted(view),
        "model": view.get("model"),
        "toolbar": sorted(toolbar) if isinstance(toolbar, dict) else "<none>",
        "filters": "filters" in view,
        "root": root and root[1],
    }


def attributes(names: str, value: Any) -> Any:
    """`fieldkeys:type,string`: return these attributes of each field in the answer of `fields_get`."""
    if not isinstance(value, dict):
        return value
    return {
        field: {name: told.get(name, ABSENT) for name in names.split(",")} if isinstance(told, dict) else told
        for field, told in value.items()
    }


PLAIN: Mapping[str, Callable[[Any], Any]] = {
    "raw": unchanged,
    "created": created,
    "loaded": loaded,
    "webrecords": without_ids,
    "type": type_name,
    "len": size,
    "keys": keys,
    "subkeys": keys_below,
    "xref": external_id,
    "translations": translations,
    "viewkeys": views,
}
