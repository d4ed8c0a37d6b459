"""Comparisons of one column's value, in three-valued logic: `None` in and out is SQL's NULL and unknown.

Source: versions.md §8.4, §8.5, §8.7.
"""

from __future__ import annotations

from typing import Any

Truth = bool | None
TEXTS = frozenset({"char", "text", "selection", "html"})


def compare(kind: str, held: Any, operator: str, value: Any) -> Truth:
    """The truth of `held operator value` on a column of that type."""
    if operator == "=?":
        return True if value is None or value is False else equal(kind, held, value)
    if operator == "=":
        return equal(kind, held, value)
    if operator == "!=":
        return different(kind, held, value)
    if operator in ("in", "not in"):
        return among(kind, held, operator, value)
    if operator.endswith("like"):
        return alike(kind, held, operator, value)
    right = convert(kind, operator, value)
    if held is None or right is None:
        return None
    return bool({"<": held < right, "<=": held <= right, ">": held > right, ">=": held >= right}[operator])


def equal(kind: str, held: Any, value: Any) -> Truth:
    """`=`: False asks for NULL, on a boolean for false too."""
    if kind == "boolean" and value is False:
        return not held
    if value is None or value is False or (kind == "many2one" and not value):
        return held is None
    return None if held is None else bool(held == convert(kind, "=", value))


def different(kind: str, held: Any, value: Any) -> Truth:
    """`!=`: NULL is different from a value, but neither from an empty text nor from 0."""
    if kind == "boolean" and isinstance(value, bool):
        return not held if value else bool(held)
    if value is None or value is False or (kind == "many2one" and not value):
        return held is not None
    if held is None:
        return True if value else None
    return bool(held != convert(kind, "!=", value))


def among(kind: str, held: Any, operator: str, values: Any) -> Truth:
    """`in` and `not in`: False in the list stands for NULL, which is otherwise different from all of it."""
    with_null = any(value is False or (value is None and kind != "boolean") for value in values)
    options = [convert(kind, "in", value) for value in values if value is not None]
    if kind != "boolean":
        options = [convert(kind, "in", value) for value in values if value is not None and value is not False]
    is_in = with_null if held is None else held in options
    return is_in if operator == "in" else not is_in


def alike(kind: str, held: Any, operator: str, value: Any) -> Truth:
    """The like family, on the value as text."""
    if not operator.startswith("="):
        if not value:  # an empty pattern: everything; when negative, NULL alone
            return held is None if operator.startswith("not") else True
        value = f"%{value}%"
    elif value is None or value is False:
        return None
    if held is None:
        return True if operator.startswith("not") else None
    text = as_text(kind, held)
    if operator.endswith("ilike"):
        text, value = text.lower(), value.lower()
    return like(text, str(value)) is not operator.startswith("not")


def like(text: str, pattern: str) -> bool:
    """SQL's LIKE: `%` is any text, `_` one character, a backslash takes the next character as it is."""
    if not pattern:
        return not text
    first, rest = pattern[0], pattern[1:]
    if first == "%":
        return any(like(text[skipped:], rest) for skipped in range(len(text) + 1))
    if first == "\\":
        first, rest = rest[0], rest[1:]
    elif first == "_" and text:
        return like(text[1:], rest)
    return text[:1] == first and like(text[1:], rest)


def as_text(kind: str, held: Any) -> str:
    """A value as the database prints it."""
    if kind == "boolean":
        return "true" if held else "false"
    if kind == "float" and held == int(held):
        return str(int(held))
    return str(held)


def convert(kind: str, operator: str, value: Any) -> Any:
    """The right-hand side as a value of the column's type; None for NULL."""
    if kind == "integer":
        return int(value or 0)
    if kind == "float":
        return float(value or 0.0)
    if value is None or (value is False and kind != "boolean"):
        return None
    if kind in TEXTS:
        return str(value)
    if kind == "date":
        return value[:10]
    if kind == "datetime" and len(value) == 10:
        return value + (" 23:59:59" if operator in (">", "<=") else " 00:00:00")
    return value


def place(x: Any, y: Any, descending: bool, nulls_first: bool) -> int:
    """-1, 0 or 1 as `x` sorts before, with or after `y`."""
    if x == y:
        return 0
    if x is None or y is None:
        return -1 if (x is None) is nulls_first else 1
    return -1 if (x > y) is descending else 1
