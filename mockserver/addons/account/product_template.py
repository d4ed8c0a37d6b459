"""What accounting adds to products: the default taxes of the company.

Source: recorded in flow-product-1 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.account.line_accounts import mapped


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.versions(since=12)
    def _default_taxes_id(self) -> Any:
        return self.env.companies.sudo().mapped("account_sale_tax_id")

    @api.versions(since=12)
    def _default_supplier_taxes_id(self) -> Any:
        return self.env.companies.sudo().mapped("account_purchase_tax_id")

    # -- accounts

    def _get_product_accounts(self) -> dict[str, Any]:
        """Return the income and the expense account of a product, else those of its category."""
        self.ensure_one()
        category = self.categ_id
        return {
            "income": self.property_account_income_id or category.property_account_income_categ_id,
            "expense": self.property_account_expense_id or category.property_account_expense_categ_id,
        }

    def get_product_accounts(self, fiscal_pos: Any = None) -> dict[str, Any]:
        """Return the accounts of a product as a fiscal position maps them."""
        return {key: mapped(fiscal_pos, account) for key, account in self._get_product_accounts().items()}
