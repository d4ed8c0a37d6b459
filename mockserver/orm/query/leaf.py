"""Compile one leaf of a domain, for each kind of field.

For a relational field, a path, a name, a subdomain or a hierarchy is resolved to a set of ids first, which is then
compared like the values of any column.  Source: versions.md §8.4–8.8; recorded in domains-*.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mockserver.errors import DatabaseError
from mockserver.orm.fields.base import Json
from mockserver.orm.fields.binary import Binary
from mockserver.orm.fields.relational import Many2many, Many2one, One2many, Properties, database_id, inverse_name
from mockserver.orm.query import conditions, hierarchy, properties, references, reverse, set_rules, slots, values
from mockserver.orm.query.column_leaf import on_column, refers
from mockserver.orm.query.conditions import ALWAYS, NEVER, Condition
from mockserver.orm.query.dates import parts
from mockserver.orm.query.operators import LISTED, OPERATORS, SCALAR, Leaf, is_known

if TYPE_CHECKING:
    from mockserver.orm.schema.model import Model


# Python's errors for False in the list of a hierarchy that is read from the texts of paths
_NO_PATH: dict[str, tuple[type[Exception], str]] = {
    "child_of": (TypeError, "unsupported operand type(s) for +: 'bool' and 'str'"),
    "parent_of": (AttributeError, "'bool' object has no attribute 'split'"),
}


def compile_leaf(leaf: Leaf) -> Condition:
    """Return the condition of a leaf whose fields are known to exist."""
    head, _, rest = leaf.name.partition(".")
    if rest and isinstance(leaf.model.fields[head], Properties):
        return _property(leaf, head, rest)
    if rest and leaf.rules.date_parts and leaf.model.fields[head].dated:
        return parts.compile_part(leaf, head, rest)
    if rest:
        raise leaf.rules.domain_errors.not_relational(
            path=leaf.name, leaf=leaf.token, field=head, rest=rest, model=leaf.model.name,
            field_type=type(leaf.model.fields[head]).__name__,
        )  # fmt: skip
    return slots.in_environment(leaf.env, leaf.field, _on_field(leaf))


def _on_field(leaf: Leaf) -> Condition:
    """Return the condition on the row's key `name`; `compile_leaf` applies it to the value in the environment."""
    field = leaf.field
    if field.related and not field.column:
        if not values.resolves(leaf.env, leaf.model, field.related, unloaded=True):
            return NEVER if leaf.negated else ALWAYS  # as a field that cannot be searched
        path, _, last = field.related.rpartition(".")
        if not path:  # another name of a field of the same record
            return compile_leaf(replace(leaf, name=last))
        return _by_path(leaf, path.split("."), last)
    if leaf.rules.domain_sets:
        simple = set_rules.simplified(leaf)
        if isinstance(simple, Condition):
            return simple
        leaf = simple
    if leaf.operator in ("child_of", "parent_of"):
        return _hierarchy(leaf)
    if leaf.name == "id" and leaf.operator in ("any", "not any") and leaf.rules.domain_sets:
        return _by_own_domain(leaf)
    return _on_value(leaf)


def _on_value(leaf: Leaf) -> Condition:
    field = leaf.field
    if leaf.operator in ("any", "not any") and not field.relational:
        # before the field's own method is asked.  Inferred: until 18
        raise leaf.rules.domain_errors.only_relational(operator=leaf.operator, leaf=leaf.token)
    if isinstance(field, Many2one) and field.column:
        return _many2one(leaf)
    if isinstance(field, One2many) or (isinstance(field, Many2many) and field.store):
        return _x2many(leaf)
    if isinstance(field, Binary) and leaf.model.name != "ir.attachment" and not _asks_existence(leaf):
        return ALWAYS  # a file is not in the table: the server logs an error and ignores the leaf
    if not field.column:
        if field.search:
            return _by_search_method(leaf, field.search)
        # a field that cannot be searched does not limit the result; Source: versions.md §8.3
        return NEVER if leaf.negated else ALWAYS
    instead = leaf.env.db.registry.records(leaf.model.name)._searched_as.get(field.name)
    if instead is not None:
        name, convert = instead
        return on_column(replace(leaf, name=name, value=convert(leaf)))
    return on_column(leaf)


def _by_own_domain(leaf: Leaf) -> Condition:
    """Return the condition of the domain that `id any` holds."""
    from mockserver.orm.query.domain import compile_domain

    found = compile_domain(leaf.env, leaf.model, leaf.value)
    return conditions.complement(found) if leaf.negative is not leaf.negated else found


def _asks_existence(leaf: Leaf) -> bool:
    if leaf.rules.domain_sets:
        values = leaf.value if isinstance(leaf.value, (list, tuple, set)) else [leaf.value]
        return leaf.operator in ("=", "!=", "in", "not in") and all(value is False or value is None for value in values)
    return leaf.operator in ("=", "!=") and not leaf.value


def _by_search_method(leaf: Leaf, method: str) -> Condition:
    """Return the condition of the domain that the field's search method returns for the leaf."""
    from mockserver.orm.query.domain import compile_domain

    domain = getattr(leaf.env.browse(leaf.model, ()), method)(leaf.operator, leaf.value)
    found = compile_domain(leaf.env, leaf.model, domain)
    return conditions.complement(found) if leaf.negated else found


def _property(leaf: Leaf, head: str, name: str) -> Condition:
    """Return the condition on one property, compiled as if it were a column."""
    field = leaf.model.fields[head]
    assert isinstance(field, Properties)
    column = Json(name=leaf.name, model=leaf.model.name)
    alone = leaf.model.extended([column])
    condition = on_column(replace(leaf, model=alone))
    return properties.on_property(field, name, leaf.name, condition, negative=leaf.negative)


def _by_path(leaf: Leaf, path: list[str], last: str) -> Condition:
    """Return the condition on a related field, as one on the record at the end of the path."""
    rest = ".".join((*path[1:], last))
    inner = [(rest, leaf.operator, leaf.value)]
    if leaf.operator == "any" and not is_known("any", leaf.rules):  # a path that goes on from the field
        inner = [(f"{rest}.{name}", operator, value) for name, operator, value in leaf.value]
    return compile_leaf(replace(leaf, name=path[0], operator="any", value=inner))


def _ids(leaf: Leaf, comodel: str, domain: Any, **context: Any) -> set[int]:
    env = leaf.env.with_context(**context) if context else leaf.env
    definition = env.db.registry.get(comodel)
    # a model that is not loaded has no records
    return {row["id"] for row in env.rows(definition, domain)} if definition is not None else set()


def _many2one(leaf: Leaf) -> Condition:
    env, name, value = leaf.env, leaf.name, leaf.value
    comodel = leaf.field.comodel
    if leaf.operator == "any" and env.su and leaf.field.direct and comodel in env.db.registry:
        condition = env.with_context(active_test=False).condition(env.db.registry[comodel], value)
        return references.target_matches(env.db.store, leaf.model.name, name, comodel, condition)
    if leaf.operator in ("any", "not any"):
        ids = _ids(leaf, comodel, value, active_test=False)
        return refers(leaf, ids, null=False) if leaf.operator == "any" else conditions.not_in(name, ids)
    names, targets = _named(leaf)
    if targets:
        found = set(env.with_context(active_test=False).name_search(comodel, names, "in"))
        return on_column(replace(leaf, value=[*targets, *found]))
    if (isinstance(value, str) and leaf.operator not in ("=?",)) or _has_text(value):
        operator = {"<": "in", "<=": "in", ">": "in", ">=": "in"}.get(leaf.operator, leaf.operator)
        operator = (LISTED if isinstance(value, (list, tuple)) else SCALAR).get(operator, operator)
        found = set(env.with_context(active_test=False).name_search(comodel, value, operator))
        return _refers_not(leaf, found) if leaf.negated else refers(leaf, found, null=leaf.negative)
    return on_column(leaf)


def _refers_not(leaf: Leaf, ids: Set[int]) -> Condition:
    """Return the negation of `refers`: NULL does not match, unless there are no ids."""
    return conditions.not_in(leaf.name, ids, null=False) if ids else ALWAYS


def _named(leaf: Leaf) -> tuple[list[str], list[Any]]:
    """Return the names and the ids of a list that has both, which is one of either before 19."""
    listed = leaf.value if isinstance(leaf.value, (list, tuple)) and leaf.rules.names_among_ids else ()
    names = [item for item in listed if isinstance(item, str)]
    return names, [item for item in listed if not isinstance(item, str)] if names else []


def _has_text(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and any(isinstance(item, str) for item in value)


def _x2many(leaf: Leaf) -> Condition:
    ids = _line_ids(leaf)
    holders = owners(leaf, _visible(leaf, ids))
    without = (leaf.negative is (ids is not None)) is not leaf.negated
    if without and ids and leaf.rules.lines_without_owner_refuse and not _all_owned(leaf, ids):
        return NEVER
    return conditions.id_not_in(holders) if without else conditions.id_in(holders)


def _all_owned(leaf: Leaf, ids: set[int]) -> bool:
    """Return whether each line of a one2many has an owner; in SQL, no id is `NOT IN` a list that holds NULL."""
    if not isinstance(leaf.field, One2many):
        return True
    rows, inverse = leaf.env.db.store.rows(leaf.field.comodel), inverse_name(leaf.field)
    return all(rows[id_].get(inverse) for id_ in ids if id_ in rows)


def _line_ids(leaf: Leaf) -> set[int] | None:
    """Return the ids of the lines that the leaf refers to; None means any line (a comparison with False)."""
    field, value, operator = leaf.field, leaf.value, leaf.operator
    comodel = field.comodel
    if comodel not in leaf.env.db.registry:
        return set()
    if operator in ("any", "not any"):
        # the field's own domain is not added here, as it is in a search by name; recorded in partners-1 (17.0)
        return _ids(leaf, comodel, value, **(field.context or {}))
    if operator == "=?" or value is None:
        value = value or False
    if value is False:
        return None
    names, ids = _named(leaf)
    if ids:
        found = leaf.env.name_search(comodel, names, "in", field.domain or [])
        return {database_id(item) for item in ids if item is not False and item is not None}.union(found)
    if isinstance(value, str) or (_has_text(value) and leaf.rules.x2many_finds_names):
        positive = (OPERATORS[operator].negation or operator) if leaf.negative else operator
        positive = (LISTED if isinstance(value, (list, tuple)) else SCALAR).get(positive, positive)
        env = leaf.env.with_context(**field.context) if field.context else leaf.env
        return set(env.name_search(comodel, value, positive, field.domain or []))
    items = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
    return {database_id(item) for item in items if item is not False and item is not None}


def _visible(leaf: Leaf, ids: set[int] | None) -> set[int] | None:
    """Return those of the lines, or of all lines, that count for the generation: active ones, of the field's domain."""
    field, rules = leaf.field, leaf.rules
    domain = (field.domain or []) if rules.x2many_domain_counts else []
    if not domain and (ids is not None or not rules.any_line_is_active or not isinstance(field, One2many)):
        return ids
    context = dict(field.context or {}) if ids is None else {"active_test": False}
    shown = _ids(leaf, field.comodel, domain, **context)
    return shown if ids is None else ids & shown


def owners(leaf: Leaf, ids: set[int] | None) -> set[int]:
    """Return the ids of the records that have one of the lines; with None, any line."""
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
    if field.relation and field.relation not in env.db.registry:  # a model that is not loaded has no records
        return ALWAYS if leaf.negated else NEVER
    comodel = env.db.registry[field.relation] if field.relation else leaf.model
    if not field.relational and leaf.name != "id":
        raise leaf.rules.domain_errors.no_hierarchy(
            operator=leaf.operator, model=leaf.model.name, field=leaf.name, leaf=leaf.token
        )
    # a relation to its own model forms the hierarchy, and the condition is on the record
    own = leaf.name == "id" or (isinstance(field, (Many2one, One2many)) and comodel.name == leaf.model.name)
    found = _hierarchy_ids(leaf, comodel, own=own)
    ids = {id_ for id_ in found if id_}
    if own:
        return conditions.id_not_in(ids) if leaf.negated else conditions.id_in(ids)
    if isinstance(field, Many2one):
        return _refers_not(leaf, ids) if leaf.negated else refers(leaf, ids, null=len(ids) < len(found))
    holders = owners(leaf, ids)
    return conditions.id_not_in(holders) if leaf.negated else conditions.id_in(holders)


def _hierarchy_ids(leaf: Leaf, comodel: Model, *, own: bool) -> Set[int]:
    """Return the ids of the comodel's records that child_of or parent_of stands for."""
    env, field, rules = leaf.env, leaf.field, leaf.rules
    ids = tuple(_hierarchy_roots(leaf, comodel))
    nothing = not ids and leaf.value is not False and comodel.parent_store
    if nothing and leaf.operator == "parent_of" and rules.parents_of_nothing:
        if own:
            raise IndexError("pop from empty list")
        return _ids(leaf, comodel.name, [])
    if own and isinstance(field, One2many) and rules.lines_turn_hierarchy and not comodel.parent_store:
        climb = hierarchy.above if leaf.operator == "child_of" else hierarchy.below
        return climb(env, comodel, field, ids)
    walk = hierarchy.descendants if leaf.operator == "child_of" else hierarchy.ancestors
    found = walk(env, comodel, ids, leaf.name if own and isinstance(field, Many2one) else None)
    if isinstance(field, Many2many) and rules.hierarchy_of_active:
        found = _ids(leaf, comodel.name, [("id", "in", tuple(found))])
    if isinstance(field, Many2many) and not found and rules.hierarchy_of_nothing_fails:
        raise DatabaseError("errors.SyntaxError", 'syntax error at or near ")"\n')
    return found


def _hierarchy_roots(leaf: Leaf, comodel: Model) -> Iterable[int]:
    """Return the ids that the leaf's value names; in some generations False, for the records without a parent."""
    value, rules, env = leaf.value, leaf.rules, leaf.env
    if rules.hierarchy_sees_archived and isinstance(leaf.field, Many2one):
        env = env.with_context(active_test=False)
    with_false = rules.child_of_false_is_roots if value is False else rules.false_in_hierarchy
    for item in value if isinstance(value, (list, tuple)) else [value]:
        if isinstance(item, str):
            yield from env.name_search(comodel.name, item, "ilike")
        elif item:
            yield int(item)
        elif item is False and with_false:
            if not comodel.parent_store:
                yield item
            elif rules.false_has_no_path:
                error, text = _NO_PATH[leaf.operator]
                raise error(text)
