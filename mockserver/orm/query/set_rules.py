"""What the servers that treat values as sets, since 19, make of a leaf before it becomes a condition.

Source: source of Odoo 19, Domain; recorded in json2-domains and domains-511 (19.0).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mockserver.orm.fields.kind import INEQUALITIES
from mockserver.orm.fields.numbers import Boolean
from mockserver.orm.query.conditions import ALWAYS, NEVER, Condition
from mockserver.orm.query.operators import Leaf

_TRUE = frozenset({"y", "yes", "1", "true", "t", "on"})
_OF_SETS = frozenset({"=", "!=", "in", "not in"})


def simplified(leaf: Leaf) -> Leaf | Condition:
    """Return the leaf that stands for this one, or the condition if it does not depend on the records.

    Raises the server's errors for operators and values that do not go together.
    """
    if leaf.value is None:
        leaf = replace(leaf, value=False)
    if leaf.operator == "=?" and not leaf.value:
        return NEVER if leaf.negated else ALWAYS
    if leaf.operator.endswith("like"):
        return _like(leaf)
    if leaf.field.relational and leaf.operator in INEQUALITIES and isinstance(leaf.value, str):
        raise TypeError(f"Inequality not supported for relational field using a string in condition {leaf.token}")
    if isinstance(leaf.field, Boolean) and leaf.operator != "=?":
        return _truths(leaf)
    return leaf


def _like(leaf: Leaf) -> Leaf | Condition:
    """Return the leaf of a pattern; an empty one asks whether there is a value, or matches everything."""
    whole = leaf.operator.removeprefix("not ").startswith("=")
    if leaf.value and isinstance(leaf.value, str):
        return leaf
    if leaf.value and whole:
        raise TypeError(f"The pattern to match must be a string in condition {leaf.token}")
    if leaf.value:
        return replace(leaf, value=str(leaf.value))
    present = leaf.negative is whole
    if whole or leaf.field.relational:
        return replace(leaf, operator="!=" if present else "=", value=False)
    return ALWAYS if present else NEVER


def _truths(leaf: Leaf) -> Leaf:
    """Return a leaf on a boolean with its values as booleans."""
    value = leaf.value
    if leaf.operator not in _OF_SETS:
        raise ValueError(
            f"Cannot compare {leaf.name!r} to {type(value)} which is not a collection of length 1 in condition"
            f" {leaf.token}"
        )
    if isinstance(value, (list, tuple, set, frozenset)):
        return replace(leaf, value=[_truth(item) for item in value])
    return replace(leaf, value=_truth(value))


def _truth(value: Any) -> bool:
    return value.lower() in _TRUE if isinstance(value, str) else bool(value)
