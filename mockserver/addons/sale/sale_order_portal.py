"""The page of an order for its customer.  Source: 17.0."""

from __future__ import annotations

from typing import Any

from mockserver import api, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _compute_access_url(self) -> None:
        for order in self:
            order.access_url = f"/my/orders/{order.id}"

    def _compute_authorized_transaction_ids(self) -> None:
        for order in self:
            order.authorized_transaction_ids = order.sudo().transaction_ids.filtered(_authorized)

    @api.versions(since=19)
    def _compute_has_authorized_transaction_ids(self) -> None:
        for order in self:
            order.has_authorized_transaction_ids = bool(order.sudo().transaction_ids.filtered(_authorized))

    @api.versions(until=14)
    def preview_sale_order(self) -> dict[str, Any]:
        """Return the action that opens the order's page."""
        action: dict[str, Any] = self._portal_page()
        return action

    @api.versions(since=15)
    def action_preview_sale_order(self) -> dict[str, Any]:
        """Return the action that opens the order's page."""
        action: dict[str, Any] = self._portal_page()
        return action

    def get_portal_last_transaction(self) -> Any:
        """Return the last payment online."""
        self.ensure_one()
        return self.sudo().transaction_ids.sorted(lambda transaction: transaction.id)[-1:]


def _authorized(transaction: Any) -> bool:
    return bool(transaction.state == "authorized")
