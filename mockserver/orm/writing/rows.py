"""What create, write and unlink do to rows, once access and names are checked."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field as attribute
from typing import TYPE_CHECKING, Any

from mockserver.errors import DatabaseError
from mockserver.orm.fields.base import Field, Selection
from mockserver.orm.fields.relational import Many2many, Many2one, One2many, Properties, Reference, invalid_text
from mockserver.orm.fields.texts import Html
from mockserver.orm.query import computing, properties, values
from mockserver.orm.schema.model import MAGIC_FIELDS, Model
from mockserver.orm.storage.store import Row
from mockserver.orm.writing import (
    amounts,
    attachments,
    commands,
    constraints,
    defaults,
    nested_sets,
    recompute,
    slot_values,
    translation_rows,
)

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment, Recordset


@dataclass
class Parts:
    """Written values, divided by how they are stored."""

    columns: Row = attribute(default_factory=dict)
    lines: list[tuple[Field, list[commands.Command]]] = attribute(default_factory=list)
    delegated: dict[str, dict[str, Any]] = attribute(default_factory=dict)  # {path of many2one fields: values}
    inverses: dict[str, Any] = attribute(default_factory=dict)  # values whose field has a method that writes them


def split(records: Recordset, vals: Mapping[str, Any], *, creating: bool) -> Parts:
    """Convert values and divide them by how they are stored; raises the server's error for a bad name or value."""
    model, parts = records._model, Parts()
    takes_ids = records.env.db.profile.rules.x2many_takes_ids
    fields = {name: model.field(name) for name in vals}
    for name, field in fields.items():
        value = vals[name]
        if name in MAGIC_FIELDS:
            continue  # ignored silently; Source: versions.md §9.5
        if field.related and not field.column:
            if not creating and not field.x2many and records.env.db.profile.rules.related_checked:
                stored(records.env, field, value, creating=False)
            _delegate(parts, field, value)
        elif isinstance(field, (One2many, Many2many)):
            if field.store and (value or not creating):
                parts.lines.append((field, commands.parse(field, value, takes_ids=takes_ids)))
        elif field.column:
            if field.related:  # stored here, and written to its source
                _delegate(parts, field, value)
            parts.columns[name] = stored(records.env, field, value, creating=creating)
    parts.inverses = {name: vals[name] for name, field in fields.items() if field.inverse}
    amounts.round_monetary(records, parts.columns)
    return parts


def _converted(env: Environment, field: Field, value: Any, *, creating: bool) -> Any:
    """Return the value as the field converts it; raises the database's error where that does the check."""
    rules = env.db.profile.rules
    if field.timed and isinstance(value, str):
        value = value[:19] if rules.datetime_cut else value
        value = value.replace("T", " ", 1) if rules.iso_datetimes else value
    if isinstance(field, Html) and rules.html_is_text and value and not isinstance(value, (str, bytes)):
        return "<p>Unknown error when sanitizing</p>"
    if field.type == "binary" and value and not (rules.binary_attached or isinstance(value, (str, bytes))):
        raise TypeError(f"{type(value).__name__!r} object is not subscriptable")
    if isinstance(field, Many2one) and not rules.many2one_list_empties:
        creating = True  # a wrong id reaches the database in a write too
    try:
        return field.to_store(value, creating=creating)
    except ValueError:
        unchecked = rules.unchecked_dates
        if field.dated and (unchecked == "always" or (creating and unchecked == "on create")):
            kind = (field.sql_type or field.type).partition(" ")[0]
            raise invalid_text("errors.InvalidDatetimeFormat", kind, value) from None
        raise


def stored(env: Environment, field: Field, value: Any, *, creating: bool) -> Any:
    """Return a value as rows hold it; checks selections whose choices are computed from data."""
    converted = _converted(env, field, value, creating=creating)
    decided_by_data = isinstance(field, Selection) and isinstance(field.selection, dict)
    checked = decided_by_data and env.db.profile.rules.data_selections_checked
    if converted is not None and checked and not values.allows(env, field, converted):
        raise ValueError(f"Wrong value for {field.model}.{field.name}: {value!r}")
    if isinstance(field, Reference) and converted is not None and not creating:
        model, _, id_ = converted.partition(",")
        if env.db.store.get(model, int(id_)) is None:
            return None  # a write checks the target, a create does not
    return converted


def _delegate(parts: Parts, field: Field, value: Any) -> None:
    path, _, name = (field.related or "").rpartition(".")
    if field.inherited or not field.readonly:
        parts.delegated.setdefault(path, {})[name] = value


def _write_through(records: Recordset, delegated: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the values of related fields to the records that the fields take them from."""
    for path, vals in delegated.items():
        target: Any = records
        for name in path.split("."):
            target = target._related(name)
        target.write(vals)


@dataclass
class _New:
    """A row that is being created."""

    record: Recordset
    parts: Parts
    given: frozenset[str]  # the names of the values that are not computed
    written: tuple[str, ...]


def _check_table(model: Model, action: str) -> None:
    """Raise the database's error for a change of a model without a table."""
    if not model.auto:
        raise DatabaseError("errors.ObjectNotInPrerequisiteState", f'cannot {action} view "{model.table}"\n')


def create_row(records: Recordset, vals: Mapping[str, Any]) -> int:
    """Store one new record with its lines and return its id.

    A value that is given or the default is not computed, unless only the server sets it.
    """
    new = _insert(records, vals)
    id_ = new.record._ids[0]
    recompute.fill(records.env, records._name, {id_}, new.given)
    constraints.check_rows(records.env, records._model, (id_,))
    _recompute_others(records.env, [new])
    _complete(new)
    return id_


def create_rows(records: Recordset, values: Iterable[Mapping[str, Any]]) -> list[int]:
    """Store new records as `create_row` does and return their ids; compute their fields together."""
    env, model = records.env, records._model
    news = [_insert(records, vals) for vals in values]
    ids = [new.record._ids[0] for new in news]
    alike: dict[frozenset[str], list[_New]] = {}
    for new in news:
        alike.setdefault(new.given, []).append(new)
    for given, group in alike.items():
        recompute.fill(env, model.name, {new.record._ids[0] for new in group}, given)
    constraints.check_rows(env, model, ids)
    for group in alike.values():
        _recompute_others(env, group)
    for new in news:
        _complete(new)
    return ids


def _insert(records: Recordset, vals: Mapping[str, Any]) -> _New:
    """Store a row with what was written in it, and its many2many links."""
    env, model = records.env, records._model
    _check_table(model, "insert into")
    env.db.writer = env.db.writer or env
    given = frozenset(name for name in vals if not _only_server_sets(model.fields[name]))
    parts = split(records, vals, creating=True)
    for comodel, many2one in model.inherits.items():
        delegated = parts.delegated.pop(many2one, {})
        if parts.columns.get(many2one):
            if delegated:
                env[comodel].browse(parts.columns[many2one]).write(delegated)
        else:
            parts.columns[many2one] = env[comodel].create(delegated).id
    row = {name: value for name, value in parts.columns.items() if value is not None}
    constraints.check_targets(env, model, row)
    shifting = slot_values.varying_columns(model, parts.columns)
    for f in shifting:
        slot_values.put_value(env, f, row, row.pop(f.name, None))
    id_ = env.db.store.insert(model.name, {**row, **log_values(env, model, creating=True)})
    slot_values.update_properties(env, model, (id_,), shifting)
    translation_rows.update(env, model, (id_,), shifting)
    if nested_sets.kept(model):
        nested_sets.insert(env, model, id_)
    record = env.browse(model, (id_,))
    for field, instructions in parts.lines:
        if not isinstance(field, One2many):
            commands.apply(record, field, instructions, creating=True)
    if model.attached:
        attachments.keep(env, model, (id_,), parts.columns)
    written = (*row, *(f.name for f in shifting), *(f.name for f, _ in parts.lines))
    return _New(record, parts, given, written)


def _only_server_sets(field: Field) -> bool:
    """Return whether a value that is given for a new record is computed over.  Source: recorded in flow-activity."""
    return field.readonly and bool(field.compute or (field.related and not field.inherited))


def _recompute_others(env: Environment, news: list[_New]) -> None:
    """Compute what depends on new records whose given and written fields are the same, but for their own fields."""
    model = news[0].record._name
    ids = {new.record._ids[0] for new in news}
    written = dict.fromkeys(name for new in news for name in new.written)
    # the record's own fields are filled in already
    pending = (
        item for item in recompute.dependents(env, model, written, ids) if item[0] != model or not item[2] <= ids
    )
    recompute.run(env, deque(pending), recompute.Given(model, frozenset(news[0].given), ids))


def _complete(new: _New) -> None:
    """Create the lines of a new record, and write what is stored with other records."""
    for field, instructions in new.parts.lines:
        if isinstance(field, One2many):
            commands.apply(new.record, field, instructions, creating=True)
    _write_through(new.record, new.parts.delegated)
    run_inverses(new.record, new.parts.inverses)


def run_inverses(records: Recordset, values: Mapping[str, Any]) -> None:
    """Run the inverse methods of fields; while they run, the records have the values."""
    model, frames = records._model, records.env.db.frames
    for method in dict.fromkeys(str(model.fields[name].inverse) for name in values):
        names = [name for name in values if model.fields[name].inverse == method]
        frame = computing.Frame(model.name, names, records._ids)
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
    _check_table(model, "update")
    env.db.writer = env.db.writer or env
    parts = split(records, vals, creating=False)
    constraints.check_targets(env, model, parts.columns)
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
    pending += recompute.dependents(env, model.name, written, ids)
    recompute.run(env, pending, recompute.Given(model.name, frozenset(vals), ids))
    run_inverses(records, parts.inverses)
    constraints.check_rows(env, model, records._ids, written)


def _put(records: Recordset, columns: Row) -> None:
    """Store new rows in place of the old ones, with the columns changed."""
    model, store = records._model, records.env.db.store
    env, shifting = records.env, slot_values.varying_columns(model, columns)
    plain = {name: value for name, value in columns.items() if name not in model.varying} if shifting else columns
    cleared = {name for name, value in plain.items() if value is None}
    kept = {name: value for name, value in plain.items() if value is not None}
    kept |= log_values(records.env, model, creating=False)
    rows = store.rows(model.name)
    moved: list[int] = []
    if model.parent_name in columns and nested_sets.kept(model):
        moved = nested_sets.to_move(env, model, records._ids, columns[model.parent_name])
    for id_ in records._ids:
        old = rows[id_]
        if cleared:
            old = {name: value for name, value in old.items() if name not in cleared}
        new = {**old, **kept}
        for f in shifting:
            slot_values.put_value(env, f, new, columns[f.name])
        store.put(model.name, new)
    slot_values.update_properties(env, model, records._ids, shifting)
    translation_rows.update(env, model, records._ids, shifting)
    if model.parent_store and model.parent_name in columns:
        constraints.check_loop(records)
    for id_ in moved:
        nested_sets.move(env, model, id_)


def log_values(env: Environment, model: Model, *, creating: bool) -> Row:
    """Return the values of the log fields: the user and the time."""
    if not model.log_access:
        return {}
    now = env.db.clock.now()
    log: Row = {"write_uid": env.uid, "write_date": now}
    return {"create_uid": env.uid, "create_date": now, **log} if creating else log


def delete_rows(records: Recordset) -> None:
    """Delete records and what cascades from them; raises for a `restrict` reference.

    As in the database, records that a cascade deletes get no call of their model's `unlink`.
    """
    env, store = records.env, records.env.db.store
    _check_table(records._model, "delete from")
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
