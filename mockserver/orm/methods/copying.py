"""copy, copy_data and default_get."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Many2many, One2many
from mockserver.orm.methods.translations import copy_translations
from mockserver.orm.query import slots, values
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights import record_rules
from mockserver.orm.rights.access import check_access, sees
from mockserver.orm.schema import api
from mockserver.orm.schema.model import MAGIC_FIELDS
from mockserver.orm.storage.store import Row
from mockserver.orm.writing.commands import CREATE, SET
from mockserver.orm.writing.defaults import defaults_for, form_value, property_defaults

if TYPE_CHECKING:
    from typing_extensions import Self

Copies = TypeVar("Copies", bound=Callable[..., Recordset])


def for_each_record(function: Copies) -> Copies:
    """Make a `copy` of one record take several, in generations where the server does."""

    @functools.wraps(function)
    def copy_each(self: Any, default: Mapping[str, Any] | None = None) -> Recordset:
        if len(self) == 1 or not self.env.db.profile.rules.copy_gives_list:
            return function(self, default)
        made = [function(record_, default) for record_ in self]
        copies: Recordset = self.browse(id_ for records in made for id_ in records.ids)
        return copies

    return copy_each  # type: ignore[return-value]


def copied_values(self: Recordset, default: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the values for `create` to duplicate the first record; `default` overrides copied values."""
    check_access(self, "read")
    row = self._rows()[0]
    record_rules.check(self, "read")
    data: dict[str, Any] = dict(default or {})
    for field in self._model.fields.values():
        if field.copy and field.name not in data and field.name not in MAGIC_FIELDS and sees(self.env, field):
            data |= _copied(self, field, row)
    for comodel, many2one in self._model.inherits.items():
        if row.get(many2one):
            data = self.env[comodel].browse(row[many2one])._copied_values() | data
    return data


def _copied(records: Recordset, field: Field, row: Row) -> dict[str, Any]:
    """Return `{name: value}` of what a copy takes over from one field, or `{}`."""
    env, model, name = records.env, records._model, field.name
    computed = (field.related or field.compute) and not field.computed
    if isinstance(field, (One2many, Many2many)):
        linked = values.value(env, model, field, row) if field.store else ()
        if isinstance(field, One2many):
            lines = env[field.comodel].browse(sorted(linked or ()))
            return {name: [(CREATE, 0, line._copied_values()) for line in lines]} if lines else {}
        return {name: [(SET, 0, list(linked))]} if linked else {}
    if not field.column or name in model.inherits.values() or (computed and (field.relational or field.readonly)):
        return {}
    if field.relational:
        return {name: slots.get(env, field, row) or False}
    value = slots.get(env, field, row)
    return {} if value is None else {name: value}


class Copying(Recordset):
    """Copies, and defaults for new records."""

    __slots__ = ()

    def _copied_values(self, default: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the values for `create` to duplicate the first record; models that copy less extend it."""
        return copied_values(self, default)

    @api.versions(until=17, name="copy")
    def copy_11(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return a duplicate of one record; `default` overrides copied values."""
        self.ensure_one()
        data = self.with_context(active_test=False)._copied_values(default)
        made: Self = self.browse().create(data)
        copy_translations(self, made, default or ())
        return made

    @api.versions(since=18)
    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return a duplicate of each record; `default` overrides copied values."""
        return self.browse(id_ for record_ in self for id_ in record_.copy_11(default).ids)

    @api.versions(until=17, name="copy_data")
    def copy_data_11(self, default: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the values that `copy` gives to `create`, for one record."""
        self.ensure_one()
        return self._copied_values(default)

    @api.versions(since=18)
    def copy_data(self, default: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return the values that `copy` gives to `create`, for each record."""
        return [record_._copied_values(default) for record_ in self]

    @api.versions(since=17, until=17)
    def copy_multi(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return a duplicate of each record."""
        return self.browse(id_ for record_ in self for id_ in record_.copy(default).ids)

    @api.model(until=18, name="default_get")
    def default_get_11(self, fields_list: list[str]) -> dict[str, Any]:
        """Return `{field: default}` for those of the named fields that have one."""
        return Copying.default_get(self, fields_list)

    @api.model(since=19)
    def default_get(self, fields: list[str]) -> dict[str, Any]:
        """Return `{field: default}` for those of the named fields that have one."""
        found, known = {**property_defaults(self, fields), **defaults_for(self, ())}, self._model.fields
        context = {
            name: self.env.context[f"default_{name}"] for name in fields if f"default_{name}" in self.env.context
        }
        return {
            name: form_value(known[name], found[name]) if name in known else context[name]
            for name in fields
            if name in found or name in context
        }
