"""Conditions of leaves on columns: comparisons, membership, patterns, with the generation's rules for NULL.

Source: versions.md §8.4, §8.5, §8.7; recorded in domains-* (17.0).
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import replace
from typing import Any

from mockserver.errors import DatabaseError
from mockserver.orm.fields.numbers import Boolean
from mockserver.orm.fields.relational import Many2one, database_id
from mockserver.orm.fields.texts import Char, without_nul
from mockserver.orm.query import conditions, references
from mockserver.orm.query.conditions import ALWAYS, NEVER, Condition
from mockserver.orm.query.dates import operands
from mockserver.orm.query.operators import OPERATORS, Leaf, operator
from mockserver.profiles import Rules


def _has_negated_likes(rules: Rules) -> bool:
    return rules.not_equal_like


def _negates_inequalities(rules: Rules) -> bool:
    # from 19 on a negated inequality includes NULL
    return not rules.not_equal_like


def on_column(leaf: Leaf) -> Condition:
    """Return the condition of a leaf on a column."""
    return OPERATORS[leaf.operator].on_column(leaf)


@operator("=?")
def _equal_if_given(leaf: Leaf) -> Condition:
    if leaf.value is False or leaf.value is None:
        return NEVER if leaf.negated else ALWAYS
    if not leaf.negated:
        return _equal(replace(leaf, operator="="), null=False)
    return _equal(replace(leaf, operator="!="), null=leaf.rules.empty_is_null)


@operator("=", negation="!=")
@operator("!=", negation="=", negative=True)
def _equality(leaf: Leaf) -> Condition:
    return _equal(leaf, null=True)


@operator("child_of")
@operator("parent_of")
@operator("any", negation="not any", known=lambda rules: rules.any)
@operator("not any", negation="any", negative=True, known=lambda rules: rules.any)
def _relational_only(leaf: Leaf) -> Condition:
    raise leaf.rules.domain_errors.only_relational(operator=leaf.operator, leaf=leaf.token)


@operator("<", negation=">=", has_negation=_negates_inequalities)
@operator("<=", negation=">", has_negation=_negates_inequalities)
@operator(">", negation="<=", has_negation=_negates_inequalities)
@operator(">=", negation="<", has_negation=_negates_inequalities)
def _inequality(leaf: Leaf) -> Condition:
    name, value, field = leaf.name, leaf.value, leaf.field
    if field.dated:
        found = operands.inequality(leaf)
        return conditions.complement(found) if leaf.negated else found
    compared = _comparable(leaf, value)
    found = conditions.compares(name, leaf.operator, compared)
    empty_counts = leaf.falsy == 0 or (leaf.falsy is not None and leaf.rules.empty_text_is_ordered)
    if empty_counts and compared is not None and conditions.holds(leaf.operator, leaf.falsy, compared):
        found = conditions.any_of([found, conditions.is_null(name)])
    return conditions.complement(found) if leaf.negated else found


def _comparable(leaf: Leaf, value: Any) -> Any:
    if leaf.name == "id" and value is True:
        raise DatabaseError("errors.UndefinedFunction", "operator does not exist: integer = boolean\n")
    if leaf.name == "id" or isinstance(leaf.field, Many2one):
        return database_id(value) if value is not False and value is not None else None
    if leaf.field.dated:
        return operands.equal(leaf.env, leaf.field, value)
    return leaf.field.to_condition(value)


def _equal(leaf: Leaf, *, null: bool) -> Condition:
    """Return the condition of `=` or `!=`; `null`: whether `!=` includes NULL, which a negated `=?` does not."""
    name, value, field = leaf.name, leaf.value, leaf.field
    positive = leaf.operator == "="
    if isinstance(field, Boolean) and value is not None:
        if bool(value) is positive:
            return conditions.is_true(name)
        return conditions.is_false(name) if null or positive else conditions.equals(name, False)
    empty = value is False or value is None or (isinstance(field, Many2one) and not value)
    if leaf.falsy is not None and (empty or value == leaf.falsy):
        condition = conditions.is_in(name, {leaf.falsy}, null=True) if positive else None
        return condition or conditions.not_in(name, {leaf.falsy}, null=False)
    if empty:
        return conditions.is_null(name) if positive else conditions.not_null(name)
    compared = _comparable(leaf, value)
    if name == "id":
        return conditions.id_in({compared}) if positive else conditions.id_not_in({compared})
    if isinstance(field, Many2one) and positive:
        return refers(leaf, {compared}, null=False)
    if operands.by_second(leaf):
        null = not positive and null and bool(value) and leaf.rules.negation_takes_null
        return conditions.in_second(name, {compared}, null=null, negated=not positive)
    if positive:
        return conditions.equals(name, compared)
    # NULL differs from a value, but not from '' or 0; recorded in partners-2 (17.0)
    return conditions.differs(name, compared, null=null and bool(value) and leaf.rules.negation_takes_null)


@operator("in", negation="not in")
@operator("not in", negation="in", negative=True)
def _membership(leaf: Leaf) -> Condition:
    name, value, field = leaf.name, leaf.value, leaf.field
    if not isinstance(value, (list, tuple, set, frozenset)):
        raise ValueError(f"Invalid domain term {leaf.token}")
    if isinstance(field, Boolean):
        values: set[Any] = {truth for truth in (True, False) if truth in value}
        with_null = False in value
    else:
        if leaf.rules.zero_in_list_is_null and name != "id":
            given = [item for item in value if item is not None and item != 0]
        else:
            given = [item for item in value if item is not False and item is not None]
        if leaf.falsy is not None and any(item is False or item is None or item == leaf.falsy for item in value):
            given = [item for item in given if item != leaf.falsy] + [leaf.falsy]
            with_null = True
        else:
            with_null = len(given) < len(value)
        values = _listed(leaf, given)
    if operands.by_second(leaf):
        negated = leaf.operator == "not in"
        return conditions.in_second(name, values, null=with_null is not negated, negated=negated)
    if leaf.operator == "in":
        if name == "id":
            return conditions.id_in(values)
        if isinstance(field, Many2one):
            return refers(leaf, values, null=with_null)
        return conditions.is_in(name, values, null=with_null)
    return conditions.not_in(name, values, null=not with_null)


def _listed(leaf: Leaf, given: Iterable[Any]) -> set[Any]:
    if leaf.name == "id":
        return {_comparable(leaf, item) for item in given}
    if leaf.field.dated:
        return {operands.equal(leaf.env, leaf.field, item) for item in given}
    return {leaf.field.to_condition(item) for item in given}


@operator("like", negation="not like")
@operator("not like", negation="like", negative=True)
@operator("ilike", negation="not ilike")
@operator("not ilike", negation="ilike", negative=True)
def _contains(leaf: Leaf) -> Condition:
    """Return the condition of a like that adds wildcards around the text."""
    name, value = leaf.name, leaf.value
    if not value and isinstance(value, (bool, type(None))) and leaf.rules.false_pattern_is_text:
        value = str(value)
    if not value:  # an empty pattern matches everything; negated, only NULL
        if leaf.negative:
            return NEVER if leaf.rules.empty_is_null else conditions.is_null(name)
        return ALWAYS
    return _matches(leaf, f"%{without_nul(value)}%", negative_takes_null=leaf.rules.negation_takes_null)


@operator("=like", negation="not =like")
@operator("not =like", negation="=like", negative=True, known=_has_negated_likes)
@operator("=ilike", negation="not =ilike")
@operator("not =ilike", negation="=ilike", negative=True, known=_has_negated_likes)
def _like(leaf: Leaf) -> Condition:
    """Return the condition of a like that uses the text as the pattern."""
    if leaf.value is False or leaf.value is None:
        return NEVER
    if leaf.value == "" and leaf.rules.empty_is_null:
        positive = conditions.is_in(leaf.name, {""}, null=True)
        return conditions.complement(positive) if leaf.negative or leaf.negated else positive
    return _matches(leaf, without_nul(leaf.value), negative_takes_null=not leaf.negated)


def _matches(leaf: Leaf, pattern: str, *, negative_takes_null: bool) -> Condition:
    fold = "ilike" in leaf.operator
    text = None if isinstance(leaf.field, Char) else leaf.field.to_text
    if leaf.negative or leaf.negated:
        return conditions.mismatches(leaf.name, pattern, fold=fold, text=text, null=negative_takes_null)
    return conditions.matches(leaf.name, pattern, fold=fold, text=text)


def refers(leaf: Leaf, ids: Set[int], *, null: bool) -> Condition:
    """Return the condition that the many2one is among the ids, or NULL with `null`."""
    if not ids and not null:
        return NEVER
    return references.refers_to(leaf.env.db.store, leaf.model.name, leaf.name, ids, null=null)
