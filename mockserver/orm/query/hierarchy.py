"""Descendants and ancestors along a parent field, and the check for loops."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment
    from mockserver.orm.schema.model import Model


def _parent_field(model: Model, parent: str | None) -> str | None:
    name = parent or model.parent_name
    return name if name in model.fields and model.fields[name].column else None


def descendants(env: Environment, model: Model, ids: Iterable[int], parent: str | None = None) -> set[int]:
    """Return the records and all their descendants; in some generations, not those below an archived record."""
    rows = env.db.store.rows(model.name)
    found = {id_ for id_ in ids if id_ in rows}
    field = _parent_field(model, parent)
    active = model.active_name
    whole = env.db.profile.rules.hierarchy_sees_archived or not env.context.get("active_test", True)
    level = found
    while level and field:
        level = env.db.store.having(model.name, field, level) - found
        if active and not whole:
            level = {id_ for id_ in level if rows[id_].get(active)}
        found = found | level
    return found


def ancestors(env: Environment, model: Model, ids: Iterable[int], parent: str | None = None) -> set[int]:
    """Return the records and all their ancestors, archived ones included."""
    rows = env.db.store.rows(model.name)
    found: set[int] = set()
    field = _parent_field(model, parent)
    for id_ in ids:
        at: int | None = id_
        while at and at in rows and at not in found:
            found.add(at)
            at = rows[at].get(field) if field else None
    return found


def has_loop(env: Environment, model: Model, id_: int, parent: str) -> bool:
    """Return whether a record is its own ancestor."""
    rows = env.db.store.rows(model.name)
    seen: set[int] = set()
    at: int | None = id_
    while at and at in rows:
        if at in seen:
            return True
        seen.add(at)
        at = rows[at].get(parent)
    return False
