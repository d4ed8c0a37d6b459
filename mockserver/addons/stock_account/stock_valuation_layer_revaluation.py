"""stock.valuation.layer.revaluation: adding to the value of what is there of a product.

Source: 17.0; inferred.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.stock_account import entries, layers
from mockserver.addons.stock_account.goods import LAYERS, Goods
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import round_half_up
from mockserver.orm.records.environment import Recordset

_NOTHING = "The added value doesn't have any impact on the stock valuation"


class Revaluation(models.Model):
    _inherit = "stock.valuation.layer.revaluation"

    @api.model
    def default_get(self, fields: list[str]) -> Any:
        """Return defaults: the accounts of the product, which needs a stock and is not valued at standard cost."""
        found = super().default_get(fields)
        product = self.env["product.product"].browse(found.get("product_id") or ())
        if not product:
            return found
        if product.cost_method == "standard":
            raise UserError("You cannot revalue a product with a standard cost method.")
        if layers.totals_of(Goods(product)).quantity <= 0:
            raise UserError("You cannot revalue a product with an empty or negative stock.")
        if "account_journal_id" in fields and not found.get("account_journal_id") and product.valuation == "real_time":
            found["account_journal_id"] = product.product_tmpl_id.get_product_accounts()["stock_journal"].id
        return found

    @api.versions(since=18)
    @api.computes("current_value_svl", "current_quantity_svl")
    def _compute_current_value_svl(self) -> None:
        for wizard in self:
            sums = layers.totals_of(Goods(wizard.product_id))
            wizard.current_value_svl, wizard.current_quantity_svl = sums.value, sums.quantity

    @api.computes("new_value", "new_value_by_qty")
    def _compute_new_value(self) -> None:
        for wizard in self:
            new = wizard.current_value_svl + wizard.added_value
            quantity = wizard.current_quantity_svl
            wizard.new_value = new
            wizard.new_value_by_qty = new / quantity if quantity else 0.0

    def action_validate_revaluation(self) -> bool:
        """Make the layer of the added value, shared out on what remains of the layers, and its entry."""
        self.ensure_one()
        added = self.currency_id.round(self.added_value)
        if not added:
            raise UserError(_NOTHING)
        product = self.product_id.with_company(self.company_id)
        goods = Goods(product)
        remaining = [row for row in goods.layers() if (row.get("remaining_qty") or 0.0) > 0]
        _share_out(goods, remaining, added)
        text = f"Manual Stock Valuation: {self.reason or 'No Reason Given'}."
        before = layers.totals_of(goods)
        if goods.method == "average":
            new = product.standard_price + added / before.quantity
            text += f" Product cost updated from {product.standard_price} to {new}."
            goods.set_cost(new)
        layer = self.env[LAYERS].create(
            {
                "company_id": self.company_id.id, "product_id": product.id, "description": text, "value": added,
                "quantity": 0,
            }
        )  # fmt: skip
        if product.valuation == "real_time":
            self._post_entry(layer, text)
        return True

    def _post_entry(self, layer: Recordset, text: str) -> None:
        accounts = self.product_id.product_tmpl_id.get_product_accounts()
        said = f"{self.env.user.name} changed stock valuation from  {self.current_value_svl} to {self.new_value}"
        vals = entries.revaluation(layer, self.account_id.id, accounts, f"{said} - {self.product_id.display_name}")
        vals |= {"journal_id": self.account_journal_id.id, "ref": text}
        vals |= {"date": self.date or self.env.db.clock.today().isoformat()}
        self.env["account.move"].create(vals)._post()


def _share_out(goods: Goods, remaining: list[Any], added: float) -> None:
    """Add a value to what remains of layers, in proportion to their quantities; the last takes what rounding leaves."""
    quantity, left = sum(row["remaining_qty"] for row in remaining), added
    for number, row in enumerate(remaining):
        last = number + 1 == len(remaining)
        share = left if last else goods.money(added / quantity * row["remaining_qty"])
        left = round_half_up(left - share, 10)
        new = (row.get("remaining_value") or 0.0) + share
        if new < 0:
            raise UserError(
                "The value of a stock valuation layer cannot be negative. Landed cost could be use to correct a"
                " specific transfer."
            )
        goods.product.env[LAYERS].sudo().browse(row["id"]).remaining_value = new
