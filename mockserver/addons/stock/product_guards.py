"""Products: what may not change once there are moves or quantities of them.

Source: recorded in flow-stock-2 (17.0, 18.0, 19.0); 17.0, 18.0, stock.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.stock import storable
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

_UNIT_REFUSED = (
    "You cannot change the unit of measure as there are already stock moves for this product. If you want to change "
    "the unit of measure, you should rather archive this product and create a new one."
)
_RULES_REFUSED = "You still have some active reordering rules on this product. Please archive or delete them first."
_USED = "You can not change the {what} of a product that was already used."
_RESERVED = (
    "You can not change the {what} of a product that is currently reserved on a stock move. If you need to change the "
    "{what}, you should first unreserve the stock move."
)
_NOT_ZERO = "Available quantity should be set to zero before changing {what}"
_MOVES_ELSEWHERE = (
    "This product's company cannot be changed as long as there are stock moves of it belonging to another company."
)
_GOODS_ELSEWHERE = (
    "This product's company cannot be changed as long as there are quantities of it belonging to another company."
)


class TemplateGuards(models.Model):
    _inherit = "product.template"

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change templates, but not what their moves and quantities rest on."""
        if "uom_id" in vals and self.env.db.profile.rules.unit_fixed_by_moves:
            changed = self.filtered(lambda template: template.uom_id.id != vals["uom_id"])
            if _variants(changed) and self.env["stock.move"].sudo().search_count(_of(changed)):
                raise UserError(self.env._(_UNIT_REFUSED))
        if vals.get("company_id"):
            _check_company_kept(
                self.filtered(lambda each: each.company_id.id != vals["company_id"]), vals["company_id"]
            )
        kind = vals.get("detailed_type", vals.get("type"))
        if kind and any(template.type != kind for template in self):
            _check_kind_kept(self, "type", stored=kind == "product" or "is_storable" in vals)
        if "is_storable" in vals and any(template.is_storable != vals["is_storable"] for template in self):
            _check_kind_kept(self, "inventory tracking", stored=bool(vals["is_storable"]))
        return super().write(vals)

    @api.versions(since=19)
    def _default_lot_sequence_id(self) -> Any:
        return self.env.ref("stock.sequence_production_lots")


class ProductArchiving(models.Model):
    _inherit = "product.product"

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change variants; the rules by which they are ordered again are archived with them."""
        if "active" in vals:
            changed = self.filtered(lambda product: product.active != vals["active"])
            rules = self.env["stock.warehouse.orderpoint"].with_context(active_test=False)
            found = rules.search([("product_id", "in", changed.ids)]) if changed else rules
            if found:
                found.write({"active": vals["active"]})
        return super().write(vals)


def _variants(templates: Recordset) -> list[int]:
    ids: list[int] = templates.with_context(active_test=False).product_variant_ids.ids
    return ids


def _of(templates: Recordset) -> list[Any]:
    """Return the domain of what is about the variants of templates."""
    return [("product_id", "in", _variants(templates))]


def _check_kind_kept(templates: Recordset, what: str, *, stored: bool) -> None:
    """Raise UserError if goods of the templates were moved, are reserved, or are there."""
    env = templates.env
    if not stored and sum(templates.mapped("nbr_reordering_rules")):
        raise UserError(env._(_RULES_REFUSED))
    lines = env["stock.move.line"].sudo()
    if lines.search_count([*_of(templates), ("state", "=", "done")]):
        raise UserError(env._(_USED.format(what=what)))
    if lines.search_count([*_of(templates), ("state", "in", ["partially_available", "assigned"])]):
        raise UserError(env._(_RESERVED.format(what=what)))
    if not stored and any(storable.is_stored(template) and template.qty_available for template in templates):
        raise UserError(env._(_NOT_ZERO.format(what=what)))


def _check_company_kept(templates: Recordset, company: int) -> None:
    """Raise UserError if there are moves or quantities of the templates in other companies."""
    if not _variants(templates):
        return
    elsewhere = [*_of(templates), ("company_id", "not in", [company, False])]
    if templates.env["stock.move"].sudo().search_count(elsewhere):
        raise UserError(templates.env._(_MOVES_ELSEWHERE))
    if templates.env["stock.quant"].sudo().search_count([*elsewhere, ("quantity", "!=", 0)]):
        raise UserError(templates.env._(_GOODS_ELSEWHERE))
