"""Keeping stored computed fields true when what they depend on changes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from mockserver.orm.fields.relational import One2many
from mockserver.orm.query import reverse, values
from mockserver.orm.schema.compute import COMPUTED
from mockserver.orm.schema.model import Trigger

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment

# what dresses up a name for one call, and is not kept with it
_DRESS = ("show_address", "address_inline", "show_email", "show_vat")

# a stored computed field and the records on which it is to be computed anew
Pending = deque[tuple[str, str, set[int]]]


class Given(NamedTuple):
    """Fields whose value was written on these records, and so is not computed by the same call."""

    model: str
    fields: frozenset[str]
    ids: set[int]


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
        if isinstance(field, One2many) or field.mirror:
            rows = env.db.store.rows(field.comodel)
            ids = reverse.owners(env, field, [rows[i] for i in ids if i in rows])
        elif field.column:
            ids = env.db.store.having(owner.name, field.name, ids)
        else:
            return set()
    return ids


def _undressed(env: Environment) -> Environment:
    """The environment without rights to ask for, and without what the context does to names."""
    dress = [key for key in _DRESS if key in env.context]
    if dress:
        env = env.with_context({**env.context, **dict.fromkeys(dress, False)})
    return env if env.su else env.sudo()


def run(env: Environment, pending: Pending, given: Given | None = None) -> None:
    """Compute what is pending, and in turn what depends on each value that changed; nobody's rights limit that."""
    env = _undressed(env)
    while pending:
        model, field, ids = pending.popleft()
        if given is not None and model == given.model and field in given.fields:
            ids = ids - given.ids
        changed = _compute(env, model, field, ids)
        if changed:
            pending.extend(dependents(env, model, (field,), changed))


def _compute(env: Environment, model_name: str, name: str, ids: set[int]) -> set[int]:
    """Compute a field of some records; returns those whose value changed."""
    model, store = env.db.registry[model_name], env.db.store
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
            new = {**row, name: value}
            if value is None:
                del new[name]
            store.put(model_name, new)
            changed.add(id_)
    return changed


def fill(env: Environment, model_name: str, ids: set[int], given: Iterable[str]) -> None:
    """Compute every stored computed field of new records, save those whose value was given."""
    names = [field.name for field in env.db.registry[model_name].stored_computes]
    run(env, deque((model_name, name, ids) for name in names), Given(model_name, frozenset(given), ids))
