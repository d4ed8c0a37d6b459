"""product.template: how goods are valued, the accounts of stock, and what another category changes of their value.

Source: 17.0; inferred.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.stock_account import switching
from mockserver.addons.stock_account.entries import is_automated


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.versions(since=19)
    def _compute_cost_method(self) -> None:
        """That of the category, else of the company."""
        for template in self:
            own = template.categ_id.with_company(template.company_id or self.env.company)
            template.cost_method = own.property_cost_method or self.env.company.cost_method

    @api.versions(since=19)
    def _compute_valuation(self) -> None:
        """That of the category, else of the company."""
        for template in self:
            own = template.categ_id.with_company(template.company_id or self.env.company)
            template.valuation = own.property_valuation or self.env.company.inventory_valuation

    @api.versions(since=18)
    def _compute_lot_valuated(self) -> None:
        """Only products that are traced have lots that are valued one by one."""
        for template in self:
            template.lot_valuated = template.tracking != "none" and template.lot_valuated

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change products; a category with another way of valuing makes layers of what is there."""
        if "categ_id" not in vals or "stock.valuation.layer" not in self.env:
            return super().write(vals)
        category = self.env["product.category"].browse(vals["categ_id"])
        emptied = switching.empty(switching.of_templates(self, category))
        done = super().write(vals)
        switching.fill(emptied)
        return done

    # -- accounts

    def _get_product_accounts(self) -> dict[str, Any]:
        """Return the accounts of a product, with those of stock from its category."""
        accounts: dict[str, Any] = super()._get_product_accounts()  # type: ignore[misc]
        category = self.categ_id
        accounts["stock_valuation"] = category.property_stock_valuation_account_id
        if "property_stock_account_input_categ_id" in category._model.fields:
            accounts["stock_input"] = category.property_stock_account_input_categ_id
            accounts["stock_output"] = category.property_stock_account_output_categ_id
        return accounts

    @api.versions(until=18)
    def _account_of_lines(self, kind: str) -> Any:
        """Bills of goods whose valuation is automated are for what came in."""
        if kind == "expense" and self.env.company.anglo_saxon_accounting and is_automated(self):
            return self.categ_id.property_stock_account_input_categ_id or super()._account_of_lines(kind)  # type: ignore[misc]
        return super()._account_of_lines(kind)  # type: ignore[misc]

    def get_product_accounts(self, fiscal_pos: Any = None) -> dict[str, Any]:
        """Return the accounts of a product as a fiscal position maps them, and the journal of stock."""
        accounts: dict[str, Any] = super().get_product_accounts(fiscal_pos=fiscal_pos)  # type: ignore[misc]
        accounts["stock_journal"] = self.categ_id.property_stock_journal
        return accounts
