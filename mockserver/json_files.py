"""Read JSON files, with errors that name the file and the place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

MAX_DEPTH = 200  # brackets in each other
_SCALARS = frozenset({str, int, float, bool, type(None)})

Pairs = Callable[[list[tuple[str, Any]]], Any]


class NotJson(ValueError):
    """A file that cannot be read, or is not JSON; the text names it and says why."""


def read(path: str | Path, pairs: Pairs | None = None) -> Any:
    """Return the value of a file; `pairs` makes the objects.  Raises `NotJson`."""
    try:
        value = json.loads(Path(path).read_bytes(), object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        raise NotJson(f"{path}: line {error.lineno} column {error.colno}: not JSON: {error.msg}") from None
    except UnicodeDecodeError as error:
        raise NotJson(f"{path}: byte {error.start}: not UTF-8") from None
    except RecursionError:
        raise NotJson(f"{path}: it is nested too deeply") from None
    except ValueError as error:  # a number with thousands of digits
        raise NotJson(f"{path}: not JSON: {error}") from None
    except OSError as error:
        raise NotJson(f"{path}: {error.strerror or error}") from None
    if is_deep(value):
        raise NotJson(f"{path}: it is nested too deeply: more than {MAX_DEPTH} brackets in each other")
    return value


def is_deep(value: Any) -> bool:
    """Return whether a value nests deeper than `MAX_DEPTH`; one that holds itself does."""
    level = [value]
    for _ in range(MAX_DEPTH):
        parts: list[Any] = []
        for item in level:
            held = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
            parts += [part for part in held if type(part) not in _SCALARS]
        if not parts:
            return False
        level = parts
    return True
