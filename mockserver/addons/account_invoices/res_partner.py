"""res.partner until 12.0: what was invoiced to a customer, and the bills of a vendor.

Inferred: 12.0.
"""

from __future__ import annotations

from typing import Any

from mockserver import models
from mockserver.addons.account_invoices.kinds import PURCHASE, SALE
from mockserver.addons.base.res_partner_families import by_head, families

_DONE = ("open", "in_payment", "paid")


class Partner(models.Model):
    _inherit = "res.partner"
    _until = 12

    def _invoices(self, kinds: frozenset[str]) -> dict[int, Any]:
        """The opened invoices of each partner and its contacts."""
        family = set[int]().union(*families(self).values())
        domain = [("partner_id", "in", list(family)), ("type", "in", sorted(kinds)), ("state", "in", list(_DONE))]
        found = self.env["account.invoice"].search(domain)
        own = by_head(self, found._rows(), "partner_id")
        return {id_: found.browse(row["id"] for row in rows) for id_, rows in own.items()}

    def _compute_total_invoiced(self) -> None:
        """The sales before taxes, less credit notes, in the company's currency."""
        sold = self._invoices(SALE)
        totals = {id_: sum(invoice.amount_untaxed_signed for invoice in own) for id_, own in sold.items()}
        self._assign_each("total_invoiced", totals)

    def _compute_supplier_invoice_count(self) -> None:
        bills = self._invoices(PURCHASE)
        self._assign_each("supplier_invoice_count", {id_: len(own) for id_, own in bills.items()})
