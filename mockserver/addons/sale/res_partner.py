"""What sales add to contacts: how many orders they have.

Source: 17.0; recorded in flow-sale-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base.res_partner_families import by_head, families


class Partner(models.Model):
    _inherit = "res.partner"

    @api.versions(since=17)
    def _compute_credit_to_invoice(self) -> None:
        """What confirmed orders of the customer are still to be invoiced, in the currency of the company."""
        super()._compute_credit_to_invoice()  # type: ignore[misc]
        company, today = self.env.company, self.env.db.clock.today().isoformat()
        leaves: list[Any] = [("company_id", "=", company.id), ("state", "=", "sale")]
        orders = self.env["sale.order"].sudo()
        found = orders.search([*leaves, ("partner_invoice_id", "child_of", self.ids)])
        if not found:
            return
        open_amounts = {
            order.id: order.currency_id._convert(order.amount_to_invoice, company.currency_id, company, today)
            for order in found
            if order.amount_to_invoice > 0
        }
        invoiced = by_head(self, found._rows(), "partner_invoice_id")
        totals = {id_: sum(open_amounts.get(row["id"], 0.0) for row in rows) for id_, rows in invoiced.items()}
        self._assign_each("credit_to_invoice", totals)

    def _compute_sale_order_count(self) -> None:
        """The orders of the contact and of those below it that the user sees."""
        everyone = set[int]().union(*families(self).values())
        orders = self.env["sale.order"].search([("partner_id", "in", list(everyone))])
        counted = by_head(self, orders._rows(), "partner_id")
        self._assign_each("sale_order_count", {id_: len(rows) for id_, rows in counted.items()})
