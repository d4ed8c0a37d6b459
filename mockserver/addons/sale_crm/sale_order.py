"""sale.order: a confirmed order raises the revenue that is expected of its opportunity.  Source: 17.0."""

from __future__ import annotations

from mockserver import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_confirm(self) -> bool:
        """Confirm orders; their opportunities expect at least what they come to."""
        done: bool = super().action_confirm()  # type: ignore[misc]
        for order in self:
            order.opportunity_id._update_revenues_from_so(order)
        return done
