"""What create and write do to rows, once access and names are checked."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field as attribute
from typing import TYPE_CHECKING, Any

from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import One2many, Properties
from mockserver.orm.query import computing, properties
from mockserver.orm.schema.model import Model
from mockserver.orm.storage.store import Row
from mockserver.orm.storage.texts import Texts
from mockserver.orm.writing import (
    attachments,
    commands,
    constraints,
    nested_sets,
    recompute,
    slot_values,
    translation_rows,
)
from mockserver.orm.writing.log_fields import log_values
from mockserver.orm.writing.parts import Parts, followed, split, split_many

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment, Recordset

_MANY = 100  # new rows of a call whose texts are compared, so that equal ones are kept once


def _write_through(records: Recordset, delegated: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the values of related fields to the records that the fields take them from."""
    for path, vals in delegated.items():
        followed(records, path).write(vals)


@dataclass
class _New:
    """A row that is being created."""

    parts: Parts
    given: frozenset[str]  # the names of the values that are not computed
    id: int = 0
    written: tuple[str, ...] = ()  # the names of the fields that the row was made with
    shifting: list[Field] = attribute(default_factory=list)  # given columns that depend on the language or the company


def create_rows(records: Recordset, values: Iterable[Mapping[str, Any]]) -> list[int]:
    """Store new records with their lines and return their ids; as on the real server, each step is taken for all.

    A value that is given or the default is not computed, unless only the server sets it.
    """
    env, model = records.env, records._model
    constraints.check_table(model, "insert into")
    env.db.writer = env.db.writer or env
    news = _split(records, list(values))
    _create_parents(env, model, news)
    _insert(env, model, news)
    ids = [new.id for new in news]
    alike: dict[frozenset[str], list[_New]] = {}
    for new in news:
        alike.setdefault(new.given, []).append(new)
    given = recompute.fill(env, model.name, {names: {new.id for new in group} for names, group in alike.items()})
    constraints.check_rows(env, model, ids)
    _recompute_others(env, model, alike.values(), given)
    _complete(env, model, news)
    return ids


def _split(records: Recordset, values: Sequence[Mapping[str, Any]]) -> list[_New]:
    """Return what new records are made with."""
    given: dict[tuple[str, ...], frozenset[str]] = {}  # one set for those with the same fields
    news = []
    for vals, parts in zip(values, split_many(records, values), strict=True):
        names = tuple(vals)
        if names not in given:
            given[names] = frozenset(names) - records._model.server_set
        news.append(_New(parts, given[names]))
    return news


def _create_parents(env: Environment, model: Model, news: list[_New]) -> None:
    """Write what is delegated to the records that are given as parents, and create those that are not."""
    for comodel, many2one in model.inherits.items():
        missing: list[tuple[_New, dict[str, Any]]] = []
        for new in news:
            delegated, target = new.parts.delegated.pop(many2one, {}), new.parts.columns.get(many2one)
            if not target:
                missing.append((new, delegated))
            elif delegated:
                env[comodel].browse(target).write(delegated)
        if missing:
            values = [delegated for _, delegated in missing]
            created = env[comodel].create(values if len(values) > 1 else values[0])
            for (new, _), id_ in zip(missing, created._ids, strict=True):
                new.parts.columns[many2one] = id_


def _insert(env: Environment, model: Model, news: list[_New]) -> None:
    """Store rows with what was written in them, and their many2many links."""
    store, log = env.db.store, log_values(env, model, creating=True)
    rows = [{name: value for name, value in new.parts.columns.items() if value is not None} for new in news]
    constraints.check_targets(env, model, rows)
    for row, new in zip(rows, news, strict=True):
        new.shifting = slot_values.varying_columns(model, new.parts.columns)
        for f in new.shifting:
            slot_values.put_value(env, f, row, row.pop(f.name, None))
        new.written = (*row, *(f.name for f in new.shifting), *(f.name for f, _ in new.parts.lines))
    first = store.reserve_many(model.name, len(rows))
    rows = [{"id": id_, **row, **log} for id_, row in enumerate(rows, first)]
    if len(rows) > _MANY:
        Texts().share(rows)
    if nested_sets.kept(model):  # the place of each depends on those before it
        for row in rows:
            store.put(model.name, row)
            nested_sets.insert(env, model, row["id"])
    else:
        store.put_all(model.name, rows)
    for row, new in zip(rows, news, strict=True):
        new.id = row["id"]  # one number object a row: an equal one takes memory of its own
        if new.shifting or new.parts.lines or model.attached:
            _store_beside(env, model, new)


def _store_beside(env: Environment, model: Model, new: _New) -> None:
    """Store what is written of a new row in other tables, and its many2many links."""
    if new.shifting:
        slot_values.update_properties(env, model, (new.id,), new.shifting)
        translation_rows.update(env, model, (new.id,), new.shifting)
    for field, instructions in new.parts.lines:
        if not isinstance(field, One2many):
            commands.apply(env.browse(model, (new.id,)), field, instructions, creating=True)
    if model.attached:
        attachments.keep(env, model, (new.id,), new.parts.columns)


def _recompute_others(env: Environment, model: Model, groups: Iterable[list[_New]], given: recompute.Given) -> None:
    """Compute what depends on new records, but for their own fields; `groups` are those with the same given fields."""
    pending: recompute.Pending = deque()
    for news in groups:
        ids = {new.id for new in news}
        written = dict.fromkeys(name for names in dict.fromkeys(new.written for new in news) for name in names)
        found = recompute.dependents(env, model.name, written, ids, new=True)
        # the record's own fields are filled in already
        pending += (item for item in found if item[0] != model.name or not item[2] <= ids)
    recompute.run(env, pending, given)


def _complete(env: Environment, model: Model, news: list[_New]) -> None:
    """Create the lines of new records, and write what is stored with other records."""
    given: dict[Field, list[tuple[Recordset, list[commands.Command]]]] = {}
    for new in news:
        for field, instructions in new.parts.lines:
            if isinstance(field, One2many):
                given.setdefault(field, []).append((env.browse(model, (new.id,)), instructions))
    for field, of_records in given.items():
        commands.apply_to_lines(of_records, field, creating=True)
    for delegated, inverses, ids in _written_elsewhere(model, news):
        records = env.browse(model, ids)
        _write_through(records, delegated)
        run_inverses(records, inverses)


def _written_elsewhere(model: Model, news: list[_New]) -> list[tuple[Mapping[str, Any], Mapping[str, Any], list[int]]]:
    """Return the delegated values and those of inverses, with the ids of the new records that have the same."""
    found: list[tuple[Mapping[str, Any], Mapping[str, Any], list[int]]] = []
    for new in news:
        delegated, inverses = new.parts.delegated, new.parts.inverses
        if not (delegated or inverses):
            continue
        # commands may create records, which are each record's own
        alone = delegated or any(model.fields[name].x2many for name in inverses)
        if found and not alone and found[-1][:2] == ({}, inverses):
            found[-1][2].append(new.id)
        else:
            found.append((delegated, inverses, [new.id]))
    return found


def run_inverses(records: Recordset, values: Mapping[str, Any]) -> None:
    """Run the inverse methods of fields; while they run, the records have the values, which nothing computes."""
    model, frames = records._model, records.env.db.frames
    kept = frozenset(model.fields[name].compute for name in values) - {None}
    for method in dict.fromkeys(str(model.fields[name].inverse) for name in values):
        names = [name for name in values if model.fields[name].inverse == method]
        frame = computing.Frame(model.name, names, records._ids)
        frame.kept = kept
        for name in names:
            _show(records, model.fields[name], values[name], frame)
        frames.append(frame)
        try:
            getattr(records, method)()
        finally:
            frames.remove(frame)


def _show(records: Recordset, field: Field, value: Any, frame: computing.Frame) -> None:
    """Put a written value into a frame; of an x2many, what its commands leave of the records that each had."""
    if not field.x2many:
        frame.assign(records, field, value)
        return
    links = [] if field.store else commands.links(records, field, value)
    for record in records:
        frame.assign(record, field, commands.resulting(record, field, record[field.name]._ids, links))


def write_rows(records: Recordset, vals: Mapping[str, Any]) -> None:
    """Change existing records and what depends on them; raises the server's error for a bad value."""
    env, model, ids = records.env, records._model, set(records._ids)
    constraints.check_table(model, "update")
    env.db.writer = env.db.writer or env
    parts = split(records, vals, creating=False)
    constraints.check_targets(env, model, (parts.columns,))
    written = {*parts.columns, *(field.name for field, _ in parts.lines)}
    # only before the write is it known which records lose a line
    relations = [name for name in written if model.fields[name].relational]
    pending = recompute.dependents(env, model.name, relations, ids)
    _put(records, parts.columns)
    if model.attached:
        attachments.keep(env, model, records._ids, parts.columns)
    for field, instructions in parts.lines:
        commands.apply(records, field, instructions)
    _write_through(records, parts.delegated)
    for name in vals:
        if isinstance(model.fields[name], Properties):
            properties.redefine(records, model.fields[name], vals[name])
    pending += recompute.dependents(env, model.name, {*written, "write_date"}, ids)
    recompute.run(env, pending, recompute.Given(model.name, dict.fromkeys(vals, ids)))
    run_inverses(records, parts.inverses)
    # a computation may have changed a mandatory or a unique column
    constraints.check_rows(env, model, records._ids, written | model.constrained_computed)


def _put(records: Recordset, columns: Row) -> None:
    """Store new rows in place of the old ones, with the columns changed."""
    model, store = records._model, records.env.db.store
    env, shifting = records.env, slot_values.varying_columns(model, columns)
    plain = {name: value for name, value in columns.items() if name not in model.varying} if shifting else columns
    cleared = {name for name, value in plain.items() if value is None}
    kept = {name: value for name, value in plain.items() if value is not None}
    kept |= log_values(records.env, model, creating=False)
    rows, names = store.rows(model.name), (*cleared, *kept)
    moved: list[int] = []
    if model.parent_name in columns and nested_sets.kept(model):
        moved = nested_sets.to_move(env, model, records._ids, columns[model.parent_name])
    changed: list[Row] = []
    for id_ in records._ids:
        old = rows[id_]
        if cleared:
            old = {name: value for name, value in old.items() if name not in cleared}
        new = {**old, **kept}
        for f in shifting:
            slot_values.put_value(env, f, new, columns[f.name])
        changed.append(new)
    store.replace(model.name, changed, None if shifting else names)
    slot_values.update_properties(env, model, records._ids, shifting)
    translation_rows.update(env, model, records._ids, shifting)
    if model.parent_store and model.parent_name in columns:
        constraints.check_loop(records)
    for id_ in moved:
        nested_sets.move(env, model, id_)
