"""Aggregate functions over the rows of a group, with the results that the database gives.

A function takes the values of one field, one per row in id order; None is NULL, also as a result.
Source: recorded in core-groups (17.0).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from mockserver.errors import DatabaseError
from mockserver.orm.fields.base import Field

_SQL_NAMES = {"count_distinct": "count", "recordset": "array_agg"}

Aggregate = Callable[[Sequence[Any]], Any]


def aggregate(field: Field, function: str) -> Aggregate:
    """Return an aggregate function for a field; raises the database's error if its type does not support it."""
    if function not in field.aggregates:
        name, column = _SQL_NAMES.get(function, function), field.sql_type or field.type
        raise DatabaseError("errors.UndefinedFunction", f"function {name}({column}) does not exist\n")
    if function in ("sum", "avg"):
        return _arithmetic(function, exact=field.exact)
    return FUNCTIONS[function]


def _arithmetic(function: str, *, exact: bool) -> Aggregate:
    add = _decimal_sum if exact else _sum

    def compute(values: Sequence[Any]) -> Any:
        present = _present(values)
        if not present:
            return None
        total = add(present)
        if function == "avg":
            return float(total / len(present))
        return float(total) if exact else total

    return compute


def _sum(values: Sequence[Any]) -> Any:
    # one by one, as the database adds; Python's own sum() compensates rounding errors from 3.12 on
    total = values[0]
    for value in values[1:]:
        total += value
    return total


def _decimal_sum(values: Sequence[Any]) -> Decimal:
    return sum((Decimal(repr(value)) for value in values), Decimal(0))


def _present(values: Sequence[Any]) -> list[Any]:
    return [value for value in values if value is not None]


FUNCTIONS: dict[str, Aggregate] = {
    "sum": _arithmetic("sum", exact=False),
    "avg": _arithmetic("avg", exact=False),
    "min": lambda values: min(_present(values), default=None),
    "max": lambda values: max(_present(values), default=None),
    "bool_and": lambda values: all(found) if (found := _present(values)) else None,
    "bool_or": lambda values: any(found) if (found := _present(values)) else None,
    "array_agg": lambda values: list(values) or None,
    "count": lambda values: len(_present(values)),
    "count_distinct": lambda values: len(set(_present(values))),
    "recordset": lambda values: list(dict.fromkeys(_present(values))),
}
