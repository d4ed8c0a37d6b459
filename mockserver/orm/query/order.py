"""Parse `order` clauses, expand them through relations, and sort by them.

NULLs come last ascending and first descending, text sorts by code point, false before true.
Source: versions.md §8.9; recorded in domains-*, partners-* (17.0).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from mockserver.errors import UserError
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Many2one
from mockserver.orm.query import slots
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


class Term(NamedTuple):
    """One sort key: `key` gives a row's value, None for NULL."""

    key: Callable[[Row], Any]
    descending: bool
    nulls_first: bool


def parse(order: str, rules: Rules) -> list[tuple[str, bool, bool | None]]:
    """Return `[(field, descending, nulls first | None)]`; raises the server's UserError for bad grammar."""
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


@functools.cache
def without(order: str, name: str) -> str:
    """Return a model's order for rows that have the same value of a field."""
    return ",".join(term for term in order.split(",") if term.split()[:1] != [name]) or "id"


def sort(env: Environment, model: Model, rows: Sequence[Row], order: str | None) -> Sequence[Row]:
    """Return the rows, given in id order, sorted by `order` (by default, the model's)."""
    return sort_by(rows, terms(env, model, order or model.order))


def sort_by(rows: Sequence[Row], keys: Sequence[Term]) -> Sequence[Row]:
    """Return the rows, given in id order, sorted by sort keys."""
    if keys and keys[-1] == _BY_ID:  # they are already sorted by id
        keys = keys[:-1]
    for term in reversed(keys):
        rows = _sorted(rows, term)
    return rows


def _sorted(rows: Sequence[Row], term: Term) -> Sequence[Row]:
    key = term.key
    values = [key(row) for row in rows]
    present = [at for at, value in enumerate(values) if value is not None]
    present.sort(key=values.__getitem__, reverse=term.descending)
    ordered = [rows[at] for at in present]
    if len(present) == len(values):
        return ordered
    nulls = [row for row, value in zip(rows, values, strict=True) if value is None]
    return nulls + ordered if term.nulls_first else ordered + nulls


def terms(env: Environment, model: Model, order: str) -> list[Term]:
    """Return the sort keys of an order clause; fields without a column are ignored, as on the server."""
    found: list[Term] = []
    for name, descending, nulls_first in parse(order, env.db.profile.rules):
        found += _terms(env, model, name, descending, nulls_first, _same_row, frozenset())
    return found


def _id(row: Row) -> Any:
    return row["id"]


_BY_ID = Term(_id, descending=False, nulls_first=False)


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
        source, owner, reach = _followed(env, model, field.related, reach)
        return _terms(env, owner, source, descending, nulls_first, reach, seen)
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
        inner = _through(env, comodel, slots.getter(env, field), reach)
        for sub, sub_descending, sub_nulls in parse(comodel.order, env.db.profile.rules):
            sub_nulls_first = sub_nulls if sub_nulls is None or not descending else not sub_nulls
            found += _terms(env, comodel, sub, sub_descending is not descending, sub_nulls_first, inner,
                            seen | {(model.name, name)})  # fmt: skip
        return found
    return [Term(_column(env, field, reach), descending, nulls)]


def _followed(
    env: Environment, model: Model, path: str, reach: Callable[[Row], Row | None]
) -> tuple[str, Model, Callable[[Row], Row | None]]:
    """Return the field at the end of a path, its model, and how its row is reached."""
    *steps, name = path.split(".")
    for step in steps:
        many2one = model.fields[step]
        model = env.db.registry[many2one.relation or ""]
        reach = _through(env, model, slots.getter(env, many2one), reach)
    return name, model, reach


def _through(
    env: Environment, comodel: Model, many2one: Getter, reach: Callable[[Row], Row | None]
) -> Callable[[Row], Row | None]:
    rows = env.db.store.rows(comodel.name)

    def target(row: Row) -> Row | None:
        at = reach(row)
        return rows.get(many2one(at) or 0) if at is not None else None

    return target


def _is_empty(get: Getter, reach: Callable[[Row], Row | None]) -> Callable[[Row], bool]:
    return lambda row: get(reach(row) or {}) is None


def _column(env: Environment, field: Field, reach: Callable[[Row], Row | None]) -> Getter:
    get, null = slots.getter(env, field), field.null_key
    if null is not None:
        return lambda row: null if (value := get(reach(row) or {})) is None else value
    if reach is _same_row:
        return _id if field.name == "id" else get
    return lambda row: get(reach(row) or {})
