"""onchange: what a form would show after a change, without anything being saved.  Source: versions.md §6.1."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from mockserver.errors import ValidationError
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Many2one
from mockserver.orm.methods.crud import known_values
from mockserver.orm.methods.form_lines import FormLines, Specification, shown, with_pairs
from mockserver.orm.query import computing
from mockserver.orm.records.environment import Recordset
from mockserver.orm.records.recordset import missing_record
from mockserver.orm.schema import api
from mockserver.orm.writing import commands, recompute
from mockserver.orm.writing.commands import CLEAR, CREATE, DELETE, LINK, SET, UNLINK, UPDATE
from mockserver.orm.writing.parts import followed, split


class _Undo(Exception):
    """Rolls the work on the scratch record back."""


def _answer(
    records: Recordset, values: dict[str, Any], changed: list[str], fields_spec: Specification, restate: bool
) -> dict[str, Any]:
    first = not changed
    lines = FormLines(records.env.db.store.sequences)
    if first:
        missing = [name for name in fields_spec if name not in values]
        changed = [name for name in values if name != "id"]
        defaults = records.browse().default_get(missing)
        values |= {name: defaults.get(name, False) for name in missing}
        changed += defaults
    kept = {name: value for name, value in values.items() if name not in changed}
    if not records and (not first or records.env.db.profile.rules.first_form_has_defaults):
        kept = {**_other_defaults(records, {*values, *fields_spec}), **kept}
    scratch = _scratch(records, kept, lines, first)
    fields = scratch._model.fields
    # for fields without a column, what the client showed before is in the values that it sends
    known = {n: values[n] for n in fields_spec if n in values and n != "id" and not fields[n].column}
    known = {name: value for name, value in known.items() if not fields[name].relational}
    before = {} if first else shown(scratch, fields_spec)
    entered = {name: values[name] for name in changed if name in values}
    if first:
        _apply(scratch, {name: value for name, value in entered.items() if not fields[name].x2many}, lines)
        recompute.fill(scratch.env, scratch._name, {frozenset(changed): set(scratch._ids)})
        entered = {name: value for name, value in entered.items() if fields[name].x2many}
    _apply(scratch, entered, lines)
    if not first:
        before |= shown(scratch, {name: fields_spec[name] for name in changed if name in fields_spec}) | known
        _recompute(scratch, changed)
    with _assigned(scratch, {name: values[name] for name in changed if name in values}):
        warnings = _run_methods(scratch, changed)
    # no record rule forbids to see what one is entering
    found = lines.changes(scratch.sudo(), fields_spec, shown(scratch, fields_spec), before, restate)
    return {"value": found if records else _without_scratch_id(scratch, found), **_warning(warnings)}


def _other_defaults(records: Recordset, visible: Collection[str]) -> dict[str, Any]:
    """Return the defaults of fields that a form of a new record does not show, but for those of lines."""
    fields = records._model.fields
    names = [name for name, field in fields.items() if name not in visible and field.column and not field.x2many]
    found: dict[str, Any] = records.browse().default_get(names)
    return found


def _scratch(records: Recordset, values: Mapping[str, Any], lines: FormLines, first: bool) -> Recordset:
    """Return the record that the form edits, or a new one, with the values that did not change."""
    new = not records
    if new:
        store = records.env.db.store
        row = {"id": store.next_id(records._name)}
        for comodel, many2one in records._model.inherits.items():
            row[many2one] = values.get(many2one) or _scratch(records.env[comodel].browse(), {}, lines, first).id
        store.put(records._name, row)
        records = records.browse(row["id"])
    fields = records.ensure_one()._model.fields
    if records._ids[0] not in records.env.db.store.rows(records._name):
        raise missing_record(records, records._ids[0])
    _apply(records, {name: value for name, value in values.items() if not fields[name].x2many}, lines)
    if new and not first:
        recompute.fill(records.env, records._name, {frozenset(values): set(records._ids)})
    _apply(records, {name: value for name, value in values.items() if fields[name].x2many}, lines)
    return records


def _apply(scratch: Recordset, values: Mapping[str, Any], lines: FormLines) -> None:
    """Put values into the scratch row, without checking constraints."""
    if not values:
        return
    store, model = scratch.env.db.store, scratch._model
    parts = split(scratch, values, creating=False)
    columns = {name: value for name, value in parts.columns.items() if not _leads_back(scratch, name, value)}
    row = {**store.rows(model.name)[scratch._ids[0]], **columns}
    store.put(model.name, {name: value for name, value in row.items() if value is not None})
    for field, instructions in parts.lines:
        # an incomplete line cannot be created yet, and is left out
        with contextlib.suppress(ValidationError):
            commands.apply(scratch.sudo(), field, instructions)
        lines.name(field.comodel, instructions, scratch.sudo()[field.name]._ids)
    for path, delegated in parts.delegated.items():
        parent = followed(scratch, path).exists()
        if parent:
            _apply(parent, delegated, lines)


def _leads_back(scratch: Recordset, name: str, value: Any) -> bool:
    """Return whether a many2one value puts the record below itself.

    No constraint refuses that in a form, and what walks up the hierarchy would not end.
    Differs: the form's record is not the stored one on the real server, so its value counts there.
    """
    field = scratch._model.fields[name]
    if not isinstance(field, Many2one) or field.comodel != scratch._name:
        return False
    rows, seen = scratch.env.db.store.rows(scratch._name), set(scratch._ids)
    while value and value not in seen:
        seen.add(value)
        value = rows[value].get(name) if value in rows else None
    return value in scratch._ids


def _recompute(scratch: Recordset, changed: list[str]) -> None:
    env, model, ids = scratch.env, scratch._model.name, set(scratch._ids)
    pending = recompute.dependents(env, model, changed, ids)
    # what the user just entered is not overwritten by a computation
    recompute.run(env, deque(p for p in pending if p[0] != model or p[1] not in changed))


@contextlib.contextmanager
def _assigned(scratch: Recordset, values: Mapping[str, Any]) -> Iterator[None]:
    """Give the record the form's values of computed fields that are not stored."""
    fields = {name: scratch._model.fields[name] for name in values if name in scratch._model.fields}
    names = [name for name, field in fields.items() if field.compute and not field.column]
    frame = computing.Frame(scratch._name, names, scratch._ids)
    for name in names:
        field, value = fields[name], values[name]
        frame.assign(scratch, field, _linked(scratch, field, value) if field.x2many else value)
    frames = scratch.env.db.frames
    frames.append(frame)
    try:
        yield
    finally:
        frames.remove(frame)


def _linked(scratch: Recordset, field: Field, value: Any) -> tuple[int, ...]:
    """Return the ids that the commands for a field without a column leave of those that it shows."""
    shown = scratch[field.name]._ids if field.comodel in scratch.env else ()
    links = [(code, given) for code, given in commands.links(scratch.sudo(), field, value)]
    return commands.resulting(scratch, field, shown, links)


def _run_methods(scratch: Recordset, changed: list[str]) -> list[Mapping[str, Any]]:
    """Run the `@api.onchange` methods, each once, for what changed and what they change; return their warnings."""
    warnings: list[Mapping[str, Any]] = []
    left = dict(scratch._onchanges)
    pending = deque(changed)
    while pending:
        name = pending.popleft()
        for method in [method for method, fields in left.items() if name in fields]:
            del left[method]
            assigned, result = _run_method(scratch, method)
            if isinstance(result, Mapping) and isinstance(result.get("warning"), Mapping):
                warnings.append(result["warning"])
            _recompute(scratch, list(assigned))
            pending += assigned
    return warnings


def _run_method(scratch: Recordset, method: str) -> tuple[dict[str, Any], Any]:
    """Run one method and store what it assigned in the row; return what it assigned and what it returned."""
    model, store, (id_,) = scratch._model, scratch.env.db.store, scratch._ids
    frame = _FormFrame(model.name, [name for name in model.fields if name != "id"], scratch._ids)
    frames = scratch.env.db.frames
    frames.append(frame)
    try:
        result = getattr(scratch, method)()
    finally:
        frames.remove(frame)
    assigned = {name: values[id_] for name, values in frame.values.items() if values}
    row = store.rows(model.name)[id_] | {name: v for name, v in assigned.items() if model.fields[name].column}
    store.put(model.name, {name: value for name, value in row.items() if value is not None})
    return {**assigned, **dict.fromkeys(frame.relinked)}, result


class _FormFrame(computing.Frame):
    """The values that a method assigns to the scratch record; commands for its lines are run at once."""

    def __init__(self, model: str, fields: Collection[str], ids: Iterable[int]) -> None:
        super().__init__(model, fields, ids)
        self.relinked: dict[str, None] = {}  # the fields whose lines changed

    def assign(self, records: Recordset, field: Field, value: Any) -> None:
        """Set the value of a field, or the lines of one that keeps them."""
        if not (field.x2many and field.store):
            super().assign(records, field, value)
            return
        of_commands = value and isinstance(value[0], (list, tuple))
        with contextlib.suppress(ValidationError):
            commands.apply(records.sudo(), field, list(value) if of_commands else [(SET, 0, list(value or ()))])
        self.relinked[field.name] = None


def _warning(warnings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the warnings joined into one, or `{}`."""
    if not warnings:
        return {}
    title = str(warnings[0].get("title") or "Warning") if len(warnings) == 1 else "Warnings"
    kind = warnings[0].get("type") or "dialog"
    message = "\n\n".join(str(warning.get("message") or "") for warning in warnings)
    return {"warning": {"title": title, "message": message, "type": kind}}


def _without_scratch_id(scratch: Recordset, shown: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a new record without its scratch id: fields that refer to the record itself are empty."""
    (id_,) = scratch._ids
    for name, value in shown.items():
        field = scratch._model.fields[name]
        target = value.get("id") if isinstance(value, dict) else value
        if isinstance(field, Many2one) and field.comodel == scratch._name and target == id_:
            shown[name] = False
        elif name == "display_name" and value == f"{scratch._name},{id_}":
            shown[name] = f"{scratch._name},NewId"
    return shown


def _rolled_back(
    records: Recordset, values: Mapping[str, Any], changed: Sequence[str], spec: Specification, restate: bool = False
) -> dict[str, Any]:
    """Return the answer of a form, and undo what was done to find it."""
    store = records.env.db.store
    sequences = store.sequences
    answer: dict[str, Any] = {}
    empty = _leading_nowhere(records, {*values, *spec}, [(CLEAR,)] if restate else [])
    values, spec = ({name: known[name] for name in known if name not in empty} for known in (values, spec))
    try:
        with recompute.unsaved(records.env), records.env.db.transaction():
            answer = _answer(records, values, [name for name in changed if name not in empty], spec, restate)
            raise _Undo
    except _Undo:
        store.sequences = sequences
    if not changed:
        answer["value"] |= empty
    return answer


def _leading_nowhere(records: Recordset, names: Iterable[str], no_lines: list[Any]) -> dict[str, Any]:
    """Return what a form shows of those fields that lead to models of modules which are not there: nothing."""
    fields = records._model.fields
    wanted = (fields[name] for name in names if name in fields and fields[name].comodel)
    return {field.name: no_lines if field.x2many else False for field in wanted if field.comodel not in records.env}


def _specification(records: Recordset, paths: Iterable[str]) -> dict[str, Any]:
    """Return the specification of the fields of a form, of whose lines the fields are told as `lines.name`."""
    fields, paths = records._model.fields, list(paths)
    found: dict[str, Any] = {}
    for name in paths:
        field = fields.get(name)
        if isinstance(field, Many2one):
            found[name] = {"fields": {"display_name": {}}}
        elif field is not None and field.x2many and field.comodel in records.env:
            below = [path.removeprefix(f"{name}.") for path in paths if path.startswith(f"{name}.")]
            found[name] = {"fields": _specification(records.env[field.comodel], below)}
        elif field is not None:
            found[name] = {}
    return found


class Onchange(Recordset):
    """What a form shows after a change."""

    __slots__ = ()

    @api.model(until=13)
    def resolve_2many_commands(
        self, field_name: str, commands: Sequence[Any], fields: Sequence[str] | None = None
    ) -> list[dict[str, Any]]:
        """Return the lines that commands give: values of new ones, then the others as they are read, with changes."""
        ids: list[int] = []
        made: list[dict[str, Any]] = []
        changes: dict[int, dict[str, Any]] = {}
        for command in commands or ():
            kind, id_, values = (
                (*command, None, None)[:3] if isinstance(command, (list, tuple)) else (LINK, command, None)
            )
            if kind == CREATE:
                made.append(dict(values or {}))
            elif kind in (UPDATE, LINK):
                ids.append(id_)
                changes.setdefault(id_, {}).update(values or {})
            elif kind in (DELETE, UNLINK):
                ids = [known for known in ids if known != id_]
            else:
                made, ids = [], list(values or ())
        read = self.env[self._model.field(field_name).comodel].browse(ids).call("read", fields)
        return [*made, *({**line, **changes.get(line["id"], {})} for line in read)]

    @api.versions(until=16, name="onchange")
    def onchange_11(
        self, values: Mapping[str, Any], field_name: Any, field_onchange: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return `{"value": {field: value}}`: what the form has to change; a relation is `[id, name]` or commands.

        `field_name` is what changed: a name, a list, or nothing for a new form.  The keys of `field_onchange` are
        the fields of the form; those of lines have a dot.
        """
        names = [field_name] if isinstance(field_name, str) else list(field_name or ())
        specification = _specification(self, field_onchange)
        if any(name not in self._model.fields for name in names):
            return {}
        answer = _rolled_back(self, known_values(self, values), names, specification, restate=True)
        return {**answer, "value": with_pairs(self, answer["value"])}

    @api.versions(since=17)
    def onchange(
        self, values: Mapping[str, Any], field_names: Sequence[str], fields_spec: Specification
    ) -> dict[str, Any]:
        """Return `{"value": {field: value as web_read shows it, or x2many commands}}`: what the form has to change.

        `values` are those of the form.  Without `field_names` the form is new: it gets the defaults, and every
        field of `fields_spec`.  The work is done on a scratch record and rolled back.

        Source: source of Odoo 17.0 and 18.0, onchange and _update_cache, for unknown fields.
        """
        if any(name not in self._model.fields for name in field_names):
            return {}
        for name in fields_spec:
            if self:
                self._model.field(name)  # raises: they are read
            elif name not in self._model.fields:
                raise KeyError(name)
        for name in field_names:
            if name not in values:
                raise KeyError(name)
        for name in values:
            if name not in self._model.fields:
                raise ValueError(f"Invalid field {name!r} on model {self._name!r}")
        return _rolled_back(self, values, field_names, fields_spec)
