"""sale.order and its lines: the purchase orders that they lead to.  Inferred: 17.0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.sale_purchase import buying, warnings
from mockserver.orm.records.environment import Recordset


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _compute_purchase_order_count(self) -> None:
        for order in self:
            order.purchase_order_count = len(order._get_purchase_orders())

    def _get_purchase_orders(self) -> Recordset:
        """Return the purchase orders of services of the order, and of goods that are bought for it."""
        found: Recordset = self.order_line.purchase_line_ids.order_id
        return found

    def action_view_purchase_orders(self) -> Any:
        """Return the window of the purchase orders."""
        self.ensure_one()
        orders = self._get_purchase_orders()
        action: dict[str, Any] = {"res_model": "purchase.order", "type": "ir.actions.act_window"}
        if len(orders) == 1:
            return {**action, "view_mode": "form", "res_id": orders.id}
        name = f"Purchase Order generated from {self.name}"
        return {**action, "name": name, "domain": [("id", "in", orders.ids)], "view_mode": "tree,form"}

    def _action_confirm(self) -> Any:
        """Buy the services of the orders that are bought for each order."""
        done = super()._action_confirm()  # type: ignore[misc]
        buying.buy(self.order_line)
        return done

    def _action_cancel(self) -> Any:
        """Cancel orders; who buys services for them is warned."""
        done = super()._action_cancel()  # type: ignore[misc]
        bought = self.sudo().order_line.purchase_line_ids.filtered(lambda line: line.state != "cancel")
        for order, lines in bought.grouped("order_id").items():
            warnings.warn(order, lines.sale_line_id, "cancelled")
        return done


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _compute_purchase_line_count(self) -> None:
        for line in self:
            line.purchase_line_count = len(line.purchase_line_ids)

    @api.model
    def create(self, vals_list: Any) -> Any:
        """Create lines; services of a confirmed order are bought too."""
        lines = super().create(vals_list)
        buying.buy(lines.filtered(lambda line: line.state == "sale" and not line.is_expense))
        return lines

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change lines; more of a service is bought if more is sold, and who buys it is warned if less is."""
        before = {}
        if "product_uom_qty" in vals:
            bought = self.sudo().filtered(lambda line: line.purchase_line_ids and line.product_id.service_to_purchase)
            before = {line.id: line.product_uom_qty or 0.0 for line in bought}
        done = super().write(vals)
        for line in self.sudo().browse(before):
            old, new = before[line.id], line.product_uom_qty or 0.0
            if new > old:
                buying.buy_more(line, old)
            for order in line.purchase_line_ids.order_id if new < old else ():
                warnings.warn(order, line, f"reduced from {old} to {new}")
        return done


class SaleOrderCancel(models.Model):
    _inherit = "sale.order.cancel"

    @api.versions(since=16, until=18)
    def _compute_display_purchase_orders_alert(self) -> None:
        for wizard in self:
            wizard.display_purchase_orders_alert = bool(wizard.order_id.sudo().purchase_order_count)
