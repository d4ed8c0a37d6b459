"""parent_left and parent_right, which some generations keep for hierarchies: the bounds of a record's descendants.

A record's bounds are around those of all records below it, and beside those of its siblings.  A new record comes after
the sibling before it by name, one without a parent after all others; only a move to another parent changes that.
Source: read in Odoo's models.py (11.0); recorded in core-commands (1.6, 11.0).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mockserver.orm.schema.model import Model
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment

LEFT, RIGHT = "parent_left", "parent_right"


def kept(model: Model) -> bool:
    """Return whether the rows of a model have bounds."""
    return model.parent_store and RIGHT in model.fields


def insert(env: Environment, model: Model, id_: int) -> None:
    """Give a new record its bounds."""
    row = env.db.store.rows(model.name)[id_]
    if row.get(model.parent_name):
        at = _place(env, model, row)
    else:
        at = max((other.get(RIGHT) or 0 for other in env.db.store.rows(model.name).values()), default=0) + 1
    _shift(env, model, at, 2)
    _put(env, model, env.db.store.rows(model.name)[id_], at, at + 1)


def to_move(env: Environment, model: Model, ids: Iterable[int], parent: int | None) -> list[int]:
    """Return the records that get another parent, by name."""
    rows = env.db.store.rows(model.name)
    moved = [rows[id_] for id_ in ids if rows[id_].get(model.parent_name) != parent]
    return [row["id"] for row in sorted(moved, key=lambda row: _name(model, row))]


def move(env: Environment, model: Model, id_: int) -> None:
    """Move a record and all below it to its place below its present parent."""
    rows = env.db.store.rows(model.name)
    first, last = rows[id_].get(LEFT) or 0, rows[id_].get(RIGHT) or 0
    if not last:  # a record of a pack, which has no bounds so far
        insert(env, model, id_)
        return
    at, width = _place(env, model, rows[id_]), last - first + 1
    below = [other["id"] for other in rows.values() if first <= (other.get(LEFT) or 0) <= last]
    _shift(env, model, at, width)
    distance = at - (rows[id_].get(LEFT) or 0)
    for other in [rows[i] for i in below]:
        _put(env, model, other, other[LEFT] + distance, other[RIGHT] + distance)


def _place(env: Environment, model: Model, row: Row) -> int:
    """Return the first bound for a record: after its sibling, or as the first one below its parent."""
    rows, parent = env.db.store.rows(model.name), row.get(model.parent_name)
    siblings = [other for other in rows.values() if other.get(model.parent_name) == parent]
    before = [other for other in siblings if (_name(model, other), other["id"]) < (_name(model, row), row["id"])]
    if before:
        return (max(before, key=lambda other: (_name(model, other), other["id"])).get(RIGHT) or 0) + 1
    return (rows[parent].get(LEFT) or 0) + 1 if parent in rows else 0


def _name(model: Model, row: Row) -> str:
    return str(row.get(model.label_field or "") or "")


def _shift(env: Environment, model: Model, start: int, width: int) -> None:
    """Make room: raise the bounds from `start` on."""
    for row in [*env.db.store.rows(model.name).values()]:
        left, right = row.get(LEFT) or 0, row.get(RIGHT) or 0
        if right >= start:
            _put(env, model, row, left + width if left >= start else left, right + width)


def _put(env: Environment, model: Model, row: Row, left: int, right: int) -> None:
    env.db.store.put(model.name, {**row, LEFT: left, RIGHT: right})
