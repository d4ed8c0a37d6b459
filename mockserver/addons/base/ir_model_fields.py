"""ir.model.fields: custom fields created, changed and removed by clients, and what is refused.

Source: recorded in core-types, misc-models (17.0).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base.custom_fields import choices, define, dependents, forget, parse_choices
from mockserver.addons.base.ir_model_fields_selection import BASE_FIELD, number_choices, store_choices
from mockserver.errors import UserError, ValidationError
from mockserver.orm.fields.base import is_a
from mockserver.orm.fields.relational import One2many
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

    from mockserver.orm.storage.store import Row

_NAME = re.compile(r"[a-z_][a-z0-9_$]{0,62}", re.IGNORECASE | re.ASCII)


def check_removal(fields: Recordset) -> None:
    """Raise UserError for fields that custom fields depend on."""
    db = fields.env.db
    for row in fields._rows():
        owner = db.registry.get(row["model"])
        field = owner.fields.get(row["name"]) if owner else None
        other = next(dependents(db, owner, field), None) if owner and field else None
        if other is not None:
            raise UserError(
                f"The field '{row['model']}.{row['name']}' cannot be removed because the field"
                f" '{other.model}.{other.name}' depends on it."
            )


def _set_model(fields: Recordset, values: dict[str, Any]) -> None:
    """Set the name of the model that `model_id` names; without one, the name depends on the generation."""
    rules = fields.env.db.profile.rules
    owner = fields.env.db.store.get("ir.model", values.get("model_id") or 0)
    if owner is not None:
        values["model"] = owner.get("model") or False  # none while a form makes the model
    elif "model_id" in values and rules.custom_field_model != "given":
        values["model"] = False
    if rules.custom_field_model == "checked" and not values.get("model"):
        raise AssertionError(f"missing model name for {values}")


def _take_choices(fields: Recordset, values: dict[str, Any]) -> Any:
    """Remove and return the written choices, to be stored as records; until 12 they stay in the values as text."""
    if "selection_ids" in fields._model.fields:
        return values.pop("selection", None)
    if values.get("selection"):
        parse_choices(values["selection"])
    return None


def _check_lines(field: Recordset, vals: Mapping[str, Any]) -> None:
    """Raise UserError for a one2many without its many2one, KeyError where that is not even named."""
    if not is_a(vals.get("ttype"), One2many):
        return
    comodel, name = vals["relation"], vals["relation_field"]
    owner = field.env.db.registry.get(comodel)
    if owner is None or name not in owner.fields or owner.fields[name].type != "many2one":
        raise UserError(f"Many2one {name} on model {comodel} does not exist!")


def _row_of(fields: Recordset, model: str, name: str) -> Row | None:
    store = fields.env.db.store
    rows = store.rows("ir.model.fields")
    return next((rows[i] for i in store.having("ir.model.fields", "name", (name,)) if rows[i]["model"] == model), None)


def _check_related(field: Recordset) -> None:
    """Raise an error if the path of a related field leads nowhere, or to another type."""
    path, row = field.related, None
    model: Any = field.model
    *steps, last = path.split(".")
    for name in (*steps, last):
        row = _row_of(field, model, name)
        if row is None:
            raise UserError(f"Unknown field name {name!r} in related field {path!r}")
        model = row.get("relation")
        if name is not last and not model:
            raise UserError(f"Non-relational field name {name!r} in related field {path!r}")
    assert row is not None
    if row["ttype"] != field.ttype:
        raise ValidationError(f"Related field {path!r} does not have type {field.ttype!r}")
    if row.get("relation") and row["relation"] != field.relation:
        raise ValidationError(f"Related field {path!r} does not have comodel {field.relation!r}")


def _check_dependency(field: Recordset, path: str) -> None:
    registry = field.env.db.registry
    at, names = registry.get(field.model), path.split(".")
    for place, name in enumerate(names):
        if name == "id":
            raise UserError("Compute method cannot depend on field 'id'")
        found = at.fields.get(name) if at else None
        if found is None:
            raise UserError(f"Unknown field {name!r} in dependency {path!r}")
        if place < len(names) - 1 and not found.relational:
            raise UserError(f"Non-relational field {name!r} in dependency {path!r}")
        at = registry.get(found.comodel)


class IrModelFields(models.Model):
    _inherit = "ir.model.fields"
    _rec_names_search = ("name",)

    @api.constrains("name", "state")
    def _check_name(self) -> None:
        in_table = self.env.db.profile.rules.custom_name_in_table
        for field in self:
            if field.state == "manual" and not field.name.startswith("x_") and not in_table:
                raise ValidationError("Custom fields must have a name that starts with 'x_' !")
            if not _NAME.fullmatch(field.name or ""):
                raise ValidationError("Field names can only contain characters, digits and underscores (up to 63).")

    @api.constrains("related")
    def _check_related_path(self) -> None:
        for field in self.filtered(lambda field: field.state == "manual" and field.related):
            _check_related(field)

    @api.constrains("depends")
    def _check_depends(self) -> None:
        for field in self.filtered("depends"):
            for path in field.depends.split(","):
                if not path.strip():
                    raise UserError(f"Empty dependency in {field.depends!r}")
                _check_dependency(field, path.strip())

    @api.constrains("relation")
    def _check_relation(self) -> None:
        for field in self.filtered(lambda field: field.state == "manual" and field.relation):
            if field.relation not in self.env.db.registry:
                raise ValidationError(f"Unknown model name '{field.relation}' in Related Model")

    @api.constrains("required", "ttype", "on_delete")
    def _check_on_delete(self) -> None:
        for field in self:
            if field.ttype == "many2one" and field.required and field.on_delete == "set null":
                raise ValidationError(
                    f"The m2o field {field.name} is required but declares its ondelete policy as being 'set null'."
                    " Only 'restrict' and 'cascade' make sense."
                )

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create custom fields, which can be used at once."""
        created = self.browse()
        for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
            values = dict(vals)
            _set_model(self, values)
            written = _take_choices(self, values)
            copied = not (is_a(values.get("ttype"), One2many) or values.get("related") or values.get("compute"))
            values.setdefault(self.env.db.profile.rules.copied_field, copied)
            field = super().create(values)
            created |= field
            if field.state == "manual":
                _check_lines(field, values)
            if written:
                store_choices(field, parse_choices(written))
            number_choices(field)
            define(field)
        return created

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change custom fields; model and type cannot change, and of fields of modules only what is translated."""
        translated = all(name in self._model.fields and self._model.fields[name].translate for name in vals)
        for row in () if translated and self.env.db.profile.rules.base_labels_writable else self._rows():
            if row.get("state") != "manual":
                raise UserError(BASE_FIELD)
            if any(vals.get(name, row.get(name)) != row.get(name) for name in ("model", "model_id")):
                raise UserError("Changing the model of a field is forbidden!")
            if vals.get("ttype", row.get("ttype")) != row.get("ttype"):
                raise UserError(
                    "Changing the type of a field is not yet supported. Please drop it and create it again!"
                )
            if vals.get("name", row["name"]) != row["name"]:
                check_removal(self.browse(row["id"]))
        values = dict(vals)
        written = _take_choices(self, values)
        before = [row["name"] for row in self._rows()]
        super().write(values)
        for field, old_name in zip(self, before, strict=True):
            if field.name != old_name:
                forget(self.env.db, field.model, old_name, field.name)
            if written is not None:
                field.selection_ids.unlink()
                store_choices(field, parse_choices(written))
            number_choices(field)
            define(field)
        return True

    def unlink(self) -> bool:
        """Remove custom fields with their values."""
        db = self.env.db
        rows = self._rows()
        if any(row.get("state") != "manual" for row in rows):
            raise UserError("This column contains module data and cannot be removed!")
        check_removal(self)
        super().unlink()
        for row in rows:
            forget(db, row["model"], row["name"])
        return True

    def _compute_selection(self) -> None:
        for field in self:
            field.selection = _selection(field)

    def _compute_display_name(self) -> None:
        described = self.env.db.profile.rules.field_names_model_label
        for field in self:
            definition = self.env.db.registry.get(field.model) if described else None
            model = self.env._(definition.description) if definition else field.model
            field.display_name = f"{field.field_description} ({model})"

    def _compute_modules(self) -> None:
        for field in self:
            definition = field.env.db.registry.get(field.model)
            field.modules = definition.module if definition else ""


def _selection(record: Recordset) -> str:
    """Return the choices as the text of a list of pairs."""
    if record.state == "manual":
        return str([(value, label) for value, label in choices(record)])
    definition = record.env.db.registry.get(record.model)
    field = definition.fields.get(record.name) if definition else None
    found = field.selection if field is not None and isinstance(field.selection, list) else []
    return str([(value, label) for value, label in found])
