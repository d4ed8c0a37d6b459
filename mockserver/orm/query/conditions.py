"""Compiled conditions: each filters a list of rows.

Filtering whole lists keeps the cost per row at that of a list comprehension.  A condition that can give a small set
of candidate ids (from an index or an id list) does, and the table is not scanned; one that depends on the value under
one key can give the mask of all rows, from the table's columns.  `finding.py` decides which of the three is used.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from mockserver.orm.query.like import like, like_any, searched
from mockserver.orm.storage import masks
from mockserver.orm.storage.sheet import END, Mask, Test
from mockserver.orm.storage.store import Row
from mockserver.orm.storage.view import View

Filter = Callable[[Sequence[Row]], Sequence[Row]]
# how a stored value is cast to text; None where it is text
Text = Callable[[Any], str] | None
Candidates = Callable[["View | None"], "Set[int] | None"]
# takes a view and the number of its rows that are left; returns the mask of all
Masked = Callable[[View, int], "Mask | None"]


def _unknown(view: View | None, left: int = 0) -> None:
    return None


_PATTERN = 3  # what a test of a pattern costs beside one of a value
_MANY = 8  # patterns that are dearer one by one than joined
_MOST_OF_JOINED = 40  # patterns, as many as which joined ones cost at most


@dataclass(frozen=True, eq=False)
class Condition:
    """`filter` keeps the matching rows in their order; `candidates` returns ids that include every match, or None.

    `mask` returns which rows of the view's sheet match, or None where filtering those that are left is no dearer.
    Conditions of low `cost`, which are cheap and leave few rows, are applied first.  `parts` are the conditions that
    must all match, if there are several.  `single`: each row is judged by its own values, so a list may be filtered in
    pieces.  `weight`: the number of tests of a row, a pattern as three.  `among` and `pattern`, `(key, ignores case,
    pattern)`, are what conditions of which one must match are joined by.
    """

    filter: Filter
    candidates: Candidates = _unknown
    cost: int = 1
    mask: Masked = _unknown
    parts: tuple[Condition, ...] = ()
    single: bool = False
    among: tuple[str, Set[Any]] | None = None
    pattern: tuple[str, bool, str] | None = None
    weight: int = 1


ALWAYS = Condition(lambda rows: rows, mask=lambda view, left: b"\1" * len(view.sheet.rows), single=True)
NEVER = Condition(
    lambda rows: (), lambda view: frozenset(), mask=lambda view, left: bytes(len(view.sheet.rows)), single=True
)

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def all_of(conditions: Iterable[Condition]) -> Condition:
    """Return a condition for rows that match every condition."""
    flat = [part for condition in conditions for part in condition.parts or (condition,)]
    kept = sorted((c for c in flat if c is not ALWAYS), key=_cost)
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

    def candidates(view: View | None) -> Set[int] | None:
        known = [ids for ids in (c.candidates(view) for c in kept) if ids is not None]
        return min(known, key=len) if known else None

    def mask(view: View, left: int) -> Mask | None:
        return _all_masks(kept, view, left, masks.both)

    return Condition(keep, candidates, max(map(_cost, kept)), mask, tuple(kept), _single(kept), weight=_weight(kept))


def _all_masks(
    conditions: Sequence[Condition], view: View, left: int, combined: Callable[[Iterable[Mask]], Mask]
) -> Mask | None:
    """Return the masks of conditions combined, None unless each has one; all are asked, so that they know of it."""
    found = [condition.mask(view, left) for condition in conditions]
    present = [mask for mask in found if mask is not None]
    return combined(present) if len(present) == len(found) else None


def _cost(condition: Condition) -> int:
    return condition.cost


def _weight(conditions: Sequence[Condition]) -> int:
    return sum(condition.weight for condition in conditions)


def _single(conditions: Sequence[Condition]) -> bool:
    return all(condition.single for condition in conditions)


_row_id = operator.itemgetter("id")


def any_of(conditions: Iterable[Condition]) -> Condition:
    """Return a condition for rows that match at least one condition."""
    kept = sorted(_with_joined_patterns(_joined([c for c in conditions if c is not NEVER])), key=_cost)
    if ALWAYS in kept:
        return ALWAYS
    if len(kept) < 2:
        return kept[0] if kept else NEVER

    def keep(rows: Sequence[Row]) -> Sequence[Row]:
        matched: set[int] = set()
        left = rows
        for condition in kept:
            found = condition.filter(left)
            if len(found) == len(rows):
                return rows
            if not found:
                continue
            matched.update(map(_row_id, found))
            if len(found) * 4 > len(left):  # otherwise checking the matched rows again is cheaper
                left = [row for row in left if row["id"] not in matched]
        return rows if len(matched) == len(rows) else [row for row in rows if row["id"] in matched]

    def mask(view: View, left: int) -> Mask | None:
        return _all_masks(kept, view, left, masks.either)

    return Condition(keep, partial(_all_candidates, kept), 4, mask, single=_single(kept), weight=_weight(kept))


def _joined(conditions: Sequence[Condition]) -> Sequence[Condition]:
    """Return conditions of which one must match, those on values of the same column as one."""
    names = [condition.among[0] for condition in conditions if condition.among is not None]
    if len(set(names)) == len(names):
        return conditions
    values: dict[str, set[Any]] = {name: set() for name in names}
    for condition in conditions:
        if condition.among is not None:
            values[condition.among[0]].update(condition.among[1])
    return [id_in(found - {None}) if name == "id" else is_in(name, found) for name, found in values.items()] + [
        c for c in conditions if c.among is None
    ]


def _with_joined_patterns(conditions: Sequence[Condition]) -> Sequence[Condition]:
    """Return conditions of which one must match, many patterns of the same column as one."""
    if len(conditions) < _MANY:
        return conditions
    patterns: dict[tuple[str, bool], list[str]] = {}
    for condition in conditions:
        if condition.pattern is not None:
            name, fold, pattern = condition.pattern
            patterns.setdefault((name, fold), []).append(pattern)
    joined: dict[tuple[str, bool], Condition] = {}
    for (name, fold), some in patterns.items():
        test = like_any(some, fold) if len(some) >= _MANY else None
        if test is not None:
            joined[name, fold] = _matching(name, test, weight=_PATTERN * min(len(some), _MOST_OF_JOINED))
    rest = [c for c in conditions if c.pattern is None or c.pattern[:2] not in joined]
    return [*joined.values(), *rest]


def _matching(name: str, test: Callable[[str], bool], weight: int) -> Condition:
    keep: Filter = lambda rows: [r for r in rows if (v := r.get(name)) is not None and test(v)]  # noqa: E731
    return replace(on_value(name, lambda v: v is not None and test(v), keep, 3), weight=weight)


def _all_candidates(conditions: Sequence[Condition], view: View | None) -> Set[int] | None:
    """Return the candidates of conditions together, None unless each has some."""
    union: set[int] = set()
    for condition in conditions:
        ids = condition.candidates(view)
        if ids is None:
            return None
        union |= ids
    return union


def complement(condition: Condition) -> Condition:
    """Return a condition for rows that do not match."""

    def keep(rows: Sequence[Row]) -> Sequence[Row]:
        matched = {row["id"] for row in condition.filter(rows)}
        return [row for row in rows if row["id"] not in matched]

    def mask(view: View, left: int) -> Mask | None:
        found = condition.mask(view, left)
        return None if found is None else masks.inverted(found)

    return Condition(keep, cost=4, mask=mask, single=condition.single, weight=condition.weight)


def on_value(name: str, test: Test, keep: Filter, cost: int = 1) -> Condition:
    """Return a condition that depends on the value under one key: `test` judges a value, `keep` filters rows."""

    def mask(view: View, left: int) -> Mask | None:
        column = view.column(name)
        return None if column is None else column.matching(test)

    return Condition(keep, cost=cost, mask=mask, single=True)


def _among(name: str, values: Set[Any], keep: Filter) -> Condition:
    """Return the condition that the value under a key is among some."""

    def mask(view: View, left: int) -> Mask | None:
        column = view.column(name)
        return None if column is None else column.holding(values)

    def candidates(view: View | None) -> Set[int] | None:
        return None if view is None else view.candidates(name, values)

    return Condition(keep, candidates, 0, mask, single=True, among=(name, values))


def is_null(name: str) -> Condition:
    """Return a condition for rows without a value."""
    return _among(name, frozenset((None,)), lambda rows: [r for r in rows if r.get(name) is None])


def not_null(name: str) -> Condition:
    """Return a condition for rows with a value."""
    return on_value(name, partial(operator.is_not, None), lambda rows: [r for r in rows if r.get(name) is not None])


def is_true(name: str) -> Condition:
    """Return a condition for rows whose boolean is true."""

    def keep(rows: Sequence[Row]) -> Sequence[Row]:
        try:  # most booleans are in every row, and every search of active records asks for one
            return [r for r in rows if r[name]]
        except KeyError:
            return [r for r in rows if r.get(name)]

    return on_value(name, bool, keep, 2)


def is_false(name: str) -> Condition:
    """Return a condition for rows whose boolean is false or NULL."""
    return on_value(name, operator.not_, lambda rows: [r for r in rows if not r.get(name)])


def equals(name: str, value: Any) -> Condition:
    """Return a condition for rows that hold the value."""
    if value is None:
        return NEVER  # a comparison with NULL is never true

    def keep(rows: Sequence[Row]) -> Sequence[Row]:
        return [r for r in rows if r.get(name) == value]

    try:
        return _among(name, frozenset((value,)), keep)
    except TypeError:  # a value that has no hash
        return Condition(keep, cost=0, single=True)


def differs(name: str, value: Any, *, null: bool = True) -> Condition:
    """Return a condition for rows that do not hold the value; NULL is included unless `null` is False."""
    if null:
        return on_value(name, partial(operator.ne, value), lambda rows: [r for r in rows if r.get(name) != value])
    keep: Filter = lambda rows: [r for r in rows if r.get(name) not in (None, value)]  # noqa: E731
    return on_value(name, lambda v: v not in (None, value), keep)


def holds(symbol: str, left: Any, right: Any) -> bool:
    """Return whether a comparison of two values holds."""
    return _COMPARE[symbol](left, right)


def compares(name: str, symbol: str, value: Any) -> Condition:
    """Return a condition for rows whose value compares with `value` by an inequality; never NULL."""
    if value is None:
        return NEVER
    test = _COMPARE[symbol]

    def keep(rows: Sequence[Row]) -> Sequence[Row]:
        # written out, since a function call for each row would double the cost
        if symbol == ">":
            return [r for r in rows if (v := r.get(name)) is not None and v > value]
        if symbol == "<":
            return [r for r in rows if (v := r.get(name)) is not None and v < value]
        if symbol == ">=":
            return [r for r in rows if (v := r.get(name)) is not None and v >= value]
        return [r for r in rows if (v := r.get(name)) is not None and v <= value]

    return on_value(name, lambda v: v is not None and test(v, value), keep)


def is_in(name: str, values: Set[Any], *, null: bool = False) -> Condition:
    """Return a condition for rows whose value is among the values, or NULL with `null`."""
    if null:
        values = values | {None}
    if None in values:
        return _among(name, values, lambda rows: [r for r in rows if name not in r or r[name] in values])
    return _among(name, values, lambda rows: [r for r in rows if name in r and r[name] in values])


def not_in(name: str, values: Set[Any], *, null: bool = True) -> Condition:
    """Return a condition for rows whose value is not among the values; NULL is included unless `null` is False."""
    if not null:
        values = values | {None}
    return on_value(name, lambda v: v not in values, lambda rows: [r for r in rows if r.get(name) not in values])


def in_second(name: str, seconds: Set[Any], *, null: bool = False, negated: bool = False) -> Condition:
    """Return a condition for rows whose time lies in one of the seconds, or outside them if negated, or is NULL."""

    def test(time: Any) -> bool:
        return null if time is None else (time[:19] in seconds) is not negated

    return on_value(name, test, lambda rows: [r for r in rows if test(r.get(name))])


def id_in(ids: Set[int]) -> Condition:
    """Return a condition for rows with one of the ids."""
    if not ids:
        return NEVER
    return Condition(
        lambda rows: [r for r in rows if r["id"] in ids], lambda view: ids, cost=0, single=True, among=("id", ids)
    )


def id_not_in(ids: Set[int]) -> Condition:
    """Return a condition for rows with none of the ids."""
    if not ids:
        return ALWAYS
    return on_value("id", lambda id_: id_ not in ids, lambda rows: [r for r in rows if r["id"] not in ids])


def matches(name: str, pattern: str, *, fold: bool, text: Text = None) -> Condition:
    """Return a condition for rows whose text matches a LIKE pattern; never NULL."""
    test = _on_text(like(pattern, fold), text)
    part = searched(pattern) if fold and text is None else None

    def keep(rows: Sequence[Row]) -> Sequence[Row]:
        if part and END not in part:  # written out, as above
            try:
                return [r for r in rows if part in r[name].lower()]
            except (KeyError, AttributeError):
                return [r for r in rows if (v := r.get(name)) is not None and part in v.lower()]
        return [r for r in rows if (v := r.get(name)) is not None and test(v)]

    if text is not None:  # equal values may be different texts
        return Condition(keep, cost=3, single=True, weight=_PATTERN)

    def mask(view: View, left: int) -> Mask | None:
        column = view.column(name)
        if column is None:
            return None
        found = column.containing(part, left) if part else None
        if found is None and left * 4 < len(view.sheet.rows):
            return None
        return column.matching(lambda v: v is not None and test(v)) if found is None else found

    return Condition(keep, cost=3, mask=mask, single=True, pattern=(name, fold, pattern), weight=_PATTERN)


def mismatches(name: str, pattern: str, *, fold: bool, null: bool = True, text: Text = None) -> Condition:
    """Return a condition for rows whose text does not match a LIKE pattern; NULL is included unless `null` is False."""
    test = _on_text(like(pattern, fold), text)
    if null:
        keep: Filter = lambda rows: [r for r in rows if (v := r.get(name)) is None or not test(v)]  # noqa: E731
        return replace(complement(matches(name, pattern, fold=fold, text=text)), filter=keep, cost=3)
    present = all_of([not_null(name), complement(matches(name, pattern, fold=fold, text=text))])
    keep = lambda rows: [r for r in rows if (v := r.get(name)) is not None and not test(v)]  # noqa: E731
    return Condition(keep, cost=3, mask=present.mask, single=True, weight=_PATTERN)


def _on_text(test: Test, text: Text) -> Callable[[Any], bool]:
    return test if text is None else lambda value: test(text(value))
