"""ir.model and ir.model.fields: the registry as records, and custom models and fields created by clients.

Source: recorded in core-types, core-errors (17.0).
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.errors import UserError, ValidationError
from mockserver.orm.fields.base import Field, Selection, is_a, make
from mockserver.orm.fields.binary import Binary
from mockserver.orm.fields.relational import Many2many, Many2one, One2many, Reference
from mockserver.orm.records.environment import Recordset
from mockserver.orm.schema.model import Model
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from typing_extensions import Self

    from mockserver.orm.database import Database


def reflect(db: Database, *names: str) -> None:
    """Create the missing rows of all models and fields, or of those of the named models."""
    store = db.store
    audit = {"create_uid": 1, "create_date": db.clock.now(), "write_uid": 1, "write_date": db.clock.now()}
    copied = db.profile.rules.copied_field
    for definition in [db.registry[name] for name in names] if names else list(db.registry.values()):
        known = store.having("ir.model", "model", (definition.name,))
        id_ = next(iter(known)) if known else store.insert("ir.model", {**_model_row(definition), **audit})
        rows = store.rows("ir.model.fields")
        have = {rows[i]["name"] for i in store.having("ir.model.fields", "model_id", (id_,))}
        for field in definition.fields.values():
            if field.name not in have:
                row = _field_row(field, definition, id_)
                store.insert("ir.model.fields", {**row, copied: field.copy, **audit})


def _model_row(definition: Model) -> Row:
    return {
        "model": definition.name, "name": definition.description, "order": definition.order,
        "state": "manual" if definition.manual else "base", "transient": definition.transient,
        "is_mail_thread": False, "is_mail_activity": False, "is_mail_blacklist": False,
    }  # fmt: skip


def _field_row(field: Field, definition: Model, model_id: int) -> Row:
    row = {
        "name": field.name, "model": definition.name, "model_id": model_id, "field_description": field.string,
        "ttype": field.described_type, "state": "manual" if field.manual else "base",
        "required": field.required, "readonly": field.readonly, "store": field.store, "index": False,
        "translate": field.translate, "size": field.size or 0, "selectable": True,
        "relation": field.relation, "relation_field": field.relation_field, "related": field.related,
        "on_delete": (field.ondelete or "set null") if isinstance(field, Many2one) else None,
        "depends": ",".join(field.depends) or None, "domain": "[]",
    }  # fmt: skip
    return {name: value for name, value in row.items() if value is not None}


def model_id(db: Database, name: str) -> int | None:
    """Return the id of a model's row in ir.model, or None."""
    return next(iter(db.store.having("ir.model", "model", (name,))), None)


# -- fields


def _forget(db: Database, model: str, name: str, new_name: str | None = None) -> None:
    """Remove a field from its model; its values are deleted, or moved to the column of the new name."""
    owner = db.registry.get(model)
    if owner is None:
        return
    for row in [row for row in db.store.rows(model).values() if name in row]:
        kept = {key: value for key, value in row.items() if key != name}
        db.store.put(model, {**kept, new_name: row[name]} if new_name else kept)
    db.add_model(owner.without([name]))


def _define(record: Recordset) -> None:
    """Add the field that a row defines to its model; a relation to an unknown model is ignored."""
    db = record.env.db
    row = record._rows()[0]
    owner = db.registry.get(row.get("model") or "")
    kind = row["ttype"]
    relational = is_a(kind, Many2one, One2many, Many2many)
    if owner is None or row.get("state") != "manual" or (relational and row.get("relation") not in db.registry):
        return
    if is_a(kind, One2many) and row.get("relation_field") not in db.registry[row["relation"]].fields:
        return
    choices = _choices(record)
    attributes: dict[str, Any] = {
        "type": kind, "model": owner.name, "string": row.get("field_description") or row["name"],
        "required": bool(row.get("required")), "readonly": bool(row.get("readonly") or row.get("related")),
        "store": bool(row.get("store", True)) and not row.get("related"), "manual": True, "module": "",
        "copy": bool(row.get(db.profile.rules.copied_field)), "translate": bool(row.get("translate")),
        "size": row.get("size") or None, "related": row.get("related"),
        "sortable": not is_a(kind, One2many, Many2many, Binary),
    }  # fmt: skip
    if relational:
        attributes |= {"relation": row["relation"], "ondelete": row.get("on_delete")}
        if not is_a(kind, Many2one):
            attributes |= {"relation_field": row.get("relation_field"), "ondelete": None}
    if is_a(kind, Selection, Reference):
        attributes["selection"] = choices
    db.add_model(owner.extended([make(row["name"], attributes)]))


def _parse_selection(text: Any) -> list[tuple[str, str]]:
    """Return `[(value, label)]` from the text of a list literal; raises ValidationError for anything else."""
    try:
        pairs = ast.literal_eval(text) if isinstance(text, str) else text
        return [(str(value), str(label)) for value, label in pairs]
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise ValidationError(
            "The Selection Options expression is not a valid Pythonic expression."
            " Please provide an expression in the [('key','Label'), ...] format."
        ) from None


def _take_choices(fields: Recordset, values: dict[str, Any]) -> Any:
    """Remove and return the written choices, to be stored as records; until 12 they stay in the values as text."""
    if "selection_ids" in fields._model.fields:
        return values.pop("selection", None)
    if values.get("selection"):
        _parse_selection(values["selection"])
    return None


def _choices(field: Recordset) -> list[list[str]]:
    if "selection_ids" in field._model.fields:
        return [[c.value, c.name] for c in field.selection_ids.sorted("sequence, id")]
    text = field._rows()[0].get("selection")
    return [list(pair) for pair in _parse_selection(text)] if text else []


def _set_model(fields: Recordset, values: dict[str, Any]) -> None:
    """Set the name of the model that `model_id` names; without one, the name depends on the generation."""
    rules = fields.env.db.profile.rules
    owner = fields.env.db.store.get("ir.model", values.get("model_id") or 0)
    if owner is not None:
        values["model"] = owner["model"]
    elif "model_id" in values and rules.custom_field_model != "given":
        values["model"] = False
    if rules.custom_field_model == "checked" and not values.get("model"):
        raise AssertionError(f"missing model name for {values}")


def _store_choices(field: Recordset, choices: list[tuple[str, str]]) -> None:
    env = field.env
    for sequence, (value, label) in enumerate(choices):
        env["ir.model.fields.selection"].create(
            {"field_id": field.id, "value": value, "name": label, "sequence": sequence}
        )


class IrModel(models.Model):
    _inherit = "ir.model"
    _rec_names_search = ("name", "model")

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create custom models, each with its default fields."""
        created = self.browse()
        for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
            name = vals.get("model", "x_")
            if not str(name).startswith("x_"):
                raise ValidationError("The model name must start with 'x_'.")
            db = self.env.db
            new = name not in db.registry
            if new:
                attributes = {"description": vals.get("name") or name, "order": vals.get("order") or "id"}
                db.add_model(Model.define(name, {}, profile=db.profile, manual=True, module="",
                                          transient=bool(vals.get("transient")), **attributes))  # fmt: skip
            created |= super().create(dict(vals))
            if new:
                reflect(db, name)
        return created

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change models; the technical name cannot change."""
        for row in self._rows():
            if "model" in vals and vals["model"] != row["model"]:
                raise UserError('Field "Model" cannot be modified on models.')
            if "state" in vals and vals["state"] != row["state"]:
                raise UserError('Field "Type" cannot be modified on models.')
        super().write(vals)
        db = self.env.db
        for row in self._rows():
            definition = db.registry.get(row["model"])
            if definition is not None and definition.manual:
                db.add_model(definition.extended(description=row["name"], order=row.get("order") or "id"))
        return True

    def unlink(self) -> bool:
        """Remove custom models with their records, and custom fields that refer to them."""
        db = self.env.db
        rows = self._rows()
        for row in rows:
            if row.get("state") != "manual":
                raise UserError(db.profile.rules.module_model_unlink_text.format(name=row["name"]))
        names = [row["model"] for row in rows]
        fields = self.env["ir.model.fields"].sudo()
        fields.search([("relation", "in", names), ("model", "not in", names), ("state", "=", "manual")]).unlink()
        for row in rows:
            self.env.sudo()[row["model"]].with_context(active_test=False).search([]).unlink()
        super().unlink()
        db.registry = db.registry.evolve(without=names)
        return True

    def _compute_count(self) -> None:
        for record in self:
            record.count = len(record.env.db.store.rows(record.model))

    def _compute_modules(self) -> None:
        for record in self:
            record.modules = _modules(record)


class IrModelFields(models.Model):
    _inherit = "ir.model.fields"
    _rec_names_search = ("name",)

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create custom fields, which can be used at once."""
        created = self.browse()
        for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
            values = dict(vals)
            _set_model(self, values)
            choices = _take_choices(self, values)
            values.setdefault(self.env.db.profile.rules.copied_field, not is_a(values.get("ttype"), One2many))
            field = super().create(values)
            created |= field
            if choices:
                _store_choices(field, _parse_selection(choices))
            _define(field)
        return created

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change custom fields; model and type cannot change, nor can fields of modules."""
        for row in self._rows():
            if row.get("state") != "manual":
                raise UserError(
                    "Properties of base fields cannot be altered in this manner! "
                    "Please modify them through Python code, preferably through a custom addon!"
                )
            if vals.get("ttype", row.get("ttype")) != row.get("ttype"):
                raise UserError(
                    "Changing the type of a field is not yet supported. Please drop it and create it again!"
                )
            if any(vals.get(name, row.get(name)) != row.get(name) for name in ("model", "model_id")):
                raise UserError("Changing the model of a field is forbidden!")
        values = dict(vals)
        choices = _take_choices(self, values)
        before = [row["name"] for row in self._rows()]
        super().write(values)
        for field, old_name in zip(self, before, strict=True):
            if field.name != old_name:
                _forget(self.env.db, field.model, old_name, field.name)
            if choices is not None:
                field.selection_ids.unlink()
                _store_choices(field, _parse_selection(choices))
            _define(field)
        return True

    def unlink(self) -> bool:
        """Remove custom fields with their values."""
        db = self.env.db
        rows = self._rows()
        for row in rows:
            if row.get("state") != "manual":
                raise UserError("This column contains module data and cannot be removed!")
        super().unlink()
        for row in rows:
            _forget(db, row["model"], row["name"])
        return True

    @api.constrains("name", "state")
    def _check_name(self) -> None:
        if self.env.db.profile.rules.custom_name_in_table:
            return
        if any(field.state == "manual" and not field.name.startswith("x_") for field in self):
            raise ValidationError("Custom fields must have a name that starts with 'x_' !")

    def _compute_selection(self) -> None:
        for record in self:
            record.selection = _selection(record)

    def _compute_display_name(self) -> None:
        for record in self:
            record.display_name = f"{record.field_description} ({record.model})"


def _modules(record: Recordset) -> str:
    definition = record.env.db.registry.get(record.model)
    return definition.module if definition else ""


def _selection(record: Recordset) -> str:
    """Return the choices as the text of a list of pairs."""
    definition = record.env.db.registry.get(record.model)
    field = definition.fields.get(record.name) if definition else None
    choices = field.selection if field is not None and isinstance(field.selection, list) else []
    return str([(value, label) for value, label in choices])
