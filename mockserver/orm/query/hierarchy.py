"""Descendants and ancestors along a parent field, and the check for loops."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from typing import TYPE_CHECKING

from mockserver.orm.fields.base import Field
from mockserver.orm.query import reverse, values

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment
    from mockserver.orm.schema.model import Model


def _parent_field(model: Model, parent: str | None) -> str | None:
    name = parent or model.parent_name
    return name if name in model.fields and model.fields[name].column else None


def descendants(env: Environment, model: Model, ids: Iterable[int], parent: str | None = None) -> set[int]:
    """Return the records and all their descendants; in some generations, not those below an archived record.

    False among the ids stands for the records without a parent.
    """
    rows = env.db.store.rows(model.name)
    given = set(ids)
    found = {id_ for id_ in given if id_ in rows}
    field = _parent_field(model, parent)
    shown = _active_only(env, model)
    whole = shown is None or _sees_archived(env, model)
    level = found
    if False in given and field:
        roots = {id_ for id_, row in rows.items() if not row.get(field)}
        level = found | (roots if shown is None or (whole and len(given) > 1) else shown(roots))
        found = {*level, False}
    while level and field:
        level = env.db.store.having(model.name, field, level) - found
        if shown is not None and not whole:
            level = shown(level)
        found = found | level
    return found


def _active_only(env: Environment, model: Model) -> Callable[[Set[int]], set[int]] | None:
    """Return a function that leaves out archived records, or None where they are not to be left out."""
    rows, active = env.db.store.rows(model.name), model.active_name
    if not active or not env.context.get("active_test", True):
        return None
    return lambda ids: {id_ for id_ in ids if rows[id_].get(active)}


def _sees_archived(env: Environment, model: Model) -> bool:
    """Return whether the way down a hierarchy leads through archived records; it always does where paths are kept."""
    everywhere = env.db.profile.rules.hierarchy_sees_archived or model.parent_store
    return everywhere or env.db.registry.records(model.name)._child_of_sees_archived


def below(env: Environment, model: Model, field: Field, ids: Iterable[int]) -> set[int]:
    """Return the records and the lines below them, level by level."""
    rows = env.db.store.rows(model.name)
    found: set[int] = set()
    left = list(ids)
    while left:
        id_ = left.pop()
        if id_ in rows and id_ not in found:
            found.add(id_)
            left += values.lines(env, model, field, rows[id_])
    return found


def above(env: Environment, model: Model, field: Field, ids: Iterable[int]) -> set[int]:
    """Return the records and those that they are lines of, level by level; not those above an archived one."""
    rows, shown = env.db.store.rows(model.name), _active_only(env, model)
    found = level = {id_ for id_ in ids if id_ in rows}
    while level:
        level = reverse.owners(env, field, [rows[id_] for id_ in level]) - found
        level = level if shown is None else shown(level)
        found = found | level
    return found


def ancestors(env: Environment, model: Model, ids: Iterable[int], parent: str | None = None) -> set[int]:
    """Return the records and all their ancestors, archived ones included; False among the ids stays."""
    rows = env.db.store.rows(model.name)
    field = _parent_field(model, parent)
    given = tuple(ids)
    found: set[int] = {False} if False in given else set()
    for id_ in given:
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
