"""Compiled conditions: each turns a list of rows into the list of those that match.

Working on whole lists keeps the per-row cost at that of one list comprehension.  A condition that
knows a small set of candidate ids (an index, an id list) says so, and the table is not scanned.
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
    """`filter` keeps the matching rows in their order; `candidates` gives ids that hold every match, or None.

    `cost` ranks it among its neighbours: what is cheap and leaves few rows goes first.
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
    """Rows that match every condition."""
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
    """Rows that match one condition at least."""
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
            if len(found) * 4 > len(left):  # otherwise looking at them once more costs less
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
    """Rows that do not match."""

    def keep(rows: Sequence[Row]) -> Sequence[Row]:
        matched = {row["id"] for row in condition.filter(rows)}
        return [row for row in rows if row["id"] not in matched]

    return Condition(keep, cost=4)


def is_null(name: str) -> Condition:
    """Rows without a value."""
    return Condition(lambda rows: [r for r in rows if r.get(name) is None])


def not_null(name: str) -> Condition:
    """Rows with a value."""
    return Condition(lambda rows: [r for r in rows if r.get(name) is not None])


def is_true(name: str) -> Condition:
    """Rows whose boolean is set."""
    return Condition(lambda rows: [r for r in rows if r.get(name)], cost=2)


def is_false(name: str) -> Condition:
    """Rows whose boolean is false or NULL."""
    return Condition(lambda rows: [r for r in rows if not r.get(name)])


def equals(name: str, value: Any) -> Condition:
    """Rows that hold the value."""
    if value is None:
        return NEVER  # a comparison with NULL is never true
    return Condition(lambda rows: [r for r in rows if r.get(name) == value], cost=0)


def differs(name: str, value: Any, *, null: bool = True) -> Condition:
    """Rows that do not hold the value; NULL is included unless `null` is False."""
    if null:
        return Condition(lambda rows: [r for r in rows if r.get(name) != value])
    return Condition(lambda rows: [r for r in rows if r.get(name) not in (None, value)])


def holds(symbol: str, left: Any, right: Any) -> bool:
    """Return whether a comparison of two values holds."""
    return _COMPARE[symbol](left, right)


def compares(name: str, symbol: str, value: Any) -> Condition:
    """Rows whose value stands in that order to `value`; never NULL."""
    if value is None:
        return NEVER
    test = _COMPARE[symbol]
    # written out for the two commonest, since a call for each row would double the cost
    if symbol == ">":
        return Condition(lambda rows: [r for r in rows if (v := r.get(name)) is not None and v > value])
    if symbol == "<":
        return Condition(lambda rows: [r for r in rows if (v := r.get(name)) is not None and v < value])
    return Condition(lambda rows: [r for r in rows if (v := r.get(name)) is not None and test(v, value)])


def is_in(name: str, values: Set[Any], *, null: bool = False) -> Condition:
    """Rows whose value is among the values, or NULL when asked."""
    if null:
        values = values | {None}
    return Condition(lambda rows: [r for r in rows if r.get(name) in values])


def not_in(name: str, values: Set[Any], *, null: bool = True) -> Condition:
    """Rows whose value is not among the values; NULL is included unless `null` is False."""
    if not null:
        values = values | {None}
    return Condition(lambda rows: [r for r in rows if r.get(name) not in values])


def id_in(ids: Set[int]) -> Condition:
    """Rows with one of the ids."""
    if not ids:
        return NEVER
    return Condition(lambda rows: [r for r in rows if r["id"] in ids], lambda: ids, cost=0)


def id_not_in(ids: Set[int]) -> Condition:
    """Rows with none of the ids."""
    return Condition(lambda rows: [r for r in rows if r["id"] not in ids]) if ids else ALWAYS


def refers_to(store: Store, model: str, name: str, ids: Set[int], *, null: bool = False) -> Condition:
    """Rows whose many2one is among the ids (or NULL when asked); found by the reverse index."""
    condition = is_in(name, ids, null=null)
    if null:
        return condition

    def candidates() -> Set[int] | None:
        # past this size, scanning the table costs no more than uniting the index
        return store.having(model, name, ids) if len(ids) <= 64 + len(store.rows(model)) // 8 else None

    return Condition(condition.filter, candidates, cost=0)


def matches(name: str, pattern: str, *, fold: bool, text: Text = None) -> Condition:
    """Rows whose text matches a LIKE pattern; never NULL."""
    test = _on_text(like(pattern, fold), text)
    return Condition(lambda rows: [r for r in rows if (v := r.get(name)) is not None and test(v)], cost=3)


def mismatches(name: str, pattern: str, *, fold: bool, null: bool = True, text: Text = None) -> Condition:
    """Rows whose text does not match a LIKE pattern; NULL is included unless `null` is False."""
    test = _on_text(like(pattern, fold), text)
    if null:
        return Condition(lambda rows: [r for r in rows if (v := r.get(name)) is None or not test(v)], cost=3)
    return Condition(lambda rows: [r for r in rows if (v := r.get(name)) is not None and not test(v)], cost=3)


def _on_text(test: Test, text: Text) -> Callable[[Any], bool]:
    return test if text is None else lambda value: test(text(value))
