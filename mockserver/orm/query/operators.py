"""A leaf of a domain, and the operators that a generation knows.

Source: versions.md §8.1, §8.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from mockserver.orm.fields.base import Field
from mockserver.orm.fields.numbers import Float, Integer
from mockserver.orm.fields.texts import Char
from mockserver.profiles import Rules

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment
    from mockserver.orm.schema.model import Model

# an operator and its negation; those without one are negated in three-valued logic
NEGATIONS = {
    "=": "!=", "<": ">=", "<=": ">", "in": "not in", "like": "not like", "ilike": "not ilike", "any": "not any",
}  # fmt: skip
NEGATIONS |= {negative: positive for positive, negative in NEGATIONS.items()}
NEGATIVE = frozenset({"!=", "not in", "not like", "not ilike", "not any", "not =like", "not =ilike"})
LIKE = frozenset({"like", "not like", "ilike", "not ilike", "=like", "=ilike", "not =like", "not =ilike"})
WRAPPED = frozenset({"like", "not like", "ilike", "not ilike"})
_EVER = frozenset({*NEGATIONS, "=?", "=like", "=ilike", "child_of", "parent_of"}) - {"any", "not any"}


def negation(operator: str, rules: Rules) -> str | None:
    """The operator that turns a leaf round; None where the leaf is negated as a whole.

    From 19 on the likes without wildcards have one, and a negated inequality takes NULL in.
    """
    if rules.not_equal_like:
        if operator in ("=like", "=ilike"):
            return f"not {operator}"
        if operator in ("not =like", "not =ilike"):
            return operator.removeprefix("not ")
        if operator in ("<", "<=", ">", ">="):
            return None
    return NEGATIONS.get(operator)


@lru_cache(maxsize=32)
def operators(rules: Rules) -> frozenset[str]:
    """The operators that a generation knows.  Source: versions.md §8.1."""
    more = {"any", "not any"} if rules.any else set()
    return _EVER | more | ({"not =like", "not =ilike"} if rules.not_equal_like else set())


SCALAR = {"in": "=", "not in": "!="}
LISTED = {"=": "in", "!=": "not in"}


@dataclass(frozen=True)
class Leaf:
    """One condition on one field; `negated` only where the operator has no negation of its own."""

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
        """The value that counts as NULL: '' and 0 from 18 on, nothing before.  Source: versions.md §8.4."""
        if not self.rules.empty_is_null:
            return None
        return "" if isinstance(self.field, Char) else 0 if isinstance(self.field, (Integer, Float)) else None

    @property
    def negative(self) -> bool:
        return self.operator in NEGATIVE

    @property
    def token(self) -> tuple[Any, ...]:
        return (self.name, self.operator, self.value)
