"""Masking of passwords, keys and tokens, which are recognised by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

HIDDEN = "***"

_SECRET = re.compile(r"passw|pwd|secret|(^|_)(api_?key|token)$", re.IGNORECASE)
_KEY = re.compile(r"^(default_)?key$")
# the models whose field `key` is a secret
_KEYS = "res.users.apikeys"
MAX_DEPTH = 20


def is_secret(name: Any, model: str | None = None) -> bool:
    """Return whether the value under this name is a secret."""
    if not isinstance(name, str):
        return False
    return bool(_SECRET.search(name)) or (bool(_KEY.match(name)) and bool(model and model.startswith(_KEYS)))


def masked_arguments(arguments: Mapping[str, Any], model: str | None) -> dict[str, Any]:
    """Return the arguments of a call with `***` in place of secrets, also in the columns of a table to import."""
    found: dict[str, Any] = masked(arguments, model)
    fields, rows = arguments.get("fields"), arguments.get("data")
    if isinstance(fields, (list, tuple)) and isinstance(rows, (list, tuple)):
        secret = [n for n, name in enumerate(fields) if isinstance(name, str) and is_secret(name.split("/")[-1], model)]
        if secret:
            found["data"] = [_masked_row(row, secret) for row in found["data"]]
    return found


def _masked_row(row: Any, secret: Sequence[int]) -> Any:
    if not isinstance(row, (list, tuple)):
        return row
    return [HIDDEN if item and number in secret else item for number, item in enumerate(row)]


def masked(value: Any, model: str | None = None, depth: int = MAX_DEPTH) -> Any:
    """Return the value with `***` in place of secrets, in mappings and in the leaves of domains."""
    if depth == 0:
        return HIDDEN if isinstance(value, (Mapping, list, tuple)) else value
    if isinstance(value, Mapping):
        return {
            key: HIDDEN if item and is_secret(key, model) else masked(item, model, depth - 1)
            for key, item in value.items()
        }
    if type(value) is list or type(value) is tuple:
        if len(value) == 3 and isinstance(value[1], str) and is_secret(value[0], model):
            shown = [value[0], value[1], HIDDEN]
        elif any(isinstance(item, (Mapping, list, tuple)) for item in value):
            shown = [masked(item, model, depth - 1) for item in value]
        else:
            return value
        return shown if type(value) is list else tuple(shown)
    return value
