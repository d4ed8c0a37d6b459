"""Conditions and sort keys that are kept, since they mean the same whenever they are asked for.

They are those of columns whose values are the same for everybody: no names, paths, dates or translations.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mockserver.orm.fields.binary import Binary
from mockserver.orm.fields.relational import Many2one
from mockserver.orm.query import order as orders
from mockserver.orm.query.conditions import Condition
from mockserver.orm.query.order import Term
from mockserver.orm.query.short import SHORT

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment
    from mockserver.orm.schema.model import Model
    from mockserver.orm.schema.registry import Registry

_MOST = 512  # that are kept
_ITEMS = 32  # of a domain, and of a list in it
_SCALARS = frozenset({str, int, float, bool, type(None)})
_COMPARING = frozenset({"=", "!=", "in", "not in", "<", ">", "<=", ">=", "like", "ilike", "not like", "not ilike",
                        "=like", "=ilike", "not =like", "not =ilike"})  # fmt: skip
Key = tuple[Any, ...]
Tokens = list[Any]


class Kept:
    """What is kept of a database, as long as its models are defined as they are."""

    def __init__(self) -> None:
        self._registry: Registry | None = None
        self._conditions: dict[Key, tuple[Tokens | None, Condition]] = {}
        self._terms: dict[tuple[str, str], list[Term]] = {}

    def _refresh(self, registry: Registry) -> None:
        if self._registry is not registry or len(self._conditions) + len(self._terms) > _MOST:
            self._registry = registry
            self._conditions.clear()
            self._terms.clear()

    def key(self, env: Environment, model: Model, domain: Any) -> Key | None:
        """Return what tells a domain from every other one, None for one that is not kept."""
        if type(domain) not in (list, tuple) or len(domain) > _ITEMS:
            return None
        parts: list[Any] = [model.name, bool(env.context.get("active_test", True))]
        for token in domain:
            if type(token) is str:
                parts.append(token)
                continue
            if type(token) not in (list, tuple) or len(token) != 3:
                return None
            name, operator, value = token
            if type(name) is not str or type(operator) is not str:
                return None
            if type(value) in _SCALARS and not _is_long(value):
                parts.append((name, operator, type(value), value))
            elif type(value) in (list, tuple) and len(value) <= _ITEMS and _SCALARS.issuperset(map(type, value)):
                if any(map(_is_long, value)):
                    return None
                parts.append((name, operator, *map(type, value), *value))
            else:
                return None
        return tuple(parts)

    def condition(self, registry: Registry, key: Key | None) -> tuple[Tokens | None, Condition] | None:
        """Return what is kept: the normalised domain, None for one that everybody may use, and its condition."""
        self._refresh(registry)
        return None if key is None else self._conditions.get(key)

    def keep(self, env: Environment, model: Model, key: Key | None, tokens: Tokens, condition: Condition) -> None:
        """Keep the condition of a domain, if it means the same whenever it is asked for."""
        if key is not None and all(token in ("&", "|", "!") or _is_plain(env, model, token) for token in tokens):
            restricted = model.restricted.keys() & {token[0] for token in tokens if isinstance(token, tuple)}
            self._conditions[key] = tokens if restricted else None, condition

    def terms(self, env: Environment, model: Model, order: str) -> Sequence[Term]:
        """Return the sort keys of an order clause."""
        self._refresh(env.db.registry)
        key = model.name, order
        found = self._terms.get(key)
        if found is None:
            found = orders.terms(env, model, order)
            if not _is_long(order) and all(
                term.column is not None and model.fields[term.column].direct for term in found
            ):
                self._terms[key] = found
        return found


def _is_long(value: Any) -> bool:
    """Return whether a value is a text that is too long to be kept."""
    return type(value) is str and len(value) > SHORT


def _is_plain(env: Environment, model: Model, token: Any) -> bool:
    name, operator, value = token
    field = model.fields.get(name) if isinstance(name, str) else None
    if field is None:
        return isinstance(name, int)  # a leaf that is always true or always false
    if not field.direct or field.dated or isinstance(field, Binary) or operator not in _COMPARING:
        return False
    if field.relational:
        texts = isinstance(value, str) or (isinstance(value, (list, tuple)) and str in map(type, value))
        return isinstance(field, Many2one) and not texts and "like" not in operator
    return name not in env.db.registry.records(model.name)._searched_as
