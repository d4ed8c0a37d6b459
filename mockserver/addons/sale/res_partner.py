"""What sales add to contacts: how many orders they have.

Source: 17.0; recorded in flow-sale-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from mockserver import api, models


class Partner(models.Model):
    _inherit = "res.partner"

    @api.versions(since=17)
    def _compute_credit_to_invoice(self) -> None:
        """What confirmed orders of the customer are still to be invoiced, in the currency of the company."""
        super()._compute_credit_to_invoice()  # type: ignore[misc]
        company, today = self.env.company, self.env.db.clock.today().isoformat()
        leaves: list[Any] = [("company_id", "=", company.id), ("state", "=", "sale")]
        orders = self.env["sale.order"].sudo()
        if not orders.search([*leaves, ("partner_invoice_id", "child_of", self.ids)], limit=1):
            return
        for partner in self:
            found = orders.search([*leaves, ("partner_invoice_id", "child_of", partner.id)])
            partner.credit_to_invoice = sum(
                order.currency_id._convert(order.amount_to_invoice, company.currency_id, company, today)
                for order in found
                if order.amount_to_invoice > 0
            )

    def _compute_sale_order_count(self) -> None:
        """The orders of the contact and of those below it that the user sees."""
        everyone = self.with_context(active_test=False).search([("id", "child_of", self.ids)])
        counts = dict.fromkeys(self.ids, 0)
        orders = self.env["sale.order"].search([("partner_id", "in", everyone.ids)])
        for partner_id, number in Counter(row["partner_id"] for row in orders._rows()).items():
            partner = self.browse(partner_id)
            while partner:
                if partner.id in counts:
                    counts[partner.id] += number
                partner = partner.parent_id
        for partner in self:
            partner.sale_order_count = counts[partner.id]
