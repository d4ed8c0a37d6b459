"""purchase.order: where its goods go, and their receipts.

Source: recorded in flow-purchase-1 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _default_picking_type_id(self) -> Any:
        """The first kind of receipts of a warehouse of the company, else of no warehouse."""
        company = self.env.context.get("company_id") or self.env.company.id
        kinds, incoming = self.env["stock.picking.type"], ("code", "=", "incoming")
        own = kinds.search([incoming, ("warehouse_id.company_id", "=", company)], order="sequence, id", limit=1)
        return own or kinds.search([incoming, ("warehouse_id", "=", False)], order="sequence, id", limit=1)
