"""product.supplierinfo: choosing a vendor for a rule by which a product is ordered again.

Source: 17.0, from its public documentation.
"""

from __future__ import annotations

from mockserver import api, models


class SupplierInfo(models.Model):
    _inherit = "product.supplierinfo"

    @api.versions(since=16)
    def action_set_supplier(self) -> None:
        """Let the rule of the context buy from this vendor, no less than the vendor sells."""
        self.ensure_one()
        point = self.env["stock.warehouse.orderpoint"].browse(self.env.context.get("orderpoint_id") or ())
        if not point:
            return
        values = {"supplier_id": self.id}
        if "buy" not in point.route_id.rule_ids.mapped("action"):
            values["route_id"] = self.env["stock.rule"].search([("action", "=", "buy")], limit=1).route_id.id
        point.write(values)
        unit = self["product_uom_id" if "product_uom_id" in self else "product_uom"]
        least = unit._compute_quantity(self.min_qty, point.product_id.uom_id)
        if point.qty_to_order < least:
            point.write({"qty_to_order": least})
