"""What sales add to products: how they are invoiced.

Source: recorded in flow-product-1 (17.0, 18.0).
"""

from __future__ import annotations

from mockserver import api, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.versions(since=16)
    def _compute_invoice_policy(self) -> None:
        """By ordered quantities for goods that are not stored, and where nothing was chosen."""
        for template in self:
            chosen = template.invoice_policy if template.type != "consu" else False
            template.invoice_policy = chosen or "order"

    @api.versions(since=16)
    def _compute_service_type(self) -> None:
        for template in self:
            chosen = template.service_type if template.type != "consu" else False
            template.service_type = chosen or "manual"

    @api.versions(since=16)
    def _compute_expense_policy(self) -> None:
        for template in self:
            template.expense_policy = template.expense_policy if template.sale_ok else "no"
