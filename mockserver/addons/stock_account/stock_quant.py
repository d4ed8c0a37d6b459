"""stock.quant: what the goods at a place are worth.

Source: 17.0; inferred.
"""

from __future__ import annotations

from mockserver import api, models
from mockserver.addons.stock_account import locations
from mockserver.orm.records.environment import Recordset


class StockQuant(models.Model):
    _inherit = "stock.quant"

    @api.computes("value", "currency_id")
    def _compute_value(self) -> None:
        """The share of the value of the product in the company; nothing of goods that are not the company's."""
        for quant in self:
            company = quant.company_id
            if "currency_id" in self._model.fields and self._model.fields["currency_id"].related is None:
                quant.currency_id = company.currency_id
            owner = quant.owner_id
            place = quant.location_id  # none yet in the form of a new quant
            counts = place and locations.is_valued(place) and not (owner and owner != company.partner_id)
            quant.value = _worth(quant.product_id.with_company(company), quant.quantity) if counts else 0.0

    @api.versions(since=19)
    def _compute_cost_method(self) -> None:
        for quant in self:
            quant.cost_method = quant.product_categ_id.property_cost_method or quant.company_id.cost_method


def _worth(product: Recordset, quantity: float) -> float:
    if product.cost_method != "fifo":
        return quantity * float(product.standard_price)
    there = product.quantity_svl if "quantity_svl" in product._model.fields else product.qty_available
    value = product.value_svl if "value_svl" in product._model.fields else product.total_value
    return quantity * float(value) / float(there) if there else 0.0
