"""What purchases add to contacts: how many orders and bills they have.

Source: 17.0; recorded in flow-purchase-1 (17.0).
"""

from __future__ import annotations

from mockserver import models
from mockserver.orm.records.environment import Recordset


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _compute_purchase_order_count(self) -> None:
        """The orders of the contact and of those below it."""
        for partner in self:
            partner.purchase_order_count = _orders(partner).search_count([("partner_id", "in", _family(partner))])

    def _compute_supplier_invoice_count(self) -> None:
        """The bills and refunds of the contact and of those below it."""
        for partner in self:
            types = ("move_type", "in", ("in_invoice", "in_refund"))
            bills = partner.env["account.move"].sudo()
            partner.supplier_invoice_count = bills.search_count([("partner_id", "in", _family(partner)), types])


def _orders(partner: Recordset) -> Recordset:
    orders: Recordset = partner.env["purchase.order"].sudo()
    return orders


def _family(partner: Recordset) -> list[int]:
    """Return the ids of a contact and of all contacts below it, archived ones too."""
    if not isinstance(partner.id, int):
        return []
    found: list[int] = partner.with_context(active_test=False).search([("id", "child_of", partner.id)]).ids
    return found
