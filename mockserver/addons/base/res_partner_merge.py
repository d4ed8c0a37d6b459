"""base.partner.merge.automatic.wizard: merges contacts, chosen by hand or found by what they have in common.

Differs: the contacts found by the wizard are not left out because they have users or journal items.
Source: recorded in misc-partners (17.0); source of Odoo, base_partner_merge.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base import res_groups
from mockserver.addons.base.res_bank import sanitized_field
from mockserver.errors import UserError, ValidationError
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Many2many, Many2one, Reference
from mockserver.orm.methods import BaseModel
from mockserver.orm.records.environment import Environment, Recordset

if TYPE_CHECKING:
    from mockserver.orm.storage.store import Row

_PARTNER = "res.partner"
_WIZARD = "base.partner.merge.automatic.wizard"
_MOST = 3  # contacts merged at once
# the fields by which contacts can be grouped, each with the text or value that must be the same
_CRITERIA = ("email", "name", "is_company", "vat", "parent_id")
# tables that name a record by its model and id
_BY_MODEL_AND_ID = (("ir.attachment", "res_model"), ("ir.model.data", "model"), ("mail.message", "model"),
                    ("mail.followers", "res_model"), ("mail.activity", "res_model"))  # fmt: skip


def _in_order(partners: Recordset) -> Recordset:
    """Return the contacts with the one to keep last: active before archived ones, then the oldest."""
    dated = sorted(partners, key=lambda partner: (not partner.active, partner.create_date or ""), reverse=True)
    return partners.browse(partner.id for partner in dated)


def merge(partners: Recordset, target: Recordset) -> None:
    """Merge contacts into one of them, and delete the others; raises UserError for those that must stay apart."""
    partners = partners.exists()
    if len(partners) < 2:
        return
    if len(partners) > _MOST:
        raise UserError(
            f"For safety reasons, you cannot merge more than {_MOST} contacts together."
            " You can re-open the wizard several times if needed."
        )
    for partner in partners:
        if (partner.search([("id", "child_of", [partner.id])]) - partner) & partners:
            raise UserError("You cannot merge a contact with one of his parent.")
    if not res_groups.is_admin(partners.env) and len({partner.email for partner in partners}) > 1:
        raise UserError(
            "All contacts must have the same email. Only the Administrator can merge contacts with different emails."
        )
    if target not in partners:
        ordered = _in_order(partners)
        target = ordered[-1]
    sources = partners - target
    if target.company_id:
        company = target.company_id.id
        partners.user_ids.sudo().write({"company_ids": [(4, company)], "company_id": company})
    _merge_accounts(sources, target)
    for field in partners.env.db.registry.referrers.get(_PARTNER, ()):
        _lead_to(partners.env, field, sources, target)
    _lead_by_name(partners.env, sources, target)
    _take_values(sources, target)
    sources.unlink()


def _merge_accounts(sources: Recordset, target: Recordset) -> None:
    """Delete the bank accounts that the target has too."""
    number = sanitized_field(target.bank_ids)
    own = {account[number] for account in target.bank_ids}
    sources.bank_ids.filtered(lambda account: account[number] in own).sudo().unlink()


def _lead_to(env: Environment, field: Field, sources: Recordset, target: Recordset) -> None:
    """Let the records that refer to a source refer to the target."""
    gone = set(sources._ids)
    found: Any = env.sudo()[field.model].browse(sorted(env.db.store.having(field.model, field.name, gone)))
    if isinstance(field, Many2one):
        # a contact is not its own company
        BaseModel.write(found - target if field.model == _PARTNER else found, {field.name: target.id})
        return
    for record in found if isinstance(field, Many2many) and field.mirror is None else ():
        ids = [target.id if id_ in gone else id_ for id_ in record[field.name].ids]
        BaseModel.write(record, {field.name: [(6, 0, list(dict.fromkeys(ids)))]})


def _lead_by_name(env: Environment, sources: Recordset, target: Recordset) -> None:
    """Let the records that name a source by its model and id name the target."""
    store = env.db.store
    names = {f"{_PARTNER},{id_}" for id_ in sources._ids}
    for model, key in _BY_MODEL_AND_ID:
        for row in [row for row in store.rows(model).values() if row.get(key) == _PARTNER]:
            if row.get("res_id") in sources._ids:
                store.put(model, {**row, "res_id": target.id})
    for definition in env.db.registry.values():
        for field in definition.columns:
            if isinstance(field, Reference):
                for row in [r for r in store.rows(definition.name).values() if r.get(field.name) in names]:
                    store.put(definition.name, {**row, field.name: f"{_PARTNER},{target.id}"})


def _take_values(sources: Recordset, target: Recordset) -> None:
    """Fill the empty fields of the target with the values of the sources; its tags are those of all."""
    values: dict[str, Any] = {}
    for field in target._model.columns:
        loaded = not field.relational or field.comodel in target.env.db.registry
        if field.x2many or field.compute or field.related or field.readonly or not loaded:
            continue
        for partner in (*sources, target):
            if value := partner[field.name]:
                values[field.name] = value.id if isinstance(value, Recordset) else value
    parent = values.pop("parent_id", None)
    tags = list(dict.fromkeys((*target.category_id.ids, *sources.category_id.ids)))
    target.write({**values, "category_id": [(6, 0, tags)]})
    if parent and parent != target.id and target.parent_id.id != parent:
        try:
            target.write({"parent_id": parent})
        except ValidationError:
            return  # the contact would be above itself


# -- the search for contacts to merge


def _groups(wizard: Recordset) -> list[list[int]]:
    """Return the ids of contacts that have the chosen fields in common, at least two together."""
    names = [name for name in _CRITERIA if wizard[f"group_by_{name}"]]
    if not names:
        raise UserError("You have to specify a filter for your selection.")
    found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for id_, row in sorted(wizard.env.db.store.rows(_PARTNER).items()):
        if all(row.get(name) is not None for name in names if name in ("email", "name")):
            found[tuple(_compared(row, name) for name in names)].append(id_)
    groups = [ids for ids in found.values() if len(ids) > 1]
    return groups[: wizard.maximum_group or None]


def _compared(row: Row, name: str) -> Any:
    value = row.get(name)
    if name == "vat":
        return (value or "").replace(" ", "")
    return value.lower() if isinstance(value, str) else value


class PartnerMerge(models.Model):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def default_get(self, fields_list: Any) -> dict[str, Any]:
        """Return the defaults; contacts chosen in a list are those to merge."""
        found: dict[str, Any] = super().default_get(fields_list)
        chosen = self.env.context.get("active_ids")
        if self.env.context.get("active_model") == _PARTNER and chosen:
            found |= {"state": "selection", "partner_ids": [(6, 0, chosen)]}
            found["dst_partner_id"] = _in_order(self.env[_PARTNER].browse(chosen))[-1].id
        return {name: value for name, value in found.items() if name in fields_list}

    def action_merge(self) -> dict[str, Any]:
        """Merge the chosen contacts and go on with the next ones."""
        self.ensure_one()
        if not self.partner_ids:
            self.write({"state": "finished"})
            return _screen(self)
        merge(self.partner_ids, self.dst_partner_id)
        return _next(self)

    def action_skip(self) -> dict[str, Any]:
        """Leave the present contacts as they are and go on with the next ones."""
        self.ensure_one()
        return _next(self)

    def action_start_manual_process(self) -> dict[str, Any]:
        """Find groups of contacts and show the first of them."""
        self.ensure_one()
        groups = _groups(self)
        lines = [(0, 0, {"min_id": min(ids), "aggr_ids": str(ids)}) for ids in groups]
        self.write({"state": "selection", "number_group": len(groups), "line_ids": lines})
        return _next(self)

    def action_start_automatic_process(self) -> dict[str, Any]:
        """Find groups of contacts and merge each of them."""
        self.action_start_manual_process()
        while self.partner_ids:
            self.action_merge()
        return _screen(self)


def _screen(wizard: Recordset) -> dict[str, Any]:
    return {
        "type": "ir.actions.act_window", "res_model": _WIZARD, "res_id": wizard.id, "view_mode": "form",
        "target": "new",
    }  # fmt: skip


def _next(wizard: Recordset) -> dict[str, Any]:
    """Delete the present group, show the next one or the end, and return the wizard's window."""
    wizard.current_line_id.unlink()
    line = wizard.line_ids[:1]
    values: dict[str, Any] = {"current_line_id": False, "partner_ids": [(6, 0, [])], "state": "finished"}
    if line:
        ids = ast.literal_eval(line.aggr_ids)
        target = _in_order(wizard.env[_PARTNER].browse(ids))[-1]
        values = {"current_line_id": line.id, "partner_ids": [(6, 0, ids)], "dst_partner_id": target.id,
                  "state": "selection"}  # fmt: skip
    wizard.write(values)
    return _screen(wizard)
