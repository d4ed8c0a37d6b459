"""HAVING: conditions on the aggregates of a group, since 19.

Source: source of Odoo, BaseModel._read_group_having; recorded in json2-groups (19.0).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mockserver.errors import DatabaseError
from mockserver.orm.query.operators import COMPARISONS
from mockserver.orm.storage.store import Row

Measure = Callable[[Sequence[Row]], Any]
# whether a group with these rows matches; None is unknown, as in SQL
Test = Callable[[Sequence[Row]], "bool | None"]

SUPPORTED = ("in", "not in", "<", ">", "<=", ">=", "=", "!=")


def compiled(clause: Sequence[Any], measure: Callable[[str], Measure]) -> Test:
    """Return the test of a domain whose leaves are `(aggregate, operator, value)`.

    `measure` returns the function of an aggregate's specification, or raises the server's errors.
    """
    stack: list[Test] = []
    for item in reversed(clause):
        if item == "!":
            stack.append(_negated(stack.pop()))
        elif item in ("&", "|"):
            stack.append(_joined(stack.pop(), stack.pop(), decisive=item == "|"))
        elif isinstance(item, (list, tuple)) and len(item) == 3:
            stack.append(_leaf(item, measure))
        else:
            raise ValueError(f"Invalid having clause {item!r}: it should be a domain-like clause")
    while len(stack) > 1:
        stack.append(_joined(stack.pop(), stack.pop(), decisive=False))
    return stack[0]


def _negated(test: Test) -> Test:
    return lambda rows: None if (found := test(rows)) is None else not found


def _joined(first: Test, second: Test, *, decisive: bool) -> Test:
    """Return AND, or OR if True is decisive."""

    def test(rows: Sequence[Row]) -> bool | None:
        found = (first(rows), second(rows))
        return decisive if decisive in found else None if None in found else not decisive

    return test


def _leaf(item: Sequence[Any], measure: Callable[[str], Measure]) -> Test:
    left, symbol, right = item
    if symbol not in SUPPORTED:
        raise ValueError(f"Invalid having clause {item!r}: supported comparators are {SUPPORTED}")
    found = measure(left)
    if symbol not in COMPARISONS or isinstance(right, (list, tuple)):
        # the list is sent to the database as an array
        raise DatabaseError("errors.SyntaxError", 'syntax error at or near "ARRAY"\n')
    compare = COMPARISONS[symbol]

    def test(rows: Sequence[Row]) -> bool | None:
        value = found(rows)
        if right is None or (value is False and not isinstance(right, bool)):
            return None  # an aggregate without values is NULL
        return compare(value, _like(value, right))

    return test


def _like(value: Any, right: Any) -> Any:
    """Return a literal in the type of what it is compared with, as the database reads it."""
    if isinstance(right, str) and isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return float(right)
        except ValueError:
            text = f'invalid input syntax for type integer: "{right}"\n'
            raise DatabaseError("errors.InvalidTextRepresentation", text) from None
    return right
