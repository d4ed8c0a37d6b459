"""Recomputes stored computed fields when what they depend on changes."""

from __future__ import annotations

import contextlib
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import One2many
from mockserver.orm.query import computing, many_values, reverse
from mockserver.orm.schema.model import Model
from mockserver.orm.schema.registry import Trigger
from mockserver.orm.storage.store import Row
from mockserver.orm.writing import attachments, constraints
from mockserver.orm.writing.log_fields import log_values

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment

# keys of the context that add to a display name for one call; stored names are computed without them
NAME_KEYS = ("show_address", "address_inline", "show_email", "show_vat", "lang")

# how often a field may be computed in one run, besides once for each record of its model, before it is an error
MAX_ROUNDS = 1000
# among the notes of a transaction: `{(model, id): {field: value before}}` of what was computed, for wrapped models
RECOMPUTED = "orm.recomputed"
# among the notes: that nothing will be stored, so that tables constrain nothing
_UNSAVED = "orm.unsaved"
# a stored computed field with the records to recompute: (model, field, ids)
Wanted = tuple[str, str, set[int]]
Pending = deque[Wanted]
_NO_LOG: Row = {}
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
    """Fields that a call wrote, each with the ids of the records; the same call does not compute them.

    `new` are the records to which nothing refers so far.
    """

    model: str
    fields: Mapping[str, Set[int]]
    new: frozenset[int] = frozenset()


def dependents(env: Environment, model: str, fields: Iterable[str], ids: set[int], *, new: bool = False) -> Pending:
    """Return the computations that depend on these fields of these records; `new`: to which nothing refers so far."""
    pending: Pending = deque()
    triggers = env.db.registry.triggers
    concerned = [found for field in fields if (found := triggers.get((model, field)))]
    if not concerned:
        return pending
    reached: dict[tuple[str, tuple[Field, ...]], set[int]] = {}
    for trigger in concerned[0] if len(concerned) == 1 else dict.fromkeys(chain.from_iterable(concerned)):
        if not trigger.path:
            pending.append((trigger.model, trigger.field, ids))
            continue
        if new and not trigger.joined:
            continue
        way = trigger.model, trigger.path
        there = reached.get(way)
        if there is None:
            there = reached[way] = _triggered_ids(env, trigger, ids)
        if there:
            pending.append((trigger.model, trigger.field, there))
    return pending


def _triggered_ids(env: Environment, trigger: Trigger, ids: set[int]) -> set[int]:
    """Return the ids of the trigger's model whose path leads to one of `ids`."""
    for field in reversed(trigger.path):
        if not ids:
            break
        if isinstance(field, One2many) or field.mirror:
            rows = env.db.store.rows(field.comodel)
            ids = reverse.owners(env, field, [rows[i] for i in ids if i in rows])
        elif field.column:
            ids = env.db.store.having(field.model, field.name, ids)
        else:
            return set()
    return ids


def _plain_environment(env: Environment) -> Environment:
    """Return the environment without access checks, and without the keys of the context that change names."""
    keys = [key for key in NAME_KEYS if key in env.context]
    if keys:
        env = env.with_context({**env.context, **dict.fromkeys(keys, False)})
    return env if env.su else env.sudo()


class _Queue:
    """Computations in the order in which they were asked for, which runs no method twice for the same request."""

    def __init__(self, env: Environment, pending: Pending, given: Given | None) -> None:
        self._models = env.db.registry.models
        self._given = given
        merged: dict[tuple[str, str], Wanted] = {}
        for item in pending:  # several changes may ask for a method, and for several of its fields
            key, known = self._key(item), merged.get(self._key(item))
            merged[key] = item if known is None else (known[0], known[1], known[2] | item[2])
        self._items = deque(merged.items())
        self._waiting = {key: [item[2]] for key, item in merged.items()}

    def _key(self, item: Wanted) -> tuple[str, str]:
        """Return the model and what computes the field; a field that is given for some records stands alone."""
        model, name, _ = item
        given = self._given is not None and model == self._given.model and name in self._given.fields
        method = None if given else self._models[model].fields[name].compute
        return model, method or f"{name}="

    def __bool__(self) -> bool:
        return bool(self._items)

    def method(self, item: Wanted) -> str | None:
        """Return the method that computes a field."""
        return self._models[item[0]].fields[item[1]].compute

    def extend(self, pending: Iterable[Wanted]) -> None:
        """Add computations at the end, but those that wait already."""
        for item in pending:
            key = self._key(item)
            waiting = self._waiting.setdefault(key, [])
            if not any(item[2] <= ids for ids in waiting):
                waiting.append(item[2])
                self._items.append((key, item))

    def pop(self) -> Wanted:
        """Take the first one off."""
        key, item = self._items.popleft()
        self._waiting[key].pop(0)
        return item


def run(env: Environment, pending: Pending, given: Given | None = None) -> None:
    """Compute what is pending, and in turn what depends on each value that changed, without access checks.

    Raises RecursionError for fields whose values never stop changing, and the errors of the tables' constraints, but
    those of the given records, which are checked by who gave the values.
    """
    if not pending:
        return
    caller, env = env, _plain_environment(env)
    later = env.db.postponed
    queue = _Queue(env, pending, given)
    new = given.new if given is not None else frozenset[int]()
    steps = 0
    rounds: Counter[tuple[str, str]] = Counter()
    constrained: dict[str, dict[str, set[int]]] = {}  # {model: {changed field that a constraint is about: ids}}
    while queue:
        model, field, ids = queue.pop()
        if later is not None and later.takes(model) and (given is None or model != given.model):
            later.waiting.setdefault((model, field), set()).update(ids)
            continue
        steps += 1
        if steps > MAX_ROUNDS:
            rounds[model, field] += 1
            if rounds[model, field] > MAX_ROUNDS + len(env.db.store.rows(model)):
                raise RecursionError(f"{model}.{field} and what it depends on change each other without end")
        definition = env.db.registry[model]
        method = definition.fields[field].compute
        for name, changed in _compute(env, model, field, ids, given):
            if name in definition.constrained_computed:
                constrained.setdefault(model, {}).setdefault(name, set()).update(changed)
            alone = given is not None and model == given.model and changed <= new
            found = dependents(env, model, (name,), changed, new=alone)
            # what else the method computes of a record may depend on the value, too: it is computed with it
            queue.extend(item for item in found if item[2] is not changed or not method or queue.method(item) != method)
    _check(caller, constrained, given)


def _check(env: Environment, changed: Mapping[str, Mapping[str, Set[int]]], given: Given | None) -> None:
    """Check the constraints of changed rows, `{model: {field: ids}}`, but those of given records."""
    for model, fields in changed.items() if _UNSAVED not in env.db.notes else ():
        ids = set[int]().union(*fields.values())
        if given is not None and model == given.model:
            ids.difference_update(given.new, *given.fields.values())
        constraints.check_rows(env, env.db.registry[model], sorted(ids), fields.keys())


@contextlib.contextmanager
def unsaved(env: Environment) -> Iterator[None]:
    """Compute without the constraints of tables in the block, which ends by undoing what it changed."""
    notes = env.db.notes
    outer = notes.get(_UNSAVED, False)
    notes[_UNSAVED] = True
    try:
        yield
    finally:
        if not outer:
            notes.pop(_UNSAVED, None)


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
    for name, changed in _store(env, model, found, None):
        touched |= changed
        pending += dependents(env, model, (name,), changed)
    run(env, pending, Given(model, dict.fromkeys(found, touched)))


def _compute(
    env: Environment, model_name: str, name: str, ids: set[int], given: Given | None
) -> list[tuple[str, set[int]]]:
    """Compute a field and those that its method computes with it; return `[(field, ids of changed records)]`."""
    model, rows = env.db.registry[model_name], env.db.store.rows(model_name)
    field = model.fields[name]
    if given is not None:
        given = given if model_name == given.model else None
        ids = ids - given.fields[name] if given is not None and name in given.fields else ids
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
    new = given is not None and given.new.issuperset(there)
    changes = _store(env, model_name, stored, given, new=new)
    for other, changed in changes if model.attached else ():
        if other in model.attached:
            attachments.keep(env, model, changed, (other,))
    return changes


def _store(
    env: Environment, model: str, found: Columns, given: Given | None, *, new: bool = False
) -> list[tuple[str, set[int]]]:
    """Store `{field: {id: value}}`, but no value in the place of a given one; return the changed ids by field.

    `new`: all of them are records of the same call.
    """
    columns: dict[str, Mapping[int, Any]] = {}
    for name, column in found.items():
        spared = given.fields.get(name, ()) if given is not None else ()
        if spared or () in column.values():  # rows hold no empty tuple
            column = {id_: None if value == () else value for id_, value in column.items() if id_ not in spared}
        columns[name] = column
    if model in env.db.registry.wrappers:
        _note(env, model, columns)
    return [(name, changed) for name, changed in _put(env, env.db.registry[model], columns, new).items() if changed]


def _put(env: Environment, model: Model, columns: Columns, new: bool) -> dict[str, set[int]]:
    """Set fields of rows and return the ids that changed, by field.

    Where a column of the table changes, the user and the time of the record's latest change are set, too, as for values
    that are written; `new` records, those of the same call, have them.
    """
    store, log = env.db.store, _NO_LOG if new else log_values(env, model, creating=False)
    if model.in_other_tables.isdisjoint(columns):
        changes = store.assign(model.name, columns, log)
    else:
        inside = {name: column for name, column in columns.items() if name not in model.in_other_tables}
        outside = {name: column for name, column in columns.items() if name in model.in_other_tables}
        changes = store.assign(model.name, outside) | (store.assign(model.name, inside, log) if inside else {})
    if log and (model.name, "write_date") in env.db.registry.triggers:
        changes["write_date"] = set[int]().union(*(changes[name] for name in changes.keys() - model.in_other_tables))
    return changes


def _note(env: Environment, model: str, columns: Columns) -> None:
    """Note the values that will change, as they were when they changed first in the transaction."""
    noted, rows = env.db.notes.setdefault(RECOMPUTED, {}), env.db.store.rows(model)
    for name, column in columns.items():
        for id_, value in column.items():
            if id_ in rows and rows[id_].get(name) != value:
                noted.setdefault((model, id_), {}).setdefault(name, rows[id_].get(name))


def fill(env: Environment, model: str, given: Mapping[frozenset[str], Set[int]]) -> Given:
    """Compute every stored computed field of new records except those whose value was given; return those.

    `given` are the ids of the new records by the fields that each was given; a method runs once for all of them.
    """
    written: dict[str, Set[int]] = {}
    for fields, ids in given.items():
        written |= {name: written[name] | ids if name in written else ids for name in fields}
    pending: Pending = deque()
    for names in env.db.registry.computations(model):
        lacking: dict[str, set[int]] = {}
        for fields, ids in given.items():
            first = next((name for name in names if name not in fields), None)
            if first is not None:
                lacking.setdefault(first, set()).update(ids)
        pending.extend((model, name, ids) for name, ids in lacking.items())
    new = frozenset[int]().union(*given.values())
    run(env, pending, Given(model, written, new))
    return Given(model, written)
