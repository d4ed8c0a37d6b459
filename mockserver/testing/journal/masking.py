"""Masking of passwords, keys and tokens, which are recognised by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping
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
