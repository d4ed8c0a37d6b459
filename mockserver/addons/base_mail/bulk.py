"""Rows that the server itself stores in great number: logged messages, followers, notifications."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.writing import recompute
from mockserver.orm.writing.log_fields import log_values


def insert(env: Environment, model: str, rows: Iterable[Mapping[str, Any]]) -> list[int]:
    """Store new records whose values are known to be right, and return their ids.

    No defaults, rights, constraints or overridden `create`; many2many values are ids.  Fields that the version does not
    have are left out.  What is computed from the new records is recomputed.
    """
    definition, store = env.db.registry[model], env.db.store
    fields = definition.fields
    log = log_values(env, definition, creating=True)
    ids = []
    names: set[str] = set()
    for row in rows:
        kept = {}
        for name, value in row.items():
            field = fields.get(name)
            if field is None or not field.column:
                continue
            stored = (tuple(value) or None) if field.x2many else field.to_store(value)
            if stored is not None:
                kept[name] = stored
        ids.append(store.insert(model, {**kept, **log}))
        names.update(kept)
    if ids:
        recompute.run(env, recompute.dependents(env, model, names, set(ids)))
    return ids


def create_each(records: Recordset, values: Iterable[Mapping[str, Any]]) -> Recordset:
    """Create records one by one, since `create` takes no list in all generations."""
    found = records.browse()
    for vals in values:
        found |= records.create(vals)
    return found
