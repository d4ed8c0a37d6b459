"""Recomputes stored computed fields when what they depend on changes."""

from __future__ import annotations

import contextlib
from collections import Counter, deque
from collections.abc import Container, Iterable, Iterator, Mapping, Set
from typing import TYPE_CHECKING, Any, NamedTuple

from mockserver.orm.fields.relational import One2many
from mockserver.orm.query import computing, many_values, reverse
from mockserver.orm.schema.registry import Trigger
from mockserver.orm.writing import attachments

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment

# keys of the context that add to a display name for one call; stored names are computed without them
NAME_KEYS = ("show_address", "address_inline", "show_email", "show_vat", "lang")

# how often a field may be computed in one run, besides once for each record of its model, before it is an error
MAX_ROUNDS = 1000
# among the notes of a transaction: `{(model, id): {field: value before}}` of what was computed, for wrapped models
RECOMPUTED = "orm.recomputed"
# stored computed fields with the records to recompute: (model, field, ids)
Pending = deque[tuple[str, str, set[int]]]
# {field: {id: value}}
Columns = Mapping[str, Mapping[int, Any]]


class Postponed(NamedTuple):
    """Computations that wait for the end of a block: of some models, or of all if none is named."""

    models: tuple[str, ...]
    waiting: dict[tuple[str, str], set[int]]

    def takes(self, model: str) -> bool:
        """Return whether what is computed of a model waits."""
        return not self.models or model in self.models


class Given(NamedTuple):
    """Fields that a call wrote on these records; the same call does not compute them."""

    model: str
    fields: frozenset[str]
    ids: set[int]


def dependents(env: Environment, model: str, fields: Iterable[str], ids: set[int], *, new: bool = False) -> Pending:
    """Return the computations that depend on these fields of these records; `new`: to which nothing refers so far."""
    pending: Pending = deque()
    triggers = env.db.registry.triggers
    reached: dict[tuple[str, tuple[str, ...]], set[int]] = {}
    for trigger in dict.fromkeys(trigger for field in fields for trigger in triggers.get((model, field), ())):
        if new and not trigger.joined:
            continue
        way = trigger.model, trigger.path
        found = reached.get(way)
        if found is None:
            found = reached[way] = _triggered_ids(env, trigger, ids)
        if found:
            pending.append((trigger.model, trigger.field, found))
    return pending


def _triggered_ids(env: Environment, trigger: Trigger, ids: set[int]) -> set[int]:
    """Return the ids of the trigger's model whose path leads to one of `ids`."""
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


def _plain_environment(env: Environment) -> Environment:
    """Return the environment without access checks, and without the keys of the context that change names."""
    keys = [key for key in NAME_KEYS if key in env.context]
    if keys:
        env = env.with_context({**env.context, **dict.fromkeys(keys, False)})
    return env if env.su else env.sudo()


def run(env: Environment, pending: Pending, given: Given | None = None) -> None:
    """Compute what is pending, and in turn what depends on each value that changed, without access checks.

    Raises RecursionError for fields whose values never stop changing.
    """
    env = _plain_environment(env)
    later = env.db.postponed
    if len(pending) > 1:
        pending = _merged(env, pending, given)
    steps = 0
    rounds: Counter[tuple[str, str]] = Counter()
    while pending:
        model, field, ids = pending.popleft()
        if later is not None and later.takes(model) and (given is None or model != given.model):
            later.waiting.setdefault((model, field), set()).update(ids)
            continue
        steps += 1
        if steps > MAX_ROUNDS:
            rounds[model, field] += 1
            if rounds[model, field] > MAX_ROUNDS + len(env.db.store.rows(model)):
                raise RecursionError(f"{model}.{field} and what it depends on change each other without end")
        for name, changed in _compute(env, model, field, ids, given):
            pending.extend(
                new for new in dependents(env, model, (name,), changed) if not _is_pending(env, new, pending)
            )


def _merged(env: Environment, pending: Pending, given: Given | None) -> Pending:
    """Return the computations with each method once: several changes may ask for it, and for several of its fields."""
    found: dict[tuple[str, str], tuple[str, str, set[int]]] = {}
    for model, name, ids in pending:
        written = given is not None and model == given.model and name in given.fields
        method = None if written else env.db.registry[model].fields[name].compute
        key = (model, method or f"{name}=")
        known = found.get(key)
        found[key] = (model, name, ids) if known is None else (model, known[1], known[2] | ids)
    return deque(found.values())


@contextlib.contextmanager
def postponed(env: Environment, *models: str) -> Iterator[None]:
    """Compute only at the end of the block what changes of records cause in other models, or in these; each field once.

    So a hundred lines of a record can be written without its totals being computed a hundred times.
    """
    db, outer = env.db, env.db.postponed
    if outer is not None and not outer.models:
        yield
        return
    inner = Postponed((*outer.models, *models) if outer is not None and models else models, {})
    db.postponed = inner
    try:
        yield
    finally:
        db.postponed = outer
    run(env, deque((model, field, ids) for (model, field), ids in inner.waiting.items()))


def assign(env: Environment, model: str, found: Columns) -> None:
    """Store `{field: {id: value}}` as the results of computations, and compute what depends on them in turn.

    The values are those that rows hold; no rights and no constraints are checked.
    """
    pending: Pending = deque()
    touched: set[int] = set()
    for name, changed in _store(env, model, found, (), ()):
        touched |= changed
        pending += dependents(env, model, (name,), changed)
    run(env, pending, Given(model, frozenset(found), touched))


def _is_pending(env: Environment, new: tuple[str, str, set[int]], pending: Pending) -> bool:
    """Return whether a computation is pending already, for the same field or another field of its method."""
    model, field, ids = new
    method = env.db.registry[model].fields[field].compute
    return any(
        model == other and ids <= others and (field == name or method == env.db.registry[model].fields[name].compute)
        for other, name, others in pending
        if method or field == name
    )


def _compute(
    env: Environment, model_name: str, name: str, ids: set[int], given: Given | None
) -> list[tuple[str, set[int]]]:
    """Compute a field and those that its method computes with it; return `[(field, ids of changed records)]`."""
    model, rows = env.db.registry[model_name], env.db.store.rows(model_name)
    field = model.fields[name]
    spared: Set[int] = frozenset()
    if given is not None and model_name == given.model:
        spared = given.ids
        if name in given.fields:
            ids = ids - spared
    for frame in env.db.frames:
        if frame.keeps(model_name, field.compute):
            ids = ids - frame.ids
    there = [id_ for id_ in ids if id_ in rows]
    if not there:
        return []
    if field.compute is None:
        sources = many_values.related_of(env, model, field.related or "", [rows[id_] for id_ in there])
        found = {name: dict(zip(there, map(field.from_related, sources), strict=True))}
    else:
        found = computing.evaluate(env, model, field, sorted(there))
    stored = {other: column for other, column in found.items() if model.fields[other].column}
    changes = _store(env, model_name, stored, given.fields if spared and given is not None else (), spared)
    for other, changed in changes if model.attached else ():
        if other in model.attached:
            attachments.keep(env, model, changed, (other,))
    return changes


def _store(
    env: Environment, model: str, found: Columns, given: Container[str], spared: Container[int]
) -> list[tuple[str, set[int]]]:
    """Store `{field: {id: value}}` but for the given fields of spared records; return the changed ids by field."""
    columns = {
        name: {id_: None if value == () else value for id_, value in column.items()}
        if name not in given
        else {id_: None if value == () else value for id_, value in column.items() if id_ not in spared}
        for name, column in found.items()
    }
    if model in env.db.registry.wrappers:
        _note(env, model, columns)
    return [(name, changed) for name, changed in env.db.store.assign(model, columns).items() if changed]


def _note(env: Environment, model: str, columns: Columns) -> None:
    """Note the values that will change, as they were when they changed first in the transaction."""
    noted, rows = env.db.notes.setdefault(RECOMPUTED, {}), env.db.store.rows(model)
    for name, column in columns.items():
        for id_, value in column.items():
            if id_ in rows and rows[id_].get(name) != value:
                noted.setdefault((model, id_), {}).setdefault(name, rows[id_].get(name))


def fill(env: Environment, model_name: str, ids: set[int], given: Iterable[str]) -> None:
    """Compute every stored computed field of new records except those whose value was given."""
    given = frozenset(given)
    order = env.db.registry.computations(model_name)
    firsts = [names[0] if names[0] not in given else next((n for n in names if n not in given), "") for names in order]
    run(env, deque((model_name, name, ids) for name in firsts if name), Given(model_name, given, ids))
