"""purchase.order: the sales orders that it is bought for.  Inferred: 17.0."""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.sale_purchase import warnings
from mockserver.orm.records.environment import Recordset


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _compute_sale_order_count(self) -> None:
        for order in self:
            order.sale_order_count = len(order._get_sale_orders())

    @api.versions(since=19)
    def _compute_has_sale_order(self) -> None:
        for order in self:
            order.has_sale_order = bool(order._get_sale_orders())

    def _get_sale_orders(self) -> Recordset:
        found: Recordset = self.order_line.sale_order_id
        return found

    def button_cancel(self) -> None:
        """Cancel orders; who sells what they are for is warned."""
        super().button_cancel()  # type: ignore[misc]
        for order, lines in self.sudo().order_line.filtered("sale_line_id").grouped("sale_order_id").items():
            warnings.warn(order, lines, "cancelled")

    def action_view_sale_orders(self) -> Any:
        """Return the window of the sales orders."""
        self.ensure_one()
        orders = self._get_sale_orders()
        action: dict[str, Any] = {"res_model": "sale.order", "type": "ir.actions.act_window"}
        if len(orders) == 1:
            return {**action, "view_mode": "form", "res_id": orders.id}
        name = f"Sources Sale Orders {self.name}"
        return {**action, "name": name, "domain": [("id", "in", orders.ids)], "view_mode": "tree,form"}
