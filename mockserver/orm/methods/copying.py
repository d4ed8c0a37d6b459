"""copy, copy_data and default_get."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.orm import values
from mockserver.orm.access import check_access
from mockserver.orm.api import model, record
from mockserver.orm.defaults import defaults_for
from mockserver.orm.environment import Recordset
from mockserver.orm.relational import Many2many, One2many
from mockserver.orm.schema import MAGIC_FIELDS


@record()
def copy(self: Recordset, default: Mapping[str, Any] | None = None) -> Recordset:
    """A duplicate of one record, `default` over the copied values."""
    self.ensure_one()
    data = self.call("copy_data", default)
    return self.browse().call("create", data)  # type: ignore[no-any-return]


@record()
def copy_data(self: Recordset, default: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The values that `copy` gives to `create`, `[{field: value}]`."""
    row = self.ensure_one()._rows()[0]
    computed = {field.name for field in self._model.stored_computes}
    data: dict[str, Any] = dict(default or {})
    for field in self._model.fields.values():
        name = field.name
        if name in data or name in MAGIC_FIELDS or not field.copy or isinstance(field, One2many):
            continue
        if isinstance(field, Many2many) and field.store:
            linked = values.value(self.env, self._model, field, row)
            if linked:
                data[name] = [(6, 0, list(linked))]
        elif field.column and not field.relational and (name not in computed or not field.readonly):
            if row.get(name) is not None:
                data[name] = row[name]
        elif field.column and name not in computed and name not in self._model.inherits.values():
            data[name] = row.get(name) or False
    for comodel, many2one in self._model.inherits.items():
        parent = self.env[comodel].browse(row.get(many2one) or ())
        for name, value in parent.call("copy_data")[0].items():
            data.setdefault(name, value)
    return [data]


@model()
def default_get(self: Recordset, fields_list: list[str]) -> dict[str, Any]:
    """`{field: default}` for those of the named fields that have one."""
    check_access(self, "create")
    found = defaults_for(self, ())
    return {name: found[name] for name in fields_list if name in found and name in self._model.fields}
