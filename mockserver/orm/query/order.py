"""Parse `order` clauses, expand them through relations, and sort by them.

NULLs come last ascending and first descending, text sorts by code point, false before true.
Source: versions.md §8.9; recorded in domains-*, partners-* (17.0).
"""

from __future__ import annotations

import contextlib
import functools
import operator
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import compress, repeat
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from mockserver.errors import UserError
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Many2one
from mockserver.orm.query import slots
from mockserver.orm.query.short import kept_if_short
from mockserver.orm.query.slots import Getter
from mockserver.orm.storage.store import Row
from mockserver.profiles import Rules

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment
    from mockserver.orm.schema.model import Model

_TERM = re.compile(
    r"\s*(?P<field>\"?[a-z0-9_]+\"?(\.[a-z0-9_]+)?(:[a-z_]+)?)(\s+(?P<direction>asc|desc))?"
    r"(\s+nulls\s+(?P<nulls>first|last))?\s*",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"\s*([a-z0-9_]+)(?:\s+(asc|desc))?\s*", re.IGNORECASE)

Item = TypeVar("Item")
_FEW = 64  # rows that are sorted whole
_SAMPLE = 2048


class Term(NamedTuple):
    """One sort key: `key` gives a row's value, None for NULL.

    `column` is the row's key under which the value is, if it is nothing else; `null` stands there for NULL.
    """

    key: Callable[[Any], Any]
    descending: bool
    nulls_first: bool
    column: str | None = None
    null: Any = None


def parse(order: str, rules: Rules) -> list[tuple[str, bool, bool | None]]:
    """Return `[(field, descending, nulls first | None)]`; raises the server's UserError for bad grammar."""
    known = _plain(order) if type(order) is str else None
    if known is not None:
        return known
    terms: list[tuple[str, bool, bool | None]] = []
    if rules.order_matched:
        _TERM.match(order)  # Python's own error if it is no text
    for part in order.split(","):
        match = _TERM.fullmatch(part)
        newer = match and ((match["nulls"] and not rules.order_nulls) or (match[2] and not rules.order_paths))
        if match is None or newer:
            if rules.order_read_before_check and not all(other.strip() for other in order.split(",")):
                raise IndexError("list index out of range")
            shown = f" ({order})" if rules.order_text_shows_value else ""
            raise UserError(
                f'Invalid "order" specified{shown}. A valid "order" specification is a comma-separated list of'
                " valid field names (optionally followed by asc/desc for the direction)"
            )
        nulls = match["nulls"]
        descending = (match["direction"] or "").lower() == "desc"
        terms.append((match["field"].strip('"'), descending, nulls.lower() == "first" if nulls else None))
    return terms


@kept_if_short(1024)
def _plain(order: str) -> list[tuple[str, bool, bool | None]] | None:
    """Return the terms of a clause of names and directions alone, which all versions read alike; None for another."""
    terms: list[tuple[str, bool, bool | None]] = []
    for part in order.split(","):
        match = _PLAIN.fullmatch(part)
        if match is None:
            return None
        terms.append((match[1], (match[2] or "").lower() == "desc", None))
    return terms


@functools.cache
def without(order: str, name: str) -> str:
    """Return a model's order for rows that have the same value of a field."""
    return ",".join(term for term in order.split(",") if term.split()[:1] != [name]) or "id"


def sort(env: Environment, model: Model, rows: Sequence[Row], order: str | None) -> Sequence[Row]:
    """Return the rows, given in id order, sorted by `order` (by default, the model's)."""
    return sort_by(rows, terms(env, model, order or model.order))


def sort_by(rows: Sequence[Item], keys: Sequence[Term]) -> Sequence[Item]:
    """Return the rows, given in id order, sorted by sort keys."""
    *keys, last = significant(keys) or (_BY_ID,)
    if last != _BY_ID:
        rows = rows[::-1] if last == _BY_ID_DESCENDING else _sorted(rows, last)
    for term in reversed(keys):
        rows = _sorted(rows, term)
    return rows


def significant(keys: Sequence[Term]) -> Sequence[Term]:
    """Return the keys by which rows are sorted that are given in id order."""
    return keys[:-1] if keys and keys[-1] == _BY_ID else keys


def _values(rows: Sequence[Any], term: Term) -> list[Any]:
    if term.column is None or term.null is not None or not isinstance(rows[0], dict):
        return list(map(term.key, rows))
    return list(map(dict.get, rows, repeat(term.column)))  # without a call of a function of ours for each


def _sorted(rows: Sequence[Item], term: Term) -> Sequence[Item]:
    values = _values(rows, term) if rows else []
    if None not in values:  # which is less than nothing
        return [rows[at] for at in sorted(range(len(values)), key=values.__getitem__, reverse=term.descending)]
    present = [at for at, value in enumerate(values) if value is not None]
    present.sort(key=values.__getitem__, reverse=term.descending)
    ordered = [rows[at] for at in present]
    nulls = [row for row, value in zip(rows, values, strict=True) if value is None]
    return nulls + ordered if term.nulls_first else ordered + nulls


def first(rows: Sequence[Item], keys: Sequence[Term], number: int) -> Sequence[Item]:
    """Return the first rows of `sort_by`; the others are looked at, but not sorted."""
    keys = significant(keys)
    if not keys:
        return rows[:number]
    if len(rows) <= max(_FEW, 2 * number) or keys[0] == _BY_ID_DESCENDING:
        return sort_by(rows, keys)[:number]
    term = keys[0]
    values = _values(rows, term)
    if None not in values:
        return _first_present(rows, values, keys, number)
    nulls = [row for row, value in zip(rows, values, strict=True) if value is None]
    some = [row for row, value in zip(rows, values, strict=True) if value is not None]
    there = [value for value in values if value is not None]
    if term.nulls_first:
        found = first(nulls, keys[1:], number)
        return [*found, *_first_present(some, there, keys, number - len(found))]
    found = _first_present(some, there, keys, number)
    return [*found, *first(nulls, keys[1:], number - len(found))]


def first_of(pieces: Iterable[Sequence[Row]], keys: Sequence[Term], number: int) -> Sequence[Row]:
    """Return the first rows of a table that is read in pieces: most rows are looked at once, and not kept."""
    term, near, last = keys[0], list[Row](), list[Any]()  # the value of the last row that may be needed, once known
    for piece in pieces:
        near += _not_after(piece, term, last[0]) if last else piece
        if len(near) >= 4 * number + _SAMPLE:
            found = first(near, keys, number)
            last = [term.key(found[-1])]
            near = sorted(found, key=_id)
    return first(near, keys, number)


def _not_after(rows: Sequence[Row], term: Term, last: Any) -> Iterable[Row]:
    """Return the rows that are not sorted after a value of the first key."""
    if last is None:
        return [row for row in rows if term.key(row) is None] if term.nulls_first else rows
    name = None if term.null is not None else term.column
    if name is not None:
        with contextlib.suppress(KeyError, TypeError):  # for NULL
            if term.descending:
                return [row for row in rows if row[name] >= last]
            return [row for row in rows if row[name] <= last]
    values = _values(rows, term) if rows else []
    if None not in values:
        return compress(rows, map(partial(operator.le if term.descending else operator.ge, last), values))
    pairs = zip(rows, values, strict=True)
    if term.descending:
        return [row for row, v in pairs if (term.nulls_first if v is None else v >= last)]
    return [row for row, v in pairs if (term.nulls_first if v is None else v <= last)]


def _first_present(rows: Sequence[Item], values: list[Any], keys: Sequence[Term], number: int) -> Sequence[Item]:
    """Return the first rows, of which `values` are the values of the first key."""
    if number <= 0 or len(rows) <= max(_FEW, number):
        return sort_by(rows, keys)[: max(number, 0)]
    term = keys[0]
    # a value that enough rows do not exceed, by a sample of the values
    sample = sorted(values[:: len(values) // _SAMPLE + 1], reverse=term.descending)
    rank = number * len(sample) // len(values) + 4
    if rank < len(sample):
        bound, pairs = sample[rank], zip(rows, values, strict=True)
        near = [row for row, v in pairs if v >= bound] if term.descending else [row for row, v in pairs if v <= bound]
        if len(near) >= number:
            rows, values = near, list(map(term.key, near))
    last = sorted(values, reverse=term.descending)[number - 1]
    pairs = zip(rows, values, strict=True)
    before = [row for row, v in pairs if v > last] if term.descending else [row for row, v in pairs if v < last]
    same = [row for row, value in zip(rows, values, strict=True) if value == last]
    return [*sort_by(before, keys), *first(same, keys[1:], number - len(before))]


def terms(env: Environment, model: Model, order: str) -> list[Term]:
    """Return the sort keys of an order clause; fields without a column are ignored, as on the server."""
    found: list[Term] = []
    seen: set[str] = set()
    for name, descending, nulls_first in parse(order, env.db.profile.rules):
        if name in seen:  # rows with equal values of a field stay as they are
            continue
        seen.add(name)
        found += _terms(env, model, name, descending, nulls_first, _same_row, frozenset())
    return found


def _id(row: Row) -> Any:
    return row["id"]


_BY_ID = Term(_id, descending=False, nulls_first=False, column="id")
_BY_ID_DESCENDING = Term(_id, descending=True, nulls_first=True, column="id")


def _same_row(row: Row) -> Row | None:
    return row


def _terms(
    env: Environment,
    model: Model,
    name: str,
    descending: bool,
    nulls_first: bool | None,
    reach: Callable[[Row], Row | None],
    seen: frozenset[tuple[str, str]],
) -> list[Term]:
    """Return the sort keys for one field of a row reached from the row being sorted, by `reach`."""
    name, _, rest = name.partition(".")
    rules = env.db.profile.rules
    field = model.fields.get(name.partition(":")[0])
    if field is None:
        raise ValueError(rules.order_unknown_field.format(field=name, model=model.name))
    if field.related and (field.inherited or (rules.order_needs_column and not field.column)):
        end = _followed(env, model, field.related, reach)
        return [] if end is None else _terms(env, end.model, end.name, descending, nulls_first, end.reach, seen)
    if not (field.column and field.store) or not field.sorted:
        instead = env.db.registry.records(model.name)._sorted_as.get(name)
        if instead is not None:
            return _terms(env, model, instead, descending, nulls_first, reach, seen) if instead else []
        if rules.order_needs_column:
            raise ValueError(f"Cannot convert {model.name}.{name} to SQL because it is not stored")
        return []
    if rest not in ("", "id") and isinstance(field, Many2one) and rules.order_path_checked:
        raise ValueError(f"Invalid field property {rest!r} on {model.name}.{name}")
    nulls = descending if nulls_first is None else nulls_first
    if isinstance(field, Many2one) and rest != "id" and field.comodel in env.db.registry:
        # the comodel's order does not place rows without a target, so NULLS FIRST and LAST need a separate key
        found = [] if nulls_first is None else [Term(_is_empty(slots.getter(env, field), reach), nulls_first, False)]
        if (model.name, name) in seen:
            return found
        comodel = env.db.registry[field.comodel]
        inner = _through(env, comodel, field, reach)
        for sub, sub_descending, sub_nulls in parse(comodel.order, env.db.profile.rules):
            sub_nulls_first = sub_nulls if sub_nulls is None or not descending else not sub_nulls
            found += _terms(env, comodel, sub, sub_descending is not descending, sub_nulls_first, inner,
                            seen | {(model.name, name)})  # fmt: skip
        return found
    alone = reach is _same_row and slots.plain(env, field)
    return [Term(_column(env, field, reach), descending, nulls, field.name if alone else None, field.null_key)]


class _End(NamedTuple):
    """The field at the end of a path, its model, and how its row is reached from the row that is sorted."""

    name: str
    model: Model
    reach: Callable[[Row], Row | None]


def _followed(env: Environment, model: Model, path: str, reach: Callable[[Row], Row | None]) -> _End | None:
    """Return where a path ends, None if it leads to a module that is not there."""
    *steps, name = path.split(".")
    for step in steps:
        many2one = model.fields.get(step)
        comodel = env.db.registry.get(many2one.comodel) if many2one is not None else None
        if many2one is None or comodel is None:
            return None
        model = comodel
        reach = _through(env, model, many2one, reach)
    return _End(name, model, reach) if name in model.fields else None


def _through(
    env: Environment, comodel: Model, many2one: Field, reach: Callable[[Row], Row | None]
) -> Callable[[Row], Row | None]:
    rows, field = env.db.store.rows(comodel.name), many2one.name
    if reach is _same_row and slots.plain(env, many2one):
        return lambda row: rows.get(row.get(field) or 0)
    get = slots.getter(env, many2one)

    def target(row: Row) -> Row | None:
        at = reach(row)
        return rows.get(get(at) or 0) if at is not None else None

    return target


def _is_empty(get: Getter, reach: Callable[[Row], Row | None]) -> Callable[[Row], bool]:
    return lambda row: get(reach(row) or {}) is None


def _column(env: Environment, field: Field, reach: Callable[[Row], Row | None]) -> Getter:
    get, null = slots.getter(env, field), field.null_key
    if null is not None:
        return lambda row: null if (value := get(reach(row) or {})) is None else value
    if reach is _same_row:
        return _id if field.name == "id" else get
    if slots.plain(env, field):
        name = field.name
        return lambda row: None if (at := reach(row)) is None else at.get(name)
    return lambda row: get(reach(row) or {})
