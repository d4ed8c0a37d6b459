"""New prices and new taxes for the lines of an order.

Source: 17.0; recorded in flow-product-4 and flow-sale-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

import html
from typing import Any

from mockserver import api, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.versions(since=16)
    def action_update_prices(self) -> None:
        """Compute the prices and discounts of the lines anew by the pricelist, and say so in the chatter."""
        self._update_prices()

    def _update_prices(self) -> None:
        self.ensure_one()
        self._recompute_prices()
        text = self.env._("Product prices have been recomputed.")
        if self.pricelist_id:
            text = self.env._("Product prices have been recomputed according to pricelist %s.")
            text = text.replace("%s", _link(self.pricelist_id))
        self.message_post(body=text, body_is_html=True)

    @api.versions(until=15)
    def update_prices(self) -> None:
        """Compute the prices and discounts of the lines anew by the pricelist, and say so in the chatter."""
        self._update_prices()

    def _recompute_prices(self) -> None:
        self.order_line.filtered(lambda line: not line.display_type)._reset_prices()

    @api.versions(since=16)
    def action_update_taxes(self) -> None:
        """Compute the taxes of the lines anew by the fiscal position, and say so in the chatter."""
        self.ensure_one()
        self.order_line.filtered(lambda line: not line.display_type)._reset_taxes()
        if self.partner_id:
            text = self.env._("Product taxes have been recomputed according to fiscal position %s.")
            position = self.fiscal_position_id
            self.message_post(body=text.replace("%s", _link(position) if position else ""), body_is_html=True)


def _link(record: Any) -> str:
    """Return a link to a record, as messages have it."""
    name = html.escape(str(record.display_name))
    return f'<a href="#" data-oe-model="{record._name}" data-oe-id="{record.id}">{name}</a>'
