"""create, read, write, unlink, exists.  Source: versions.md §6.1, §7.2, §9.4; recorded in core-crud (17.0)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mockserver.orm import constraints, properties, values, writing
from mockserver.orm.access import check_access
from mockserver.orm.api import model, record
from mockserver.orm.defaults import defaults_for
from mockserver.orm.environment import Recordset
from mockserver.orm.fields import Field
from mockserver.orm.recordset import missing_record
from mockserver.orm.relational import Many2one, database_id
from mockserver.orm.store import Row
from mockserver.orm.values import labels


@model()
def create(self: Recordset, vals_list: Any) -> Recordset:
    """New records from `{field: value}` or a list of those; all of them or none."""
    check_access(self, "create")
    ids = []
    for vals in [vals_list] if isinstance(vals_list, Mapping) else vals_list:
        if not isinstance(vals, Mapping):
            raise AttributeError(f"{type(vals).__name__!r} object has no attribute 'get'")
        complete = {**defaults_for(self, vals), **vals}
        ids.append(writing.create_row(self, complete, vals))
        constraints.run_rules(self.browse(ids[-1:]), complete)
    return self.browse(ids)


@record()
def write(self: Recordset, vals: Mapping[str, Any]) -> bool:
    """Change the records; True.

    A missing record is an error only where record rules make the server look at it (16.0 and later).
    """
    if not self:
        return True
    check_access(self, "write")
    records = existing(self)
    for name in vals:
        self._model.field(name)
    if records:
        writing.write_rows(records, vals)
        constraints.run_rules(records, vals)
    return True


@record()
def unlink(self: Recordset) -> bool:
    """Delete the records and what hangs on them; True."""
    if not self:
        return True
    check_access(self, "unlink")
    records = existing(self)
    if records:
        writing.delete_rows(records)
    return True


@record()
def exists(self: Recordset) -> Recordset:
    """The records that are there."""
    rows = self.env.db.store.rows(self._name)
    return self.browse(id_ for id_ in self._ids if id_ in rows)


@record()
def fetch(self: Recordset, field_names: Iterable[str]) -> None:
    """Look at the fields of the records and answer nothing.  Source: versions.md §6.1."""
    check_access(self, "read")
    for name in field_names:
        self._model.field(name)


@record()
def read(self: Recordset, fields: Iterable[str] | None = None, load: Any = "_classic_read") -> list[dict[str, Any]]:
    """`[{field: value}]` in the order of the ids; records that are gone are left out."""
    check_access(self, "read")
    rows = self.env.db.store.rows(self._name)
    ids = [id_ if type(id_) is int else database_id(id_) for id_ in self._ids]
    return read_rows(self, [rows[i] for i in ids if i in rows], fields, load)


def read_rows(
    records: Recordset, rows: list[Row], fields: Iterable[str] | None, load: Any = "_classic_read"
) -> list[dict[str, Any]]:
    """Rows as `read` shows them; `fields` empty or None means every field."""
    definition = records._model
    names = dict.fromkeys(fields) if fields else dict.fromkeys(definition.fields)
    wanted = [definition.field(name) for name in names if name != "id"]
    results: list[dict[str, Any]] = [{"id": row["id"]} for row in rows]
    for field in wanted:
        convert = reader(records, field, rows, load)
        name = field.name
        for row, result in zip(rows, results, strict=True):
            result[name] = convert(row)
    return results


def reader(records: Recordset, field: Field, rows: list[Row], load: Any) -> Callable[[Row], Any]:
    """The function that gives a row's value of one field in the form of `read`."""
    env, owner = records.env, records._model
    if isinstance(field, Many2one):
        found = {
            row["id"]: row.get(field.name) if field.column else values.value(env, owner, field, row) for row in rows
        }
        if load != "_classic_read":
            return lambda row: found[row["id"]] or False
        comodel = env.db.registry.get(field.comodel)
        named = labels(env, comodel, (i for i in found.values() if i)) if comodel else {}
        return lambda row: _pair(found[row["id"]], named)
    if field.relational:
        return lambda row: list(values.value(env, owner, field, row) or ())
    bin_size = bool(env.context.get("bin_size") or env.context.get(f"bin_size_{field.name}"))
    if field.type == "properties":
        return lambda row: properties.read(env, owner, field, row)
    if field.column:
        name = field.name
        return lambda row: field.to_read(row.get(name), bin_size)
    return lambda row: field.to_read(values.value(env, owner, field, row), bin_size)


def _pair(id_: int | None, named: Mapping[int, Any]) -> Any:
    if not id_ or id_ not in named:
        return False
    name = named[id_]
    return [id_, False if name is None else name]


def existing(records: Recordset) -> Recordset:
    """The records that are there; raises MissingError for one that is not, on a model with record rules."""
    rows = records.env.db.store.rows(records._name)
    ids = [id_ if type(id_) is int else database_id(id_) for id_ in records._ids]
    missing = [id_ for id_ in ids if id_ not in rows]
    if missing and has_rules(records):
        raise missing_record(records, missing[0])
    return records.browse(dict.fromkeys(id_ for id_ in ids if id_ in rows))


def has_rules(records: Recordset) -> bool:
    """Whether an active record rule speaks of the model, so that the server reads rows before it writes."""
    store = records.env.db.store
    if not store.rows("ir.rule"):
        return False
    models = store.having("ir.model", "model", (records._name,))
    return any(store.rows("ir.rule")[i].get("active", True) for i in store.having("ir.rule", "model_id", models))
