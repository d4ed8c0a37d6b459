"""Signatures of calls: two calls of a method are equal if their arguments differ only in values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_OPERATORS = ("&", "|", "!")


def signature_of(call: Mapping[str, Any], error: str | None) -> str:
    """Return a text that is the same for all calls of a method with such arguments and such an outcome."""
    parts = [call["model"], call["method"], _kind(call["args"]), _kind(call["kwargs"]), error]
    return json.dumps(parts, sort_keys=True)


def _kind(value: Any) -> Any:
    """Return the value with types in place of values; names of fields, operators and options stay."""
    if isinstance(value, Mapping):
        return {key: _kind_of_value(item) for key, item in value.items()}
    if isinstance(value, list):
        if _is_leaf(value):
            return [value[0], value[1], _kind_of_value(value[2])]
        kinds = [_kind(item) for item in value]
        if all(isinstance(item, Mapping) for item in value) or all(type(item) is int for item in value):
            kinds = [kind for number, kind in enumerate(kinds) if kind not in kinds[:number]]  # equal items once
        return kinds
    return type(value).__name__ if not isinstance(value, str) else value


def _kind_of_value(value: Any) -> Any:
    """Return the kind of a named value; a list of names, such as `fields`, stays."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    return _kind(value) if isinstance(value, (list, Mapping)) else type(value).__name__


def _is_leaf(value: list[Any]) -> bool:
    return len(value) == 3 and isinstance(value[0], str) and isinstance(value[1], str) and value[0] not in _OPERATORS
