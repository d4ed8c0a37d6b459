"""product.product until 18: the value of what is there, and what a new cost changes of it.

Source: 17.0; the layers of flow-cross-2 (17.0).  Changes of costs are inferred.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.stock_account import entries, layers
from mockserver.addons.stock_account.goods import LAYERS, Goods
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare, round_to
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.access import allowed


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.versions(until=18)
    @api.computes("quantity_svl", "value_svl", "avg_cost", "total_value", "company_currency_id")
    def _compute_value_svl(self) -> None:
        """The sums of the layers in the current company, until `to_date` of the context."""
        fields, until = self._model.fields, self.env.context.get("to_date")
        for product in self:
            sums = layers.totals_of(Goods(product), until)
            product.quantity_svl, product.value_svl = sums.quantity, sums.value
            if "avg_cost" not in fields:
                continue
            average = sums.value / sums.quantity if sums.quantity else 0.0
            product.company_currency_id = self.env.company.currency_id
            product.avg_cost = average
            product.total_value = average * product.qty_available

    @api.versions(until=18)
    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change products; a new cost makes layers of the difference, but at FIFO cost."""
        if "standard_price" in vals and not self.env.context.get("disable_auto_svl"):
            self.filtered(lambda product: product.cost_method != "fifo")._change_standard_price(vals["standard_price"])
        return super().write(vals)

    @api.versions(until=18)
    def _change_standard_price(self, new_price: float) -> None:
        """Make the layers of a new cost, and their entries."""
        if any(product.valuation == "real_time" for product in self) and not allowed(self.env, LAYERS, "read"):
            raise UserError(
                "You cannot update the cost of a product in automated valuation as it leads to the creation of a"
                " journal entry, for which you don't have the access rights."
            )
        digits = self.env["decimal.precision"].precision_get("Product Price")
        cost = round_to(float(new_price or 0.0), 10.0**-digits)
        made = [vals for product in self for vals in _revalued(product.sudo(), cost)]
        created = self.env[LAYERS].sudo().create(made)
        entries.post_new_cost(created, self, cost)

    @api.versions(until=18)
    def _run_fifo_vacuum(self, company: Any = None) -> None:
        """Let what came in fill what left before there was any."""
        products = self.with_company(company) if company else self
        corrections = layers.fill_gaps(products)
        if corrections:
            self.env[LAYERS].sudo().create(corrections)._validate_accounting_entries()

    @api.versions(until=18)
    def action_revaluation(self) -> Any:
        """Return the window that adds to the value of a product."""
        self.ensure_one()
        return {
            "name": "Product Revaluation", "view_mode": "form", "res_model": "stock.valuation.layer.revaluation",
            "type": "ir.actions.act_window", "target": "new",
            "context": {
                **self.env.context, "default_product_id": self.id, "default_company_id": self.env.company.id,
                "default_added_value": 0,
            },
        }  # fmt: skip


def _revalued(product: Recordset, cost: float) -> list[dict[str, Any]]:
    """Return the layer by which what is there of a product is worth a new cost; none if that changes nothing."""
    goods = Goods(product)
    sums = layers.totals_of(goods)
    if compare(sums.quantity, 0.0, product.uom_id.rounding) <= 0:
        return []
    difference = goods.money(cost * sums.quantity - sums.value)
    if not difference:
        return []
    text = f"Product value manually modified (from {product.standard_price} to {cost})"
    return [
        {
            "company_id": product.env.company.id, "product_id": product.id, "description": text,
            "value": difference, "quantity": 0,
        }
    ]  # fmt: skip
