"""The domain language of 17.0 a second time, written for reading: one row, one leaf, three truths.

Nothing here knows the compiler, its indexes or its tables; what both say is compared, and what this says is
compared with the recordings of a real server too.  A truth is True, False or None, which is SQL's unknown:
a comparison with NULL is unknown, and a row is found only when the whole domain is True.
Source: versions.md §8; recorded in domains-*, partners-* (17.0).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.properties import naive_values
from tests.properties.naive_values import Truth

Row = Mapping[str, Any]  # a key that is absent is NULL; a many2many is a tuple of ids

OPPOSITE = {
    "=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "in": "not in", "not in": "in",
    "like": "not like", "not like": "like", "ilike": "not ilike", "not ilike": "ilike",
    "any": "not any", "not any": "any",
}  # fmt: skip
NEGATIVE = {"!=", "not in", "not like", "not ilike", "not any"}


@dataclass(frozen=True)
class Column:
    """One field: `inverse` is the many2one of a one2many; `stored` is false for a field that cannot be searched."""

    type: str
    comodel: str = ""
    inverse: str = ""
    stored: bool = True


@dataclass(frozen=True)
class Table:
    """One model."""

    fields: dict[str, Column]
    name: str = "name"
    order: str = "id"
    parent: str = "parent_id"
    active: str | None = None


class Leaf(NamedTuple):
    """`(field, operator, value)` with the rewritings done that never depend on data.

    `shortcut` is what an empty `in` says before any field is looked at.
    """

    field: str
    operator: str
    value: Any
    shortcut: Truth = None


class Node(NamedTuple):
    """`all` or `any` of the parts, or `not` of the one part."""

    kind: str
    parts: tuple[Any, ...]


Tree = Any  # Node | Leaf | bool


def parse(domain: Iterable[Any]) -> Tree:
    """The tree of a domain; complete expressions that follow each other are joined by `&`."""
    tokens = list(domain)
    parts = []
    while tokens:
        parts.append(_take(tokens))
    return Node("all", tuple(parts))


def _take(tokens: list[Any]) -> Tree:
    token = tokens.pop(0)
    if token == "!":
        return Node("not", (_take(tokens),))
    if token in ("&", "|"):
        return Node("all" if token == "&" else "any", (_take(tokens), _take(tokens)))
    return _leaf(*token)


def _leaf(name: Any, operator: str, value: Any) -> Tree:
    if name in (0, 1):
        return bool(name)
    shortcut = None if operator not in ("in", "not in") or value else operator == "not in"
    if operator == "<>":
        operator = "!="
    if operator in ("in", "not in") and isinstance(value, bool):
        operator = "=" if operator == "in" else "!="
    elif operator in ("=", "!=") and isinstance(value, (list, tuple)):
        operator = "in" if operator == "=" else "not in"
    first, _, rest = name.partition(".")
    if rest:
        return Leaf(first, "any", [(rest, operator, value)], shortcut)
    return Leaf(name, operator, value, shortcut)


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _all(truths: list[Truth]) -> Truth:
    return False if False in truths else None if None in truths else True


def _any(truths: list[Truth]) -> Truth:
    return True if True in truths else None if None in truths else False


def shortcut(tree: Tree) -> Truth:
    """What a domain is whatever the data, from its empty `in` lists alone."""
    if isinstance(tree, bool):
        return tree
    if isinstance(tree, Leaf):
        return tree.shortcut
    truths = [shortcut(part) for part in tree.parts]
    combine: dict[str, Callable[[list[Truth]], Truth]] = {"all": _all, "any": _any, "not": lambda one: _not(one[0])}
    return combine[tree.kind](truths)


def inside(value: Any, found: set[int]) -> Truth:
    """SQL's `value IN (…)`: unknown for NULL, but nothing is in an empty set, not even NULL."""
    return False if not found else None if value is None else value in found


@dataclass
class Naive:
    """A database as plain dicts: `rows[model][id]`, the row without its id."""

    schema: Mapping[str, Table]
    rows: Mapping[str, dict[int, Row]]  # not to be changed once something was asked
    answers: dict[tuple[str, str, bool], set[int]] = field(default_factory=dict)

    def search(self, model: str, domain: Any, active_test: bool = True) -> set[int]:
        """The ids that a search finds; the same question is answered once, since sub-domains ask it for each row."""
        question = (model, repr(domain), active_test)
        if question not in self.answers:
            self.answers[question] = {id_ for id_ in self.rows[model] if self.finds(model, domain, id_, active_test)}
        return self.answers[question]

    def finds(self, model: str, domain: Any, id_: int, active_test: bool) -> bool:
        """Whether a search finds one record: archived ones only where asked for."""
        active = self.schema[model].active
        mentioned = any(token[0] == active for token in domain if not isinstance(token, str))
        if active and active_test and not mentioned and not self.rows[model][id_].get(active):
            return False
        tree = parse(domain)
        return shortcut(tree) is not False and self.holds(model, tree, id_, active_test) is True

    def holds(self, model: str, tree: Tree, id_: int, active_test: bool) -> Truth:
        """The truth of a domain on one record; a `!` moves inwards to the leaves."""
        if isinstance(tree, bool):
            return tree
        if isinstance(tree, Leaf):
            return self.leaf(model, tree, id_, active_test)
        if tree.kind == "all":
            return _all([self.holds(model, part, id_, active_test) for part in tree.parts])
        if tree.kind == "any":
            return _any([self.holds(model, part, id_, active_test) for part in tree.parts])
        inner = tree.parts[0]
        if isinstance(inner, Node):
            if inner.kind == "not":
                return self.holds(model, inner.parts[0], id_, active_test)
            turned = Node("any" if inner.kind == "all" else "all", tuple(Node("not", (part,)) for part in inner.parts))
            return self.holds(model, turned, id_, active_test)
        if isinstance(inner, Leaf) and inner.operator in OPPOSITE:
            return self.leaf(model, inner._replace(operator=OPPOSITE[inner.operator]), id_, active_test)
        return _not(self.holds(model, inner, id_, active_test))

    # -- one leaf

    def leaf(self, model: str, leaf: Leaf, id_: int, active_test: bool) -> Truth:
        """The truth of one leaf on one record."""
        column = self.schema[model].fields[leaf.field]
        if not column.stored:
            return True  # what cannot be searched limits nothing
        if leaf.operator in ("child_of", "parent_of"):
            return self._hierarchy(model, column, leaf, id_, active_test)
        if column.type in ("one2many", "many2many"):
            return self._lines(model, column, leaf, id_, active_test)
        held = id_ if leaf.field == "id" else self.rows[model][id_].get(leaf.field)
        if column.type == "many2one" and leaf.operator in ("any", "not any"):
            found = held is not None and self.finds(column.comodel, leaf.value, held, active_test=False)
            return found is (leaf.operator == "any")
        if column.type == "many2one" and _is_text(leaf.value):
            return self._name(column, leaf, held)
        return naive_values.compare(column.type, held, leaf.operator, leaf.value)

    def _name(self, column: Column, leaf: Leaf, held: int | None) -> Truth:
        """Text on a many2one: the target's name, archived or not; a negative operator takes NULL in."""
        operator = leaf.operator
        if operator in ("<", "<=", ">", ">="):
            operator = "="
        found = self.named(column.comodel, operator, leaf.value, active_test=False)
        if operator in NEGATIVE:
            return held is None or held in found
        return inside(held, found)

    def named(self, model: str, operator: str, text: Any, active_test: bool) -> set[int]:
        """The records that a name search finds; an empty text with `like` is every name."""
        table = self.schema[model]
        domain = [] if operator in ("like", "ilike") and not text else [(table.name, operator, text)]
        return self.search(model, domain, active_test)

    def held(self, model: str, field_name: str, id_: int) -> set[int]:
        """The lines of an x2many, archived or not."""
        column = self.schema[model].fields[field_name]
        if column.type == "many2many":
            return set(self.rows[model][id_].get(field_name, ()))
        return {line for line, row in self.rows[column.comodel].items() if row.get(column.inverse) == id_}

    def _lines(self, model: str, column: Column, leaf: Leaf, id_: int, active_test: bool) -> Truth:
        """A negative operator on an x2many means that no line matches, so that no lines at all is a match."""
        held = self.held(model, leaf.field, id_)
        negative = leaf.operator in NEGATIVE
        if leaf.value is False or leaf.value is None:
            return bool(held) is negative
        if leaf.operator in ("any", "not any"):
            found = self.search(column.comodel, leaf.value, active_test)
        elif _is_text(leaf.value):
            operator = OPPOSITE[leaf.operator] if negative else leaf.operator
            found = self.named(column.comodel, operator, leaf.value, active_test)
        else:
            found = set(leaf.value) if isinstance(leaf.value, (list, tuple)) else {leaf.value}
        return bool(held & found) is not negative

    def _hierarchy(self, model: str, column: Column, leaf: Leaf, id_: int, active_test: bool) -> Truth:
        """`child_of`: the record or one above it is a root; `parent_of`: it is a root or above one."""
        comodel = column.comodel or model
        parent = self.schema[comodel].parent
        if column.type == "many2one" and comodel == model:
            parent = leaf.field  # the field is the hierarchy itself, and the condition is on the record
        roots: set[int] = set()
        for value in leaf.value if isinstance(leaf.value, list) else [leaf.value]:
            if isinstance(value, str):
                roots |= self.named(comodel, "ilike", value, active_test)
            elif value:
                roots.add(value)
        if leaf.operator == "child_of":
            found = {one for one in self.rows[comodel] if roots.intersection(self.climb(comodel, one, parent))}
        else:
            found = {above for root in roots for above in self.climb(comodel, root, parent)}
        if column.type in ("one2many", "many2many"):
            return bool(self.held(model, leaf.field, id_) & found)
        if leaf.field == "id" or comodel == model:
            return id_ in found
        return inside(self.rows[model][id_].get(leaf.field), found)

    def climb(self, model: str, id_: int, parent: str) -> list[int]:
        """The record and all above it, archived or not."""
        path: list[int] = []
        at: int | None = id_
        while at in self.rows[model] and at not in path:
            path.append(at)
            at = self.rows[model][at].get(parent)
        return path

    # -- order

    def sorted(self, model: str, ids: Iterable[int], order: str | None = None) -> list[int]:
        """The ids in the order of a clause, the model's own by default; ties stay in id order."""
        clause = order or self.schema[model].order

        def compared(a: int, b: int) -> int:
            return self.compare(model, a, b, clause, frozenset())

        return sorted(sorted(ids), key=functools.cmp_to_key(compared))

    def compare(
        self, model: str, a: int | None, b: int | None, order: str, seen: frozenset[Any], turned: bool = False
    ) -> int:
        """-1, 0 or 1 as the first record (None: there is none) comes before, with or after the second."""
        for term in order.split(","):
            result = self._term(model, a, b, term.split(), seen, turned)
            if result:
                return result
        return 0

    def _term(
        self, model: str, a: int | None, b: int | None, words: list[str], seen: frozenset[Any], turned: bool
    ) -> int:
        name, _, raw = words[0].partition(".")
        column = self.schema[model].fields[name]
        if column.type in ("one2many", "many2many") or not column.stored:
            return 0
        descending = ("desc" in words) is not turned
        nulls_first = descending if "nulls" not in words else ("first" in words) is not turned
        x, y = (None if id_ is None else {"id": id_, **self.rows[model][id_]}.get(name) for id_ in (a, b))
        if column.type == "boolean":
            x, y = bool(x), bool(y)
        if column.type == "many2one" and not raw:
            if "nulls" in words and (x is None) is not (y is None):
                return -1 if (x is None) is nulls_first else 1
            if (model, name) in seen:
                return 0
            comodel = column.comodel
            return self.compare(comodel, x, y, self.schema[comodel].order, seen | {(model, name)}, descending)
        return naive_values.place(x, y, descending, nulls_first)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and any(isinstance(item, str) for item in value))
