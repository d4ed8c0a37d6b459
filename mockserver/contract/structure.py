"""The structure of an answer, with types in place of values: what a consumer of it relies on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.orm.fields.base import is_a
from mockserver.orm.fields.relational import Many2many, One2many

ANY, LIST, EMPTY = "<any>", "<list>", "empty"
RECORD = "record"  # a many2one as `read` gives it: `[id, name]`
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATETIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d.*")

Described = Mapping[str, Mapping[str, str]]


def types(value: Any, fields: Described | None = None) -> Any:
    """Return types in place of values: `{"name": "text", "email": "empty"}`, one item for a whole list.

    `fields`: those of the model, as `fields_get` returns them; False is "empty" except in a boolean field.
    """
    if isinstance(value, dict):
        known = fields or {}
        return {name: _field_type(item, known.get(name, {}).get("type"), fields) for name, item in value.items()}
    if isinstance(value, list):
        if _is_pair(value):
            return RECORD
        return [_merge(types(item, fields) for item in value)] if value else []
    return _scalar_type(value)


def expected(value: Any, fields: Described | None = None) -> Any:
    """Return the structure for `expect` of a contract: an empty value matches anything, an empty list any list."""
    return _lenient(types(value, fields))


def _lenient(structure: Any) -> Any:
    if isinstance(structure, dict):
        return {name: _lenient(item) for name, item in structure.items()}
    if isinstance(structure, list):
        return [_lenient(item) for item in structure] if structure else LIST
    return ANY if structure in (EMPTY, "mixed") else structure


def _field_type(value: Any, kind: str | None, fields: Described | None) -> Any:
    if isinstance(value, bool):
        return "boolean" if kind == "boolean" else EMPTY if kind or value is False else ANY
    if is_a(kind, One2many, Many2many) and isinstance(value, list) and all(type(item) is int for item in value):
        return "ids"
    return types(value, None if kind else fields)


def _is_pair(value: list[Any]) -> bool:
    return len(value) == 2 and type(value[0]) is int and isinstance(value[1], str)


def _scalar_type(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if not value:  # None and empty texts
        return EMPTY
    text = str(value)
    return "date" if _DATE.fullmatch(text) else "datetime" if _DATETIME.fullmatch(text) else "text"


def _merge(items: Iterable[Any]) -> Any:
    """Return one structure for all items of a list; a value that is empty in some has its type from others."""
    merged: Any = EMPTY
    for item in items:
        merged = _merge_two(merged, item)
    return merged


def _merge_two(one: Any, other: Any) -> Any:
    if one in (EMPTY, []) or one == other:
        return other
    if other in (EMPTY, []):
        return one
    if isinstance(one, dict) and isinstance(other, dict):
        return {name: _merge_two(one.get(name, EMPTY), other.get(name, EMPTY)) for name in {**one, **other}}
    if isinstance(one, list) and isinstance(other, list):
        return [_merge_two(one[0], other[0])]
    texts = ("text", "date", "datetime")
    return "text" if one in texts and other in texts else "mixed"
