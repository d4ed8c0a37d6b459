"""export_data and load.  Source: versions.md §6.1; recorded in core-groups (17.0)."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from mockserver.clock import DATETIME_FORMAT
from mockserver.errors import UserError
from mockserver.orm.bulk.loading import Loader, Rejected, field_path
from mockserver.orm.fields.base import Field, Selection
from mockserver.orm.fields.relational import Many2many, Reference
from mockserver.orm.query.periods import local_time, named_zone
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights import record_rules
from mockserver.orm.rights.access import check_access, check_fields, user_groups
from mockserver.orm.schema import api
from mockserver.orm.writing import external_ids

MAX_LINES = 1_000_000  # of an export


def _may_export(records: Recordset) -> bool:
    if records.env.su:
        return True
    groups = user_groups(records.env)
    named = (records.env.ref(f"base.{name}", False) for name in ("group_erp_manager", "group_allow_export"))
    return any(group is not None and group.id in groups for group in named)


class _Room:
    """What is left of the lines of an export: a path through lines and back multiplies them with each step."""

    def __init__(self) -> None:
        self._left = MAX_LINES

    def take(self, lines: int) -> None:
        """Raise ValueError for more lines than are left."""
        self._left -= lines
        if self._left < 0:
            raise ValueError(f"the export has more than {MAX_LINES} lines, counted at each step of its paths")


def _lines(records: Recordset, paths: list[list[str]], room: _Room) -> list[list[Any]]:
    """Return a line for each record, followed by one for each further line of its one2many fields."""
    lines: list[list[Any]] = []
    room.take(len(records))
    for record_ in records:
        own: list[Any] = [""] * len(paths)
        more: list[list[Any]] = []
        done = set()
        for column, path in enumerate(paths):
            if path and path[0] not in done:
                if _is_relation(record_, path[0]):
                    done.add(path[0])
                more += _fill(record_, paths, column, own, room)
        lines += [own, *more]
    return lines


def _is_relation(record_: Recordset, name: str) -> bool:
    return name not in ("id", ".id") and (_field(record_, name).relational or _target(record_, name) is not None)


def _field(record_: Recordset, name: str) -> Field:
    """Return a field; raises the error of the version for an unknown one."""
    field = record_._model.fields.get(name)
    if field is None and not record_.env.db.profile.rules.export_checks_fields:
        raise KeyError(name)
    return field or record_._model.field(name)


def _target(record_: Recordset, name: str) -> Recordset | None:
    """Return the record that a reference field refers to, None where its text is exported."""
    if not isinstance(record_._model.fields[name], Reference) or not record_[name]:
        return None
    env = record_.env
    if env.db.profile.rules.export_reference_text and env.context.get("import_compat", True):
        return None  # exported as it is stored, so that it can be imported again
    comodel, _, id_ = record_[name].partition(",")
    return record_.env[comodel].browse(int(id_))


def _fill(record_: Recordset, paths: list[list[str]], column: int, own: list[Any], room: _Room) -> list[list[Any]]:
    """Write the cells of one column, or of all columns that begin with the same relation; return further lines."""
    name = paths[column][0]
    if name == ".id":
        own[column] = str(record_.id)
    elif name == "id":
        own[column] = (record_._name, record_.id)
    elif not _is_relation(record_, name):
        own[column] = _cell(record_, record_._model.fields[name])
    else:
        target = _target(record_, name)
        related = record_[name] if target is None else target
        inner = [(path[1:] or ["display_name"]) if path and path[0] == name else [] for path in paths]
        if isinstance(record_._model.fields[name], Many2many) and record_.env.context.get("import_compat", True):
            _fill_joined(related, inner, column, own)
            return []
        lines = _lines(related, inner, room)
        if not lines:
            own[column] = record_.env.db.profile.rules.export_empty_relation
        for index, value in enumerate(lines[0] if lines else ()):
            if value or isinstance(value, (int, float)):
                own[index] = value
        return lines[1:]
    return []


def _fill_joined(related: Recordset, inner: list[list[str]], column: int, own: list[Any]) -> None:
    """Write a many2many into one cell: external ids if a column asks for them, else names."""
    wanted = next((name for name in ("id", "name", "display_name") if [name] in inner), None)
    index = column if wanted is None else inner.index([wanted])
    if wanted == "id":
        own[index] = ",".join(external_ids.ensure(related).values())
    else:
        own[index] = ",".join(str(name or "") for name in related.mapped("display_name"))


def _cell(record_: Recordset, field: Field) -> Any:
    raw, rules = bool(record_.env.context.get("export_raw_data")), record_.env.db.profile.rules
    value = record_[field.name]
    if field.timed and value and rules.export_local_times:
        value = local_time(value, has_time=True, zone=named_zone(record_.env.tz)).strftime(DATETIME_FORMAT)
    cell = field.to_cell(value, rules, raw=raw)
    return record_.env._(cell) if isinstance(field, Selection) and isinstance(field.selection, list) and cell else cell


def _replace_by_external_ids(records: Recordset, lines: list[list[Any]]) -> None:
    """Replace the cells that are `(model, id)` by external ids."""
    ids_by_model: dict[str, dict[int, None]] = {}
    for line in lines:
        for cell in line:
            if isinstance(cell, tuple):
                ids_by_model.setdefault(cell[0], {})[cell[1]] = None
    xmlids = {name: external_ids.ensure(records.env[name].browse(ids)) for name, ids in ids_by_model.items()}
    for line in lines:
        line[:] = [xmlids[cell[0]][cell[1]] if isinstance(cell, tuple) else cell for cell in line]


class Transfer(Recordset):
    """Import and export of tables of texts."""

    __slots__ = ()

    @api.model
    def load(self, fields: Sequence[str], data: Sequence[Sequence[Any]]) -> dict[str, Any]:
        """Create or update records from a table of texts: `{"ids": [id] | False, "messages": [dict], "nextrow": int}`.

        All rows or none: if there is an error among the messages, nothing is changed.
        """
        loader = Loader(self)
        ids: list[int] | bool = False
        with contextlib.suppress(Rejected), self.env.db.transaction():
            loader.run(fields, data)
            ids = loader.ids
        found: dict[str, Any] = {"ids": ids, "messages": loader.messages}
        return found | ({"nextrow": loader.next_row} if self.env.db.profile.rules.load_next_row else {})

    @api.versions(until=12, name="export_data")
    def export_data_11(self, fields_to_export: Sequence[str], raw_data: bool = False) -> dict[str, Any]:
        """Return `{"datas": rows}`: numbers and booleans as text, unless `raw_data` is set."""
        return Transfer.export_data(self.with_context(export_raw_data=True) if raw_data else self, fields_to_export)

    @api.versions(since=13)
    def export_data(self, fields_to_export: Sequence[str]) -> dict[str, Any]:
        """Return `{"datas": rows}` with a column for each path such as `name`, `id`, `.id` or `child_ids/name`.

        Raises UserError for a user who is not in the group that may export.
        """
        if self.env.db.profile.rules.export_needs_group and not _may_export(self):
            raise UserError("You don't have the rights to export data. Please contact an Administrator.")
        check_access(self, "read")
        record_rules.check(self, "read")
        paths = [field_path(name) for name in fields_to_export]
        check_fields(self, "read", [path[0] for path in paths if path])
        lines = _lines(self, paths, _Room())
        if any(path[-1] == "id" for path in paths):
            _replace_by_external_ids(self, lines)
        return {"datas": lines}
