"""Relations read from the other side: the lines of a one2many, and mirrored many2manys.

Neither is stored on the record itself: a line holds the id of its owner, and a mirrored many2many is stored in the
field of the comodel.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Many2oneReference, inverse_name
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment
    from mockserver.orm.schema.model import Model


def companion(comodel: Model, inverse: Field) -> str | None:
    """Return the field that holds the model name for a many2one_reference; None for any other inverse."""
    if not isinstance(inverse, Many2oneReference):
        return None
    names = (inverse.relation_field, "res_model", "model")
    return next((name for name in names if name and name in comodel.fields), None)


def lines(env: Environment, field: Field, owner: int) -> Collection[int]:
    """Return the ids of the comodel's records that point to one record of the field's model."""
    return lines_of(env, field, (owner,))[0]


def lines_of(env: Environment, field: Field, owners: Sequence[int]) -> list[Collection[int]]:
    """Return `lines` for each of the records."""
    name, comodel = inverse_name(field), env.db.registry.get(field.comodel)
    inverse = comodel.fields.get(name) if comodel is not None else None
    if comodel is None or inverse is None or not inverse.column:
        return [()] * len(owners)
    index = env.db.store.index(comodel.name, name)
    found: list[Collection[int]] = [index.get(owner, ()) for owner in owners]
    beside = companion(comodel, inverse)
    if beside is None:
        return found
    rows = env.db.store.rows(comodel.name)
    return [[id_ for id_ in ids if rows[id_].get(beside) == field.model] if ids else () for ids in found]


def owners(env: Environment, field: Field, rows: Iterable[Row]) -> set[int]:
    """Return the ids of the records of the field's model that the comodel's rows point to."""
    name, comodel = inverse_name(field), env.db.registry.get(field.comodel)
    inverse = comodel.fields.get(name) if comodel is not None else None
    if comodel is None or inverse is None:
        return set()
    beside = companion(comodel, inverse)
    found: set[int] = set()
    for value in {row.get(name) for row in rows if beside is None or row.get(beside) == field.model}:
        if value:
            found.update(value if isinstance(value, tuple) else (value,))
    return found
