"""stock.warehouse.orderpoint: whether a vendor can be chosen, and the first one of the product.

Source: 17.0.
"""

from __future__ import annotations

from mockserver import api, models


class Orderpoint(models.Model):
    _inherit = "stock.warehouse.orderpoint"

    def _compute_show_supplier(self) -> None:
        """Rules that may buy show their vendor."""
        buying = self.env["stock.rule"].search([("action", "=", "buy")]).mapped("route_id")
        name = "effective_route_id" if "effective_route_id" in self._model.fields else "route_id"
        for point in self:
            point.show_supplier = point[name] in buying

    @api.versions(since=18, until=18)
    def _compute_product_supplier_id(self) -> None:
        """The first vendor of the product."""
        for point in self:
            point.product_supplier_id = point.product_tmpl_id.seller_ids.sorted("sequence")[:1].partner_id
