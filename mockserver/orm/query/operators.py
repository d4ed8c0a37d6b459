"""A leaf of a domain, and the operators of each generation.

Source: versions.md §8.1, §8.4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne
from typing import TYPE_CHECKING, Any

from mockserver.orm.fields.base import Field
from mockserver.orm.fields.numbers import Float, Integer
from mockserver.orm.fields.texts import Char
from mockserver.orm.query.conditions import Condition
from mockserver.profiles import Rules

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment
    from mockserver.orm.schema.model import Model


# how numbers are compared outside conditions: in HAVING, and in searches on computed numbers
COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lt, ">": gt, "<=": le, ">=": ge, "=": eq, "!=": ne,
}  # fmt: skip


def always(rules: Rules) -> bool:
    """Return True: for every generation."""
    return True


OnColumn = Callable[["Leaf"], Condition]


@dataclass(frozen=True)
class Operator:
    """One operator of domains; `on_column` gives the condition of a leaf on a column.

    `negation` is the opposite operator; without one, a leaf is negated as a whole.  `known` says whether a generation
    has the operator, `has_negation` whether its negation can be used there.
    """

    symbol: str
    on_column: OnColumn
    negation: str | None = None
    negative: bool = False
    known: Callable[[Rules], bool] = always
    has_negation: Callable[[Rules], bool] = always


# by symbol; filled by the decorator `operator`, in `column_leaf.py`
OPERATORS: dict[str, Operator] = {}


def operator(symbol: str, **attributes: Any) -> Callable[[OnColumn], OnColumn]:
    """Register a function that gives the condition of an operator on a column; `attributes` are those of `Operator`."""

    def add(function: OnColumn) -> OnColumn:
        OPERATORS[symbol] = Operator(symbol, function, **attributes)
        return function

    return add


def is_known(symbol: Any, rules: Rules) -> bool:
    """Return whether a generation has an operator.  Source: versions.md §8.1."""
    found = OPERATORS.get(symbol) if isinstance(symbol, str) else None
    return found is not None and found.known(rules)


def is_negative(symbol: Any) -> bool:
    """Return whether an operator selects what does not match."""
    found = OPERATORS.get(symbol) if isinstance(symbol, str) else None
    return found is not None and found.negative


def negation(symbol: str, rules: Rules) -> str | None:
    """Return the opposite operator; None where the leaf is negated as a whole.

    From 19 on `=like` and `=ilike` have one, and inequalities have none, as a negated inequality includes NULL.
    """
    found = OPERATORS.get(symbol)
    if found is None or not found.has_negation(rules) or not is_known(found.negation, rules):
        return None
    return found.negation


def operators(rules: Rules) -> frozenset[str]:
    """Return the operators that a generation has."""
    return frozenset(symbol for symbol in OPERATORS if is_known(symbol, rules))


# the operator for a single value, and for a list of values
SCALAR = {"in": "=", "not in": "!="}
LISTED = {"=": "in", "!=": "not in"}


@dataclass(frozen=True)
class Leaf:
    """One condition on one field; `negated` is set only where the operator has no negation."""

    env: Environment
    model: Model
    name: str
    operator: str
    value: Any
    negated: bool = False

    @property
    def field(self) -> Field:
        return self.model.fields[self.name]

    @property
    def rules(self) -> Rules:
        return self.env.db.profile.rules

    @property
    def falsy(self) -> Any:
        """The value that is treated like NULL: '' or 0 from 18 on, none before.  Source: versions.md §8.4."""
        if not self.rules.empty_is_null:
            return None
        return "" if isinstance(self.field, Char) else 0 if isinstance(self.field, (Integer, Float)) else None

    @property
    def negative(self) -> bool:
        return is_negative(self.operator)

    @property
    def token(self) -> tuple[Any, ...]:
        return (self.name, self.operator, self.value)
