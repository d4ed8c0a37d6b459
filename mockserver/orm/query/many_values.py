"""Values of a field for many rows at once, which are those that `values.value` gives for each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import One2many
from mockserver.orm.query import computing, reverse, slots, values
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment
    from mockserver.orm.schema.model import Model


def values_of(
    env: Environment, model: Model, field: Field, rows: Sequence[Row], computed: computing.Computed | None = None
) -> list[Any]:
    """Return the value of a field for each of the rows; the method of a computed field runs once.

    `computed` keeps what methods find for these rows, for the other fields of them.
    """
    if field.column and not field.x2many:
        if slots.plain(env, field):
            name = field.name
            return [row.get(name) for row in rows]
        get = slots.getter(env, field)
        return [get(row) for row in rows]
    frames = env.db.frames
    if frames and computing.framed(frames, model.name, field.name):
        return [values.value(env, model, field, row) for row in rows]
    if field.compute and not field.column:
        return _computed(env, model, field, rows, computed)
    if field.x2many and not field.related and (field.store or field.compute is None):
        return lines_of(env, model, field, rows)
    if field.related and not field.column and not frames:
        # a user who may read the record may read the value at the end of the path
        lines_follow = field.x2many and not env.su
        return related_of(env.sudo() if lines_follow else env, model, field.related, rows)
    if field.uncomputed and not field.column:
        return [None] * len(rows)
    return [values.value(env, model, field, row) for row in rows]


def _computed(
    env: Environment, model: Model, field: Field, rows: Sequence[Row], computed: computing.Computed | None
) -> list[Any]:
    key, known = (model.name, str(field.compute)), {} if computed is None else computed.values
    # one that is not assigned for every record is evaluated, for the error
    if key not in known or len(known[key].get(field.name, ())) < len(rows):
        known[key] = computing.evaluate(env, model, field, [row["id"] for row in rows], computed)
    found = known[key][field.name]
    return [found[row["id"]] for row in rows]


def lines_of(env: Environment, model: Model, field: Field, rows: Sequence[Row]) -> list[tuple[int, ...]]:
    """Return `values.lines` for each of the rows: what rights and order say is found out for all lines together."""
    comodel = env.db.registry.get(field.comodel)
    found: list[Collection[int]] = [()]
    if comodel is not None and (isinstance(field, One2many) or field.mirror):
        found = reverse.lines_of(env, field, [row["id"] for row in rows])
    elif comodel is not None:
        name = field.name
        found = [row.get(name) or () for row in rows]
    if comodel is None or not any(found):
        return [()] * len(rows)
    shown = values.shown_lines(env, comodel, field, set().union(*found))
    places = {row["id"]: place for place, row in enumerate(shown)}
    return [tuple(sorted((i for i in ids if i in places), key=places.__getitem__)) if ids else () for ids in found]


def related_of(env: Environment, model: Model, path: str, rows: Sequence[Row]) -> list[Any]:
    """Return `values.related` for each of the rows, one step of the path at a time for all of them."""
    if env.db.frames:
        return [values.related(env, model, path, row) for row in rows]
    *steps, last = path.split(".")
    at: list[Row | None] = list(rows)
    for step in steps:
        field = model.fields.get(step)
        comodel = env.db.registry.get(field.comodel) if field is not None else None
        if field is None or comodel is None:
            return [None] * len(rows)
        table = env.db.store.rows(comodel.name)
        ids = _values_at(env, model, field, at)
        if field.x2many:
            ids = [found[0] if found else None for found in ids]
        at, model = [table.get(id_ or 0) for id_ in ids], comodel
    end = model.fields.get(last)
    return [None] * len(rows) if end is None else _values_at(env, model, end, at)


def _values_at(env: Environment, model: Model, field: Field, rows: Sequence[Row | None]) -> list[Any]:
    """Return the values of a field in rows that may repeat or be missing."""
    if field.direct:
        name = field.name
        return [None if row is None else row.get(name) for row in rows]
    unique = {row["id"]: row for row in rows if row is not None}
    found = dict(zip(unique, values_of(env, model, field, list(unique.values())), strict=True))
    return [None if row is None else found[row["id"]] for row in rows]
