"""What purchases add to contacts: how many orders and bills they have.

Source: 17.0; recorded in flow-purchase-1 (17.0).
"""

from __future__ import annotations

from mockserver import api, models
from mockserver.addons.base.res_partner_families import count_of


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _compute_purchase_order_count(self) -> None:
        """The orders of the contact and of those below it."""
        self._assign_each("purchase_order_count", count_of(self, "purchase.order", "partner_id", []))

    @api.versions(since=13)
    def _compute_supplier_invoice_count(self) -> None:
        """The bills and refunds of the contact and of those below it."""
        bills = ("move_type", "in", ("in_invoice", "in_refund"))
        self._assign_each("supplier_invoice_count", count_of(self, "account.move", "partner_id", [bills]))
