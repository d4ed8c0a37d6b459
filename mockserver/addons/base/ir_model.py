"""ir.model: the registry as records, and custom models created by clients.

Source: recorded in core-types, core-errors, misc-models (17.0).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base.ir_model_fields import check_removal
from mockserver.errors import UserError, ValidationError
from mockserver.orm.query import order as orders
from mockserver.orm.query.field_rows import TABLE, FieldRows, Part, deferred
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights.access import allowed, in_group
from mockserver.orm.schema.model import MAGIC_FIELDS, Model
from mockserver.orm.storage.store import Row, Store

if TYPE_CHECKING:
    from typing_extensions import Self

    from mockserver.orm.database import Database


def reflect(db: Database, *names: str) -> None:
    """Create the missing rows of all models and fields, or of those of the named models."""
    store = db.store
    audit = {"create_uid": 1, "create_date": db.clock.now(), "write_uid": 1, "write_date": db.clock.now()}
    copied = db.profile.rules.copied_field
    # what a transaction adds must be undone with it, so that only other rows can be made later
    later = FieldRows(deferred(store)) if db.owner is None and store.is_unused(TABLE) else None
    for definition in [db.registry[name] for name in names] if names else list(db.registry.values()):
        known = store.having("ir.model", "model", (definition.name,))
        id_ = next(iter(known)) if known else store.insert("ir.model", {**_model_row(definition), **audit})
        have = _described(store, later, definition.name, id_) if known else ()
        missing = [field for field in definition.fields.values() if field.name not in have]
        first = store.reserve_many(TABLE, len(missing))
        part = Part(first, missing, {"model": definition.name, "model_id": id_, **audit}, copied)
        if later is None:
            store.put_all(TABLE, list(part.rows()))
        elif missing:
            later.add(definition.name, part)
    if later is not None:
        store.defer(TABLE, later)


def _described(store: Store, later: FieldRows | None, model: str, model_id: int) -> set[str]:
    """Return the names of the fields of a model that have a row."""
    if later is not None:
        return later.names(model)
    rows = store.rows(TABLE)
    return {rows[i]["name"] for i in store.having(TABLE, "model_id", (model_id,))}


def _model_row(definition: Model) -> Row:
    return {
        "model": definition.name, "name": definition.description, "order": definition.order,
        "state": "manual" if definition.manual else "base", "transient": definition.transient,
        "abstract": definition.abstract,
        "is_mail_thread": "message_follower_ids" in definition.fields,
        "is_mail_activity": "activity_ids" in definition.fields,
        "is_mail_blacklist": "is_blacklisted" in definition.fields,
    }  # fmt: skip


def model_id(db: Database, name: str) -> int | None:
    """Return the id of a model's row in ir.model, or None."""
    return next(iter(db.store.having("ir.model", "model", (name,))), None)


# fields by which a text message finds its receiver
_REACHED_BY = ("mobile", "phone", "partner_id", "partner_ids")
_NAME = re.compile(r"[a-z0-9_.]+")
_ORDERED = re.compile(r'"?(\w+)"?\s*(?:asc|desc)?', re.IGNORECASE)


def _titles(models: Recordset, names: list[str]) -> list[dict[str, str]]:
    return [{"display_name": row.name, "model": row.model} for row in models.sudo().search([("model", "in", names)])]


def _refuse_base_models(models: Recordset) -> None:
    for model in models:
        if model.state != "manual":
            raise UserError(models.env.db.profile.rules.module_model_unlink_text.format(name=model.name))


def _check_order(model: Recordset) -> None:
    """Raise ValidationError for an order that is no clause, or names a field that is not stored."""
    definition = model.env.db.registry.get(model.model)
    clause = model.order
    try:
        orders.parse(clause, model.env.db.profile.rules)
    except UserError as error:
        raise ValidationError(str(error)) from None
    stored = {field.name for field in model.field_id if field.store} | MAGIC_FIELDS
    if definition is not None:
        stored |= {name for name, field in definition.fields.items() if field.inherited}
    for name in _ORDERED.findall(clause):
        if name not in stored:
            raise ValidationError(
                f"Unable to order by {name}: fields used for ordering must be present on the model and stored."
            )


def _selectable(env: Environment, name: str) -> bool:
    """Return whether a user may choose a model where a client lists models."""
    definition = env.db.registry.get(name)
    return (
        definition is not None
        and in_group(env, "base.group_user")
        and allowed(env, name, "read")
        and not (definition.transient or definition.abstract)
    )


def _takes_text_messages(row: Recordset) -> bool:
    """Return whether a model has messages, and a number or a contact to which a text message can go.  Inferred."""
    definition = row.env.db.registry.get(row.model)
    return bool(row.is_mail_thread and definition and any(name in definition.fields for name in _REACHED_BY))


class IrModel(models.Model):
    _inherit = "ir.model"
    _rec_names_search = ("name", "model")

    @api.constrains("order", "field_id")
    def _check_order(self) -> None:
        for model in self.filtered(lambda model: model.state == "manual" and "order" in model):
            _check_order(model)

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create custom models, each with its default fields."""
        created = self.browse()
        for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
            name = str(vals.get("model", "x_"))
            if not name.startswith("x_"):
                raise ValidationError("The model name must start with 'x_'.")
            if not _NAME.fullmatch(name):
                raise ValidationError(
                    "The model name can only contain lowercase characters, digits, underscores and dots."
                )
            db = self.env.db
            new = name not in db.registry
            if new:
                attributes = {"description": vals.get("name") or name, "order": vals.get("order") or "id"}
                db.add_model(Model.define(name, {}, profile=db.profile, manual=True, module="",
                                          transient=bool(vals.get("transient")), **attributes))  # fmt: skip
            created |= super().create(dict(vals))
            if "model" not in vals:
                raise KeyError("model")  # the server looks for it when all else is done
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
        names = [row["model"] for row in rows]
        fields = self.env["ir.model.fields"].sudo()
        if self:
            check_removal(fields.search([("model", "in", names), ("state", "=", "manual")]))
        if not db.profile.rules.fields_of_a_model_first:
            _refuse_base_models(self)
        fields.search([("relation", "in", names)]).unlink()
        _refuse_base_models(self)
        for row in rows:
            self.env.sudo()[row["model"]].with_context(active_test=False).search([]).unlink()
        super().unlink()
        db.registry = db.registry.evolve(without=names)
        return True

    @api.model(since=16)
    def display_name_for(self, models: Any) -> list[dict[str, str]]:
        """Return `[{"display_name", "model"}]`: the titles of models that the user may choose, the names of others."""
        known = [name for name in models if _selectable(self.env, name)]
        return _titles(self, known) + [{"display_name": m, "model": m} for m in models if m not in known]

    @api.model(since=16)
    def get_available_models(self) -> list[dict[str, str]]:
        """Return `[{"display_name", "model"}]` of the models that the user may choose."""
        return _titles(self, [name for name in self.env.db.registry if _selectable(self.env, name)])

    def _compute_count(self) -> None:
        for record in self:
            record.count = len(record.env.db.store.rows(record.model))

    @api.versions(since=13)
    def _compute_is_mail_thread_sms(self) -> None:
        for record in self:
            record.is_mail_thread_sms = _takes_text_messages(record)

    @api.versions(since=13)
    def _search_is_mail_thread_sms(self, operator: str, value: Any) -> list[Any]:
        taking = self.search([("is_mail_thread", "=", True)]).filtered(_takes_text_messages)
        return [("id", "in" if (operator == "=") == bool(value) else "not in", taking.ids)]

    def _compute_modules(self) -> None:
        for record in self:
            definition = record.env.db.registry.get(record.model)
            record.modules = definition.module if definition else ""
