"""What unlink does to rows, once access is checked."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Many2many, Many2one
from mockserver.orm.writing import constraints, defaults, recompute, slot_values, translation_rows

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment, Recordset


def delete_rows(records: Recordset) -> None:
    """Delete records and what cascades from them; raises for a `restrict` reference.

    As in the database, records that a cascade deletes get no call of their model's `unlink`.
    """
    env, store = records.env, records.env.db.store
    constraints.check_table(records._model, "delete from")
    doomed = _doomed(env, records._name, set(records._ids))
    pending: recompute.Pending = deque()
    for name, ids in doomed.items():
        pending += recompute.dependents(env, name, env.db.registry[name].fields, ids)
        for field in env.db.registry.referrers.get(name, ()):
            referring = store.having(field.model, field.name, ids) - doomed.get(field.model, set())
            if referring:
                pending += _release(env, field, referring, ids)
    for name, ids in doomed.items():
        for id_ in ids:
            store.delete(name, id_)
        _delete_attached(env, name, ids)
    recompute.run(env, pending)


def _doomed(env: Environment, model: str, ids: set[int]) -> dict[str, set[int]]:
    """Return the ids to delete, by model: these and all that cascades from them."""
    doomed = {model: ids}
    pending = [(model, ids)]
    while pending:
        name, ids = pending.pop()
        for field in env.db.registry.referrers.get(name, ()):
            if isinstance(field, Many2one) and field.ondelete == "cascade":
                taken = doomed.setdefault(field.model, set())
                more = env.db.store.having(field.model, field.name, ids) - taken
                if more:
                    taken |= more
                    pending.append((field.model, more))
    return doomed


def _release(env: Environment, field: Field, referring: set[int], gone: set[int]) -> recompute.Pending:
    """Apply the `ondelete` of a field that refers to deleted records; return the computations that depend on it."""
    store = env.db.store
    if isinstance(field, Many2one) and (field.ondelete == "restrict" or (field.required and not field.ondelete)):
        row = store.rows(field.model)[min(referring)]
        raise constraints.restricted(env, env.db.registry[field.model], field, row)
    if isinstance(field, Many2many) and field.ondelete == "restrict":
        raise constraints.linked(env, field, min(gone))
    for id_ in referring:
        row = dict(store.rows(field.model)[id_])
        held = row.pop(field.name)
        left = tuple(i for i in held if i not in gone) if isinstance(held, tuple) else ()
        store.put(field.model, {**row, field.name: left} if left else row)
    return recompute.dependents(env, field.model, (field.name,), referring)


def _delete_attached(env: Environment, model: str, ids: set[int]) -> None:
    """Delete the external ids, attachments, properties and chosen defaults of deleted records."""
    store = env.db.store
    slot_values.delete_properties(env, model, ids)
    translation_rows.delete(env, model, ids)
    defaults.discard(env, model, ids)
    for table, column in (("ir.model.data", "model"), ("ir.attachment", "res_model")):
        if table in env and table != model:
            found = store.having(table, "res_id", ids)
            for id_ in [i for i in found if store.rows(table)[i].get(column) == model]:
                store.delete(table, id_)
