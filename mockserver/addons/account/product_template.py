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
        return {kind: self._own_account(kind) for kind in ("income", "expense")}

    def _own_account(self, kind: str) -> Any:
        return self[f"property_account_{kind}_id"] or self.categ_id[f"property_account_{kind}_categ_id"]

    def _account_of_lines(self, kind: str) -> Any:
        """Return the account of the lines of invoices (`income`) or of bills (`expense`)."""
        return self._own_account(kind)

    def get_product_accounts(self, fiscal_pos: Any = None) -> dict[str, Any]:
        """Return the accounts of a product as a fiscal position maps them."""
        return {key: mapped(fiscal_pos, account) for key, account in self._get_product_accounts().items()}
