"""res.partner until 12.0: what was invoiced to a customer, and the bills of a vendor.

Inferred: 12.0.
"""

from __future__ import annotations

from typing import Any

from mockserver import models
from mockserver.addons.account_invoices.kinds import PURCHASE, SALE

_DONE = ("open", "in_payment", "paid")


class Partner(models.Model):
    _inherit = "res.partner"
    _until = 12

    def _invoices(self, kinds: frozenset[str]) -> Any:
        """The opened invoices of partners and their contacts."""
        family = self.with_context(active_test=False).search([("id", "child_of", self.ids)])
        domain = [("partner_id", "in", family.ids), ("type", "in", sorted(kinds)), ("state", "in", list(_DONE))]
        return self.env["account.invoice"].search(domain)

    def _compute_total_invoiced(self) -> None:
        """The sales before taxes, less credit notes, in the company's currency."""
        for partner in self:
            partner.total_invoiced = sum(invoice.amount_untaxed_signed for invoice in partner._invoices(SALE))

    def _compute_supplier_invoice_count(self) -> None:
        for partner in self:
            partner.supplier_invoice_count = len(partner._invoices(PURCHASE))
