"""onchange: what a form would show after a change, without anything being saved.  Source: versions.md §6.1."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mockserver.errors import ValidationError
from mockserver.orm.fields.relational import Many2one, One2many
from mockserver.orm.methods.web import Specification
from mockserver.orm.query import computing
from mockserver.orm.records.environment import Recordset
from mockserver.orm.schema import api
from mockserver.orm.writing import commands, recompute, rows as writing
from mockserver.orm.writing.commands import CREATE, DELETE, LINK, UNLINK, UPDATE


class _Undo(Exception):
    """Rolls the work on the scratch record back."""


def _answer(
    records: Recordset, values: dict[str, Any], changed: list[str], fields_spec: Specification
) -> dict[str, Any]:
    first = not changed
    if first:
        missing = [name for name in fields_spec if name not in values]
        changed = [name for name in values if name != "id"]
        defaults = records.browse().default_get(missing)
        values |= {name: defaults.get(name, False) for name in missing}
        changed += defaults
    scratch = _scratch(records, {name: value for name, value in values.items() if name not in changed})
    names = [name for name in fields_spec if name != "id"]
    # for fields without a column, what the client showed before is in the values that it sends
    known = {n: values[n] for n in names if n in values and not scratch._model.fields[n].column}
    known = {name: value for name, value in known.items() if not scratch._model.fields[name].relational}
    before = _read(scratch, names)
    _apply(scratch, {name: values[name] for name in changed if name in values})
    before |= _read(scratch, [name for name in changed if name in fields_spec]) | known
    _recompute(scratch, changed, first)
    with _assigned(scratch, {name: values[name] for name in changed if name in values}):
        warnings = _run_methods(scratch, changed)
    after = _read(scratch, names)
    to_send = [name for name in names if first or after[name] != before[name]]
    shown = _form_values(scratch, {name: fields_spec[name] for name in to_send}, {} if first else before)
    return {"value": shown if records else _without_scratch_id(scratch, shown), **_warning(warnings)}


def _scratch(records: Recordset, values: Mapping[str, Any]) -> Recordset:
    """Return the record that the form edits, or a new one, with the values that did not change."""
    if not records:
        store = records.env.db.store
        row = {"id": store.next_id(records._name)}
        for comodel, many2one in records._model.inherits.items():
            row[many2one] = values.get(many2one) or _scratch(records.env[comodel].browse(), {}).id
        store.put(records._name, row)
        records = records.browse(row["id"])
    _apply(records.ensure_one(), values)
    return records


def _apply(scratch: Recordset, values: Mapping[str, Any]) -> None:
    """Put values into the scratch row, without checking constraints."""
    store, model = scratch.env.db.store, scratch._model
    parts = writing.split(scratch, values, creating=False)
    row = {**store.rows(model.name)[scratch._ids[0]], **parts.columns}
    store.put(model.name, {name: value for name, value in row.items() if value is not None})
    for field, instructions in parts.lines:
        # an incomplete line cannot be created yet, and is left out
        with contextlib.suppress(ValidationError):
            commands.apply(scratch, field, instructions)
    for many2one, delegated in parts.delegated.items():
        parent = scratch._related(many2one)
        if parent:
            _apply(parent, delegated)


def _recompute(scratch: Recordset, changed: list[str], first: bool) -> None:
    env, model, ids = scratch.env, scratch._model.name, set(scratch._ids)
    if first:
        recompute.fill(env, model, ids, changed)
        return
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
        frame.assign(scratch, fields[name], values[name])
    frames = scratch.env.db.frames
    frames.append(frame)
    try:
        yield
    finally:
        frames.remove(frame)


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
            _recompute(scratch, list(assigned), first=False)
            pending += assigned
    return warnings


def _run_method(scratch: Recordset, method: str) -> tuple[dict[str, Any], Any]:
    """Run one method and store what it assigned in the row; return what it assigned and what it returned."""
    model, store, (id_,) = scratch._model, scratch.env.db.store, scratch._ids
    frame = computing.Frame(model.name, [name for name in model.fields if name != "id"], scratch._ids)
    frames = scratch.env.db.frames
    frames.append(frame)
    try:
        result = getattr(scratch, method)()
    finally:
        frames.remove(frame)
    assigned = {name: values[id_] for name, values in frame.values.items() if values}
    row = store.rows(model.name)[id_] | {name: v for name, v in assigned.items() if model.fields[name].column}
    store.put(model.name, {name: value for name, value in row.items() if value is not None})
    return assigned, result


def _warning(warnings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the warnings joined into one, or `{}`."""
    if not warnings:
        return {}
    title = str(warnings[0].get("title") or "Warning") if len(warnings) == 1 else "Warnings"
    kind = warnings[0].get("type") or "dialog"
    message = "\n\n".join(str(warning.get("message") or "") for warning in warnings)
    return {"warning": {"title": title, "message": message, "type": kind}}


def _read(scratch: Recordset, names: Sequence[str]) -> dict[str, Any]:
    if not names:
        return {}
    found: dict[str, Any] = scratch.sudo().read(list(names), None)[0]
    return {name: found[name] for name in names}


def _form_values(scratch: Recordset, fields_spec: Specification, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values for the client, as `web_read` does, with lines as commands."""
    fields = scratch._model.fields
    lines = {name: spec for name, spec in fields_spec.items() if fields[name].x2many}
    simple = {name: spec for name, spec in fields_spec.items() if name not in lines}
    shown: dict[str, Any] = scratch.web_read(simple)[0] if simple else {}
    shown.pop("id", None)
    for name, spec in lines.items():
        found = _line_commands(scratch, name, spec, before.get(name) or [])
        if found:
            shown[name] = found
    return shown


def _without_scratch_id(scratch: Recordset, shown: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a new record without its scratch id: fields that refer to the record itself are empty."""
    (id_,) = scratch._ids
    for name, value in shown.items():
        field = scratch._model.fields[name]
        target = value["id"] if isinstance(value, dict) else value
        if isinstance(field, Many2one) and field.comodel == scratch._name and target == id_:
            shown[name] = False
        elif name == "display_name" and value == f"{scratch._name},{id_}":
            shown[name] = f"{scratch._name},NewId"
    return shown


def _line_commands(scratch: Recordset, name: str, spec: Mapping[str, Any], before: Sequence[int]) -> list[Any]:
    related = scratch[name]
    is_one2many = isinstance(scratch._model.fields[name], One2many)
    remove = commands.DELETE if is_one2many else commands.UNLINK
    found: list[Any] = [(remove, id_) for id_ in before if id_ not in related._ids]
    for line in related:
        if line._ids[0] not in before:
            data = line.web_read(spec.get("fields") or {})[0]
            if is_one2many:
                data.pop("id")
            found.append((commands.CREATE, 0, data) if is_one2many else (commands.LINK, line._ids[0], data))
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
        fields = self._model.fields
        specification: dict[str, Any] = {
            name: {"fields": {"display_name": {}}} if isinstance(fields[name], Many2one) else {}
            for name in field_onchange
            if name in fields
        }
        answer = Onchange.onchange(self, values, names, specification)
        found = answer.get("value", {})
        for name, value in found.items():
            if isinstance(value, dict):
                found[name] = [value["id"], value["display_name"]]
        return answer

    @api.versions(since=17)
    def onchange(
        self, values: Mapping[str, Any], field_names: Sequence[str], fields_spec: Specification
    ) -> dict[str, Any]:
        """Return `{"value": {field: value as web_read shows it, or x2many commands}}`: what the form has to change.

        `values` are those of the form.  Without `field_names` the form is new: it gets the defaults, and every
        field of `fields_spec`.  The work is done on a scratch record and rolled back.
        """
        if any(name not in self._model.fields for name in field_names):
            return {}
        for name in fields_spec:
            if name not in self._model.fields:
                raise KeyError(name)
        store = self.env.db.store
        sequences = store.sequences
        answer: dict[str, Any] = {}
        try:
            with self.env.db.transaction():
                answer = _answer(self, dict(values), list(field_names), fields_spec)
                raise _Undo
        except _Undo:
            store.sequences = sequences
        return answer
