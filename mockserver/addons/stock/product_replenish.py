"""product.replenish: the wizard that orders a quantity of a product for a warehouse.

Source: 17.0, stock.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from mockserver import api, models
from mockserver.addons.stock.procurements import Procurement
from mockserver.clock import DATETIME_FORMAT


class ProductReplenish(models.TransientModel):
    _inherit = "product.replenish"

    @api.model
    def default_get(self, fields_list: Any) -> dict[str, Any]:
        """Return the values for a product of the context: its unit, and the first warehouse of the company."""
        found: dict[str, Any] = super().default_get(fields_list)
        product = self.env["product.product"].browse(self.env.context.get("default_product_id") or ())
        template = self.env["product.template"].browse(self.env.context.get("default_product_tmpl_id") or ())
        product = product or template.product_variant_ids[:1]
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.env.company.id)], limit=1)
        own: dict[str, Any] = {"warehouse_id": warehouse.id, "company_id": self.env.company.id}
        if product:
            own |= {
                "product_id": product.id,
                "product_tmpl_id": product.product_tmpl_id.id,
                "product_uom_id": product.uom_id.id,
                "product_has_variants": len(product.product_tmpl_id.product_variant_ids) > 1,
            }
        return {**{name: value for name, value in own.items() if name in fields_list}, **found}

    @api.versions(until=16)
    def _default_date_planned(self) -> Any:
        return self.env.db.clock.now()

    @api.versions(since=17)
    def _compute_date_planned(self) -> None:
        """Now, or after the days that the rules of the route need."""
        for wizard in self:
            days = sum(wizard.route_id.rule_ids.mapped("delay"))
            wizard.date_planned = (self.env.db.clock.moment() + timedelta(days=days)).strftime(DATETIME_FORMAT)

    @api.versions(since=16)
    def _compute_allowed_route_ids(self) -> None:
        """The routes that products may take."""
        for wizard in self:
            wizard.allowed_route_ids = self.env["stock.route"].search([("product_selectable", "=", True)])

    @api.versions(since=17)
    def _compute_forecasted_quantity(self) -> None:
        for wizard in self:
            place = {"location": wizard.warehouse_id.view_location_id.id} if wizard.warehouse_id else {}
            product = wizard.product_id.with_context({**self.env.context, **place})
            wizard.forecasted_quantity = product.virtual_available if product else 0.0

    def launch_replenishment(self) -> dict[str, Any]:
        """Ask the rules of stock for the quantity."""
        self.ensure_one()
        product, warehouse = self.product_id, self.warehouse_id
        quantity = self.product_uom_id._compute_quantity(self.quantity, product.uom_id, rounding_method="HALF-UP")
        name = self.env._("Manual Replenishment")
        routes = self.route_id if "route_id" in self and self.route_id else self.route_ids
        values = {"warehouse_id": warehouse, "route_ids": routes, "date_planned": self.date_planned}
        company, place = warehouse.company_id, warehouse.lot_stock_id
        need = Procurement(product, quantity, product.uom_id, place, name, name, company, values)
        self.env["stock.rule"]._run_procurements([need])
        return {"type": "ir.actions.act_window_close", "infos": {"done": True}}
