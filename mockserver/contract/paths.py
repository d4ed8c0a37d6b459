"""Paths into JSON answers, such as `result.records.0.name`."""

from __future__ import annotations

from typing import Any

ABSENT = "<absent>"


def value_at(payload: Any, path: str) -> Any:
    """Return the value at a path such as `a.b.0.c` in a JSON answer, or `<absent>`.

    A part `<keys>` gives the names of an object, `<type>` the Python type.
    """
    value = payload
    for part in path.split(".") if path else ():
        if part == "<keys>":
            value = sorted(value) if isinstance(value, dict) else None
        elif part == "<type>":
            value = type(value).__name__
        elif isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return ABSENT
    return value


def values_at(value: Any, path: str) -> Any:
    """Return the value at a path that passes through lists to each of their items: `lines.name` gives all names."""
    name, _, rest = path.partition(".")
    if isinstance(value, list):
        return [values_at(item, path) for item in value]
    if not isinstance(value, dict):
        return ABSENT
    found = value.get(name, ABSENT)
    return values_at(found, rest) if rest else found
