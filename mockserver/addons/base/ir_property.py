"""ir.property, until 17: the values of company-dependent fields as records, and their defaults.

The values are stored in the rows of the records themselves; a row here that names a record mirrors one.
Source: recorded in companies-2 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.errors import ValidationError
from mockserver.orm.fields.base import TYPES, Field
from mockserver.orm.query.company_defaults import PROPERTY, from_property
from mockserver.orm.query.slots import slot
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from typing_extensions import Self

_REPEATED = (
    'duplicate key value violates unique constraint "ir_property_unique_index"\n'
    "DETAIL:  Key (fields_id, COALESCE(company_id, 0), COALESCE(res_id, ''::character varying))="
    "({field}, {company}, {record}) already exists.\n"
)


class Property(models.Model):
    _inherit = PROPERTY

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create values; `value` is written to the column of the type."""
        many = isinstance(vals_list, (list, tuple))
        given = [_with_column(self, vals) for vals in (vals_list if many else [vals_list])]
        created = super().create(given if many else given[0])
        for row in created._rows():
            _refuse_repeated(self.env, row)
            _show(self.env, row)
        return created

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change values; see `create`."""
        before = self._rows()
        super().write(_with_column(self, vals))
        for row in before:
            _hide(self.env, row)
        for row in self._rows():
            _refuse_repeated(self.env, row)
            _show(self.env, row)
        return True

    def unlink(self) -> bool:
        """Delete values; the defaults apply from then on."""
        before = self.exists()._rows()
        super().unlink()
        for row in before:
            _hide(self.env, row)
        return True


def _with_column(properties: Recordset, vals: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with `value` moved to the column of the type."""
    found = dict(vals)
    if "value" not in found:
        return found
    value = found.pop("value")
    kind = found.get("type") or (properties[:1].type if properties else "many2one")
    if isinstance(value, Recordset):
        value = f"{value._name},{value.id}" if value else False
    return {**found, TYPES[kind].property_column: value} if kind in TYPES else found


def _field(env: Environment, row: Row) -> tuple[str, Field] | None:
    """Return `(model, field)` of a row, or None."""
    about = env.db.store.get("ir.model.fields", row.get("fields_id") or 0) or {}
    owner = env.db.registry.get(about.get("model") or "")
    field = owner.fields.get(about["name"]) if owner is not None else None
    return (about["model"], field) if field is not None and field.company_dependent else None


def _record(env: Environment, row: Row) -> tuple[str, Field, Row] | None:
    """Return `(model, field, the record's own row)` of a row that names a record, or None."""
    found = _field(env, row)
    name, _, id_ = (row.get("res_id") or "").partition(",")
    if found is None or name != found[0] or not id_.isdigit():
        return None
    target = env.db.store.get(name, int(id_))
    return (*found, target) if target is not None else None


def _key(field: Field, row: Row) -> str:
    return slot(field, row["company_id"]) if row.get("company_id") else field.name


def _show(env: Environment, row: Row) -> None:
    """Set the value on the record."""
    found = _record(env, row)
    if found:
        name, field, target = found
        env.db.store.put(name, {**target, _key(field, row): from_property(field, row)})


def _hide(env: Environment, row: Row) -> None:
    """Remove the value from the record."""
    found = _record(env, row)
    if found:
        name, field, target = found
        env.db.store.put(name, {key: value for key, value in target.items() if key != _key(field, row)})


def _refuse_repeated(env: Environment, row: Row) -> None:
    store, names = env.db.store, ("fields_id", "company_id", "res_id")
    same = [store.rows(PROPERTY)[i] for i in store.having(PROPERTY, "fields_id", (row["fields_id"],))]
    if any(other["id"] != row["id"] and all(other.get(n) == row.get(n) for n in names) for other in same):
        text = _REPEATED.format(
            field=row["fields_id"], company=row.get("company_id") or 0, record=row.get("res_id") or ""
        )
        raise ValidationError(f"The operation cannot be completed: {text}")
