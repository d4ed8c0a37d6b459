"""product.category: how the goods of a category are valued.

Source: 17.0; inferred.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.stock_account import switching
from mockserver.errors import ValidationError


class ProductCategory(models.Model):
    _inherit = "product.category"

    @api.versions(until=18)
    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change categories; another way of valuing makes layers of what is there."""
        if not {"property_cost_method", "property_valuation"} & vals.keys():
            return super().write(vals)
        emptied = switching.empty(switching.of_categories(self, vals))
        done = super().write(vals)
        switching.fill(emptied)
        return done

    @api.versions(until=18)
    @api.constrains(
        "property_stock_valuation_account_id",
        "property_stock_account_output_categ_id",
        "property_stock_account_input_categ_id",
    )
    def _check_valuation_accounts(self) -> None:
        for category in self:
            valuation = category.property_stock_valuation_account_id
            sides = category.property_stock_account_input_categ_id | category.property_stock_account_output_categ_id
            if valuation and valuation in sides:
                raise ValidationError(
                    "The Stock Input and/or Output accounts cannot be the same as the Stock Valuation account."
                )

    @api.versions(until=18)
    @api.onchange("property_cost_method")
    def onchange_property_cost(self) -> Any:
        """Warn that another costing method changes the value of what is there."""
        return {
            "warning": {
                "title": self.env._("Warning"),
                "message": self.env._(
                    "Changing your cost method is an important change that will impact your inventory valuation. Are"
                    " you sure you want to make that change?"
                ),
            }
        }

    @api.versions(since=19)
    def _compute_anglo_saxon_accounting(self) -> None:
        for category in self:
            category.anglo_saxon_accounting = self.env.company.anglo_saxon_accounting
