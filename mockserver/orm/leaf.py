"""What one leaf of a domain means on each kind of field.

Relational fields are resolved to ids first — a path, a name, a subdomain or a hierarchy becomes a
set — and then compare like any column.  Source: versions.md §8.4–8.8; recorded in domains-*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mockserver.orm import conditions, hierarchy, properties, reverse
from mockserver.orm.compute import SEARCHES
from mockserver.orm.conditions import ALWAYS, NEVER, Condition
from mockserver.orm.fields import Char, Field, Json, without_nul
from mockserver.orm.relational import Many2many, Many2one, One2many, Properties, database_id

if TYPE_CHECKING:
    from mockserver.orm.environment import Environment
    from mockserver.orm.schema import Model

# an operator and its negation; those without one are negated in three-valued logic
NEGATIONS = {
    "=": "!=", "<": ">=", "<=": ">", "in": "not in", "like": "not like", "ilike": "not ilike", "any": "not any",
}  # fmt: skip
NEGATIONS |= {negative: positive for positive, negative in NEGATIONS.items()}
NEGATIVE = frozenset({"!=", "not in", "not like", "not ilike", "not any"})
_LIKE = frozenset({"like", "not like", "ilike", "not ilike", "=like", "=ilike"})
_WRAPPED = frozenset({"like", "not like", "ilike", "not ilike"})
OPERATORS = frozenset({*NEGATIONS, "=?", "=like", "=ilike", "child_of", "parent_of"})
_SCALAR = {"in": "=", "not in": "!="}
_LISTED = {"=": "in", "!=": "not in"}


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
    def negative(self) -> bool:
        return self.operator in NEGATIVE

    @property
    def token(self) -> tuple[Any, ...]:
        return (self.name, self.operator, self.value)


def compile_leaf(leaf: Leaf) -> Condition:
    """The condition of one leaf whose fields are known to exist."""
    head, _, rest = leaf.name.partition(".")
    if rest and isinstance(leaf.model.fields[head], Properties):
        return _property(leaf, head, rest)
    if rest:
        raise AssertionError(f"Invalid field {leaf.name!r} in domain term {leaf.token}")
    field = leaf.field
    if field.related and not field.column:
        path, _, last = field.related.rpartition(".")
        return _by_path(leaf, path.split("."), last)
    if leaf.operator in ("child_of", "parent_of"):
        return _hierarchy(leaf)
    if isinstance(field, Many2one) and field.column:
        return _many2one(leaf)
    if isinstance(field, One2many) or (isinstance(field, Many2many) and field.store):
        return _x2many(leaf)
    if not field.column:
        search = SEARCHES.get((leaf.model.name, leaf.name))
        if search:
            found: Condition = search(leaf.env, leaf.operator, leaf.value)
            return found
        # a field that cannot be searched does not limit the result; Source: versions.md §8.3
        return NEVER if leaf.negated else ALWAYS
    return _column(leaf)


def _property(leaf: Leaf, head: str, name: str) -> Condition:
    """A condition on one property is one on a column of its own."""
    field = leaf.model.fields[head]
    assert isinstance(field, Properties)
    column = Json(name=leaf.name, model=leaf.model.name)
    alone = leaf.model.extended([column])
    condition = _column(replace(leaf, model=alone))
    return properties.on_property(field, name, leaf.name, condition, negative=leaf.negative)


def _by_path(leaf: Leaf, path: list[str], last: str) -> Condition:
    """A related field: the condition holds for the record at the end of the path."""
    operator, value = leaf.operator, leaf.value
    for step in (last, *reversed(path[1:])):
        operator, value = "any", [(step, operator, value)]
    inner = replace(leaf, name=path[0], operator=operator, value=value)
    return compile_leaf(inner)


def _ids(leaf: Leaf, comodel: str, domain: Any, **context: Any) -> set[int]:
    env = leaf.env.with_context(**context) if context else leaf.env
    return set(env.select(env.db.registry[comodel], domain))


def _many2one(leaf: Leaf) -> Condition:
    env, name, value = leaf.env, leaf.name, leaf.value
    comodel = leaf.field.comodel
    if leaf.operator in ("any", "not any"):
        ids = _ids(leaf, comodel, value, active_test=False)
        return _refers(leaf, ids, null=False) if leaf.operator == "any" else conditions.not_in(name, ids)
    if (isinstance(value, str) and leaf.operator not in ("=?",)) or _has_text(value):
        operator = {"<": "in", "<=": "in", ">": "in", ">=": "in"}.get(leaf.operator, leaf.operator)
        operator = (_LISTED if isinstance(value, (list, tuple)) else _SCALAR).get(operator, operator)
        found = set(env.with_context(active_test=False).name_search(comodel, value, operator))
        return _refers_not(leaf, found) if leaf.negated else _refers(leaf, found, null=leaf.negative)
    if leaf.operator in _WRAPPED and not value:
        return _column(replace(leaf, value=""))
    return _column(leaf)


def _refers(leaf: Leaf, ids: Set[int], *, null: bool) -> Condition:
    if not ids and not null:
        return NEVER
    return conditions.refers_to(leaf.env.db.store, leaf.model.name, leaf.name, ids, null=null)


def _refers_not(leaf: Leaf, ids: Set[int]) -> Condition:
    """The negation of `_refers`: NULL is not known to be outside, save where nothing can be inside."""
    return conditions.not_in(leaf.name, ids, null=False) if ids else ALWAYS


def _has_text(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and any(isinstance(item, str) for item in value)


def _x2many(leaf: Leaf) -> Condition:
    ids = _lines(leaf)
    holders = owners(leaf, ids)
    without = (leaf.negative is (ids is not None)) is not leaf.negated
    return conditions.id_not_in(holders) if without else conditions.id_in(holders)


def _lines(leaf: Leaf) -> set[int] | None:
    """Ids of the lines that the leaf speaks of; None means any line (a comparison with False)."""
    field, value, operator = leaf.field, leaf.value, leaf.operator
    comodel = field.comodel
    if comodel not in leaf.env.db.registry:
        return set()
    if operator in ("any", "not any"):
        # the field's own domain is not added here, as it is when a name is looked for; recorded in partners-1 (17.0)
        return _ids(leaf, comodel, value, **(field.context or {}))
    if operator == "=?" or value is None:
        value = value or False
    if value is False:
        return None
    if isinstance(value, str) or _has_text(value):
        positive = NEGATIONS[operator] if leaf.negative else operator
        positive = (_LISTED if isinstance(value, (list, tuple)) else _SCALAR).get(positive, positive)
        env = leaf.env.with_context(**field.context) if field.context else leaf.env
        return set(env.name_search(comodel, value, positive, field.domain or []))
    items = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
    return {database_id(item) for item in items if item is not False and item is not None}


def owners(leaf: Leaf, ids: set[int] | None) -> set[int]:
    """Ids of the records that hold one of the lines, or any line."""
    env, field = leaf.env, leaf.field
    store = env.db.store
    if isinstance(field, One2many) or field.mirror:
        rows = store.rows(field.comodel)
        return reverse.owners(env, field, rows.values() if ids is None else [rows[i] for i in ids if i in rows])
    if ids is None:
        return {row["id"] for row in store.rows(leaf.model.name).values() if row.get(leaf.name)}
    return store.having(leaf.model.name, leaf.name, ids)


def _hierarchy(leaf: Leaf) -> Condition:
    env, field = leaf.env, leaf.field
    walk = hierarchy.descendants if leaf.operator == "child_of" else hierarchy.ancestors
    comodel = env.db.registry[field.relation] if field.relation else leaf.model
    if not field.relational and leaf.name != "id":
        raise KeyError(leaf.operator)
    start = set(_hierarchy_roots(leaf, comodel))
    if isinstance(field, (Many2one, One2many)) and comodel.name == leaf.model.name:
        # the relation itself is the hierarchy: the condition is on the record
        return _in_ids(leaf, walk(env, leaf.model, start, leaf.name if isinstance(field, Many2one) else None))
    ids = walk(env, comodel, start, None)
    if leaf.name == "id":
        return _in_ids(leaf, ids)
    if isinstance(field, Many2one):
        return _refers_not(leaf, ids) if leaf.negated else _refers(leaf, ids, null=False)
    holders = owners(leaf, ids)
    return conditions.id_not_in(holders) if leaf.negated else conditions.id_in(holders)


def _in_ids(leaf: Leaf, ids: set[int]) -> Condition:
    return conditions.id_not_in(ids) if leaf.negated else conditions.id_in(ids)


def _hierarchy_roots(leaf: Leaf, comodel: Model) -> Iterable[int]:
    value = leaf.value
    for item in value if isinstance(value, (list, tuple)) else [value]:
        if isinstance(item, str):
            yield from leaf.env.name_search(comodel.name, item, "ilike")
        elif item:
            yield int(item)


def _column(leaf: Leaf) -> Condition:
    name, operator, value, field = leaf.name, leaf.operator, leaf.value, leaf.field
    if operator == "=?":
        if value is False or value is None:
            return NEVER if leaf.negated else ALWAYS
        return _equal(replace(leaf, operator="!=" if leaf.negated else "="), null=False)
    if operator in ("in", "not in"):
        return _membership(leaf)
    if operator in ("=", "!="):
        return _equal(leaf, null=True)
    if operator in _LIKE:
        return _like(leaf)
    if operator in ("any", "not any"):
        raise ValueError(f"Invalid leaf {leaf.token}")
    return conditions.compares(name, operator, _comparable(field, name, operator, value))


def _comparable(field: Field, name: str, operator: str, value: Any) -> Any:
    if name == "id" or isinstance(field, Many2one):
        return database_id(value) if value is not False and value is not None else None
    if field.type == "datetime" and isinstance(value, str) and len(value) == 10:
        # a bare date means its end after `>` and `<=`, its beginning elsewhere; Source: versions.md §8.7
        value += " 23:59:59" if operator in (">", "<=") else " 00:00:00"
    return field.to_condition(value)


def _equal(leaf: Leaf, *, null: bool) -> Condition:
    """`=` and `!=`; `null` tells whether `!=` takes NULL in, as a negated `=?` does not."""
    name, value, field = leaf.name, leaf.value, leaf.field
    positive = leaf.operator == "="
    if field.type == "boolean" and value is not None:
        if bool(value) is positive:
            return conditions.is_true(name)
        return conditions.is_false(name) if null or positive else conditions.equals(name, False)
    empty = value is False or value is None or (isinstance(field, Many2one) and not value)
    if empty:
        return conditions.is_null(name) if positive else conditions.not_null(name)
    compared = _comparable(field, name, leaf.operator, value)
    if name == "id":
        return conditions.id_in({compared}) if positive else conditions.id_not_in({compared})
    if isinstance(field, Many2one) and positive:
        return _refers(leaf, {compared}, null=False)
    # NULL differs from a value, but not from '' or 0; recorded in partners-2 (17.0)
    if positive:
        return conditions.equals(name, compared)
    return conditions.differs(name, compared, null=null and bool(value))


def _membership(leaf: Leaf) -> Condition:
    name, value, field = leaf.name, leaf.value, leaf.field
    if not isinstance(value, (list, tuple, set, frozenset)):
        raise ValueError(f"Invalid domain term {leaf.token}")
    if field.type == "boolean":
        values: set[Any] = {truth for truth in (True, False) if truth in value}
        with_null = False in value
    else:
        given = [item for item in value if item is not False and item is not None]
        with_null = len(given) < len(value)
        convert: Callable[[Any], Any] = database_id if name == "id" else field.to_condition
        values = {convert(item) for item in given}
    if leaf.operator == "in":
        if name == "id":
            return conditions.id_in(values)
        if isinstance(field, Many2one):
            return _refers(leaf, values, null=with_null)
        return conditions.is_in(name, values, null=with_null)
    return conditions.not_in(name, values, null=not with_null)


def _like(leaf: Leaf) -> Condition:
    name, value, operator, field = leaf.name, leaf.value, leaf.operator, leaf.field
    fold = "ilike" in operator
    text = None if isinstance(field, Char) else field.to_text
    if operator in _WRAPPED:
        if not value:  # an empty pattern: everything, or NULL alone when negative
            return conditions.is_null(name) if leaf.negative else ALWAYS
        build = conditions.mismatches if leaf.negative else conditions.matches
        return build(name, f"%{without_nul(value)}%", fold=fold, text=text)
    if value is False or value is None:
        return NEVER
    if leaf.negated:
        return conditions.mismatches(name, without_nul(value), fold=fold, null=False, text=text)
    return conditions.matches(name, without_nul(value), fold=fold, text=text)
