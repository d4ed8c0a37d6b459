"""ir.model.fields.selection: the choices of custom selection fields.

Source: recorded in core-types, misc-models (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base.custom_fields import define
from mockserver.errors import UserError
from mockserver.orm.fields.base import Selection
from mockserver.orm.methods import BaseModel
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

BASE_FIELD = (
    "Properties of base fields cannot be altered in this manner! "
    "Please modify them through Python code, preferably through a custom addon!"
)


def store_choices(field: Recordset, choices: list[tuple[str, str]]) -> None:
    """Create the records of the choices of a field."""
    for sequence, (value, label) in enumerate(choices):
        values = {"field_id": field.id, "value": value, "name": label, "sequence": sequence}
        BaseModel.create(field.env["ir.model.fields.selection"], values)


def number_choices(field: Recordset) -> None:
    """Number the choices of a field from 0 on, as the server does when it adds a field to a model."""
    if "selection_ids" not in field._model.fields:
        return
    for sequence, choice in enumerate(field.selection_ids.sorted("sequence, id")):
        if choice.sequence != sequence:
            BaseModel.write(choice, {"sequence": sequence})


def _replace_value(choice: Recordset, value: str | None) -> None:
    """Put a value in the place of a choice's in all records; None only where the field is not mandatory."""
    db = choice.env.db
    owner, name = choice.field_id.model, choice.field_id.name
    field = db.registry[owner].fields.get(name) if owner in db.registry else None
    if not isinstance(field, Selection) or not field.column or (value is None and field.required):
        return
    for row in [row for row in db.store.rows(owner).values() if row.get(name) == choice.value]:
        kept = {key: item for key, item in row.items() if key != name}
        db.store.put(owner, kept if value is None else {**kept, name: value})


def _refuse_for_base_fields(fields: Recordset) -> None:
    if any(field.state != "manual" for field in fields):
        raise UserError(BASE_FIELD)


class IrModelFieldsSelection(models.Model):
    _inherit = "ir.model.fields.selection"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create choices of custom fields, which can be used at once."""
        for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
            _refuse_for_base_fields(self.env["ir.model.fields"].browse(vals.get("field_id") or ()).exists())
        created = super().create(vals_list)
        for field in created.field_id:
            define(field)
        return created

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change choices; records that have a changed value get the new one."""
        _refuse_for_base_fields(self.field_id)
        for choice in self if "value" in vals else ():
            _replace_value(choice, vals["value"])
        super().write(vals)
        for field in self.field_id:
            define(field)
        return True

    def unlink(self) -> bool:
        """Delete choices; records that have one of them get no value."""
        fields = self.field_id
        _refuse_for_base_fields(fields)
        for choice in self:
            _replace_value(choice, None)
        super().unlink()
        for field in fields:
            define(field)
        return True
