"""What accounting adds to products: the default taxes of the company.

Source: recorded in flow-product-1 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.versions(since=12)
    def _default_taxes_id(self) -> Any:
        return self.env.companies.sudo().mapped("account_sale_tax_id")

    @api.versions(since=12)
    def _default_supplier_taxes_id(self) -> Any:
        return self.env.companies.sudo().mapped("account_purchase_tax_id")
