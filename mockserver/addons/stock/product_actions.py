"""Products: the views of what there is of them, and the counts of their moves and of their rules.

Source: recorded in flow-stock-2 (17.0, 18.0, 19.0); 17.0, stock.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import window
from mockserver.addons.stock import storable
from mockserver.clock import DATETIME_FORMAT
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.access import in_group

_ADVANCED = ("stock.group_stock_multi_locations", "stock.group_tracking_owner", "stock.group_tracking_lot")


def _window(records: Recordset, name: str, model: str, domain: list[Any]) -> dict[str, Any]:
    """Return the action of a list of records of a model."""
    return window(records.env, model, name, "list,form", domain=domain, context={})


def _forecast(records: Recordset) -> dict[str, Any]:
    """Return the action of the report of what comes and goes."""
    context = {"active_id": records.id, "active_ids": records.ids, "active_model": records._name}
    name = records.env._("Forecasted Report")
    return {"type": "ir.actions.client", "tag": "stock_forecasted", "name": name, "context": context}


class ProductActions(models.Model):
    _inherit = "product.product"

    def action_open_quants(self) -> dict[str, Any]:
        """Return the action that shows, and lets a manager change, what there is of the products."""
        context: dict[str, Any] = {
            "hide_location": not in_group(self.env, _ADVANCED[0]),
            "hide_lot": all(product.tracking == "none" for product in self),
            "no_at_date": True,
            "search_default_on_hand": True,
        }
        if in_group(self.env, "stock.group_stock_manager"):
            context["inventory_mode"] = True
            warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.env.company.id)], limit=1)
            if context["hide_location"] and warehouse:
                context["default_location_id"] = warehouse.lot_stock_id.id
        one = {"default_product_id": self.id, "single_product": True} if len(self) == 1 else {}
        context |= one or {"product_tmpl_ids": self.product_tmpl_id.ids}
        quants = self.env["stock.quant"].with_context({**self.env.context, **context})
        action: dict[str, Any] = quants._get_quants_action(extend=True)
        if self.env.context.get("is_stock_report"):
            return action
        return {**action, "domain": [("product_id", "in", self.ids)], "name": self.env._("Update Quantity")}

    @api.versions(until=18)
    def action_update_quantity_on_hand(self) -> dict[str, Any]:
        """Return the action that changes what there is of the product."""
        template = self.product_tmpl_id.with_context(
            {**self.env.context, "default_product_id": self.id, "create": True}
        )
        action: dict[str, Any] = template.action_update_quantity_on_hand()
        return action

    def action_view_stock_move_lines(self) -> dict[str, Any]:
        """Return the action that shows the moves of the product."""
        return _window(self, "Moves Analysis", "stock.move.line", [("product_id", "=", self.ensure_one().id)])

    def action_view_orderpoints(self) -> dict[str, Any]:
        """Return the action that shows the rules by which the product is ordered again."""
        domain: list[Any] = [("product_id", "in", self.ids)] if self else []
        return _window(self, "Reordering Rules", "stock.warehouse.orderpoint", domain)

    def action_open_product_lot(self) -> dict[str, Any]:
        """Return the action that shows the lots of the product."""
        lot = "stock.lot" if "stock.lot" in self.env else "stock.production.lot"
        return _window(self, "Lots/Serial Numbers", lot, [("product_id", "=", self.ensure_one().id)])

    def action_product_forecast_report(self) -> dict[str, Any]:
        """Return the action that shows what will be there of the product."""
        self.ensure_one()
        return _forecast(self)

    @api.versions(since=16)
    def action_view_storage_category_capacity(self) -> dict[str, Any]:
        """Return the action that shows how much of the product fits where."""
        domain = [("product_id", "=", self.ensure_one().id)]
        return _window(self, "Storage Category Capacity", "stock.storage.category.capacity", domain)

    @api.versions(since=17)
    def filter_has_routes(self) -> Any:
        """Return the products that have routes, of their own or of their category."""
        return self.filtered(lambda product: bool(product.route_ids or product.categ_id.total_route_ids))

    def action_view_related_putaway_rules(self) -> dict[str, Any]:
        """Return the action that shows where the product is put away."""
        categories = self.product_tmpl_id.categ_id.ids
        domain: list[Any] = ["|", ("product_id", "in", self.ids), "&", ("product_id", "=", False)]
        domain.append(("category_id", "in", categories))
        return _window(self, "Putaway Rules", "stock.putaway.rule", domain)

    # -- counts

    @api.versions(since=16)
    @api.computes("nbr_moves_in", "nbr_moves_out")
    def _compute_nbr_moves(self) -> None:
        """The done lines of receipts and deliveries in the last year."""
        since = self.env.db.clock.moment() - timedelta(days=365)
        for product in self:
            done = [
                ("product_id", "=", product.id),
                ("state", "=", "done"),
                ("date", ">=", since.strftime(DATETIME_FORMAT)),
            ]
            lines = self.env["stock.move.line"].search(done)
            product.nbr_moves_in = len(lines.filtered(lambda line: line.picking_code == "incoming"))
            product.nbr_moves_out = len(lines.filtered(lambda line: line.picking_code == "outgoing"))

    @api.computes("nbr_reordering_rules", "reordering_min_qty", "reordering_max_qty")
    def _compute_nbr_reordering_rules(self) -> None:
        for product in self:
            rules = self.env["stock.warehouse.orderpoint"].search([("product_id", "=", product.id)])
            product.nbr_reordering_rules = len(rules)
            product.reordering_min_qty = sum(rules.mapped("product_min_qty"))
            product.reordering_max_qty = sum(rules.mapped("product_max_qty"))

    @api.versions(since=16)
    @api.computes("show_on_hand_qty_status_button", "show_forecasted_qty_status_button")
    def _compute_show_qty_status_button(self) -> None:
        for product in self:
            template = product.product_tmpl_id
            product.show_on_hand_qty_status_button = template.show_on_hand_qty_status_button
            product.show_forecasted_qty_status_button = template.show_forecasted_qty_status_button

    @api.versions(since=19)
    def _compute_show_qty_update_button(self) -> None:
        for product in self:
            product.show_qty_update_button = product.product_tmpl_id.show_qty_update_button


class TemplateActions(models.Model):
    _inherit = "product.template"

    def action_open_quants(self) -> dict[str, Any]:
        """Return the action that shows what there is of the variants."""
        variants = self.product_variant_ids.filtered(lambda product: product.active or product.qty_available != 0)
        action: dict[str, Any] = variants.action_open_quants()
        return action

    @api.versions(until=18)
    def action_update_quantity_on_hand(self) -> dict[str, Any]:
        """Return the wizard that sets one quantity; the quants where there is more to say than that."""
        if self.tracking != "none" or any(in_group(self.env, group) for group in _ADVANCED):
            return self.action_open_quants()
        variants = self.product_variant_ids
        product = self.env.context.get("default_product_id", len(variants) == 1 and variants.id)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Product Quantity"),
            "res_model": "stock.change.product.qty",
            "view_mode": "form",
            "target": "new",
            "context": {**self.env.context, "default_product_id": product, "default_product_tmpl_id": self.id},
        }

    def action_view_stock_move_lines(self) -> dict[str, Any]:
        """Return the action that shows the moves of the variants."""
        domain = [("product_id.product_tmpl_id", "in", self.ids)]
        return _window(self, "Moves Analysis", "stock.move.line", domain)

    def action_view_orderpoints(self) -> dict[str, Any]:
        """Return the action that shows the rules by which the variants are ordered again."""
        action: dict[str, Any] = self.product_variant_ids.action_view_orderpoints()
        return action

    def action_product_tmpl_forecast_report(self) -> dict[str, Any]:
        """Return the action that shows what will be there of the variants."""
        self.ensure_one()
        return _forecast(self)

    def action_view_related_putaway_rules(self) -> dict[str, Any]:
        """Return the action that shows where the variants are put away."""
        action: dict[str, Any] = self.product_variant_ids.action_view_related_putaway_rules()
        return action

    @api.versions(since=16)
    def action_view_storage_category_capacity(self) -> dict[str, Any]:
        """Return the action that shows how much of the variants fits where."""
        domain = [("product_id", "in", self.ensure_one().product_variant_ids.ids)]
        return _window(self, "Storage Category Capacity", "stock.storage.category.capacity", domain)

    def action_open_product_lot(self) -> dict[str, Any]:
        """Return the action that shows the lots of the variants."""
        lot = "stock.lot" if "stock.lot" in self.env else "stock.production.lot"
        return _window(self, "Lots/Serial Numbers", lot, [("product_id.product_tmpl_id", "=", self.ensure_one().id)])

    # -- counts

    @api.versions(since=16)
    @api.computes("nbr_moves_in", "nbr_moves_out")
    def _compute_nbr_moves(self) -> None:
        for template in self:
            variants = template.product_variant_ids
            template.nbr_moves_in = sum(variants.mapped("nbr_moves_in"))
            template.nbr_moves_out = sum(variants.mapped("nbr_moves_out"))

    @api.computes("nbr_reordering_rules", "reordering_min_qty", "reordering_max_qty")
    def _compute_nbr_reordering_rules(self) -> None:
        for template in self:
            variants = template.product_variant_ids
            template.nbr_reordering_rules = sum(variants.mapped("nbr_reordering_rules"))
            template.reordering_min_qty = sum(variants.mapped("reordering_min_qty"))
            template.reordering_max_qty = sum(variants.mapped("reordering_max_qty"))

    @api.versions(since=16)
    @api.computes("show_on_hand_qty_status_button", "show_forecasted_qty_status_button")
    def _compute_show_qty_status_button(self) -> None:
        for template in self:
            stored = storable.is_stored(template)
            template.show_on_hand_qty_status_button = stored
            template.show_forecasted_qty_status_button = stored

    @api.versions(since=19)
    def _compute_show_qty_update_button(self) -> None:
        for template in self:
            template.show_qty_update_button = len(template.product_variant_ids) > 1 or template.tracking != "none"
