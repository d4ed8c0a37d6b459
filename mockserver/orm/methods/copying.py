"""copy, copy_data and default_get."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.orm import values
from mockserver.orm.api import model, record
from mockserver.orm.commands import CREATE, SET
from mockserver.orm.compute import COMPUTED
from mockserver.orm.defaults import defaults_for
from mockserver.orm.environment import Recordset
from mockserver.orm.fields import Field
from mockserver.orm.relational import Many2many, One2many
from mockserver.orm.schema import MAGIC_FIELDS
from mockserver.orm.store import Row


@record()
def copy(self: Recordset, default: Mapping[str, Any] | None = None) -> Recordset:
    """A duplicate of one record, `default` over the copied values."""
    self.ensure_one()
    data = self.with_context(active_test=False).call("copy_data", default)
    return self.browse().call("create", data)  # type: ignore[no-any-return]


@record()
def copy_data(self: Recordset, default: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The values that `copy` gives to `create`; those of the first record, up to 17.0."""
    row = self._rows()[0]
    data: dict[str, Any] = dict(default or {})
    for field in self._model.fields.values():
        if field.copy and field.name not in data and field.name not in MAGIC_FIELDS:
            data |= _copied(self, field, row)
    for comodel, many2one in self._model.inherits.items():
        data = self.env[comodel].browse(row.get(many2one) or ()).call("copy_data") | data
    return data


def _copied(records: Recordset, field: Field, row: Row) -> dict[str, Any]:
    """What a copy takes over of one field, `{}` for nothing."""
    env, model, name = records.env, records._model, field.name
    computed = field.related or (model.name, name) in COMPUTED
    if isinstance(field, (One2many, Many2many)):
        linked = values.value(env, model, field, row) if field.store else ()
        if isinstance(field, One2many):
            lines = env[field.comodel].browse(sorted(linked or ()))
            return {name: [(CREATE, 0, line.call("copy_data")) for line in lines]} if lines else {}
        return {name: [(SET, 0, list(linked))]} if linked else {}
    if not field.column or name in model.inherits.values() or (computed and (field.relational or field.readonly)):
        return {}
    if field.relational:
        return {name: row.get(name) or False}
    return {} if row.get(name) is None else {name: row[name]}


@model()
def default_get(self: Recordset, fields_list: list[str]) -> dict[str, Any]:
    """`{field: default}` for those of the named fields that have one."""
    found = defaults_for(self, ())
    return {name: found[name] for name in fields_list if name in found and name in self._model.fields}
