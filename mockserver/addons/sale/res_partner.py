"""What sales add to contacts: how many orders they have.

Source: 17.0; recorded in flow-sale-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from mockserver import models


class Partner(models.Model):
    _inherit = "res.partner"

    def _compute_sale_order_count(self) -> None:
        """The orders of the contact and of those below it that the user sees."""
        everyone = self.with_context(active_test=False).search([("id", "child_of", self.ids)])
        counts = dict.fromkeys(self.ids, 0)
        for order in self.env["sale.order"].search([("partner_id", "in", everyone.ids)]):
            partner = order.partner_id
            while partner:
                if partner.id in counts:
                    counts[partner.id] += 1
                partner = partner.parent_id
        for partner in self:
            partner.sale_order_count = counts[partner.id]
