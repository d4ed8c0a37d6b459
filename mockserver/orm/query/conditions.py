"""Compiled conditions: each filters a list of rows.

Filtering whole lists keeps the cost per row at that of a list comprehension.  A condition that can give a small set
of candidate ids (from an index or an id list) does, and the table is not scanned.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import Any

from mockserver.orm.query.like import Test, like
from mockserver.orm.storage.store import Row, Store

Filter = Callable[[Sequence[Row]], Sequence[Row]]
# how a stored value is cast to text; None where it is text
Text = Callable[[Any], str] | None
Candidates = Callable[[], "Set[int] | None"]


def _unknown() -> None:
    return None


@dataclass(frozen=True, eq=False)
class Condition:
    """`filter` keeps the matching rows in their order; `candidates` returns ids that include every match, or None.

    Conditions of low `cost`, which are cheap and leave few rows, are applied first.
    """

    filter: Filter
    candidates: Candidates = _unknown
    cost: int = 1


ALWAYS = Condition(lambda rows: rows)
NEVER = Condition(lambda rows: (), lambda: frozenset())

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def all_of(conditions: Sequence[Condition]) -> Condition:
    """Return a condition for rows that match every condition."""
    kept = sorted((c for c in conditions if c is not ALWAYS), key=_cost)
    if NEVER in kept:
        return NEVER
    if len(kept) < 2:
        return kept[0] if kept else ALWAYS

    def keep(rows: Sequence[Row]) -> Sequence[Row]:
        for condition in kept:
            if not rows:
                break
            rows = condition.filter(rows)
        return rows

    def candidates() -> Set[int] | None:
        known = [ids for ids in (c.candidates() for c in kept) if ids is not None]
        return min(known, key=len) if known else None

    return Condition(keep, candidates, max(map(_cost, kept)))


def _cost(condition: Condition) -> int:
    return condition.cost


_row_id = operator.itemgetter("id")


def any_of(conditions: Sequence[Condition]) -> Condition:
    """Return a condition for rows that match at least one condition."""
    kept = sorted((c for c in conditions if c is not NEVER), key=_cost)
    if ALWAYS in kept:
        return ALWAYS
    if len(kept) < 2:
        return kept[0] if kept else NEVER

    def keep(rows: Sequence[Row]) -> Sequence[Row]:
        matched: set[int] = set()
        left = rows
        for condition in kept:
            found = condition.filter(left)
            matched.update(map(_row_id, found))
            if len(found) * 4 > len(left):  # otherwise checking the matched rows again is cheaper
                left = [row for row in left if row["id"] not in matched]
        return rows if len(matched) == len(rows) else [row for row in rows if row["id"] in matched]

    def candidates() -> Set[int] | None:
        union: set[int] = set()
        for condition in kept:
            ids = condition.candidates()
            if ids is None:
                return None
            union |= ids
        return union

    return Condition(keep, candidates, 4)


def complement(condition: Condition) -> Condition:
    """Return a condition for rows that do not match."""

    def keep(rows: Sequence[Row]) -> Sequence[Row]:
        matched = {row["id"] for row in condition.filter(rows)}
        return [row for row in rows if row["id"] not in matched]

    return Condition(keep, cost=4)


def is_null(name: str) -> Condition:
    """Return a condition for rows without a value."""
    return Condition(lambda rows: [r for r in rows if r.get(name) is None])


def not_null(name: str) -> Condition:
    """Return a condition for rows with a value."""
    return Condition(lambda rows: [r for r in rows if r.get(name) is not None])


def is_true(name: str) -> Condition:
    """Return a condition for rows whose boolean is true."""
    return Condition(lambda rows: [r for r in rows if r.get(name)], cost=2)


def is_false(name: str) -> Condition:
    """Return a condition for rows whose boolean is false or NULL."""
    return Condition(lambda rows: [r for r in rows if not r.get(name)])


def equals(name: str, value: Any) -> Condition:
    """Return a condition for rows that hold the value."""
    if value is None:
        return NEVER  # a comparison with NULL is never true
    return Condition(lambda rows: [r for r in rows if r.get(name) == value], cost=0)


def differs(name: str, value: Any, *, null: bool = True) -> Condition:
    """Return a condition for rows that do not hold the value; NULL is included unless `null` is False."""
    if null:
        return Condition(lambda rows: [r for r in rows if r.get(name) != value])
    return Condition(lambda rows: [r for r in rows if r.get(name) not in (None, value)])


def holds(symbol: str, left: Any, right: Any) -> bool:
    """Return whether a comparison of two values holds."""
    return _COMPARE[symbol](left, right)


def compares(name: str, symbol: str, value: Any) -> Condition:
    """Return a condition for rows whose value compares with `value` by an inequality; never NULL."""
    if value is None:
        return NEVER
    test = _COMPARE[symbol]
    # written out for the two most common, since a function call for each row would double the cost
    if symbol == ">":
        return Condition(lambda rows: [r for r in rows if (v := r.get(name)) is not None and v > value])
    if symbol == "<":
        return Condition(lambda rows: [r for r in rows if (v := r.get(name)) is not None and v < value])
    return Condition(lambda rows: [r for r in rows if (v := r.get(name)) is not None and test(v, value)])


def is_in(name: str, values: Set[Any], *, null: bool = False) -> Condition:
    """Return a condition for rows whose value is among the values, or NULL with `null`."""
    if null:
        values = values | {None}
    return Condition(lambda rows: [r for r in rows if r.get(name) in values])


def not_in(name: str, values: Set[Any], *, null: bool = True) -> Condition:
    """Return a condition for rows whose value is not among the values; NULL is included unless `null` is False."""
    if not null:
        values = values | {None}
    return Condition(lambda rows: [r for r in rows if r.get(name) not in values])


def id_in(ids: Set[int]) -> Condition:
    """Return a condition for rows with one of the ids."""
    if not ids:
        return NEVER
    return Condition(lambda rows: [r for r in rows if r["id"] in ids], lambda: ids, cost=0)


def id_not_in(ids: Set[int]) -> Condition:
    """Return a condition for rows with none of the ids."""
    return Condition(lambda rows: [r for r in rows if r["id"] not in ids]) if ids else ALWAYS


def refers_to(store: Store, model: str, name: str, ids: Set[int], *, null: bool = False) -> Condition:
    """Return a condition for rows whose many2one is among the ids, or NULL with `null`; uses the index."""
    condition = is_in(name, ids, null=null)
    if null:
        return condition

    def candidates() -> Set[int] | None:
        # for more ids, scanning the table costs no more than the union of the index entries
        return store.having(model, name, ids) if len(ids) <= 64 + len(store.rows(model)) // 8 else None

    return Condition(condition.filter, candidates, cost=0)


def target_matches(store: Store, model: str, name: str, comodel: str, condition: Condition) -> Condition:
    """Return a condition for rows whose many2one leads to a row that matches.

    Of few rows only the targets are looked at, so that it costs no more the more targets there are.  All targets that
    match are found once as long as nothing changes, so that conditions in conditions cost what they nest.
    """
    found: dict[int, Set[int]] = {}  # by the number of changes: of the present one only

    def matching() -> Set[int]:
        if store.changes not in found:
            rows, ids = store.rows(comodel), condition.candidates()
            there = store.in_order(comodel) if ids is None else [rows[id_] for id_ in ids if id_ in rows]
            matched = {row["id"] for row in condition.filter(there)}
            found.clear()
            found[store.changes] = matched
        return found[store.changes]

    def keep(rows: Sequence[Row]) -> Sequence[Row]:
        table, wanted = store.rows(comodel), {row.get(name) for row in rows}
        if store.changes in found or len(wanted) > 64 + len(table) // 8:
            matched = matching()
        else:
            matched = {row["id"] for row in condition.filter([table[id_] for id_ in wanted if id_ in table])}
        return [row for row in rows if row.get(name) in matched]

    def candidates() -> Set[int] | None:
        return refers_to(store, model, name, matching()).candidates()

    return Condition(keep, candidates)


def matches(name: str, pattern: str, *, fold: bool, text: Text = None) -> Condition:
    """Return a condition for rows whose text matches a LIKE pattern; never NULL."""
    test = _on_text(like(pattern, fold), text)
    return Condition(lambda rows: [r for r in rows if (v := r.get(name)) is not None and test(v)], cost=3)


def mismatches(name: str, pattern: str, *, fold: bool, null: bool = True, text: Text = None) -> Condition:
    """Return a condition for rows whose text does not match a LIKE pattern; NULL is included unless `null` is False."""
    test = _on_text(like(pattern, fold), text)
    if null:
        return Condition(lambda rows: [r for r in rows if (v := r.get(name)) is None or not test(v)], cost=3)
    return Condition(lambda rows: [r for r in rows if (v := r.get(name)) is not None and not test(v)], cost=3)


def _on_text(test: Test, text: Text) -> Callable[[Any], bool]:
    return test if text is None else lambda value: test(text(value))
