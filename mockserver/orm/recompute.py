"""Keeping stored computed fields true when what they depend on changes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mockserver.orm import values
from mockserver.orm.compute import COMPUTED
from mockserver.orm.relational import One2many
from mockserver.orm.schema import Trigger

if TYPE_CHECKING:
    from mockserver.orm.environment import Environment

# a stored computed field and the records on which it is to be computed anew
Pending = deque[tuple[str, str, set[int]]]


def dependents(env: Environment, model: str, fields: Iterable[str], ids: set[int]) -> Pending:
    """What depends on these fields of these records."""
    pending: Pending = deque()
    triggers = env.db.registry.triggers
    for field in fields:
        for trigger in triggers.get((model, field), ()):
            found = _back(env, trigger, ids)
            if found:
                pending.append((trigger.model, trigger.field, found))
    return pending


def _back(env: Environment, trigger: Trigger, ids: set[int]) -> set[int]:
    """Records of the trigger's model from which its path leads to one of the ids."""
    if not trigger.path or not ids:
        return ids
    steps = []
    model = env.db.registry[trigger.model]
    for name in trigger.path:
        steps.append((model, model.fields[name]))
        model = env.db.registry[model.fields[name].relation or ""]
    for owner, field in reversed(steps):
        if isinstance(field, One2many):
            rows = env.db.store.rows(field.comodel)
            owners = {rows[i].get(field.relation_field or "") for i in ids if i in rows}
            ids = {i for i in owners if i}
        elif field.column:
            ids = env.db.store.having(owner.name, field.name, ids)
        else:
            return set()
    return ids


def run(env: Environment, pending: Pending) -> None:
    """Compute what is pending, and in turn what depends on each value that changed."""
    store = env.db.store
    while pending:
        model_name, name, ids = pending.popleft()
        model = env.db.registry[model_name]
        computed = COMPUTED.get((model_name, name))
        rows = store.rows(model_name)
        changed: set[int] = set()
        for id_ in ids:
            row = rows.get(id_)
            if row is None:
                continue
            if computed is not None:
                value = computed.function(env.browse(model, (id_,)))
            else:
                value = values.related(env, model, model.fields[name].related or "", row)
            if value != row.get(name):
                new = {key: old for key, old in row.items() if key != name}
                store.put(model_name, new if value is None else {**new, name: value})
                changed.add(id_)
        if changed:
            pending.extend(dependents(env, model_name, (name,), changed))


def fill(env: Environment, model_name: str, ids: set[int], given: Iterable[str]) -> None:
    """Compute every stored computed field of new records, save those whose value was given."""
    given = set(given)
    fields = [f.name for f in env.db.registry[model_name].stored_computes if f.name not in given]
    run(env, deque((model_name, name, ids) for name in fields))
